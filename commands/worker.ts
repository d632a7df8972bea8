import type { Logger } from '../indexers/engine/ports.ts'
import { networks } from '../indexers/networks/index.ts'
import { WorkQueue } from '../pipeline/jobs/queue.ts'
import { startJobs } from '../pipeline/jobs/runner.ts'
import { schedule } from '../pipeline/jobs/schedule.ts'
import { codeOf, messageOf } from '../pipeline/model/errors.ts'
import { getStreams, now, openStore } from './app.ts'
import { wholeNumber } from './arguments.ts'
import type { Config } from './config.ts'
import type { Output } from './output.ts'
import { createPriceSources } from './price_sources.ts'
import { RangeReader } from './ranges.ts'
import { createTelemetry, serveMetrics } from './telemetry.ts'

/** Jobs that a process takes at once, unless asked otherwise. */
export const defaultJobs = 4

export interface WorkerOptions {
  readonly concurrency?: string
}

/**
 * Takes range jobs and runs the scheduled ones until the signal. Any number of these may share a database: each range is
 * read by one of them, and each scheduled job runs on one of them.
 */
export async function worker(
  options: WorkerOptions,
  config: Config,
  logger: Logger,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const concurrency =
    options.concurrency === undefined ? defaultJobs : wholeNumber('--concurrency', options.concurrency, 1, 64)
  const { db, close } = await openStore(config, 'check')
  const queue = await WorkQueue.open(db, concurrency + 3)
  const reader = new RangeReader(db, config, logger)
  const telemetry = createTelemetry(db)
  telemetry.watch(() => reader.health())
  let metrics: { url: string; close(): Promise<void> } | undefined
  try {
    if (config.METRICS_PORT !== undefined)
      metrics = await serveMetrics(telemetry, config.HOST, config.METRICS_PORT)
    await getStreams(db, networks)
    const jobs = schedule({
      db,
      sources: createPriceSources(config),
      priceSources: config.PRICE_SOURCES,
      now,
      networks: networks.map((n) => n.id),
    })
    const stopJobs = startJobs(db, jobs, logger, telemetry.countJob)
    if (metrics !== undefined) output.note(`metrics at ${metrics.url}/metrics`)
    output.note(`taking jobs from ${db.shown}, ${concurrency} at once; stop it with Ctrl-C`)
    await workOn(queue, reader, concurrency, logger, signal)
    await stopJobs()
  } finally {
    await metrics?.close()
    await reader.close()
    await queue.close()
    await close()
  }
}

/** Takes jobs until the signal, and logs each one and each failure. */
export async function workOn(
  queue: WorkQueue,
  reader: RangeReader,
  concurrency: number,
  logger: Logger,
  signal: AbortSignal,
  read: (events: number) => void = () => undefined,
): Promise<void> {
  await queue.work(
    {
      concurrency,
      handle: async (job, stopped) => {
        const { heights, events, gaps } = await reader.read(job, stopped)
        read(events)
        const { chain, network, from, to } = job
        logger.debug('range read', { chain, network, from, to, heights, events, gaps: gaps.length })
      },
      unheard: (error) => logger.warn(`this process could not say that it is alive: ${messageOf(error)}`),
      failed: (job, error, given) => {
        const facts = {
          chain: job.chain,
          network: job.network,
          from: job.from,
          to: job.to,
          code: codeOf(error),
        }
        if (given === 'retry') logger.warn(`range failed, will be tried again: ${messageOf(error)}`, facts)
        else logger.error(`range given up: ${messageOf(error)}. Try it again with: depindex retry`, facts)
      },
    },
    signal,
  )
}
