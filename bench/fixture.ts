import { now } from '../commands/app.ts'
import { defineNetwork } from '../indexers/define.ts'
import { migrations } from '../migrations/index.ts'
import type { Kind, NetworkDeclaration, StreamDeclaration } from '../pipeline/model/stream.ts'
import { addDays, day, dayStart } from '../pipeline/model/time.ts'
import { saveCatalogue } from '../pipeline/store/catalogue.ts'
import type { Database } from '../pipeline/store/database.ts'
import { migrate, openDatabase } from '../pipeline/store/database.ts'
import { openEmbedded, wipeEmbedded } from '../pipeline/store/embedded.ts'
import { noteHeadDay } from '../pipeline/store/heads.ts'

/** The first day of every generated history. */
export const firstDay = '2015-01-01'
const heightsPerDay = 1_000

/** Networks of three streams each, for generated events. */
export function benchNetworks(count: number): NetworkDeclaration[] {
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

/**
 * Generated events, evenly over `days`, with coverage, and a reading of the supply at the end of each month.
 * Every day is stale. @returns The ids of the streams.
 */
export async function fill(
  db: Database,
  networks: readonly NetworkDeclaration[],
  events: number,
  days: number,
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
    await noteHeadDay(db.pool, network.id, dayStart(addDays(day(firstDay), days)), now())
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
  // The supply after every thirtieth day, as the events give it: the proof has something to hold against.
  for (const network of networks) {
    await db.pool.query(
      `insert into reading (chain, token, counter, height, time, value)
       select $1, $2, 'supply', d * ${heightsPerDay} + ${heightsPerDay - 1}, ($3::date + d + 1)::timestamp at time zone 'UTC' - interval '1 second',
         10000000000000 + (select coalesce(sum(case when s.kind = 'burn' then -e.amount_raw else e.amount_raw end), 0) from event e
           join stream s on s.id = e.stream_id where s.network = $1 and s.kind <> 'fee' and e.height <= d * ${heightsPerDay} + ${heightsPerDay - 1})
       from generate_series(29, ${days - 1}, 30) d`,
      [network.id, Object.keys(network.tokens)[0], firstDay],
    )
  }
  await db.pool.query('analyze')
  return streams.map((s) => s.id)
}

/** Median and 95th percentile of some runs, in milliseconds. */
export async function timed(
  runs: number,
  work: () => Promise<unknown>,
): Promise<{ p50: number; p95: number }> {
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

/** Runs `work` on an embedded database of its own, which is gone afterwards. */
export async function onDatabase(
  folder: string,
  work: (db: Database, url: string) => Promise<void>,
): Promise<void> {
  await wipeEmbedded(folder)
  const server = await openEmbedded(folder)
  const db = await openDatabase({ url: server.url, origin: 'the benchmark' })
  try {
    await migrate(db, migrations)
    await work(db, server.url)
  } finally {
    await db.close()
    await server.release()
    await wipeEmbedded(folder)
  }
}
