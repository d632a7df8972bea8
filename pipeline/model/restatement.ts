import type { PriceBasis, TimeBasis } from './basis.ts'
import type { UnixSeconds } from './time.ts'

/** Which changes are asked for. */
export interface RestatementQuery {
  readonly network?: string
  /** Changes published at this instant or later. */
  readonly since: UnixSeconds
  /** Changes known at this instant; absent: now. */
  readonly asOf?: UnixSeconds
  readonly first: number
  /** Only changes noted before the one of this id. */
  readonly before?: number
}

/** A change of a published value, or of a declaration or formula that makes values. */
export interface RestatementView {
  readonly id: number
  /** Null where every network is concerned. */
  readonly network: string | null
  /** A stream, a supply, or a metric. */
  readonly subject: string
  readonly token: string | null
  /** Null where the change concerns all days. */
  readonly date: string | null
  readonly by: TimeBasis
  readonly priceBasis: PriceBasis
  readonly availableAt: string
  readonly oldAmount: string | null
  readonly newAmount: string | null
  readonly oldUsd: string | null
  readonly newUsd: string | null
  readonly oldQuality: string | null
  readonly newQuality: string | null
  readonly reason: string
}
