import { join } from 'node:path'
import { Registry } from 'prom-client'
import { now } from '../commands/app.ts'
import { createLogger } from '../commands/logging.ts'
import { createReaders } from '../commands/readers.ts'
import { startApi } from '../graphql/server.ts'
import { addDays, day } from '../pipeline/model/time.ts'
import { recomputeStale } from '../pipeline/rollups/recompute.ts'
import type { Database } from '../pipeline/store/database.ts'
import { bumpDataVersion } from '../pipeline/store/database.ts'
import { benchNetworks, fill, firstDay, onDatabase, timed } from './fixture.ts'

const days = 365

/** Rebuilding a day and answering a year of six networks, over a store of `events` rows. */
export async function benchStore(events: number, say: (line: string) => void): Promise<void> {
  await onDatabase(join('.bench', 'store'), async (db) => {
    const networks = benchNetworks(6)
    const startedAt = performance.now()
    const ids = await fill(db, networks, events, days)
    say(`${events} events made in ${Math.round((performance.now() - startedAt) / 1000)} s`)
    const all = await timed(1, () => recomputeStale({ db, priceSources: [], now }))
    say(`every day rebuilt (${ids.length * days} stream days): ${Math.round(all.p50)} ms`)
    const one = await rebuildDays(db, ids, days)
    say(`one stale day rebuilt: p50 ${one.p50} ms, p95 ${one.p95} ms`)
    await benchApi(
      db,
      networks.map((n) => n.id),
      say,
    )
  })
}

/**
 * The cost of one new event in histories of different lengths with as many events a day: it is to follow what
 * changed, not the history.
 */
export async function benchRollup(eventsPerDay: number, say: (line: string) => void): Promise<void> {
  let shortest: number | undefined
  for (const years of [1, 3, 10]) {
    await onDatabase(join('.bench', `rollup-${years}`), async (db) => {
      const length = years * 365
      const ids = await fill(db, benchNetworks(2), eventsPerDay * length, length)
      const all = await timed(1, () => recomputeStale({ db, priceSources: [], now }))
      const one = await rebuildDays(db, ids, length)
      shortest ??= one.p50
      say(
        `${years} years, ${eventsPerDay * length} events: one stale day p50 ${one.p50} ms (${(one.p50 / shortest).toFixed(2)} times that of 1 year), all ${ids.length * length} stream days ${Math.round(all.p50)} ms`,
      )
    })
  }
}

/** Rebuilds single days all over the history. */
async function rebuildDays(db: Database, ids: readonly number[], length: number) {
  let at = 0
  return timed(40, async () => {
    at += 17
    await db.pool.query(
      "insert into stale (stream_id, day, reason, marked_at) select $1, $2::date + $3::int, 'bench', now()",
      [ids[at % ids.length], firstDay, (at * 31) % length],
    )
    await recomputeStale({ db, priceSources: [], now })
  })
}

async function benchApi(db: Database, ids: readonly string[], say: (line: string) => void): Promise<void> {
  const api = await startApi({
    readers: { ...createReaders(db), networkIds: ids },
    host: '127.0.0.1',
    port: 0,
    logger: createLogger('warn'),
    version: 'bench',
    simulated: async () => true,
    clock: () => Date.now(),
    metricsRegistry: new Registry(),
  })
  const to = addDays(day(firstDay), days)
  const query = `{ metricSeries(networks: [${ids.map((id) => id.toUpperCase().replace('-', '_')).join(', ')}], metrics: [SUBSIDY_RATIO], from: "${firstDay}", to: "${to}", first: 5000) { nodes { date network metric value quality } } }`
  const ask = async (): Promise<void> => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    const answer = (await response.json()) as { data?: { metricSeries: { nodes: unknown[] } } }
    if (answer.data?.metricSeries.nodes.length !== ids.length * days)
      throw new Error(`unexpected answer: ${JSON.stringify(answer).slice(0, 300)}`)
  }
  const fresh = await timed(30, async () => {
    await bumpDataVersion(db)
    await ask()
  })
  say(
    `a year of ${ids.length} networks over GraphQL (${ids.length * days} points), nothing cached: p50 ${fresh.p50} ms, p95 ${fresh.p95} ms`,
  )
  const cached = await timed(100, ask)
  say(`the same from the cache: p50 ${cached.p50} ms, p95 ${cached.p95} ms`)
  await api.close()
}
