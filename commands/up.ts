import { randomUUID } from 'node:crypto'
import { countersOf } from '../indexers/define.ts'
import { follow } from '../indexers/engine/follow.ts'
import type { Logger } from '../indexers/engine/ports.ts'
import { WorkQueue } from '../pipeline/jobs/queue.ts'
import { startJobs } from '../pipeline/jobs/runner.ts'
import { schedule } from '../pipeline/jobs/schedule.ts'
import { addDays, dayOf } from '../pipeline/model/time.ts'
import { PostgresIndexStore } from '../pipeline/store/index_store.ts'
import { dropLeases, holdLease } from '../pipeline/store/leases.ts'
import { configuredNetworks, getStreams, now, openStore } from './app.ts'
import { healthOf, openChains } from './chains.ts'
import type { Config } from './config.ts'
import type { Output } from './output.ts'
import { createPriceSources } from './price_sources.ts'
import { enqueue, RangeReader } from './ranges.ts'
import { openApi, untilAborted } from './serve.ts'
import { createTelemetry } from './telemetry.ts'
import { defaultJobs, workOn } from './worker.ts'

/** Between two looks at a chain's head. */
const pollMs = 20_000

/** Jobs that catch up with the head go before history. */
const catchUpPriority = 0

/**
 * Follows all configured networks, takes range jobs, runs the cron table and serves the API, until the signal. Where several
 * processes do this on one database, each chain is followed by one of them.
 */
export async function up(config: Config, logger: Logger, output: Output, signal: AbortSignal): Promise<void> {
  const wanted = configuredNetworks(config)
  const { db, embedded, close } = await openStore(config, 'migrate')
  const telemetry = createTelemetry(db)
  const chains = openChains(wanted, config, logger)
  const queue = await WorkQueue.open(db)
  const reader = new RangeReader(db, config, logger)
  telemetry.watch(() => chains.flatMap(healthOf))
  telemetry.watch(() => reader.health())
  try {
    const streams = await getStreams(db, wanted)
    const api = await openApi(db, telemetry, config, logger)
    output.note(
      `depindex serves ${api.url}/graphql and follows ${wanted.map((n) => n.name).join(', ')}; stop it with Ctrl-C`,
    )
    if (embedded) logger.info('embedded database', { folder: config.DEPINDEX_DATA })
    const stopJobs = startJobs(
      db,
      schedule({
        db,
        sources: createPriceSources(config),
        priceSources: config.PRICE_SOURCES,
        now,
        networks: wanted.map((n) => n.id),
      }),
      logger,
      telemetry.countJob,
    )
    const store = new PostgresIndexStore(db, now)
    const holder = randomUUID()
    // What ended before the days that are followed is history: a backfill reads it, and nobody asks its chain at every look.
    const oldest = addDays(dayOf(now()), -config.FOLLOW_DAYS)
    const living = streams.filter((s) => s.until === undefined || s.until > oldest)
    const followed = chains.filter(({ source }) => living.some((s) => s.chain === source.chain))
    const following = followed.map(({ source }) => {
      const own = living.filter((s) => s.chain === source.chain)
      return follow({
        source,
        store,
        streams: own,
        counters: countersOf(wanted).filter((c) => c.chain === source.chain),
        logger,
        now: () => Date.now(),
        signal,
        days: config.FOLLOW_DAYS,
        pollMs,
        leads: () => holdLease(db, source.chain, holder),
        backlog: async (span) => {
          for (const { id } of wanted) {
            const lacking = own.filter((s) => s.network === id)
            await enqueue(db, queue, { source, streams: lacking, span }, catchUpPriority)
          }
        },
      })
    })
    const working = workOn(queue, reader, defaultJobs, logger, signal)
    await untilAborted(signal)
    logger.info('stopping')
    await Promise.all([...following, working, stopJobs(), api.close()])
    await dropLeases(db, holder)
  } finally {
    await reader.close()
    await queue.close()
    for (const { source } of chains) await source.close()
    await close()
  }
}
