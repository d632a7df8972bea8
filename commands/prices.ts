import { readFileSync } from 'node:fs'
import { networks } from '../indexers/networks/index.ts'
import { readPriceFile } from '../pipeline/imports/price_file.ts'
import { IndexerError, messageOf } from '../pipeline/model/errors.ts'
import { recomputeStale } from '../pipeline/rollups/recompute.ts'
import { savePrices } from '../pipeline/store/prices.ts'
import { getStreams, now, openStore } from './app.ts'
import type { Config } from './config.ts'
import type { Output } from './output.ts'

/** Imports manual prices: the whole file or nothing, and rebuilds the days they price. */
export async function importPrices(file: string, config: Config, output: Output): Promise<void> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new IndexerError('bad-argument', `cannot read ${file}: ${messageOf(error)}`, {}, { cause: error })
  }
  const prices = readPriceFile(text, file, new Set(networks.flatMap((n) => Object.keys(n.tokens))))
  const { db, close } = await openStore(config, 'migrate')
  try {
    await getStreams(db, networks)
    const added = await savePrices(db, prices, now())
    const { changed } = await recomputeStale({ db, priceSources: config.PRICE_SOURCES, now })
    output.text(`${file}: ${added} new prices of ${prices.length}; ${changed} stream days changed`)
  } finally {
    await close()
  }
}
