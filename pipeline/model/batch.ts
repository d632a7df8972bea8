import type { Event, Origin } from './event.ts'
import type { HeightRange } from './height.ts'
import type { PriceObservation } from './price.ts'
import type { Reading } from './reading.ts'
import type { Day, UnixSeconds } from './time.ts'

/** A block's place in the chain: what continuity is checked with. */
export interface BlockMark {
  readonly height: number
  readonly hash: string
  readonly parentHash: string
  readonly time: UnixSeconds
}

/** Heights of one stream that could not be read, and why. They stay uncovered and are tried again. */
export interface Gap extends HeightRange {
  readonly streamId: number
  readonly code: string
  readonly reason: string
}

/** First and last heights of a UTC day on a chain, as far as a read saw them. Either may be unknown. */
export interface DayBounds {
  readonly day: Day
  readonly first?: number
  readonly last?: number
}

/** What one read of a range gave. Heights in neither `covered` nor `gaps` of a stream count as not read. */
export interface Batch {
  readonly range: HeightRange
  readonly events: readonly Event[]
  /** For each stream that was read: the heights read in full, even where nothing happened. */
  readonly covered: ReadonlyMap<number, readonly HeightRange[]>
  readonly gaps: readonly Gap[]
  /** The lowest and the highest block of the range, for the continuity check against stored neighbours. */
  readonly edges: readonly BlockMark[]
  /** Day boundaries inside the range. */
  readonly days: readonly DayBounds[]
  /** Every day that a height of the range falls on. */
  readonly touchedDays: readonly Day[]
  /** Counters that the range shows on the way. */
  readonly readings?: readonly Reading[]
  /** Prices that the chain's own oracle states. */
  readonly prices?: readonly PriceObservation[]
}

/** Who answers for a chain: checked once before anything is read or stored. */
export interface ChainIdentity {
  /** Chain id, network name or genesis hash: never changes for a chain. */
  readonly network: string
  readonly origin: Origin
}

export interface SaveResult {
  /** Events that were new. Replayed ones are not counted. */
  readonly inserted: number
}
