import type { Database } from '../../pipeline/store/database.ts'

// Streams by name: their numbers may have holes where a process was killed while it numbered them.
const queries = [
  `select s.network, s.name, encode(tx_id, 'hex') as tx, position, amount_raw::text, height, happened_at, sender, recipient, detail
   from event e join stream s on s.id = e.stream_id order by 1, 2, 3, 4`,
  'select s.network, s.name, heights::text from coverage c join stream s on s.id = c.stream_id order by 1, 2',
  'select s.network, s.name, g.from_height, g.to_height, g.code from gap g join stream s on s.id = g.stream_id order by 1, 2, 3',
  'select * from day_height order by 1, 2',
  `select s.network, s.name, day, raw::text, events, heights_expected, heights_covered, quality
   from flow_day f join stream s on s.id = f.stream_id where superseded_at = 'infinity' order by 1, 2, 3`,
]

/** Everything stored and derived, but for when it happened to be computed. */
export async function dump(db: Database): Promise<string> {
  const parts: unknown[] = []
  for (const query of queries) parts.push((await db.pool.query(query)).rows)
  return JSON.stringify(parts)
}
