import { setTimeout as pause } from 'node:timers/promises'
import { planLanes, plannedHeights } from '../indexers/engine/plan.ts'
import type { Gap, Logger, Progress } from '../indexers/engine/ports.ts'
import { WorkQueue } from '../pipeline/jobs/queue.ts'
import { errorCodes, IndexerError } from '../pipeline/model/errors.ts'
import { overlaps, type RangeJob } from '../pipeline/model/work.ts'
import type { Database } from '../pipeline/store/database.ts'
import { PostgresIndexStore } from '../pipeline/store/index_store.ts'
import { getGaps } from '../pipeline/store/read_status.ts'
import { getDeadRanges } from '../pipeline/store/work.ts'
import { now } from './app.ts'
import type { Config } from './config.ts'
import { asJob, enqueue, RangeReader, type Wanted } from './ranges.ts'
import { workOn } from './worker.ts'

/** Jobs of history wait for those that catch up with the head. */
const historyPriority = 10
const lookEveryMs = 200

/** A backfill, and how this process takes part in it. */
export interface SharedBackfill extends Wanted {
  readonly db: Database
  readonly config: Config
  readonly concurrency: number
  readonly progress?: Progress
  readonly logger: Logger
  readonly signal: AbortSignal
}

/** What a backfill did, whichever processes did it. */
export interface BackfillReport {
  readonly heights: number
  /** New events of this process. */
  readonly events: number
  readonly gaps: readonly Gap[]
}

/**
 * Puts what is missing into the queue, takes jobs in this process, and waits until all of this backfill are done, here or by
 * other processes.
 * @throws IndexerError `interrupted` on the signal, with the jobs left to others and to the next run; the code of the first
 *   range that was given up, if any was.
 */
export async function readShared(options: SharedBackfill): Promise<BackfillReport> {
  const { db, config, source, streams, span, progress, logger, signal } = options
  const queue = await WorkQueue.open(db, options.concurrency + 3)
  const reader = new RangeReader(db, config, logger)
  const done = new AbortController()
  try {
    const before = await missing(options)
    await enqueue(db, queue, { source, streams, span }, historyPriority)
    let events = 0
    progress?.start(before, source.chain)
    const working = workOn(
      queue,
      reader,
      options.concurrency,
      logger,
      AbortSignal.any([signal, done.signal]),
      (count) => {
        events += count
      },
    )
    const watching = watch(options, queue, before, () => events).finally(() => done.abort())
    const [worked, watched] = await Promise.allSettled([working, watching])
    if (worked.status === 'rejected') throw worked.reason
    if (watched.status === 'rejected') throw watched.reason
    progress?.stop()
    const heights = before - (await missing(options))
    if (signal.aborted) {
      throw new IndexerError(
        'interrupted',
        `stopped ${source.chain}: ${heights} heights were saved; run it again to go on`,
      )
    }
    await refuseDead(db, asJob(options))
    const ids = new Set(streams.map((s) => s.id))
    const gaps = (await getGaps(db)).filter(
      (g) => ids.has(g.streamId) && g.from <= span.to && g.to >= span.from,
    )
    return { heights, events, gaps }
  } finally {
    done.abort()
    await reader.close()
    await queue.close()
  }
}

/** Shows how far all processes together are, until no job of the backfill is left. */
async function watch(
  options: SharedBackfill,
  queue: WorkQueue,
  before: number,
  events: () => number,
): Promise<void> {
  const whole = asJob(options)
  let shown = { heights: 0, events: 0 }
  while (!options.signal.aborted) {
    const left = (await queue.pending()).some((job) => overlaps(job, whole))
    const heights = before - (await missing(options))
    options.progress?.advance(heights - shown.heights, events() - shown.events)
    shown = { heights, events: events() }
    if (!left) return
    await pause(lookEveryMs, undefined, { signal: options.signal }).catch(() => undefined)
  }
}

async function missing({ db, source, streams, span }: SharedBackfill): Promise<number> {
  const coverage = await new PostgresIndexStore(db, now).getCoverage(streams.map((s) => s.id))
  return plannedHeights(planLanes(source, span, streams, coverage))
}

async function refuseDead(db: Database, whole: RangeJob): Promise<void> {
  const dead = (await getDeadRanges(db)).filter((d) => overlaps(d, whole))
  const [first] = dead
  if (first === undefined) return
  const code = Object.keys(errorCodes).find((c): c is keyof typeof errorCodes => c === first.code)
  throw new IndexerError(
    code ?? 'rpc-unavailable',
    `${first.chain}: ${dead.length} ranges were given up and stay missing. The first is ${first.from} to ${first.to}: ${first.reason}. ` +
      'What is mended can be read by: depindex retry',
    { chain: first.chain, from: first.from, to: first.to },
  )
}
