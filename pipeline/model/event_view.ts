import type { Kind } from './stream.ts'
import type { Day, UnixSeconds } from './time.ts'

/** Place of an event in the order newest first; where a page starts is the place of the last one before. */
export interface EventPlace {
  readonly happenedAt: UnixSeconds
  readonly streamId: number
  /** Lower-case hex. */
  readonly txId: string
  readonly position: number
}

/** Which events are asked for. */
export interface EventsQuery {
  readonly network?: string
  readonly stream?: string
  readonly kind?: Kind
  /** In the chain's own writing. */
  readonly txId?: string
  readonly from?: Day
  readonly to?: Day
  readonly first: number
  readonly after?: EventPlace
}

/** A stored event as readers see it. */
export interface EventView extends EventPlace {
  readonly network: string
  readonly stream: string
  readonly kind: Kind
  readonly token: string
  /** Transaction id in the chain's own writing. */
  readonly txHash: string
  readonly amountRaw: string
  /** Whole tokens, exact decimal text. */
  readonly amount: string
  readonly height: number
  readonly fromHeight: number | null
  readonly act: string | null
  readonly sender: string | null
  readonly recipient: string | null
  readonly detail: string | null
  readonly simulated: boolean
}
