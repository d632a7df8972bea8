import type { PriceScaled } from './amount.ts'
import type { UnixSeconds } from './time.ts'

/** One observed price, kept as it was seen. */
export interface PriceObservation {
  readonly token: string
  readonly source: string
  readonly kind: 'close' | 'spot' | 'average' | 'peg'
  readonly usd: PriceScaled
  readonly observedAt: UnixSeconds
  /** 0 to 1 where the source says how sure it is. */
  readonly confidence?: number
  readonly author?: string
  readonly note?: string
}
