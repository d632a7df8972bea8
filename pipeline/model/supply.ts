import type { Quality } from './quality.ts'

/** A token's supply at the close of a day, as published. */
export interface SupplyValue {
  readonly raw: bigint | null
  readonly quality: Quality
  readonly reason: string | null
  readonly availableAt: number
}

/** A price of a day, as published. */
export interface PriceValue {
  /** Scaled by 10^18. */
  readonly usd: bigint | null
  readonly quality: Quality
  readonly reason: string | null
  readonly availableAt: number
}
