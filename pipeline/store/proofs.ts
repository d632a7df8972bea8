import type { Day, UnixSeconds } from '../model/time.ts'
import type { Database } from './database.ts'
import { bumpDataVersion } from './database.ts'
import { supplyStreams } from './supply.ts'

/** The two sides of a proof over some days, over the heights that both paths have read. */
export interface ProofDay {
  /** First day compared; the same as `day` where days are compared one by one. */
  readonly from: Day
  /** Last day compared. */
  readonly day: Day
  readonly heights: number
  readonly expectedRaw: bigint
  readonly observedRaw: bigint
  readonly residualRaw: bigint
}

/** Whether what a proof left over is no more than what is known to be lost. */
export function withinTolerance(residualRaw: bigint, toleranceRaw: bigint): boolean {
  return residualRaw <= toleranceRaw && residualRaw >= -toleranceRaw
}

/** Days to prove: `from` included, `to` left out; absent: all. */
export interface ProofBounds {
  readonly from?: Day
  readonly to?: Day
}

/** A stream and how its amounts count in a sum. */
export interface SignedStream {
  readonly id: number
  readonly sign: 1 | -1
}

/**
 * For each stream of an array: the heights that it has covered, and those outside of its life, at which it can have nothing.
 * So a stream that ended before another one began does not keep the others from being compared.
 */
const readOrDead = (ids: string): string => `
  select coalesce(c.heights, '{}')
    + case when s.from_height is null then '{}' else int8multirange(int8range(null, s.from_height)) end
    + case when s.to_height is null then '{}' else int8multirange(int8range(s.to_height + 1, null)) end as heights
  from unnest(${ids}::int[]) as of (id) join stream s on s.id = of.id left join coverage c on c.stream_id = s.id`

/**
 * Sums some streams and the stream that checks them day by day, over the heights that all have covered, so that
 * what one of them has not read yet is no difference. An amount that a counter gives for several heights counts
 * only where the others have read all of these.
 */
export async function compareStreams(
  db: Database,
  expected: readonly SignedStream[],
  check: number,
  bounds: ProofBounds,
): Promise<ProofDay[]> {
  const { rows } = await db.pool.query(
    `with side as (
       select id, sign::numeric as sign from unnest($1::int[], $2::int[]) as s (id, sign)
       union all select $3::int, null),
     expected as (
       select range_intersect_agg(h.heights) as heights from (${readOrDead('$1')}) h),
     partly as (
       select coalesce(range_agg(int8range(e.from_height, e.height, '[]')), '{}') as heights from event e, expected x
       where e.stream_id = $3 and e.from_height < e.height and not int8range(e.from_height, e.height, '[]') <@ x.heights),
     shared as (
       select c.heights * x.heights - p.heights as heights from coverage c, expected x, partly p where c.stream_id = $3),
     days as (
       select (e.happened_at at time zone 'UTC')::date as day, coalesce(sum(e.amount_raw * s.sign) filter (where s.sign is not null), 0) as expected,
         coalesce(sum(e.amount_raw) filter (where s.sign is null), 0) as observed
       from side s join event e on e.stream_id = s.id, shared
       where e.height <@ shared.heights
         and ($4::date is null or e.happened_at >= $4::date::timestamp at time zone 'UTC')
         and ($5::date is null or e.happened_at < $5::date::timestamp at time zone 'UTC')
       group by 1)
     select d.day, d.expected::text, d.observed::text from days d order by 1`,
    [expected.map((s) => s.id), expected.map((s) => s.sign), check, bounds.from ?? null, bounds.to ?? null],
  )
  return rows.map((r) => {
    const [expectedRaw, observedRaw] = [BigInt(r.expected), BigInt(r.observed)]
    return {
      from: r.day,
      day: r.day,
      heights: 0,
      expectedRaw,
      observedRaw,
      residualRaw: expectedRaw - observedRaw,
    }
  })
}

/** How many heights all of some streams have covered, as far as each can have any. */
export async function countSharedHeights(db: Database, streams: readonly number[]): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    `select coalesce(sum(upper(r) - lower(r)), 0)::bigint as n
     from (select range_intersect_agg(h.heights) as heights from (${readOrDead('$1')}) h) x,
       (select coalesce(range_agg(heights), '{}') as heights from coverage where stream_id = any($1)) c, unnest(x.heights * c.heights) as r`,
    [streams],
  )
  return rows[0]?.n ?? 0
}

/** Events of a stream that should have none: how many, and the lowest height. */
export async function findUnexpected(
  db: Database,
  streamId: number,
): Promise<{ events: number; firstHeight: number | null }> {
  const { rows } = await db.pool.query<{ events: number; first: number | null }>(
    'select count(*) as events, min(height) as first from event where stream_id = $1',
    [streamId],
  )
  return { events: rows[0]?.events ?? 0, firstHeight: rows[0]?.first ?? null }
}

/** What is proved of a token's supply, and which of its streams say it. */
export interface SupplyComparison {
  readonly days: readonly ProofDay[]
  readonly streams: readonly number[]
  /** Pairs of readings with heights between them that a stream has not read. */
  readonly unread: number
  readonly readings: number
}

/**
 * Compares what streams minted and burned between the last readings of one day and of the next one that has
 * any, with what the readings differ by. Where an amount of a counter reaches over a reading, what is on its either side is
 * not known, and the pair counts as not read.
 */
export async function compareSupply(
  db: Database,
  token: string,
  bounds: ProofBounds,
): Promise<SupplyComparison> {
  const { rows } = await db.pool.query(
    `with last as (
       select distinct on (day) day, height, value, chain from (
         select (time at time zone 'UTC')::date as day, height, value, chain from reading
         where token = $1 and counter = 'supply') r
       where ($2::date is null or day >= $2::date - 1) and ($3::date is null or day < $3) order by day, height desc),
     pair as (
       select day, lag(day) over w as before, height, lag(height) over w as low, value - lag(value) over w as observed, chain
       from last window w as (order by day)),
     s as (${supplyStreams})
     select p.before, p.day, p.height - p.low as heights, p.observed::text,
       bool_and(p.low >= p.height or coalesce(c.heights, '{}') @> int8multirange(
         int8range(greatest(p.low + 1, s.from_height), greatest(least(p.height, s.to_height) + 1, greatest(p.low + 1, s.from_height)))))
         and not coalesce(bool_or(e.cut), false) as read,
       coalesce(sum(s.sign * e.amount), 0)::text as expected, array_agg(s.id) as streams
     from pair p join s on s.chain = p.chain left join coverage c on c.stream_id = s.id
     cross join lateral (
       select sum(amount_raw) filter (where height <= p.height) as amount,
         bool_or(from_height <= p.low or (height > p.height and from_height <= p.height)) as cut
       from event where stream_id = s.id and height > p.low
         and happened_at >= p.before::timestamp at time zone 'UTC' and happened_at < (p.day + 1)::timestamp at time zone 'UTC' offset 0) e
     where p.low is not null group by 1, 2, 3, 4 order by 2`,
    [token, bounds.from ?? null, bounds.to ?? null],
  )
  const days = rows
    .filter((r) => r.read)
    .map((r) => {
      const [expectedRaw, observedRaw] = [BigInt(r.expected), BigInt(r.observed)]
      return {
        from: r.before,
        day: r.day,
        heights: r.heights,
        expectedRaw,
        observedRaw,
        residualRaw: expectedRaw - observedRaw,
      }
    })
  return { days, streams: rows[0]?.streams ?? [], unread: rows.length - days.length, readings: rows.length }
}

/** Tokens whose supply has been read, with their networks. */
export async function getReadTokens(
  db: Database,
): Promise<{ network: string; token: string; decimals: number }[]> {
  const { rows } = await db.pool.query(
    `select t.network, t.symbol as token, t.decimals from token t
     where exists (select 1 from reading r where r.token = t.symbol and r.counter = 'supply') order by 1, 2`,
  )
  return rows
}

/**
 * Publishes what a proof left over on the days given: an outcome that differs closes the one before it, which stays
 * readable as of its time. Days whose residual changed are marked, so that their quality says so.
 * @param within Days that were compared whole: what was left over on others of them is no longer said; absent: nothing is closed.
 */
export async function saveProof(
  db: Database,
  proof: {
    readonly network: string
    readonly token: string
    readonly name: string
    readonly streams: readonly number[]
    /** Smallest units that a day may leave over; 0 if absent. */
    readonly toleranceRaw?: bigint
  },
  days: readonly ProofDay[],
  now: UnixSeconds,
  within?: ProofBounds,
): Promise<void> {
  const { rowCount } = await db.pool.query(
    `with incoming as (
       select * from unnest($4::date[], $5::date[], $6::numeric[], $7::numeric[], $8::int8[]) as t (day, from_day, e, o, heights)),
     compared as (
       select i.*, p.residual_raw as old, greatest(to_timestamp($10), p.computed_at + interval '1 microsecond') as at
       from incoming i left join proof_day p on p.network = $1 and p.token = $2 and p.proof = $3 and p.day = i.day
         and p.superseded_at = 'infinity'
       where (p.from_day, p.expected_raw, p.observed_raw, p.heights, p.stream_ids, p.tolerance_raw)
         is distinct from (i.from_day, i.e, i.o, i.heights, $9::int[], $14::numeric)),
     dropped as (
       update proof_day p set superseded_at = greatest(to_timestamp($10), p.computed_at + interval '1 microsecond')
       where $11::boolean and p.network = $1 and p.token = $2 and p.proof = $3 and p.superseded_at = 'infinity'
         and p.day <> all($4::date[]) and ($12::date is null or p.day >= $12::date and p.from_day >= $12::date - (p.from_day < p.day)::int)
         and ($13::date is null or p.day < $13::date)
       returning p.day, p.from_day, p.residual_raw as old),
     closed as (
       update proof_day p set superseded_at = c.at from compared c
       where p.network = $1 and p.token = $2 and p.proof = $3 and p.day = c.day and p.superseded_at = 'infinity'
       returning p.day),
     saved as (
       insert into proof_day (network, token, proof, day, from_day, expected_raw, observed_raw, residual_raw, heights, stream_ids, tolerance_raw, computed_at)
       select $1, $2, $3, c.day, from_day, e, o, e - o, heights, $9::int[], $14::numeric, coalesce(at, to_timestamp($10))
       from compared c left join closed k on k.day = c.day returning 1),
     turned as (
       select day, from_day, old, e - o as residual, at from compared where coalesce(old, 0) <> e - o
       union all select day, from_day, old, null, to_timestamp($10) from dropped where old <> 0),
     noted as (
       insert into restatement (network, subject, token, day, available_at, old_raw, new_raw, reason)
       select $1, 'residual of ' || $3::text, $2, day, coalesce(at, to_timestamp($10)), old, residual,
         case when residual is null then 'nothing to compare any more' else 'proved again: another residual' end
       from turned where old is not null),
     marked as (
       insert into stale (stream_id, day, reason, marked_at)
       select distinct s, d::date, case when abs(coalesce(t.residual, 0)) <= $14::numeric then 'a proof holds again' else 'a proof fails' end, to_timestamp($10)
       from turned t, unnest($9::int[]) as s, generate_series(t.from_day, t.day, interval '1 day') as d)
     select 1 from saved union all select 1 from dropped`,
    [
      proof.network,
      proof.token,
      proof.name,
      days.map((d) => d.day),
      days.map((d) => d.from),
      days.map((d) => d.expectedRaw.toString()),
      days.map((d) => d.observedRaw.toString()),
      days.map((d) => d.heights),
      proof.streams,
      now,
      within !== undefined,
      within?.from ?? null,
      within?.to ?? null,
      (proof.toleranceRaw ?? 0n).toString(),
    ],
  )
  if (rowCount) await bumpDataVersion(db)
}
