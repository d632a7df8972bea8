import type { LaneSegment } from '../indexers/engine/plan.ts'
import { planLanes } from '../indexers/engine/plan.ts'
import type { ChainSource, Logger } from '../indexers/engine/ports.ts'
import type { SyncReport } from '../indexers/engine/sync.ts'
import { sync } from '../indexers/engine/sync.ts'
import type { WorkQueue } from '../pipeline/jobs/queue.ts'
import { IndexerError, messageOf } from '../pipeline/model/errors.ts'
import type { HeightRange } from '../pipeline/model/height.ts'
import { normalise, rangeLength } from '../pipeline/model/height.ts'
import type { Stream } from '../pipeline/model/stream.ts'
import type { RangeJob } from '../pipeline/model/work.ts'
import { overlaps } from '../pipeline/model/work.ts'
import type { Database } from '../pipeline/store/database.ts'
import { EndpointRates } from '../pipeline/store/endpoint_rates.ts'
import { PostgresIndexStore } from '../pipeline/store/index_store.ts'
import { forgetDeadRanges, getDeadRanges } from '../pipeline/store/work.ts'
import { findNetwork, getStreams, now } from './app.ts'
import type { OpenChain } from './chains.ts'
import { healthOf, openChain } from './chains.ts'
import type { Config } from './config.ts'

/** Ranges of a lane that make one job: long enough to pay for taking it, short enough to share and to repeat. */
const rangesPerJob = 8
/** Jobs of one backfill at most; longer histories get longer jobs. */
const mostJobs = 4_000

/** The jobs of a plan, newest heights first, so that what readers look at comes first. */
function cutJobs(segments: readonly LaneSegment[]): RangeJob[] {
  return segments
    .flatMap(({ range, streams, lane }) => {
      const network = streams[0]?.network ?? ''
      const length = Math.max(
        lane.rangeSize.start * rangesPerJob,
        Math.ceil((rangeLength(range) * segments.length) / mostJobs),
      )
      const jobs: RangeJob[] = []
      // Cut at multiples, so that the same heights make the same jobs whenever they are planned.
      for (let from = range.from; from <= range.to; ) {
        const to = Math.min(range.to, from - (from % length) + length - 1)
        jobs.push({
          network,
          chain: streams[0]?.chain ?? '',
          streams: streams.map((s) => s.name),
          from,
          to,
        })
        from = to + 1
      }
      return jobs
    })
    .sort((a, b) => b.to - a.to)
}

/** What is to be read: some streams of one network over a span of their chain. */
export interface Wanted {
  readonly source: ChainSource
  readonly streams: readonly Stream[]
  readonly span: HeightRange
}

/** What is wanted, as if it were one job: to find the jobs that are about it. */
export function asJob({ source, streams, span }: Wanted): RangeJob {
  return {
    network: streams[0]?.network ?? '',
    chain: source.chain,
    streams: streams.map((s) => s.name),
    ...span,
  }
}

/**
 * Puts what is missing of what is wanted into the queue: what waits or is being read already is not put twice, what was
 * given up is tried again.
 * @returns How many jobs were put.
 */
export async function enqueue(
  db: Database,
  queue: WorkQueue,
  wanted: Wanted,
  priority: number,
): Promise<number> {
  const whole = asJob(wanted)
  const pending = (await queue.pending()).filter((job) => overlaps(job, whole))
  const read = await new PostgresIndexStore(db, now).getCoverage(wanted.streams.map((s) => s.id))
  const taken = new Map(
    wanted.streams.map((s) => {
      const own = pending.filter((job) => job.streams.includes(s.name))
      return [s.id, normalise([...(read.get(s.id) ?? []), ...own])] as const
    }),
  )
  const dead = (await getDeadRanges(db)).filter((job) => overlaps(job, whole))
  await forgetDeadRanges(
    db,
    dead.map((d) => d.id),
  )
  const jobs = cutJobs(planLanes(wanted.source, wanted.span, wanted.streams, taken))
  await queue.add(jobs, priority)
  return jobs.length
}

/** Reads the ranges of jobs, whichever network and chain they are of; each chain is opened when first needed. */
export class RangeReader {
  readonly #db: Database
  readonly #config: Config
  readonly #logger: Logger
  readonly #rates: EndpointRates
  readonly #chains = new Map<string, Promise<OpenChain>>()
  readonly #open = new Set<OpenChain>()
  /** Also those that have not said yet which chain they serve. */
  readonly #opened = new Set<OpenChain>()
  readonly #streams = new Map<string, Promise<Stream[]>>()

  constructor(db: Database, config: Config, logger: Logger) {
    this.#db = db
    this.#config = config
    this.#logger = logger
    this.#rates = new EndpointRates(db, (error) =>
      logger.warn(`what endpoints take could not be shared: ${messageOf(error)}`),
    )
  }

  /** @throws IndexerError as `sync` does; `bad-declaration` for streams that this version does not know. */
  async read(job: RangeJob, signal: AbortSignal): Promise<SyncReport> {
    const { source } = await unlessStopped(this.#chain(job.chain), signal)
    const known = await this.#streamsOf(job.network)
    const streams = job.streams.map((name) => {
      const found = known.find((s) => s.name === name && s.chain === job.chain)
      if (found !== undefined) return found
      throw new IndexerError(
        'bad-declaration',
        `this version of depindex has no stream ${name} of ${job.network} on ${job.chain}, which a job is for; run the same version on every machine`,
      )
    })
    return sync({
      source,
      store: new PostgresIndexStore(this.#db, now),
      streams,
      span: { from: job.from, to: job.to },
      concurrency: 1,
      logger: this.#logger,
      signal,
      now: () => performance.now(),
    })
  }

  /** What the endpoints of the chains opened so far did. */
  health(): ReturnType<typeof healthOf> {
    return [...this.#open].flatMap(healthOf)
  }

  async close(): Promise<void> {
    for (const { source } of this.#opened) await source.close()
    await this.#rates.close()
  }

  #chain(chain: string): Promise<OpenChain> {
    const known = this.#chains.get(chain)
    if (known !== undefined) return known
    const opening = this.#openChain(chain)
    this.#chains.set(chain, opening)
    // A chain that could not be opened is tried anew by the next job.
    opening.catch(() => this.#chains.delete(chain))
    return opening
  }

  async #openChain(chain: string): Promise<OpenChain> {
    const opened = openChain(chain, this.#config, this.#logger, this.#rates)
    this.#opened.add(opened)
    try {
      const { source } = opened
      await new PostgresIndexStore(this.#db, now).claimChain(
        chain,
        await source.identify(),
        source.idEncoding,
      )
      this.#open.add(opened)
      return opened
    } catch (error) {
      this.#opened.delete(opened)
      await opened.source.close()
      throw error
    }
  }

  #streamsOf(network: string): Promise<Stream[]> {
    const known =
      this.#streams.get(network) ?? getStreams(this.#db, [findNetwork(network, 'a job', 'bad-config')])
    this.#streams.set(network, known)
    return known
  }
}

/** What a node makes wait for, unless the signal comes first. @throws IndexerError `interrupted` then. */
async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let end = (): void => undefined
  const stopped = new Promise<never>((_, reject) => {
    end = () => reject(new IndexerError('interrupted', 'stopped before a chain was opened'))
    if (signal.aborted) end()
    else signal.addEventListener('abort', end)
  })
  try {
    return await Promise.race([work, stopped])
  } finally {
    signal.removeEventListener('abort', end)
  }
}
