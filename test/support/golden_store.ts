import type pg from 'pg'
import { createReaders } from '../../commands/readers.ts'
import type { ApiReaders } from '../../graphql/ports.ts'
import type { NetworkDeclaration } from '../../pipeline/model/stream.ts'
import type { UnixSeconds } from '../../pipeline/model/time.ts'
import { recomputeStale } from '../../pipeline/rollups/recompute.ts'
import { saveCatalogue } from '../../pipeline/store/catalogue.ts'
import type { Database } from '../../pipeline/store/database.ts'
import { noteHeadDay } from '../../pipeline/store/heads.ts'

const declared = {
  revision: 1,
  method: 'events',
  evidence: ['tests'],
  word: 'test',
} as const

/** Two networks of two chains: one whose payments burn, one that has only emissions. */
export const goldenNetworks: readonly NetworkDeclaration[] = [
  {
    id: 'alpha',
    name: 'Alpha',
    sector: 'test',
    description: 'Pays by burning.',
    tokens: { ALP: { chain: 'alphachain', decimals: 6, price: { fixedUsd: '2' } } },
    streams: {
      rewards: { ...declared, kind: 'emission', class: 'contributor', token: 'ALP', meaning: 'New tokens.' },
      payments: {
        ...declared,
        kind: 'fee',
        class: 'payment',
        lens: 'CONSUMPTION',
        token: 'ALP',
        accrues: [{ holders: '1' }],
        meaning: 'Paid by users.',
      },
      burned: { ...declared, kind: 'burn', class: 'usage', token: 'ALP', meaning: 'The burn of payments.' },
    },
    regimes: [{ day: '2026-01-02', what: 'A new rule' }],
  },
  {
    id: 'io-net',
    name: 'Io Net',
    sector: 'test',
    description: 'Emits only.',
    tokens: { IO: { chain: 'iochain', decimals: 8, price: { unknown: 'tests know no price' } } },
    streams: {
      rewards: { ...declared, kind: 'emission', class: 'contributor', token: 'IO', meaning: 'New tokens.' },
    },
    absent: { burn: { truly: 'zero', why: 'nothing burns' }, fee: { truly: 'unknown', why: 'not read' } },
  },
]

const hours = 96
const start = Date.parse('2026-01-01T00:00:00Z') / 1000
/** When everything was published. */
export const publishedAt = (start + hours * 3_600 + 600) as UnixSeconds

/** Fills a store with four days of hourly blocks of both chains, read whole, and publishes them. */
export async function fillGoldenStore(db: Database): Promise<void> {
  const streams = await saveCatalogue(db, goldenNetworks, start as UnixSeconds)
  await db.pool.query(
    `update stream_life set published_at = to_timestamp($1) where published_at > to_timestamp($1)`,
    [start],
  )
  for (const chain of ['alphachain', 'iochain']) {
    await db.pool.query(
      `insert into chain (id, network, origin, id_encoding, head, finalized, head_time) values ($1, 'test', 'simulated', 'hex', $2, $2, to_timestamp($3))`,
      [chain, hours, start + hours * 3_600],
    )
    await noteHeadDay(db.pool, chain, (start + hours * 3_600) as UnixSeconds, start as UnixSeconds)
    await db.pool.query(
      `insert into day_height select $1, '2026-01-01'::date + d, d * 24, d * 24 + 23 from generate_series(0, 3) d`,
      [chain],
    )
  }
  for (const { id, kind } of streams) {
    await db.pool.query(
      `insert into event (stream_id, tx_id, position, amount_raw, height, happened_at, act, sender)
       select $1, decode(lpad(to_hex(h), 8, '0'), 'hex'), $2, case when $3 = 'emission' then 5000000 else 1000000 + h end, h,
         to_timestamp($4::bigint + h * 3600), case when $3 <> 'emission' then 'pay ' || h end, case when $3 <> 'emission' then 'user' end
       from generate_series(0, $5::int - 1) h where $3 = 'emission' or h % 8 = 0`,
      [id, kind === 'burn' ? 1 : 0, kind, start, hours],
    )
    await db.pool.query(`insert into coverage values ($1, $2)`, [id, `{[0,${hours}]}`])
    await db.pool.query(
      `insert into stale (stream_id, day, reason, marked_at) select $1, '2026-01-01'::date + d, 'new events', to_timestamp($2) from generate_series(0, 3) d`,
      [id, start],
    )
  }
  await recomputeStale({ db, priceSources: [], now: () => publishedAt })
}

/** Readers over that store that note each statement they send. */
export function notingReaders(db: Database): { readers: ApiReaders; statements: string[] } {
  const statements: string[] = []
  const pool = new Proxy(db.pool, {
    get(target, name) {
      if (name !== 'query') return Reflect.get(target, name)
      return (statement: string | pg.QueryConfig, values?: unknown[]) => {
        const text = typeof statement === 'string' ? statement : statement.text
        statements.push(text.replace(/\s+/g, ' ').trim())
        return target.query(statement as string, values)
      }
    },
  })
  const readers = createReaders({ ...db, pool })
  const explorers = { alphachain: [{ id: '^[0-9a-f]{8}$', url: 'https://alpha.example/tx/{id}' }] }
  return { statements, readers: { ...readers, explorers, networkIds: goldenNetworks.map((n) => n.id) } }
}
