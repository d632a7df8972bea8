import type { Denominator, PriceBasis, TimeBasis } from './basis.ts'
import type { Quality } from './quality.ts'
import type { Lens } from './stream.ts'
import type { Day, UnixSeconds } from './time.ts'

/** Calendar periods, and windows that end with each day. */
export const granularities = [
  'DAY',
  'WEEK',
  'MONTH',
  'QUARTER',
  'YEAR',
  'TRAILING_7',
  'TRAILING_30',
  'TRAILING_90',
  'TRAILING_365',
] as const

/** Length of the periods of a series. */
export type Granularity = (typeof granularities)[number]

/** Choices of definition that a reader may make; every value of a query is made with the same. */
export interface Definitions {
  readonly lens: Lens
  readonly priceBasis: PriceBasis
  readonly by: TimeBasis
  readonly denominator: Denominator
  /** Whether sums of days that are not all known are given too, with their quality. */
  readonly includePartial: boolean
  /** Days of a period that may lack a price, and are then left out of its dollars, before there is no value. */
  readonly maxUnpricedDays: number
}

/** What is meant where a reader chooses nothing. */
export const defaultDefinitions: Definitions = {
  lens: 'CONSUMPTION',
  priceBasis: 'DAY_CLOSE',
  by: 'EVENT_TIME',
  denominator: 'FEES',
  includePartial: false,
  maxUnpricedDays: 0,
}

/** Which values are asked for. */
export interface SeriesQuery extends Definitions {
  readonly networks: readonly string[]
  readonly metrics: readonly string[]
  /** First day, included. */
  readonly from: Day
  /** First day left out. */
  readonly to: Day
  readonly granularity: Granularity
  /** Only what happened on these chains; absent: everything. */
  readonly chains?: readonly string[]
  /** Values as they were known then; absent: now. */
  readonly asOf?: UnixSeconds
}

/** One value of a series, with everything that says how far it can be trusted. */
export interface SeriesPoint {
  /** First day of the period; for a trailing window its last day. */
  readonly date: Day
  /** Last day of the period, included. */
  readonly windowEnd: Day
  readonly network: string
  readonly metric: string
  /** Exact decimal text, or null with a reason. */
  readonly value: string | null
  readonly unit: string
  readonly quality: Quality
  /** Why the value is null or less than complete; null for a complete value. */
  readonly reason: string | null
  readonly availableAt: string | null
  readonly revision: number | null
  readonly methodologyVersion: number
  readonly methods: readonly string[]
  /** What a reader should know of a price in it, such as sources more than 3 % apart; null: nothing. */
  readonly warning: string | null
  readonly daysComplete: number
  readonly daysPriced: number
  readonly daysExpected: number
  readonly simulated: boolean
}

/** How a metric is defined, for readers. */
export interface MetricInfo {
  /** `subsidy_ratio` */
  readonly id: string
  readonly unit: string
  readonly window: string
  readonly formula: string
  readonly meaning: string
  /** When there is no value. */
  readonly nullRule: string
  /** Raised when the formula changes meaning. */
  readonly revision: number
}
