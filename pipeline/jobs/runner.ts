import type { ScheduledTask } from 'node-cron'
import cron from 'node-cron'
import { messageOf } from '../model/errors.ts'
import { claimRun } from '../store/cron.ts'
import type { Database } from '../store/database.ts'

/** One line of the cron table. */
export interface Job {
  readonly name: string
  /** Six fields, seconds first, UTC. */
  readonly schedule: string
  readonly limitMs: number
  readonly run: (signal: AbortSignal) => Promise<object>
}

interface JobLogger {
  info(message: string, facts?: object): void
  error(message: string, facts?: object): void
  debug(message: string, facts?: object): void
}

/**
 * Runs each job on its schedule: one machine at a time however many run this, never over itself, within its
 * time limit. A failure is logged; the next tick tries again.
 * @returns Stops the schedule and waits for the jobs under way.
 */
export function startJobs(
  db: Database,
  jobs: readonly Job[],
  logger: JobLogger,
  counted: (job: string, ok: boolean, ms: number) => void,
): () => Promise<void> {
  const stop = new AbortController()
  const running = new Set<Promise<void>>()
  const tasks: ScheduledTask[] = []
  const runJob = async (job: Job): Promise<void> => {
    const startedAt = performance.now()
    try {
      const result = await job.run(AbortSignal.any([stop.signal, AbortSignal.timeout(job.limitMs)]))
      counted(job.name, true, performance.now() - startedAt)
      logger.debug(`job ${job.name} done`, { ...result, ms: Math.round(performance.now() - startedAt) })
    } catch (error) {
      if (stop.signal.aborted) return
      counted(job.name, false, performance.now() - startedAt)
      logger.error(`job ${job.name} failed: ${messageOf(error)}`)
    }
  }
  for (const job of jobs) {
    tasks.push(
      cron.schedule(
        job.schedule,
        () => {
          if (stop.signal.aborted) return
          const run = runJob(job).finally(() => running.delete(run))
          running.add(run)
          return run
        },
        {
          name: job.name,
          timezone: 'UTC',
          noOverlap: true,
          distributed: true,
          runCoordinator: { shouldRun: (key) => claimRun(db, key).catch(() => false) },
          suppressMissedWarning: true,
          logger: { info: noop, warn: noop, debug: noop, error: (m) => logger.error(messageOf(m)) },
        },
      ),
    )
  }
  return async () => {
    stop.abort()
    for (const task of tasks) await task.destroy()
    await Promise.all(running)
  }
}

function noop(): void {
  // node-cron tells of skipped ticks; which machine ran a job is in its own log line.
}
