import type pg from 'pg'
import type { UnixSeconds } from '../model/time.ts'
import { eventColumns } from './copy.ts'

/**
 * Takes events away and keeps them aside, so that they are still seen as of the time they were stored.
 * @param where Condition on `event` and on `s`, its stream; its parameters begin at `$2`.
 * @returns How many were taken away.
 */
export async function removeEvents(
  client: pg.PoolClient,
  where: string,
  values: readonly unknown[],
  now: UnixSeconds,
): Promise<number> {
  const { rowCount } = await client.query(
    `with gone as (delete from event using stream s where s.id = event.stream_id and ${where} returning event.*)
     insert into event_removed (${eventColumns}, removed_at)
     select ${eventColumns}, greatest(to_timestamp($1), stored_at + interval '1 microsecond') from gone on conflict do nothing`,
    [now, ...values],
  )
  return rowCount ?? 0
}
