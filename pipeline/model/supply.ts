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

/** Why a counter is not known at the close of a day, whether a row says so or there is none. */
export function unknownSupply(counter: string): string {
  return `no reading gives the ${counter} at the close of the day: there is none, or what happened between it and the close has not been read`
}
