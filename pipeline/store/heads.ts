import type pg from 'pg'
import type { UnixSeconds } from '../model/time.ts'

/**
 * Remembers when a chain's newest block was first of a day, so that it is known as of any time which days had ended;
 * marks the days that were waiting for their end.
 */
export async function noteHeadDay(
  client: pg.Pool | pg.PoolClient,
  chain: string,
  head: UnixSeconds,
  now: UnixSeconds,
): Promise<void> {
  await client.query(
    `with before as (select max(day) as day from head_day where chain = $1),
     added as (
       insert into head_day (chain, day, seen_at) values ($1, (to_timestamp($2) at time zone 'UTC')::date, to_timestamp($3))
       on conflict do nothing returning day)
     insert into stale (stream_id, day, reason, marked_at)
     select distinct f.stream_id, f.day, 'the day has ended', to_timestamp($3)
     from added a, before b, stream s cross join lateral (
       select stream_id, day from flow_day where stream_id = s.id and superseded_at = 'infinity' and by = 'time'
         and quality = 'PENDING' and day >= coalesce(b.day, '-infinity') and day < a.day offset 0) f
     where s.chain = $1`,
    [chain, head, now],
  )
}
