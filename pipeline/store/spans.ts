import type { UnixSeconds } from '../model/time.ts'
import type { Database } from './database.ts'

/**
 * Publishes on which days each stream that has heights of its own can happen, as far as the days of its chain are
 * known; what was published before stays readable as of its time.
 * @returns Streams whose days changed.
 */
export async function publishSpans(db: Database, now: UnixSeconds): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    `with n as (
       select s.id,
         case when s.from_height is not null then coalesce(
           (select min(day) from day_height d where d.chain = s.chain and d.last_height >= s.from_height),
           (select max(day) + 1 from day_height d where d.chain = s.chain and coalesce(d.last_height, d.first_height) < s.from_height)) end as alive_from,
         case when s.to_height is not null then
           (select max(day) from day_height d where d.chain = s.chain and d.first_height <= s.to_height) end as alive_to
       from stream s),
     fresh as (
       select n.* from n left join stream_span o on o.stream_id = n.id and o.superseded_at = 'infinity'
       where (o.alive_from, o.alive_to) is distinct from (n.alive_from, n.alive_to)),
     closed as (
       update stream_span o set superseded_at = greatest(to_timestamp($1), o.available_at + interval '1 microsecond') from fresh f
       where o.stream_id = f.id and o.superseded_at = 'infinity' returning o.stream_id, o.superseded_at),
     added as (
       insert into stream_span (stream_id, available_at, alive_from, alive_to)
       select f.id, coalesce(c.superseded_at, to_timestamp($1)), f.alive_from, f.alive_to
       from fresh f left join closed c on c.stream_id = f.id returning 1)
     select count(*) as n from added`,
    [now],
  )
  return rows[0]?.n ?? 0
}
