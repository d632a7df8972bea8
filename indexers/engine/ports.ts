import type { Batch, BlockMark, ChainIdentity, SaveResult } from '../../pipeline/model/batch.ts'
import type { IdEncoding } from '../../pipeline/model/event.ts'
import type { HeightRange } from '../../pipeline/model/height.ts'
import type { Reading } from '../../pipeline/model/reading.ts'
import type { Counter, NetworkDeclaration, Stream } from '../../pipeline/model/stream.ts'
import type { UnixSeconds } from '../../pipeline/model/time.ts'

export type { Batch, BlockMark, ChainIdentity, DayBounds, Gap } from '../../pipeline/model/batch.ts'

/** A short fixed message and an object. */
export interface Logger {
  debug(message: string, facts?: object): void
  info(message: string, facts?: object): void
  warn(message: string, facts?: object): void
  error(message: string, facts?: object): void
}

/** What a stream needs read, in requests; for estimates before a start. */
export interface Cost {
  readonly requests: number
  readonly note: string
}

/** Streams that one read serves together, and how large a range suits them. */
export interface Lane {
  readonly streams: readonly Stream[]
  /** Heights of a range to start with, and at most; the engine adapts the size between. */
  readonly rangeSize: { readonly start: number; readonly max: number }
}

/**
 * What a live node says of one thing that a declaration rests on.
 * - `same`: as declared; `differs`: not as declared.
 * - `news`: nothing is declared of it.
 * - `fillIn`: the declaration does not know it, and this is what to fill in.
 */
export interface Finding {
  readonly verdict: 'same' | 'differs' | 'news' | 'fillIn'
  /** What was looked at: `HNT decimals`. */
  readonly subject: string
  /** What the declaration says; empty: nothing. */
  readonly declared: string
  readonly found: string
}

/** One chain, read through its own protocol. It knows no network and no database. */
export interface ChainSource {
  readonly chain: string
  readonly idEncoding: IdEncoding
  /** First height that any stream of the chain can have. */
  readonly firstHeight: number
  /**
   * Streams by how they are read, cheapest first: streams of one lane share their requests, and cheap ones (counters)
   * do not wait for dear ones. Every stream is in exactly one lane.
   */
  lanes(streams: readonly Stream[]): readonly Lane[]
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
  /**
   * Supply and other counters, all at one finalized height: at `height` where nodes keep old state, else at the
   * newest that they can state. Absent: the chain has no counter that a node answers.
   * @throws IndexerError `rpc-not-found` where no node holds the state of `height`.
   */
  readCounters?(
    counters: readonly Counter[],
    height: number | undefined,
    signal: AbortSignal,
  ): Promise<readonly Reading[]>
  /**
   * Calls `wake` whenever the chain says that it has a new head, until the signal. Only a hint: following goes on without
   * it, and a connection that fails is no error.
   */
  wake?(wake: () => void, signal: AbortSignal): void
  /**
   * Compares what a network declares of this chain with what a node says now; for people who write declarations. Absent: the
   * chain has nothing to ask.
   * @throws IndexerError `rpc-unavailable`.
   */
  inspect?(network: NetworkDeclaration, signal: AbortSignal): Promise<readonly Finding[]>
  /** Requests that reading `range` would take, roughly. */
  estimate(range: HeightRange, streams: readonly Stream[]): Cost
  close(): Promise<void>
}

/** What endpoints take, as all processes that ask them found out together. */
export interface RateShare {
  /** Requests a second that this process may make of an endpoint; Infinity while nothing limits it. */
  limit(endpoint: string): number
  /** Tells the others that an endpoint complained, and what this process keeps to now. */
  complained(endpoint: string, perSecond: number): void
}

/** What the engine asks of the store. Implemented by `pipeline/store`, handed in by `main.ts`. */
export interface IndexStore {
  /** Remembers the chain's identity, or refuses with `wrong-chain` if another one is stored. */
  claimChain(chain: string, identity: ChainIdentity, idEncoding: IdEncoding): Promise<void>
  getCoverage(streamIds: readonly number[]): Promise<ReadonlyMap<number, readonly HeightRange[]>>
  /** The stored block at a height, if it is still kept. */
  findBlock(chain: string, height: number): Promise<BlockMark | undefined>
  /** Saves batches in one transaction: events, coverage, gaps, edges, days and stale marks. */
  saveBatches(chain: string, batches: readonly Batch[]): Promise<SaveResult>
  /** Keeps readings of counters, outside of any range. */
  saveReadings(readings: readonly Reading[]): Promise<void>
  /** Remembers the newest head seen and the last error of a chain, for `status`. */
  noteHead(chain: string, head: { height: number; finalized: number; time: UnixSeconds }): Promise<void>
  noteError(chain: string, idEncoding: IdEncoding, message: string | null): Promise<void>
}

/** Shown while a backfill runs. */
export interface Progress {
  start(totalHeights: number, label: string): void
  advance(heights: number, events: number): void
  stop(): void
}
