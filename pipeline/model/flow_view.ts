import type { EventPlace } from './event_view.ts'
import type { Quality } from './quality.ts'
import type { Definitions, Granularity } from './series.ts'
import type { Kind, Lens } from './stream.ts'
import type { Day, UnixSeconds } from './time.ts'

/** The value whose flows are asked for, under the definitions that made it. */
export interface FlowsOf {
  readonly network: string
  readonly metric: string
  /** First and last day of its period, both included, and what it is dated. */
  readonly date: Day
  readonly windowEnd: Day
  readonly granularity: Granularity
  readonly definitions: Definitions
  /** As known then; absent: now. */
  readonly asOf?: UnixSeconds
  /** At most so many, newest first. */
  readonly first: number
}

/** One day of one stream that a value was made of, as published. */
export interface FlowView {
  readonly streamId: number
  readonly network: string
  readonly stream: string
  readonly kind: Kind
  readonly class: string
  readonly role: string
  readonly lens: Lens | null
  readonly method: string
  readonly token: string
  readonly date: Day
  readonly by: 'time' | 'epoch'
  readonly amountRaw: string | null
  readonly amount: string | null
  readonly usd: string | null
  readonly quality: Quality
  readonly reason: string | null
  readonly price: string | null
  readonly priceSource: string | null
  readonly priceObservedAt: string | null
  readonly warning: string | null
  readonly eventCount: number
  readonly availableAt: string
  readonly revision: number
  /** The instant as of which it was asked for; absent: now. */
  readonly asOf?: UnixSeconds
}

/** Events of one day of one stream, newest first. */
export interface DayEventsQuery {
  readonly streamId: number
  readonly day: Day
  readonly by: 'time' | 'epoch'
  readonly first: number
  readonly after?: EventPlace
  /** As stored at this instant; absent: now. */
  readonly asOf?: UnixSeconds
}
