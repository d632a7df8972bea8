import type { MetricInfo } from '../model/series.ts'
import type { Period } from './period.ts'
import type { MetricValue } from './sums.ts'

/** A formula that was in use before the present one. */
export interface EarlierFormula {
  readonly revision: number
  readonly formula: string
  readonly compute: (period: Period) => MetricValue
}

/** A declared number and how it is computed. */
export interface Metric extends MetricInfo {
  readonly compute: (period: Period) => MetricValue
  /** What the formula looks at before the period: the period before it, the year before it, or every day there is. */
  readonly reach?: 'year' | 'before' | 'all'
  /** Whether it needs supplies, prices or proofs beside flows. */
  readonly market?: boolean
  /** Formulas of lower revisions, so that values as of an earlier instant stay what they were. */
  readonly earlier?: readonly EarlierFormula[]
}

/** The window of every metric that has none of its own. */
export const wholePeriod = 'the period asked for; every day of it must be complete'

/** When a sum has no value. */
export const sumNull = 'a day of the period is not read, not ended or not priced'

/** When a ratio has no value. */
export const ratioNull = 'either sum has no value, or the denominator is zero (ZERO_DENOMINATOR)'
