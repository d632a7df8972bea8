import type { Quality } from './quality.ts'
import type { Day, UnixSeconds } from './time.ts'

/** Which chosen prices are asked for. */
export interface PricesQuery {
  readonly token: string
  readonly from: Day
  readonly to: Day
  readonly asOf?: UnixSeconds
}

/** The price that a day of a token was valued at by one basis. */
export interface DayPriceView {
  readonly date: string
  readonly token: string
  readonly priceBasis: 'DAY_CLOSE' | 'DAY_AVG'
  readonly usd: string | null
  readonly source: string | null
  readonly observedAt: string | null
  readonly observations: number
  readonly quality: Quality
  readonly reason: string | null
  readonly warning: string | null
  readonly availableAt: string
}

/** What one proof compared, and what it left over. */
export interface ReconciliationView {
  readonly network: string
  readonly token: string
  readonly proof: string
  readonly from: string
  readonly to: string
  readonly expectedRaw: string
  readonly observedRaw: string
  readonly residualRaw: string
  /** Residual as a share of the supply at the end; null where that is not known. */
  readonly shareOfSupply: string | null
  /** What is known to be lost between the two paths on a day; 0: they must be equal. */
  readonly toleranceRaw: string
  readonly ok: boolean
  readonly computedAt: string
}
