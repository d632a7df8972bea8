import type { Event, IdEncoding, Origin } from '../../pipeline/model/event.ts'
import type { HeightRange } from '../../pipeline/model/height.ts'
import type { Stream } from '../../pipeline/model/stream.ts'
import type { Day, UnixSeconds } from '../../pipeline/model/time.ts'

/** A short fixed message and an object. */
export interface Logger {
  debug(message: string, facts?: object): void
  info(message: string, facts?: object): void
  warn(message: string, facts?: object): void
  error(message: string, facts?: object): void
}

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
}

/** Who answers for a chain: checked once before anything is read or stored. */
export interface ChainIdentity {
  /** Chain id, network name or genesis hash: never changes for a chain. */
  readonly network: string
  readonly origin: Origin
}

/** What a stream needs read, in requests; for estimates before a start. */
export interface Cost {
  readonly requests: number
  readonly note: string
}

/** One chain, read through its own protocol. It knows no network and no database. */
export interface ChainSource {
  readonly chain: string
  readonly idEncoding: IdEncoding
  /** First height that any stream of the chain can have. */
  readonly firstHeight: number
  /** Range size to start with; the engine adapts it. */
  readonly rangeSize: { readonly start: number; readonly max: number }
  /** @throws IndexerError `wrong-chain` if endpoints disagree or serve another chain. */
  identify(): Promise<ChainIdentity>
  /** The highest block any endpoint knows. */
  head(): Promise<BlockMark>
  /** The highest height that can no longer be dropped; nothing above it is read. */
  finalized(): Promise<number>
  /** The lowest height whose block is not before `time`; the head's height plus one if all are before. */
  heightAt(time: UnixSeconds): Promise<number>
  /**
   * Reads the blocks of `range`, both ends included, with only what `streams` select.
   * Every height is covered, even when its block holds nothing of interest, or is named in `gaps`.
   * @throws IndexerError `rpc-unavailable` once the retries are used up.
   */
  read(range: HeightRange, streams: readonly Stream[], signal: AbortSignal): Promise<Batch>
  /** Requests that reading `range` would take, roughly. */
  estimate(range: HeightRange, streams: readonly Stream[]): Cost
  close(): Promise<void>
}

/** What the engine asks of the store. Implemented by `pipeline/store`, handed in by `main.ts`. */
export interface IndexStore {
  /** Remembers the chain's identity, or refuses with `wrong-chain` if another one is stored. */
  claimChain(chain: string, identity: ChainIdentity, idEncoding: IdEncoding): Promise<void>
  getCoverage(streamIds: readonly number[]): Promise<ReadonlyMap<number, readonly HeightRange[]>>
  /** The stored block at a height, if it is still kept. */
  findBlock(chain: string, height: number): Promise<BlockMark | undefined>
  /** Saves a batch in one transaction: events, coverage, gaps, edges, days and stale marks. */
  saveBatch(chain: string, batch: Batch): Promise<SaveResult>
  /** Remembers the newest head seen and the last error of a chain, for `status`. */
  noteHead(chain: string, head: { height: number; finalized: number; time: UnixSeconds }): Promise<void>
  noteError(chain: string, message: string | null): Promise<void>
}

export interface SaveResult {
  /** Events that were new. Replayed ones are not counted. */
  readonly inserted: number
}

/** Shown while a backfill runs. */
export interface Progress {
  start(totalHeights: number, label: string): void
  advance(heights: number, events: number): void
  stop(): void
}
