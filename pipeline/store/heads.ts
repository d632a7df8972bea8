import type pg from 'pg'
import type { UnixSeconds } from '../model/time.ts'

/** Remembers when a chain's newest block was first of a day, so that it is known as of any time which days had ended. */
export async function noteHeadDay(
  client: pg.Pool | pg.PoolClient,
  chain: string,
  head: UnixSeconds,
  now: UnixSeconds,
): Promise<void> {
  await client.query(
    `insert into head_day (chain, day, seen_at) values ($1, (to_timestamp($2) at time zone 'UTC')::date, to_timestamp($3))
     on conflict do nothing`,
    [chain, head, now],
  )
}
