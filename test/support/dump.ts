import type { Database } from '../../pipeline/store/database.ts'

const queries = [
  "select stream_id, encode(tx_id, 'hex') as tx, position, amount_raw::text, height, happened_at, sender, recipient, detail from event order by 1, 2, 3",
  'select stream_id, heights::text from coverage order by 1',
  'select stream_id, from_height, to_height, code from gap order by 1, 2',
  'select * from day_height order by 1, 2',
  "select stream_id, day, raw::text, events, heights_expected, heights_covered, quality from flow_day where superseded_at = 'infinity' order by 1, 2",
]

/** Everything stored and derived, but for when it happened to be computed. */
export async function dump(db: Database): Promise<string> {
  const parts: unknown[] = []
  for (const query of queries) parts.push((await db.pool.query(query)).rows)
  return JSON.stringify(parts)
}
