import type pg from 'pg'
import type { Day, UnixSeconds } from '../model/time.ts'
import type { Database } from './database.ts'
import { storeError } from './database.ts'

/** What happened in one clock hour of a day: amounts whose dollars nobody stated, and stated dollars. */
export interface HourFacts {
  readonly hour: number
  readonly unstatedRaw: bigint
  readonly statedUsdMicros: bigint
}

/** What ground state says about one day of one stream. */
export interface DayFacts {
  readonly streamId: number
  readonly day: Day
  /** By the time events happened, or by the epochs that they are for. */
  readonly by: 'time' | 'epoch'
  readonly raw: bigint
  readonly events: number
  readonly hours: readonly HourFacts[]
  readonly lastHeight: number | null
  /** Heights of the day, within the stream's lifetime; null while a bound of the day is not known. */
  readonly expected: number | null
  readonly covered: number
  readonly gapReason: string | null
  readonly headDay: Day | null
  /** Days that an imported period spans, on its first day; 1 otherwise. */
  readonly span: number
  /** The imported period that the day lies inside of, if it began earlier. */
  readonly inside: { readonly from: Day; readonly to: Day } | null
  /** Whether the import that gives the day spread a longer period evenly over its days. */
  readonly spread: boolean
  /** Proofs that fail on the day, with their residuals. */
  readonly failedProof: string | null
  readonly markedFor: string
}

/** Days whose rollup is rebuilt in one transaction. */
const daysPerClaim = 2_000
/** No epoch and no imported period is longer. */
const longestEpochDays = 31

/**
 * Takes stale days from the log and hands their facts, read whole from ground state, to `rebuild`, in one
 * transaction with what it writes: a crash gives the days back.
 * @returns How many stream days were rebuilt; 0 when nothing is stale.
 */
export async function claimStaleDays(
  db: Database,
  rebuild: (client: pg.PoolClient, facts: readonly DayFacts[]) => Promise<void>,
): Promise<number> {
  const client = await db.pool.connect()
  try {
    await client.query('begin')
    await client.query("select pg_advisory_xact_lock(hashtext('depindex rollup'))")
    await client.query(
      'create temp table if not exists stale_day (stream_id int, day date, by text, reason text) on commit delete rows',
    )
    const claimed = await client.query(
      `with taken as (
         delete from stale where (stream_id, day) in (
           select stream_id, day from stale group by stream_id, day order by day, stream_id limit $1)
         returning stream_id, day, reason)
       insert into stale_day select stream_id, day, 'time', string_agg(distinct reason, ', ' order by reason)
       from taken group by stream_id, day`,
      [daysPerClaim],
    )
    if (claimed.rowCount) {
      await client.query(
        `insert into stale_day
         select distinct on (d.stream_id, dh.day) d.stream_id, dh.day, 'epoch', d.reason
         from stale_day d join stream s on s.id = d.stream_id and s.epoch_lag is not null
         join day_height dh on dh.chain = s.chain and dh.day between d.day - s.epoch_lag - ${longestEpochDays} and d.day
         order by d.stream_id, dh.day, d.day`,
      )
      await client.query('analyze stale_day')
      await rebuild(client, await readFacts(client))
    }
    await client.query('commit')
    return claimed.rowCount ?? 0
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw storeError(error, 'rebuilding days')
  } finally {
    client.release()
  }
}

/** An amount's share of one of the days that it is for: whole units, the first days take the remainder. */
const share = (column: string): string =>
  `sign(${column}) * (div(abs(${column}), n) + case when i < mod(abs(${column}), n) then 1 else 0 end)`

const amounts = {
  time: `select coalesce(sum(raw), 0) as raw, coalesce(sum(n), 0) as events,
      jsonb_agg(jsonb_build_array(hour, unstated::text, usd::text)) as hours
    from (
      select extract(hour from happened_at at time zone 'UTC')::int as hour, sum(amount_raw) as raw, count(*) as n,
        coalesce(sum(amount_raw) filter (where usd_micros is null), 0) as unstated, coalesce(sum(usd_micros), 0) as usd
      from event where stream_id = sd.stream_id and happened_at >= sd.day::timestamp at time zone 'UTC'
        and happened_at < (sd.day + 1)::timestamp at time zone 'UTC'
      group by 1 offset 0) by_hour`,
  epoch: `select coalesce(sum(${share('amount_raw')}), 0) as raw, count(*) as events, null::jsonb as hours
    from (
      select amount_raw, accrued_to - accrued_from + 1 as n, sd.day - accrued_from as i
      from event where stream_id = sd.stream_id and accrued_from between sd.day - ${longestEpochDays} and sd.day
        and accrued_to >= sd.day
      offset 0) shares`,
}

/**
 * Sums are lateral subqueries fenced by `offset 0`: joined plainly, the planner reads all history for a
 * handful of days. A test asserts that only the claimed days are read.
 */
export const factsQuery = (by: 'time' | 'epoch'): string => `
  select sd.stream_id, sd.day, sd.reason, e.raw::text, e.events, e.hours, dl.last_height,
    life.expected, coalesce(cov.covered, 0) as covered, g.reason as gap_reason,
    (c.head_time at time zone 'UTC')::date as head_day, sp.span, im.spread, ins.accrued_from, ins.accrued_to, pf.failed
  from stale_day sd
  join stream s on s.id = sd.stream_id
  left join chain c on c.id = s.chain
  left join day_height dh on dh.chain = s.chain and dh.day = sd.day
  left join day_height dl on dl.chain = s.chain and dl.day = sd.day${by === 'epoch' ? ' + s.epoch_lag' : ''}
  cross join lateral (${amounts[by]} offset 0) e
  cross join lateral (
    select greatest(dh.first_height, coalesce(s.from_height, dh.first_height)) as f,
      least(dl.last_height, coalesce(s.to_height, dl.last_height)) as t offset 0) b
  cross join lateral (
    select case when dh.first_height is not null and dl.last_height is not null then greatest(0, b.t - b.f + 1) end as expected
    offset 0) life
  left join lateral (
    select sum(upper(r) - lower(r)) as covered
    from coverage cv, unnest(cv.heights * int8multirange(int8range(
      coalesce(b.f, s.from_height, 0), coalesce(b.t + 1, s.to_height + 1)))) as r
    where cv.stream_id = sd.stream_id
      and (b.f is not null or b.t is not null) and coalesce(b.t + 1, b.f + 1) >= coalesce(b.f, b.t)) cov on true
  left join lateral (
    select reason from gap where gap.stream_id = sd.stream_id
      and gap.from_height <= coalesce(b.t, b.f) and gap.to_height >= coalesce(b.f, b.t)
    order by from_height limit 1) g on true
  left join lateral (
    select max(accrued_to - accrued_from) + 1 as span from event
    where s.method = 'import' and stream_id = sd.stream_id and accrued_from = sd.day offset 0) sp on true
  left join lateral (
    select spread from import where s.method = 'import' and sd.stream_id = any(stream_ids)
      and sd.day between first_day and last_day order by imported_at desc, id desc limit 1) im on true
  left join lateral (
    select accrued_from, accrued_to from event
    where s.method = 'import' and stream_id = sd.stream_id and accrued_from < sd.day
      and accrued_from >= sd.day - ${longestEpochDays} and accrued_to >= sd.day limit 1) ins on true
  left join lateral (
    select string_agg(p.proof || ' leaves ' || p.residual_raw, '; ' order by p.proof) as failed from proof_day p
    where abs(p.residual_raw) > p.tolerance_raw and p.residual_raw <> 0 and p.superseded_at = 'infinity' and p.day >= sd.day and p.from_day <= sd.day and sd.stream_id = any(p.stream_ids)) pf on true
  where sd.by = '${by}'
  order by sd.day, sd.stream_id`

async function readFacts(client: pg.PoolClient): Promise<DayFacts[]> {
  const facts: DayFacts[] = []
  for (const by of ['time', 'epoch'] as const) {
    const { rows } = await client.query(factsQuery(by))
    for (const r of rows) {
      facts.push({
        streamId: r.stream_id,
        day: r.day,
        by,
        raw: BigInt(r.raw),
        events: Number(r.events),
        hours: ((r.hours ?? []) as [number, string, string][]).map(([hour, unstated, usd]) => ({
          hour,
          unstatedRaw: BigInt(unstated),
          statedUsdMicros: BigInt(usd),
        })),
        lastHeight: r.last_height,
        expected: r.expected,
        covered: Number(r.covered),
        gapReason: r.gap_reason,
        headDay: r.head_day,
        span: r.span ?? 1,
        inside: r.accrued_from === null ? null : { from: r.accrued_from, to: r.accrued_to },
        spread: r.spread === 'even',
        failedProof: r.failed,
        markedFor: r.reason,
      })
    }
  }
  return facts
}

/**
 * Marks every day that ground state knows of as stale: the days of a chain for each of its streams that is read, and
 * the days on which a token's counters were read for its streams.
 */
export async function markAllStale(db: Database, now: UnixSeconds): Promise<void> {
  await db.pool.query(
    `insert into stale (stream_id, day, reason, marked_at)
     select s.id, d.day, 'rebuild of all days', to_timestamp($1) from stream s join day_height d on d.chain = s.chain
     where exists (select 1 from coverage c where c.stream_id = s.id) or exists (select 1 from gap g where g.stream_id = s.id)
     union
     select s.id, (r.time at time zone 'UTC')::date, 'rebuild of all days', to_timestamp($1)
     from stream s join reading r on r.token = s.token where s.active`,
    [now],
  )
}
