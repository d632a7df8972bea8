import type { Quality } from './quality.ts'
import type { Absence, Absentee, Accrual, Kind, Lens, Method, Role, StreamClass } from './stream.ts'
import type { PriceValue, SupplyValue } from './supply.ts'
import type { Day } from './time.ts'

/** One stream's day as published at some time, valued by one price basis. */
export interface Flow {
  readonly raw: bigint | null
  readonly usdMicros: bigint | null
  readonly quality: Quality
  readonly reason: string | null
  readonly usdQuality: Quality
  readonly usdReason: string | null
  /** What a reader should know of its price, such as sources that disagree. */
  readonly warning: string | null
  /** Counts the values published for the day, starting at 1. */
  readonly version: number
  /** When it was first published, Unix seconds. */
  readonly availableAt: number
  /** Days from this one on that the amount is for: more than 1 where a series was published by longer periods. */
  readonly span: number
}

/** A stream with its days, as metrics need it. */
export interface FlowStream {
  readonly id: number
  readonly name: string
  readonly kind: Kind
  readonly class: StreamClass
  readonly lens: Lens | null
  readonly role: Role
  readonly of: readonly string[]
  readonly token: string
  readonly decimals: number
  /** Where it happens: for published series the chain of the token. */
  readonly chain: string
  readonly method: Method
  /** Whether it pays by epochs, and so has days by epoch beside days by event time. */
  readonly epoch: boolean
  readonly accrues: readonly Accrual[]
  /** Days on which it can happen, both ends included; null where it always could, or still can. */
  readonly aliveFrom: Day | null
  readonly aliveTo: Day | null
  readonly days: ReadonlyMap<Day, Flow>
}

/** What a proof of a token's supply left over, on the last day of the days it compares. */
export interface ProofResidual {
  readonly from: Day
  readonly residualRaw: bigint
}

/** All flows of a network, as known at one instant. */
export interface NetworkFlows {
  readonly network: string
  readonly primaryToken: string
  readonly primaryDecimals: number
  readonly simulated: boolean
  /** The day of the chain's newest block: it and later days have not ended. Null before any contact. */
  readonly headDay: Day | null
  readonly absent: Readonly<Partial<Record<Absentee, Absence>>>
  readonly streams: readonly FlowStream[]
  /** Of the primary token: its counters (`supply`, `circulating`, `max`) at the close of days. */
  readonly supplies: ReadonlyMap<string, ReadonlyMap<Day, SupplyValue>>
  /** Of the primary token: its closes. */
  readonly closes: ReadonlyMap<Day, PriceValue>
  /** Of the primary token's supply proof, by last day. */
  readonly residuals: ReadonlyMap<Day, ProofResidual>
}
