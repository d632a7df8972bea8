import type { PriceDeclaration } from '../model/stream.ts'
import type { Day, UnixSeconds } from '../model/time.ts'
import type { Database } from './database.ts'

/** Days of a token that a source has not priced. */
export interface PriceGap {
  readonly token: string
  readonly price: PriceDeclaration
  readonly days: readonly Day[]
}

/** Hours of a day from which on the day counts as priced by the hour. */
const enoughHours = 20

/** How long a source is not asked again for what it did not know: of a day that just ended it soon knows more. */
const askAgain = `case when d.day >= (to_timestamp($2) at time zone 'UTC')::date - 2 then interval '1 hour' else interval '1 day' end`

/**
 * Days with flows of tokens that have a market, that a source has not priced and has not been asked for within
 * the last day (the last hour for the two days before today); newest first, at most `most` of each token.
 */
export async function getPriceGaps(
  db: Database,
  source: string,
  every: 'hour' | 'day',
  now: UnixSeconds,
  most: number,
): Promise<PriceGap[]> {
  const priced =
    every === 'day'
      ? `exists (select 1 from price p where p.token = t.symbol and p.source = $1 and p.kind <> 'average'
           and p.observed_at <= (d.day + 1)::timestamp at time zone 'UTC'
           and p.observed_at >= d.day::timestamp at time zone 'UTC' + interval '20 hours')`
      : `(select count(distinct date_trunc('hour', p.observed_at)) from price p where p.token = t.symbol and p.source = $1
           and p.observed_at <= (d.day + 1)::timestamp at time zone 'UTC'
           and p.observed_at > d.day::timestamp at time zone 'UTC') >= ${enoughHours}`
  const { rows } = await db.pool.query(
    `select t.symbol as token, t.price, (array_agg(d.day::text order by d.day desc))[1:$3::int] as days
     from token t cross join lateral (
       select distinct f.day from stream s join flow_day f on f.stream_id = s.id
       where s.token = t.symbol and f.superseded_at = 'infinity' and f.by = 'time') d
     where t.price ? 'market' and (d.day + 1)::timestamp at time zone 'UTC' <= to_timestamp($2)
       and (not t.price ? 'listedSince' or d.day >= (t.price->>'listedSince')::date)
       and not exists (select 1 from price_ask a where a.token = t.symbol and a.source = $1 and a.every = $4 and a.day = d.day
         and a.asked_at > to_timestamp($2) - ${askAgain})
       and not ${priced}
     group by t.symbol, t.price order by t.symbol`,
    [source, now, most, every],
  )
  return rows
}

/** Remembers that a source has been asked, whatever it knew. */
export async function notePriceAsks(
  db: Database,
  source: string,
  every: 'hour' | 'day',
  token: string,
  days: readonly Day[],
  now: UnixSeconds,
): Promise<void> {
  await db.pool.query(
    `insert into price_ask (token, source, every, day, asked_at) select $1, $2, $3, d, to_timestamp($5) from unnest($4::date[]) as d
     on conflict (token, source, every, day) do update set asked_at = excluded.asked_at`,
    [token, source, every, days, now],
  )
}
