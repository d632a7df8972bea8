import { countersOf } from '../indexers/define.ts'
import { follow } from '../indexers/engine/follow.ts'
import type { Logger } from '../indexers/engine/ports.ts'
import { startJobs } from '../pipeline/jobs/runner.ts'
import { schedule } from '../pipeline/jobs/schedule.ts'
import { PostgresIndexStore } from '../pipeline/store/index_store.ts'
import { configuredNetworks, getStreams, now, openStore } from './app.ts'
import { chainsOf, openChain } from './chains.ts'
import type { Config } from './config.ts'
import type { Output } from './output.ts'
import { createPriceSources } from './price_sources.ts'
import { createTelemetry, openApi, untilAborted } from './serve.ts'

/** Between two looks at a chain's head. */
const pollMs = 20_000

/** Follows all configured networks, runs the cron table and serves the API, until the signal. */
export async function up(config: Config, logger: Logger, output: Output, signal: AbortSignal): Promise<void> {
  const wanted = configuredNetworks(config)
  const { db, embedded, close } = await openStore(config, 'migrate')
  const telemetry = createTelemetry(db)
  const chains = chainsOf(wanted).map((c) => openChain(c, config, logger))
  try {
    const streams = await getStreams(db, wanted)
    const api = await openApi(db, telemetry, config, logger)
    output.note(
      `depindex serves ${api.url}/graphql and follows ${wanted.map((n) => n.name).join(', ')}; stop it with Ctrl-C`,
    )
    if (embedded) logger.info('embedded database', { folder: config.DEPINDEX_DATA })
    const stopJobs = startJobs(
      db,
      schedule({ db, sources: createPriceSources(config), priceSources: config.PRICE_SOURCES, now }),
      logger,
      telemetry.countJob,
    )
    const store = new PostgresIndexStore(db, now)
    const following = chains.map(({ source }) =>
      follow({
        source,
        store,
        streams: streams.filter((s) => s.chain === source.chain),
        counters: countersOf(wanted).filter((c) => c.chain === source.chain),
        logger,
        now: () => Date.now(),
        signal,
        days: config.FOLLOW_DAYS,
        pollMs,
      }),
    )
    await untilAborted(signal)
    logger.info('stopping')
    await Promise.all([...following, stopJobs(), api.close()])
  } finally {
    for (const { source } of chains) await source.close()
    await close()
  }
}
