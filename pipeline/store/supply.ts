import type { Day, UnixSeconds } from '../model/time.ts'
import type { Database } from './database.ts'

/** What is published of a token's counter at the close of a day. */
export interface SupplyRow {
  readonly token: string
  readonly counter: string
  readonly day: Day
  readonly raw: bigint | null
  /** Height of the reading that the value rests on, if it was taken on this day. */
  readonly readingHeight: number | null
  readonly quality: string
  readonly reason: string | null
  readonly change: string
}

/** The last reading of a counter on a day. */
export interface DayReading {
  readonly counter: string
  readonly day: Day
  readonly chain: string
  readonly height: number
  readonly value: bigint
}

/** Streams whose events change a token's supply: all that mint or burn it and are summed. `$1` is the token. */
export const supplyStreams = `
  select s.id, s.chain, s.from_height, s.to_height, s.since, s.until, case when l.kind = 'burn' then -1 else 1 end as sign
  from stream s join stream_life l on l.stream_id = s.id and l.retired_at = 'infinity'
  where l.token = $1 and l.role = 'ledger' and l.kind in ('emission', 'burn') and l.class <> 'vesting'`

/** The last reading of each counter of a token on each of some days. */
export async function getDayReadings(
  db: Database,
  token: string,
  days: readonly Day[],
): Promise<DayReading[]> {
  const { rows } = await db.pool.query(
    `select distinct on (counter, d) counter, d as day, chain, height, value::text as value
     from unnest($2::date[]) as d join reading r on r.token = $1
       and r.time >= d::timestamp at time zone 'UTC' and r.time < (d + 1)::timestamp at time zone 'UTC'
     order by counter, d, height desc`,
    [token, days],
  )
  return rows.map((r) => ({ ...r, value: BigInt(r.value) }))
}

/**
 * What a token's supply changed by between a reading and its day's end.
 * @returns null where a stream has not read all of it, or the day's end is not known.
 */
export async function getTail(db: Database, token: string, reading: DayReading): Promise<bigint | null> {
  const { rows } = await db.pool.query<{ tail: string | null }>(
    `with s as (${supplyStreams} and s.chain = $2),
     bound as (select last_height from day_height where chain = $2 and day = $3)
     select case when (select last_height from bound) is null then null
       when bool_and((select last_height from bound) <= $4 or c.heights @> int8multirange(int8range($4 + 1, (select last_height from bound) + 1)))
       then coalesce(sum((select sum(s.sign * e.amount_raw) from event e where e.stream_id = s.id
         and e.happened_at >= $3::date::timestamp at time zone 'UTC' and e.happened_at < ($3::date + 1)::timestamp at time zone 'UTC'
         and e.height > $4)), 0)::text end as tail
     from s left join coverage c on c.stream_id = s.id`,
    [token, reading.chain, reading.day, reading.height],
  )
  const tail = rows[0]?.tail
  return tail == null ? null : BigInt(tail)
}

/** Published supplies of a token that rest on a reading of their own day. */
export async function getAnchors(db: Database, token: string): Promise<{ day: Day; raw: bigint }[]> {
  const { rows } = await db.pool.query(
    `select day, raw::text from supply_day where token = $1 and counter = 'supply' and superseded_at = 'infinity'
       and reading_height is not null and raw is not null order by day`,
    [token],
  )
  return rows.map((r) => ({ day: r.day, raw: BigInt(r.raw) }))
}

/** Days of which a token's supply is published as known. */
export async function getSupplyDays(db: Database, token: string): Promise<Day[]> {
  const { rows } = await db.pool.query<{ day: Day }>(
    `select day from supply_day where token = $1 and counter = 'supply' and superseded_at = 'infinity' and raw is not null order by day`,
    [token],
  )
  return rows.map((r) => r.day)
}

/** What a token's supply changed by on each day, both ends included; null where a stream does not give the day. */
export async function getNetFlows(
  db: Database,
  token: string,
  first: Day | undefined,
  last: Day | undefined,
): Promise<ReadonlyMap<Day, bigint | null>> {
  const { rows } = await db.pool.query(
    `with s as (${supplyStreams})
     select dh.day, case when bool_and(f.raw is not null) then sum(s.sign * f.raw)::text end as net
     from s join day_height dh on dh.chain = s.chain
       and (s.from_height is null or dh.last_height >= s.from_height) and (s.to_height is null or dh.first_height <= s.to_height)
       and (s.since is null or dh.day >= s.since) and (s.until is null or dh.day < s.until)
     left join lateral (
       select raw from flow_day where stream_id = s.id and day = dh.day and by = 'time' and superseded_at = 'infinity' offset 0) f on true
     where dh.day >= $2 and dh.day <= $3
     group by dh.day order by dh.day`,
    [token, first ?? '-infinity', last ?? 'infinity'],
  )
  return new Map(rows.map((r) => [r.day, r.net === null ? null : BigInt(r.net)]))
}

/** Publishes the rows that changed; earlier ones stay readable as of their time. Returns how many changed. */
export async function publishSupply(
  db: Database,
  rows: readonly SupplyRow[],
  now: UnixSeconds,
): Promise<number> {
  if (rows.length === 0) return 0
  const { rows: counted } = await db.pool.query<{ n: number }>(
    `with n as (
       select token, counter, day, raw, "readingHeight" as reading_height, quality, reason, change
       from jsonb_to_recordset($1::jsonb) as r (token text, counter text, day date, raw numeric, "readingHeight" bigint,
         quality text, reason text, change text)),
     fresh as (
       select n.* from n left join supply_day o on o.token = n.token and o.counter = n.counter and o.day = n.day
         and o.superseded_at = 'infinity'
       where o.token is null or (o.raw, o.reading_height, o.quality, o.reason) is distinct from (n.raw, n.reading_height, n.quality, n.reason)),
     closed as (
       update supply_day o set superseded_at = greatest(to_timestamp($2), o.available_at + interval '1 microsecond') from fresh f
       where o.token = f.token and o.counter = f.counter and o.day = f.day and o.superseded_at = 'infinity'
       returning o.token, o.counter, o.day, o.raw, o.superseded_at),
     noted as (
       insert into restatement (network, subject, token, day, available_at, old_raw, new_raw, reason)
       select t.network, format('%s of %s', c.counter, c.token), c.token, c.day, c.superseded_at, c.raw, f.raw, f.change
       from closed c join fresh f using (token, counter, day) join token t on t.symbol = c.token
       where c.raw is not null and c.raw is distinct from f.raw),
     added as (
       insert into supply_day (token, counter, day, available_at, raw, reading_height, quality, reason, change)
       select f.token, f.counter, f.day, coalesce(c.superseded_at, to_timestamp($2)), f.raw, f.reading_height, f.quality, f.reason, f.change
       from fresh f left join closed c using (token, counter, day) returning 1)
     select count(*) as n from added`,
    [JSON.stringify(rows, (_, v) => (typeof v === 'bigint' ? v.toString() : v)), now],
  )
  return counted[0]?.n ?? 0
}
