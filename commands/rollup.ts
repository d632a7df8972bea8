import type { Logger } from '../indexers/engine/ports.ts'
import { networks } from '../indexers/networks/index.ts'
import { messageOf } from '../pipeline/model/errors.ts'
import { fillPrices } from '../pipeline/prices/fill.ts'
import { refreshMetricTable } from '../pipeline/rollups/metric_table.ts'
import { recomputeStale } from '../pipeline/rollups/recompute.ts'
import { markAllStale } from '../pipeline/store/stale_days.ts'
import { getStreams, now, openStore } from './app.ts'
import type { Config } from './config.ts'
import type { Output } from './output.ts'
import { createPriceSources } from './price_sources.ts'

/** Rebuilds what is stale, or every day; fetches missing prices first unless told not to. */
export async function rollup(
  options: { all?: boolean; prices?: boolean },
  config: Config,
  logger: Logger,
  output: Output,
): Promise<void> {
  const { db, close } = await openStore(config, 'check')
  try {
    await getStreams(db, networks)
    if (options.all) await markAllStale(db, now())
    const first = await recomputeStale({ db, priceSources: config.PRICE_SOURCES, now })
    if (options.prices !== false) {
      const { added, errors } = await fillPrices(db, createPriceSources(config), now)
      for (const error of errors) logger.warn(messageOf(error))
      output.note(`${added} new prices`)
    }
    const second = await recomputeStale({ db, priceSources: config.PRICE_SOURCES, now })
    await refreshMetricTable(
      db,
      networks.map((n) => n.id),
      now,
    )
    output.text(
      `${first.rebuilt + second.rebuilt} stream days rebuilt, ${first.changed + second.changed} changed`,
    )
  } finally {
    await close()
  }
}
