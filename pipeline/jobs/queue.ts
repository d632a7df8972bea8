import { EventEmitter } from 'node:events'
import type { JobHelpers, WorkerUtils } from 'graphile-worker'
import { Logger, makeWorkerUtils, run } from 'graphile-worker'
import { codeOf, IndexerError, messageOf } from '../model/errors.ts'
import type { RangeJob } from '../model/work.ts'
import type { Database } from '../store/database.ts'
import { silentSeconds } from '../store/heartbeats.ts'
import { getPaused, saveDeadRange } from '../store/work.ts'
import type { Free } from './heartbeat.ts'
import { Heartbeat } from './heartbeat.ts'

type Pool = ReturnType<Database['openPool']>

const task = 'range'
/** Tries of one job: together they wait about ten minutes. */
const maxAttempts = 8
const pollMs = 1_000
/** How long a list of paused networks is taken for current. */
const pausedForMs = 2_000

/** What a process does with the jobs it takes. */
export interface WorkOptions {
  /** Jobs at once. */
  readonly concurrency: number
  /** Reads a range whole. An error that trying again can help puts the job back; another one gives it up. */
  readonly handle: (job: RangeJob, signal: AbortSignal) => Promise<void>
  /** Told when this process could not say that it is alive; after a while others take its jobs. */
  readonly unheard: (error: unknown) => void
  /** Told of every failed try, for the log. */
  readonly failed: (job: RangeJob, error: unknown, given: 'retry' | 'dead') => void
}

/**
 * Range jobs that any number of processes share through the database. Every job is held by one process at a time; what a
 * dead process held goes back to the others.
 */
export class WorkQueue {
  readonly #db: Database
  readonly #pool: Pool
  readonly #utils: WorkerUtils

  private constructor(db: Database, pool: Pool, utils: WorkerUtils) {
    this.#db = db
    this.#pool = pool
    this.#utils = utils
  }

  /** Opens the queue, and makes its tables where they are missing. */
  static async open(db: Database, connections = 8): Promise<WorkQueue> {
    const pool = db.openPool(connections)
    try {
      const utils = await makeWorkerUtils({ pgPool: pool, logger: silent })
      await utils.migrate()
      return new WorkQueue(db, pool, utils)
    } catch (error) {
      await pool.end()
      throw error
    }
  }

  /**
   * Puts jobs into the queue; one that waits already is not put twice.
   * @param priority Lower ones are taken first.
   */
  async add(jobs: readonly RangeJob[], priority: number): Promise<void> {
    await this.#utils.addJobs(
      jobs.map((job) => ({
        identifier: task,
        payload: job,
        priority,
        maxAttempts,
        jobKey: keyOf(job),
        flags: [`network:${job.network}`],
      })),
    )
  }

  /** Jobs that wait or run, whoever put them there. */
  async pending(): Promise<readonly RangeJob[]> {
    const { rows } = await this.#pool.query<{ key: string }>(
      'select key from graphile_worker.jobs where task_identifier = $1 and (attempts < max_attempts or locked_at is not null) and key is not null',
      [task],
    )
    return rows.map((r) => jobOf(r.key))
  }

  /**
   * Lets jobs that sit out a pause after a failure go on at once, as if they had not been tried: of one network, or all.
   * @returns How many.
   */
  async hurry(network?: string): Promise<number> {
    const { rows } = await this.#pool.query<{ id: string }>(
      `select id::text from graphile_worker.jobs where task_identifier = $1 and attempts > 0 and locked_at is null
         and run_at > now() and ($2::text is null or split_part(key, ':', 2) = $2)`,
      [task, network ?? null],
    )
    const ids = rows.map((r) => r.id)
    if (ids.length > 0) await this.#utils.rescheduleJobs(ids, { runAt: new Date(0), attempts: 0 })
    return ids.length
  }

  /**
   * Takes jobs until the signal. What is under way then goes back into the queue at once, as if it had not been tried.
   * @throws IndexerError `store-unavailable` if the database goes away for good.
   */
  async work(options: WorkOptions, signal: AbortSignal): Promise<void> {
    const interrupted = new Map<RangeJob, number>()
    const events = new EventEmitter()
    let holder: string | undefined
    let heartbeat: Heartbeat | undefined
    events.on('pool:create', ({ workerPool }: { workerPool: { id: string } }) => {
      holder = workerPool.id
      heartbeat = new Heartbeat(this.#db, workerPool.id, (known) => this.#free(known), options.unheard)
    })
    try {
      const running = await run({
        pgPool: this.#pool,
        logger: silent,
        concurrency: options.concurrency,
        pollInterval: pollMs,
        noHandleSignals: true,
        gracefulShutdownAbortTimeout: 1,
        events,
        forbiddenFlags: this.#pausedFlags(),
        taskList: {
          [task]: (payload, helpers) =>
            this.#perform(payload as RangeJob, helpers, options, signal, interrupted),
        },
      })
      let stopping: Promise<void> | undefined
      const stop = (): void => {
        stopping ??= running.stop()
      }
      if (signal.aborted) stop()
      else signal.addEventListener('abort', stop, { once: true })
      await running.promise
      await stopping
    } finally {
      try {
        // Put anew under their keys, they are as if they had not been tried.
        if (holder !== undefined) await this.#utils.forceUnlockWorkers([holder])
        for (const [job, priority] of interrupted) await this.add([job], priority)
      } finally {
        // Also where the database went away: a heart that goes on beating keeps the process.
        await heartbeat?.stop()
      }
    }
  }

  async close(): Promise<void> {
    await this.#utils.release()
    if (!this.#pool.ended) await this.#pool.end()
  }

  async #perform(
    job: RangeJob,
    helpers: JobHelpers,
    { handle, failed }: WorkOptions,
    signal: AbortSignal,
    interrupted: Map<RangeJob, number>,
  ): Promise<void> {
    try {
      await handle(job, signal)
    } catch (error) {
      if (signal.aborted || codeOf(error) === 'interrupted') {
        interrupted.set(job, helpers.job.priority)
        throw error
      }
      const { attempts, max_attempts: most } = helpers.job
      const again = error instanceof IndexerError ? error.retryable : true
      failed(job, error, again && attempts < most ? 'retry' : 'dead')
      if (again && attempts < most) throw error
      await saveDeadRange(this.#db, job, {
        attempts,
        code: codeOf(error) ?? 'unknown',
        reason: messageOf(error),
      })
    }
  }

  /** Gives back what dead processes hold, and what for a while has been held by nobody known. */
  async #free({ alive, dead }: Parameters<Free>[0]): Promise<void> {
    const { rows } = await this.#pool.query<{ holder: string }>(
      `select distinct locked_by as holder from graphile_worker.jobs where locked_at < now() - make_interval(secs => $1)`,
      [silentSeconds],
    )
    const held = [...dead, ...rows.map((r) => r.holder).filter((holder) => !alive.has(holder))]
    if (held.length > 0) await this.#utils.forceUnlockWorkers(held)
    await this.#bury()
  }

  /** Gives up jobs whose processes died each time that one took them, and clears away rows that others have replaced. */
  async #bury(): Promise<void> {
    const { rows } = await this.#pool.query<{ key: string; attempts: number }>(
      `select key, attempts from graphile_worker.jobs
       where task_identifier = $1 and attempts >= max_attempts and locked_at is null and key is not null`,
      [task],
    )
    for (const { key, attempts } of rows) {
      await saveDeadRange(this.#db, jobOf(key), {
        attempts,
        code: 'interrupted',
        reason: 'every process that took it ended before it was done',
      })
    }
    await this.#utils.cleanup({ tasks: ['DELETE_PERMAFAILED_JOBS'] })
  }

  #pausedFlags(): () => Promise<string[]> {
    let known: { at: number; flags: string[] } | undefined
    return async () => {
      if (known === undefined || performance.now() - known.at > pausedForMs) {
        const paused = await getPaused(this.#db)
        known = { at: performance.now(), flags: paused.map((network) => `network:${network}`) }
      }
      return known.flags
    }
  }
}

/** The same heights of the same streams are one job. */
function keyOf({ network, chain, from, to, streams }: RangeJob): string {
  return ['range', network, chain, from, to, ...streams].join(':')
}

/** The job of a key. */
function jobOf(key: string): RangeJob {
  const [, network = '', chain = '', from, to, ...streams] = key.split(':')
  return { network, chain, from: Number(from), to: Number(to), streams }
}

/** What happens to jobs is told through {@link WorkOptions}; the library's own lines would say it twice. */
const silent = new Logger(() => () => undefined)
