import { now } from '../commands/app.ts'
import { createLogger } from '../commands/logging.ts'
import { createEvmSource } from '../indexers/chains/evm/source.ts'
import { EndpointPool } from '../indexers/engine/endpoints.ts'
import { sync } from '../indexers/engine/sync.ts'
import { migrations } from '../migrations/index.ts'
import { saveCatalogue } from '../pipeline/store/catalogue.ts'
import { migrate, openDatabase } from '../pipeline/store/database.ts'
import { PostgresIndexStore } from '../pipeline/store/index_store.ts'
import { benchNetwork } from './network.ts'

/** Reads the benchmark chain into the benchmark database through the whole engine, and exits. */
async function main(setting: (name: string) => string): Promise<void> {
  const logger = createLogger('warn')
  const db = await openDatabase({ url: setting('BENCH_DB'), origin: 'BENCH_DB' })
  await migrate(db, migrations)
  const streams = await saveCatalogue(
    db,
    [benchNetwork(setting('BENCH_CONTRACTS').split(','), setting('BENCH_TREASURY'))],
    now(),
  )
  const pool = new EndpointPool({
    chain: 'bench',
    variable: 'BENCH_RPC',
    urls: [setting('BENCH_RPC')],
    logger,
    now: () => performance.now(),
  })
  const source = createEvmSource({
    chain: 'bench',
    chainId: Number(setting('BENCH_CHAIN_ID')),
    pool,
    logger,
    finality: 'finalized',
  })
  const store = new PostgresIndexStore(db, now)
  await store.claimChain('bench', await source.identify(), source.idEncoding)
  const report = await sync({
    source,
    store,
    streams,
    span: { from: Number(setting('BENCH_FIRST')), to: Number(setting('BENCH_LAST')) },
    concurrency: Number(process.env['BENCH_WORKERS'] ?? 4),
    logger,
    now: () => performance.now(),
    signal: new AbortController().signal,
  })
  process.stdout.write(
    `${JSON.stringify({ heights: report.heights, events: report.events, seconds: performance.now() / 1000, rssMb: process.resourceUsage().maxRSS / 1024 })}\n`,
  )
  await source.close()
  await db.close()
}

await main((name) => {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set`)
  return value
})
