import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { UnixSeconds } from '../model/time.ts'
import type { Database } from './database.ts'

/** Marks every published day of the streams that `which` selects (`s`). */
const markDays = (which: RawBuilder<unknown>, reason: string, now: UnixSeconds) => sql`
  insert into stale (stream_id, day, reason, marked_at)
  select distinct f.stream_id, f.day, ${reason}, to_timestamp(${Number(now)})
  from stream s join flow_day f on f.stream_id = s.id and f.superseded_at = 'infinity' and f.by = 'time'
  where ${which}`

/** Marks the days of a token whose decimals or price are declared otherwise than before. Call it before the new row is written. */
export async function markRedeclaredToken(
  db: Database['kysely'],
  token: { readonly symbol: string; readonly decimals: number; readonly price: string },
  now: UnixSeconds,
): Promise<void> {
  const which = sql`s.token = ${token.symbol} and exists (
    select 1 from token t where t.symbol = ${token.symbol}
      and (t.decimals, t.price) is distinct from (${token.decimals}::smallint, ${token.price}::jsonb))`
  await markDays(which, 'price or decimals declared differently', now).execute(db)
}

/** What of a declaration shapes a stream's days without another reading of the chain. */
interface Shape {
  readonly network: string
  readonly name: string
  readonly revision: number
  readonly token: string
  readonly method: string
  readonly estimated: string | null
  readonly scale: string | null
  readonly epoch_lag: number | null
  readonly from_height: number | null
  readonly to_height: number | null
}

/** Marks the days of a stream that is declared otherwise than before at the same revision. Call it before the new row is written. */
export async function markRedeclaredStream(
  db: Database['kysely'],
  s: Shape,
  now: UnixSeconds,
): Promise<void> {
  const which = sql`(s.network, s.name, s.revision) = (${s.network}, ${s.name}, ${s.revision}::int)
    and (s.token, s.method, s.estimated, s.scale, s.epoch_lag, s.from_height, s.to_height) is distinct from
      (${s.token}, ${s.method}, ${s.estimated}::text, ${s.scale}::jsonb, ${s.epoch_lag}::smallint, ${s.from_height}::int8, ${s.to_height}::int8)`
  await markDays(which, 'declared differently', now).execute(db)
}
