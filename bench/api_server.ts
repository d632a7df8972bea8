import { createServer } from 'node:http'
import pg from 'pg'
import { Registry } from 'prom-client'
import { createLogger } from '../commands/logging.ts'
import { createReaders } from '../commands/readers.ts'
import { startApi } from '../graphql/server.ts'
import { bumpDataVersion, openDatabase } from '../pipeline/store/database.ts'

/** The least that answers the question: one query of rows that are ready, made JSON. No checks, no as-of, no GraphQL. */
async function raw(url: string): Promise<string> {
  const pool = new pg.Pool({ connectionString: url, max: 10, options: '-c timezone=UTC -c datestyle=ISO' })
  const text =
    "select day::text as date, network, metric, value::text, quality from metric_day where metric = 'subsidy_ratio' and period = 'DAY' and superseded_at = 'infinity' order by day, network"
  const server = createServer((_request, response) => {
    void pool.query(text).then(({ rows }) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ data: { nodes: rows } }))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

/** Ours: with the answer cache, without it, or with nothing kept at all. */
async function depindex(url: string, networks: readonly string[], kind: string): Promise<string> {
  const db = await openDatabase({ url, origin: 'BENCH_DB' })
  const readers = { ...createReaders(db), networkIds: networks }
  const { getDataVersion } = readers
  let asked = 0
  const api = await startApi({
    readers:
      kind === 'cached'
        ? readers
        : {
            ...readers,
            // Every request is of another version for the answer cache; `cold` changes data, so that nothing is kept.
            getDataVersion: async () => {
              if (kind === 'cold') await bumpDataVersion(db)
              return `${await getDataVersion()} ${asked++}`
            },
          },
    host: '127.0.0.1',
    port: 0,
    logger: createLogger('warn'),
    version: 'bench',
    simulated: async () => true,
    clock: () => Date.now(),
    metricsRegistry: new Registry(),
  })
  return api.url
}

const setting = (name: string): string => process.env[name] ?? ''
const kind = setting('BENCH_SERVER')
const address =
  kind === 'raw'
    ? await raw(setting('BENCH_DB'))
    : await depindex(setting('BENCH_DB'), setting('BENCH_NETWORKS').split(','), kind)
process.stdout.write(`${address}\n`)
process.once('SIGTERM', () => process.exit(0))
