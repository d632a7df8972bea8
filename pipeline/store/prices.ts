import type pg from 'pg'
import { formatPrice } from '../model/amount.ts'
import type { PriceObservation } from '../model/price.ts'
import type { UnixSeconds } from '../model/time.ts'
import type { Database } from './database.ts'
import { bumpDataVersion } from './database.ts'

/**
 * Keeps observations and marks the days that they may be the close of; the same observation again changes
 * nothing. All of them are stored or none.
 * @returns How many were new.
 */
export async function savePrices(
  db: Database,
  prices: readonly PriceObservation[],
  now: UnixSeconds,
): Promise<number> {
  const inserted = await insertPrices(db.pool, prices, now)
  if (inserted > 0) await bumpDataVersion(db)
  return inserted
}

/** What {@link savePrices} does, within a transaction of the caller's. */
export async function insertPrices(
  client: pg.PoolClient | pg.Pool,
  prices: readonly PriceObservation[],
  now: UnixSeconds,
): Promise<number> {
  if (prices.length === 0) return 0
  const { rows } = await client.query<{ inserted: number }>(
    `with seen as (
       select * from jsonb_to_recordset($1::jsonb) as r (token text, "observedAt" bigint, source text, kind text,
         usd numeric, confidence numeric, author text, note text)),
     added as (
       insert into price (token, observed_at, source, retrieved_at, kind, usd, confidence, author, note)
       select s.token, to_timestamp(s."observedAt"), s.source, greatest(to_timestamp($2), l.retrieved_at + interval '1 microsecond'),
         s.kind, s.usd, s.confidence, s.author, s.note
       from seen s left join lateral (
         select usd, kind, confidence, author, note, retrieved_at from price p where p.token = s.token and p.source = s.source
           and p.observed_at = to_timestamp(s."observedAt") order by retrieved_at desc limit 1) l on true
       where (l.usd, l.kind, l.confidence, l.author, l.note) is distinct from (s.usd, s.kind, round(s.confidence, 4), s.author, s.note)
       on conflict do nothing returning token, observed_at),
     marked as (
       insert into stale (stream_id, day, reason, marked_at)
       select distinct s.id, d::date, 'new price', to_timestamp($2) from added a join stream s on s.token = a.token,
         generate_series(-1, 1) as o, lateral (select ((a.observed_at at time zone 'UTC')::date + o) as d) as x
       where (s.active or exists (select 1 from stream_life l where l.stream_id = s.id and l.retired_at = 'infinity'))
         and exists (select 1 from flow_day f where f.stream_id = s.id and f.day = x.d))
     select count(*) as inserted from added`,
    [JSON.stringify(prices.map((p) => ({ ...p, usd: formatPrice(p.usd) }))), now],
  )
  return rows[0]?.inserted ?? 0
}
