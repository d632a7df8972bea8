import type { Kind, Lens } from './stream.ts'
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
  /** Events as they were stored at this instant; absent: now. */
  readonly asOf?: UnixSeconds
}

/** Which events are read whole, one after the other. */
export interface StreamedEventsQuery {
  readonly networks: readonly string[]
  readonly stream?: string
  readonly kind?: Kind
  readonly from?: Day
  readonly to?: Day
  /** As stored at this instant; absent: now. */
  readonly asOf?: UnixSeconds
}

/** A stored event as readers see it. */
export interface EventView extends EventPlace {
  readonly network: string
  readonly stream: string
  readonly kind: Kind
  readonly class: string
  readonly lens: Lens | null
  readonly role: string
  readonly method: string
  readonly chain: string
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
  /** Where the chain pays by epochs: first and last day that the amount is for, both included. */
  readonly accruedFrom: string | null
  readonly accruedTo: string | null
  /** Dollars that the chain or the source itself states; null: it does not. */
  readonly usd: string | null
  readonly simulated: boolean
}
