import { afterAll, beforeAll, expect, it } from 'vitest'
import type { UnixSeconds } from '../../pipeline/model/time.ts'
import { saveCatalogue } from '../../pipeline/store/catalogue.ts'
import { factsQuery } from '../../pipeline/store/stale_days.ts'
import { createDatabase, testNetwork } from '../support/database.ts'

let opened: Awaited<ReturnType<typeof createDatabase>>
beforeAll(async () => {
  opened = await createDatabase()
})
afterAll(() => opened.drop())

interface Node {
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: Node[]
}
const readRows = (node: Node): number =>
  (node['Relation Name'] === 'event'
    ? (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
    : 0) + (node.Plans ?? []).reduce((sum, n) => sum + readRows(n), 0)

it('rebuilding a few days reads only their events, however long the history is', async () => {
  const { pool } = opened.db
  await saveCatalogue(opened.db, [testNetwork], 1_800_000_000 as UnixSeconds)
  await pool.query(
    `insert into event (stream_id, tx_id, position, amount_raw, height, happened_at)
     select 1, decode(md5(i::text), 'hex'), 0, i, i, to_timestamp(1767225600 + i * 60) from generate_series(1, 300000) i`,
  )
  await pool.query('analyze event')
  const client = await pool.connect()
  await client.query('create temp table stale_day (stream_id int, day date, by text, reason text)')
  await client.query(
    "insert into stale_day select 1, '2026-01-02'::date + i * 7, 'time', 'test' from generate_series(0, 6) i",
  )
  await client.query('analyze stale_day')
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(
    `explain (analyze, format json) ${factsQuery('time')}`,
  )
  client.release(true)
  expect(readRows(rows[0]?.['QUERY PLAN'][0].Plan as Node)).toBe(7 * 1440)
})
