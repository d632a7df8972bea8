import type pg from 'pg'
import type { Day, UnixSeconds } from '../model/time.ts'
import type { Database } from './database.ts'
import { storeError } from './database.ts'

/** What ground state says about one day of one stream. */
export interface DayFacts {
  readonly streamId: number
  readonly day: Day
  readonly raw: bigint
  readonly events: number
  readonly firstHeight: number | null
  readonly lastHeight: number | null
  /** Heights of the day, within the stream's lifetime; null while a bound of the day is not known. */
  readonly expected: number | null
  readonly covered: number
  readonly gapReason: string | null
  readonly headDay: Day | null
  readonly markedFor: string
}

/** One published or pending row of `flow_day`. */
export interface FlowRow {
  readonly streamId: number
  readonly day: Day
  readonly revision: number
  readonly raw: bigint | null
  readonly events: number
  readonly expected: number | null
  readonly covered: number
  readonly quality: string
  readonly reason: string | null
  readonly usdClose: bigint | null
  readonly price: string | null
  readonly priceSource: string | null
  readonly priceObservedAt: UnixSeconds | null
  readonly usdQuality: string
  readonly usdReason: string | null
}

/** Days whose rollup is rebuilt in one transaction. */
const daysPerClaim = 2_000

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
      'create temp table if not exists stale_day (stream_id int, day date, reason text) on commit delete rows',
    )
    const claimed = await client.query(
      `with taken as (
         delete from stale where (stream_id, day) in (
           select stream_id, day from stale group by stream_id, day order by day, stream_id limit $1)
         returning stream_id, day, reason)
       insert into stale_day select stream_id, day, min(reason) from taken group by stream_id, day`,
      [daysPerClaim],
    )
    if (claimed.rowCount) {
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

/**
 * The sum is a lateral subquery fenced by `offset 0`: joined plainly, the planner reads all history for a
 * handful of days. A test asserts that only the claimed days are read.
 */
export const factsQuery = `
  select sd.stream_id, sd.day, sd.reason, e.raw::text, e.events, dh.first_height, dh.last_height,
    life.expected, coalesce(cov.covered, 0) as covered, g.reason as gap_reason,
    (c.head_time at time zone 'UTC')::date as head_day
  from stale_day sd
  join stream s on s.id = sd.stream_id
  left join chain c on c.id = s.chain
  left join day_height dh on dh.chain = s.chain and dh.day = sd.day
  cross join lateral (
    select coalesce(sum(amount_raw), 0) as raw, count(*) as events from event
    where stream_id = sd.stream_id and happened_at >= sd.day::timestamp at time zone 'UTC'
      and happened_at < (sd.day + 1)::timestamp at time zone 'UTC'
    offset 0) e
  cross join lateral (
    select greatest(dh.first_height, coalesce(s.from_height, dh.first_height)) as f,
      least(dh.last_height, coalesce(s.to_height, dh.last_height)) as t offset 0) b
  cross join lateral (
    select case when dh.first_height is not null and dh.last_height is not null then greatest(0, b.t - b.f + 1) end as expected
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
  order by sd.day, sd.stream_id`

async function readFacts(client: pg.PoolClient): Promise<DayFacts[]> {
  const { rows } = await client.query(factsQuery)
  return rows.map((r) => ({
    streamId: r.stream_id,
    day: r.day,
    raw: BigInt(r.raw),
    events: r.events,
    firstHeight: r.first_height,
    lastHeight: r.last_height,
    expected: r.expected,
    covered: Number(r.covered),
    gapReason: r.gap_reason,
    headDay: r.head_day,
    markedFor: r.reason,
  }))
}

/**
 * Publishes rows: one that says the same as before changes nothing; any other closes the row it follows and is
 * appended, so that each instant's answer is kept. A changed value is noted as a restatement.
 * @returns Rows that changed.
 */
export async function publishFlows(
  client: pg.PoolClient,
  rows: readonly { row: FlowRow; change: string }[],
  now: UnixSeconds,
): Promise<number> {
  if (rows.length === 0) return 0
  await client.query(
    `create temp table if not exists flow_new (like flow_day including defaults) on commit delete rows`,
  )
  await client.query('truncate flow_new')
  await client.query(
    `insert into flow_new (stream_id, day, available_at, revision, raw, events, heights_expected, heights_covered,
       quality, reason, usd_close, price, price_source, price_observed_at, usd_quality, usd_reason, change)
     select (r->>'streamId')::int, (r->>'day')::date, to_timestamp($2), (r->>'revision')::int, (r->>'raw')::numeric,
       (r->>'events')::bigint, (r->>'expected')::bigint, (r->>'covered')::bigint, r->>'quality', r->>'reason',
       (r->>'usdClose')::numeric, (r->>'price')::numeric, r->>'priceSource', to_timestamp((r->>'priceObservedAt')::bigint),
       r->>'usdQuality', r->>'usdReason', r->>'change'
     from jsonb_array_elements($1::jsonb) as r`,
    [
      JSON.stringify(
        rows.map(({ row, change }) => ({ ...row, change })),
        bigintAsText,
      ),
      now,
    ],
  )
  const same = `(o.revision, o.raw, o.events, o.heights_expected, o.heights_covered, o.quality, o.reason, o.usd_close,
      o.price, o.price_source, o.price_observed_at, o.usd_quality, o.usd_reason) is not distinct from
    (n.revision, n.raw, n.events, n.heights_expected, n.heights_covered, n.quality, n.reason, n.usd_close,
      n.price, n.price_source, n.price_observed_at, n.usd_quality, n.usd_reason)`
  const current = `o.stream_id = n.stream_id and o.day = n.day and o.by = n.by and o.superseded_at = 'infinity'`
  await client.query(`delete from flow_new n using flow_day o where ${current} and ${same}`)
  // A day that still gives no value for the same reason is no news: only its counts move.
  await client.query(
    `with seen as (
       update flow_day o set events = n.events, heights_expected = n.heights_expected, heights_covered = n.heights_covered
       from flow_new n where ${current} and o.raw is null and n.raw is null
         and (o.revision, o.quality, o.reason) is not distinct from (n.revision, n.quality, n.reason)
       returning o.stream_id, o.day)
     delete from flow_new n using seen where n.stream_id = seen.stream_id and n.day = seen.day`,
  )
  await client.query(
    `delete from flow_day o using flow_new n where ${current} and o.available_at >= n.available_at`,
  )
  await client.query(
    `insert into restatement (network, subject, stream_id, day, by, available_at, old_raw, new_raw, old_usd, new_usd,
       old_quality, new_quality, reason)
     select s.network, s.name, n.stream_id, n.day, n.by, n.available_at, o.raw, n.raw, o.usd_close, n.usd_close,
       o.usd_quality, n.usd_quality, n.change
     from flow_new n join flow_day o on ${current} join stream s on s.id = n.stream_id
     where (o.raw, o.usd_close) is distinct from (n.raw, n.usd_close) and (o.usd_close is not null or o.raw <> n.raw)`,
  )
  await client.query(`update flow_day o set superseded_at = n.available_at from flow_new n where ${current}`)
  const { rowCount } = await client.query('insert into flow_day select * from flow_new')
  return rowCount ?? 0
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

/** Marks every day that ground state knows of as stale. */
export async function markAllStale(db: Database, now: UnixSeconds): Promise<void> {
  await db.pool.query(
    `insert into stale (stream_id, day, reason, marked_at)
     select s.id, d.day, 'rebuild of all days', to_timestamp($1)
     from stream s join day_height d on d.chain = s.chain where s.active`,
    [now],
  )
}
