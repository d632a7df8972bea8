import type { Quality } from './quality.ts'
import type { Absence, Kind, Lens, Method, StreamClass } from './stream.ts'
import type { Day } from './time.ts'

/** One stream's day as published at some time. */
export interface Flow {
  readonly raw: bigint | null
  readonly usdMicros: bigint | null
  readonly quality: Quality
  readonly reason: string | null
  readonly usdQuality: Quality
  readonly usdReason: string | null
  readonly revision: number
  /** When it was first published, Unix seconds. */
  readonly availableAt: number
}

/** A ledger stream with its days, as metrics need it. */
export interface FlowStream {
  readonly kind: Kind
  readonly class: StreamClass
  readonly lens: Lens | null
  readonly token: string
  readonly decimals: number
  readonly method: Method
  /** Days on which it can happen; null where it always could, or still can. */
  readonly aliveFrom: Day | null
  readonly aliveTo: Day | null
  readonly days: ReadonlyMap<Day, Flow>
}

/** All flows of a network, as known at one instant. */
export interface NetworkFlows {
  readonly network: string
  readonly primaryToken: string
  readonly primaryDecimals: number
  readonly simulated: boolean
  /** The day of the chain's newest block: it and later days have not ended. Null before any contact. */
  readonly headDay: Day | null
  readonly absent: Readonly<Partial<Record<Kind, Absence>>>
  readonly streams: readonly FlowStream[]
}
