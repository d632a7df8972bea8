import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { metrics } from '../../pipeline/metrics/index.ts'
import { encodeId } from '../../pipeline/model/encoding.ts'
import { defaultDefinitions } from '../../pipeline/model/series.ts'
import type { UnixSeconds } from '../../pipeline/model/time.ts'
import { day } from '../../pipeline/model/time.ts'
import { refreshMetricTable } from '../../pipeline/rollups/metric_table.ts'
import { readSeries } from '../../pipeline/rollups/read_series.ts'
import { recomputeStale } from '../../pipeline/rollups/recompute.ts'
import { createReaderRole } from '../../pipeline/store/reader_role.ts'
import { createDatabase } from '../support/database.ts'
import { fillGoldenStore, goldenNetworks, publishedAt } from '../support/golden_store.ts'

let opened: Awaited<ReturnType<typeof createDatabase>>
let now = publishedAt
const networks = goldenNetworks.map((n) => n.id)
const refresh = () => refreshMetricTable(opened.db, networks, () => now)
const rowsOf = async (sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
  (await opened.db.pool.query(sql, values)).rows

beforeAll(async () => {
  opened = await createDatabase()
  await fillGoldenStore(opened.db)
  await refresh()
})
afterAll(() => opened.drop())

describe('the views of metrics', () => {
  it.each([
    ['DAY', 'metrics_daily_long'],
    ['TRAILING_30', 'metrics_30d_long'],
  ] as const)('show of %s what the API gives, value for value', async (granularity, view) => {
    const points = await readSeries(opened.db, {
      ...defaultDefinitions,
      networks,
      metrics: metrics.map((m) => m.id),
      from: day('2026-01-01'),
      to: day('2026-01-05'),
      granularity,
    })
    const shown = await rowsOf(
      `select date, network, metric, trim_scale(value)::text as value, unit, quality, reason, methodology_version, simulated from ${view}
       order by date, array_position($1, network), array_position($2, metric)`,
      [networks, metrics.map((m) => m.id)],
    )
    expect(shown.length).toBe(4 * networks.length * metrics.length)
    expect(shown).toEqual(
      points.map((p) => ({
        date: p.date,
        network: p.network,
        metric: p.metric,
        value: p.value,
        unit: p.unit,
        quality: p.quality,
        reason: p.reason,
        methodology_version: p.methodologyVersion,
        simulated: p.simulated,
      })),
    )
  })

  it('have a wide one with a column for each metric, and what is less than complete beside', async () => {
    const columns = await rowsOf(
      "select column_name as name from information_schema.columns where table_name = 'metrics_daily_wide' order by ordinal_position",
    )
    const names = columns.map((c) => c['name'])
    // A new metric gets its column by a migration of its own: create or replace the view with the column last.
    expect(metrics.map((m) => m.id).filter((id) => !names.includes(id))).toEqual([])
    const [row] = await rowsOf(
      "select fees_usd::text as fees, notes->'subsidy_ratio' as note from metrics_daily_wide where network = 'io-net' and date = '2026-01-02'",
    )
    expect(row).toEqual({ fees: null, note: { quality: 'NO_COVERAGE', reason: '2026-01-02: not read' } })
  })

  it('change nothing where nothing changed', async () => {
    expect(await refresh()).toBe(0)
    now = (now + 7_200) as UnixSeconds
    expect(await refresh()).toBe(0)
  })

  it('follow a restatement, and keep what they showed before', async () => {
    await opened.db.pool.query(
      `update event set amount_raw = amount_raw + 1000000 where height = 24 and stream_id = (select id from stream where name = 'payments')`,
    )
    await opened.db.pool.query(
      "insert into stale (stream_id, day, reason, marked_at) select id, '2026-01-02', 'a correction', now() from stream where name = 'payments'",
    )
    now = (now + 7_200) as UnixSeconds
    await recomputeStale({ db: opened.db, priceSources: [], now: () => now })
    expect(await refresh()).toBeGreaterThan(0)
    const history = await rowsOf(
      `select value::text, extract(epoch from valid_from)::bigint as valid_from, valid_to = 'infinity' as current from metrics_daily_history
       where network = 'alpha' and metric = 'fees_usd' and date = '2026-01-02' order by valid_from`,
    )
    expect(history).toEqual([
      { value: '6.000192', valid_from: publishedAt, current: false },
      { value: '8.000192', valid_from: now, current: true },
    ])
    const before = await rowsOf(
      "select count(*) as n from metrics_daily_history where date = '2026-01-01' and valid_to <> 'infinity'",
    )
    expect(before).toEqual([{ n: 0 }])
  })
})

describe('the view of events', () => {
  it('says of each event what its stream is, with exact amounts', async () => {
    const [row] = await rowsOf(
      "select network, stream, kind, role, amount::text, amount_raw::text, tx, act, chain, simulated from events_flat where stream = 'burned' and height = 8",
    )
    expect(row).toEqual({
      network: 'alpha',
      stream: 'burned',
      kind: 'burn',
      role: 'ledger',
      amount: '1.000008',
      amount_raw: '1000008',
      tx: '00000008',
      act: 'pay 8',
      chain: 'alphachain',
      simulated: true,
    })
  })

  it('writes ids as their chains do', async () => {
    const ids = [
      '00',
      '0000ff',
      'ab'.repeat(64),
      '00'.repeat(3) + '7f'.repeat(48),
      'fbff'.repeat(16),
      '3e3f'.repeat(30),
    ]
    for (const encoding of ['hex', 'HEX', '0x', 'base58', 'base64url'] as const) {
      for (const id of ids) {
        const [row] = await rowsOf('select depindex_tx_id($1, $2) as tx', [Buffer.from(id, 'hex'), encoding])
        expect(row?.['tx'], `${encoding} ${id}`).toBe(encodeId(Buffer.from(id, 'hex'), encoding))
      }
    }
    const [text] = await rowsOf("select depindex_tx_id($1, 'utf8') as tx", [Buffer.from('naïve')])
    expect(text?.['tx']).toBe('naïve')
  })
})

describe('the role of readers', () => {
  const role = `reader_${process.pid}`
  afterAll(async () => {
    await opened.db.pool.query(`drop owned by ${role}`)
    await opened.db.pool.query(`drop role ${role}`)
  })

  it('reads the views, and can neither read tables nor write', async () => {
    await createReaderRole(opened.db, role, "it's secret")
    await createReaderRole(opened.db, role)
    const url = new URL(opened.url)
    url.username = role
    url.password = "it's secret"
    const client = new pg.Client(url.toString())
    await client.connect()
    const { rows } = await client.query('select count(*)::int as n from metrics_daily_long')
    expect(rows[0].n).toBeGreaterThan(0)
    const failure = async (sql: string): Promise<string> =>
      client.query(sql).then(
        () => 'nothing',
        (error: Error) => error.message,
      )
    expect(await failure('select * from event')).toBe('permission denied for table event')
    expect(await failure('create table x (y int)')).toMatch(/permission denied|read-only transaction/)
    expect(await failure('delete from metrics_daily_long')).toMatch(/permission denied|cannot delete/)
    expect((await client.query('select * from events_flat limit 1')).rows).toHaveLength(1)
    await client.end()
  })

  it('has a plain name', async () => {
    await expect(createReaderRole(opened.db, 'x; drop table event')).rejects.toThrow(
      "--reader-role: 'x; drop table event' is not a name of lower case letters, digits and underscores",
    )
  })

  it('has documented columns', async () => {
    const rows = await rowsOf(
      "select c.relname as name from pg_class c where c.relkind = 'v' and c.relnamespace = 'public'::regnamespace and obj_description(c.oid) is null",
    )
    expect(rows).toEqual([])
  })
})
