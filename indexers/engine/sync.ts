import { setMaxListeners } from 'node:events'
import type { Batch, Gap } from '../../pipeline/model/batch.ts'
import { codeOf, IndexerError } from '../../pipeline/model/errors.ts'
import type { HeightRange } from '../../pipeline/model/height.ts'
import { rangeLength } from '../../pipeline/model/height.ts'
import type { Stream } from '../../pipeline/model/stream.ts'
import type { LaneSegment } from './plan.ts'
import { planLanes, plannedHeights } from './plan.ts'
import type { ChainSource, IndexStore, Logger, Progress } from './ports.ts'
import { RangeQueue } from './queue.ts'
import { Saver } from './saver.ts'

/** Reads of one chain under way at once, unless asked otherwise. */
const defaultConcurrency = 4

export interface SyncOptions {
  readonly source: ChainSource
  readonly store: IndexStore
  readonly streams: readonly Stream[]
  /** Heights to read; never above the finalized height. */
  readonly span: HeightRange
  readonly concurrency?: number
  readonly progress?: Progress
  readonly logger: Logger
  readonly now: () => number
  readonly signal: AbortSignal
}

/** What a sync did. */
export interface SyncReport {
  readonly heights: number
  readonly events: number
  /** What nodes did not give; it stays missing and is tried again by the next sync. */
  readonly gaps: readonly Gap[]
}

/**
 * Reads every height of the span that a stream lacks, exactly once, several ranges at a time. Stopping it
 * anywhere loses nothing: what is saved is covered, and the next call goes on from there.
 * @throws IndexerError `interrupted` on the signal, after the saves under way; `rpc-unavailable` when the
 *   nodes do not answer; `continuity-broken`, `decode-failed` and `store-unavailable` as they come.
 */
export async function sync(options: SyncOptions): Promise<SyncReport> {
  const { source, store, streams, span, signal, progress } = options
  const coverage = await store.getCoverage(streams.map((s) => s.id))
  const segments = planLanes(source, span, streams, coverage)
  const queue = new RangeQueue(segments)
  const saver = new Saver(store, source.chain)
  const stop = new AbortController()
  const stopped = AbortSignal.any([signal, stop.signal])
  // Every request under way listens to it.
  setMaxListeners(0, stopped)
  const report = { heights: 0, events: 0, gaps: [] as Gap[] }
  const saves = new Set<Promise<void>>()
  let failure: unknown

  const fail = (error: unknown): void => {
    // The first failure counts: the others are this one's echo.
    failure ??= error
    stop.abort()
  }
  const save = async (batch: Batch): Promise<void> => {
    try {
      const inserted = await saver.save(batch)
      report.heights += rangeLength(batch.range)
      report.events += inserted
      report.gaps.push(...batch.gaps)
      progress?.advance(rangeLength(batch.range), inserted)
    } catch (error) {
      fail(error)
    }
  }
  const work = async (): Promise<void> => {
    while (!stopped.aborted) {
      await saver.room()
      const segment = queue.take()
      if (segment === undefined) return
      const batch = await readOrSplit(options, queue, segment, stopped)
      if (batch === undefined) continue
      const saving = save(batch).finally(() => saves.delete(saving))
      saves.add(saving)
    }
  }
  progress?.start(plannedHeights(segments), source.chain)
  const workers = Array.from({ length: options.concurrency ?? defaultConcurrency }, () => work().catch(fail))
  await Promise.all(workers)
  await Promise.all(saves)
  progress?.stop()
  if (signal.aborted)
    throw new IndexerError(
      'interrupted',
      `stopped ${source.chain}: ${report.heights} heights were saved; run it again to go on`,
    )
  if (failure !== undefined) throw failure
  return report
}

/** Reads a range; where the node finds it too large, gives its halves back to the queue. */
async function readOrSplit(
  { source, now, logger }: SyncOptions,
  queue: RangeQueue,
  segment: LaneSegment,
  signal: AbortSignal,
): Promise<Batch | undefined> {
  const startedAt = now()
  try {
    const batch = await source.read(segment.range, segment.streams, signal)
    queue.learn(segment.lane, rangeLength(segment.range), now() - startedAt, batch.events.length)
    return batch
  } catch (error) {
    if (codeOf(error) !== 'rpc-too-large' || rangeLength(segment.range) === 1) throw error
    logger.debug('range split', { chain: source.chain, ...segment.range })
    queue.split(segment)
    return undefined
  }
}
