import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { now } from '../commands/app.ts'
import { createLogger } from '../commands/logging.ts'
import { createReaders } from '../commands/readers.ts'
import { startApi } from '../graphql/server.ts'
import { defineNetwork } from '../indexers/define.ts'
import { migrations } from '../migrations/index.ts'
import type { Kind, NetworkDeclaration, StreamDeclaration } from '../pipeline/model/stream.ts'
import { recomputeStale } from '../pipeline/rollups/recompute.ts'
import { saveCatalogue } from '../pipeline/store/catalogue.ts'
import type { Database } from '../pipeline/store/database.ts'
import { bumpDataVersion, migrate, openDatabase } from '../pipeline/store/database.ts'
import { openEmbedded, wipeEmbedded } from '../pipeline/store/embedded.ts'

const days = 365
const firstDay = '2025-01-01'
const heightsPerDay = 1_000

function benchNetworks(count: number): NetworkDeclaration[] {
  return Array.from({ length: count }, (_, i) => {
    const token = `BEN${i}`
    const stream = (kind: Kind, more: Partial<StreamDeclaration>): StreamDeclaration => ({
      kind,
      class: 'contributor',
      token,
      revision: 1,
      method: 'events',
      meaning: 'Generated.',
      evidence: ['the benchmark'],
      word: 'bench',
      ...more,
    })
    return defineNetwork({
      id: `bench-${i}`,
      name: `Benchmark ${i}`,
      sector: 'none',
      description: 'Generated events.',
      tokens: { [token]: { chain: `bench-${i}`, decimals: 6, price: { fixedUsd: '1.5' } } },
      streams: {
        rewards: stream('emission', {}),
        burns: stream('burn', { class: 'usage' }),
        fees: stream('fee', { class: 'payment', lens: 'CONSUMPTION' }),
      },
    })
  })
}

async function fill(
  db: Database,
  networks: readonly NetworkDeclaration[],
  events: number,
): Promise<number[]> {
  const streams = await saveCatalogue(db, networks, now())
  const perStream = Math.floor(events / streams.length)
  for (const stream of streams) {
    await db.pool.query(
      `insert into event (stream_id, tx_id, position, amount_raw, height, happened_at)
       select $1::int, decode(md5($1 || ' ' || i) || md5(i || ' ' || $1), 'hex'), 0, i % 1000000, i * $4::bigint / $2::bigint,
         $3::timestamptz + i * (${days} * interval '1 day' / $2::bigint)
       from generate_series(0, $2::bigint - 1) as i`,
      [stream.id, perStream, `${firstDay}T00:00:00Z`, days * heightsPerDay],
    )
  }
  for (const network of networks) {
    await db.pool.query(
      `insert into chain (id, network, origin, id_encoding, head, finalized, head_time) values ($1, 'bench', 'simulated', 'hex', $2, $2, $3::timestamptz + interval '${days} days')`,
      [network.id, days * heightsPerDay, `${firstDay}T00:00:00Z`],
    )
    await db.pool.query(
      `insert into day_height select $1, $2::date + d, d * ${heightsPerDay}, d * ${heightsPerDay} + ${heightsPerDay - 1} from generate_series(0, ${days - 1}) d`,
      [network.id, firstDay],
    )
  }
  await db.pool.query(`insert into coverage select id, '{[0,${days * heightsPerDay}]}' from stream`)
  await db.pool.query(
    `insert into stale (stream_id, day, reason, marked_at) select id, $1::date + d, 'bench', now() from stream, generate_series(0, ${days - 1}) d`,
    [firstDay],
  )
  await db.pool.query('analyze')
  return streams.map((s) => s.id)
}

async function timed(runs: number, work: () => Promise<unknown>): Promise<{ p50: number; p95: number }> {
  const times: number[] = []
  for (let i = 0; i < runs; i += 1) {
    const startedAt = performance.now()
    await work()
    times.push(performance.now() - startedAt)
  }
  times.sort((a, b) => a - b)
  const at = (share: number): number =>
    Math.round((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0) * 10) / 10
  return { p50: at(0.5), p95: at(0.95) }
}

/** Rebuilding a day and answering a year of six networks, over a store of `events` rows. */
export async function benchStore(events: number, say: (line: string) => void): Promise<void> {
  const data = join('.bench', 'store')
  await wipeEmbedded(data)
  const server = await openEmbedded(data)
  const db = await openDatabase({ url: server.url, origin: 'the benchmark' })
  await migrate(db, migrations)
  const networks = benchNetworks(6)
  const startedAt = performance.now()
  const ids = await fill(db, networks, events)
  say(`${events} events made in ${Math.round((performance.now() - startedAt) / 1000)} s`)
  const rollup = { db, priceSources: [], now }
  const all = await timed(1, () => recomputeStale(rollup))
  say(`every day rebuilt (${ids.length * days} stream days): ${Math.round(all.p50)} ms`)
  let day = 0
  const one = await timed(20, async () => {
    day += 17
    await db.pool.query(
      "insert into stale (stream_id, day, reason, marked_at) select $1, $2::date + $3::int, 'bench', now()",
      [ids[day % ids.length], firstDay, day % days],
    )
    await recomputeStale(rollup)
  })
  say(`one stale day rebuilt: p50 ${one.p50} ms, p95 ${one.p95} ms`)
  const api = await startApi({
    readers: { ...createReaders(db), networkIds: networks.map((n) => n.id) },
    host: '127.0.0.1',
    port: 0,
    logger: createLogger('warn'),
    version: 'bench',
    simulated: async () => true,
    clock: () => Date.now(),
    metricsRegistry: new Registry(),
  })
  const query = `{ metricSeries(networks: [${networks.map((n) => n.id.toUpperCase().replace('-', '_')).join(', ')}], metrics: [SUBSIDY_RATIO], from: "2025-01-01", to: "2026-01-01", first: 5000) { nodes { date network metric value quality } } }`
  const ask = async (): Promise<void> => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    const answer = (await response.json()) as { data?: { metricSeries: { nodes: unknown[] } } }
    if (answer.data?.metricSeries.nodes.length !== 6 * days)
      throw new Error(`unexpected answer: ${JSON.stringify(answer).slice(0, 300)}`)
  }
  const fresh = await timed(30, async () => {
    await bumpDataVersion(db)
    await ask()
  })
  say(
    `a year of six networks over GraphQL (${6 * days} points), nothing cached: p50 ${fresh.p50} ms, p95 ${fresh.p95} ms`,
  )
  const cached = await timed(100, ask)
  say(`the same from the cache: p50 ${cached.p50} ms, p95 ${cached.p95} ms`)
  await api.close()
  await db.close()
  await server.release()
  await wipeEmbedded(data)
  rmSync('.bench', { recursive: true, force: true })
}
