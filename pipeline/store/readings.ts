import type pg from 'pg'
import { IndexerError } from '../model/errors.ts'
import type { Reading } from '../model/reading.ts'
import type { UnixSeconds } from '../model/time.ts'

/**
 * Keeps readings of counters; the same one again changes nothing.
 * @throws IndexerError `store-conflict` if a finalized height now shows another value than before.
 */
export async function saveReadings(
  client: pg.PoolClient | pg.Pool,
  readings: readonly Reading[],
  now: UnixSeconds,
): Promise<void> {
  if (readings.length === 0) return
  const { rows } = await client.query<{
    chain: string
    counter: string
    token: string
    height: number
    old: string
    new: string
  }>(
    `with incoming as (
       select chain, token, counter, height, to_timestamp(time) as time, value
       from unnest($1::text[], $2::text[], $3::text[], $4::int8[], $5::int8[], $6::numeric[])
         as r (chain, token, counter, height, time, value)),
     added as (
       insert into reading (chain, token, counter, height, time, value) select * from incoming on conflict do nothing
       returning token, time),
     marked as (
       insert into stale (stream_id, day, reason, marked_at)
       select distinct s.id, (a.time at time zone 'UTC')::date, 'reading', to_timestamp($7)
       from added a join stream s on s.token = a.token and s.active)
     select i.chain, i.token, i.counter, i.height, r.value::text as old, i.value::text as new
     from incoming i join reading r using (chain, token, counter, height) where r.value <> i.value limit 1`,
    [
      readings.map((r) => r.chain),
      readings.map((r) => r.token),
      readings.map((r) => r.counter),
      readings.map((r) => r.height),
      readings.map((r) => r.time),
      readings.map((r) => r.value.toString()),
      now,
    ],
  )
  const differs = rows[0]
  if (differs === undefined) return
  throw new IndexerError(
    'store-conflict',
    `${differs.chain} at height ${differs.height}: ${differs.counter} of ${differs.token} was read as ${differs.old}, ` +
      `a node now says ${differs.new}. Nothing of this was saved; compare the nodes, then run: depindex repair ${differs.chain}`,
  )
}
