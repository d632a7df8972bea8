import { formatScaled, formatUsd, ratio } from '../model/amount.ts'
import type { Quality } from '../model/quality.ts'
import { isShown, worse } from '../model/quality.ts'
import type { MetricInfo } from '../model/series.ts'
import type { Period, Sum } from './period.ts'

/** What a formula gives for a period. */
export interface MetricValue extends Omit<Sum, 'value'> {
  /** Exact decimal text, or null with a reason. */
  readonly value: string | null
}

/** A declared number and how it is computed. */
export interface Metric extends MetricInfo {
  readonly compute: (period: Period) => MetricValue
}

/** The window of every metric that has none of its own. */
export const wholePeriod = 'the period asked for; every day of it must be complete'

/** A sum in US dollars as a value. */
export function usdValue(sum: Sum): MetricValue {
  return { ...sum, value: sum.value === null ? null : formatUsd(sum.value) }
}

/** A sum in smallest units as whole tokens. */
export function nativeValue(sum: Sum, decimals: number): MetricValue {
  return { ...sum, value: sum.value === null ? null : formatScaled(sum.value, decimals) }
}

/** One sum over another: a ratio of sums, never a mean of ratios; null where the denominator is zero. */
export function ratioValue(above: Sum, below: Sum, denominator: string): MetricValue {
  const quality: Quality = worse(above.quality, below.quality)
  const reason = quality === above.quality ? (above.reason ?? below.reason) : (below.reason ?? above.reason)
  const make = (value: string | null, q: Quality, why: string | null): MetricValue => ({
    value,
    quality: q,
    reason: why,
    daysComplete: Math.min(above.daysComplete, below.daysComplete),
    availableAt: latest(above.availableAt, below.availableAt),
    revision: latest(above.revision, below.revision),
    methods: union(above.methods, below.methods),
  })
  if (!isShown(quality) || above.value === null || below.value === null) return make(null, quality, reason)
  const value = ratio(above.value, below.value)
  if (value === undefined) return make(null, 'ZERO_DENOMINATOR', `${denominator} of the period are zero`)
  return make(value, quality, quality === 'COMPLETE' ? null : reason)
}

function latest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b)
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return b.every((m) => a.includes(m)) ? a : [...new Set([...a, ...b])].sort()
}
