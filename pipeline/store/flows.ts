import type pg from 'pg'
import type { Day, UnixSeconds } from '../model/time.ts'

/** Dollars of a day by one price basis. */
export interface FlowUsd {
  readonly micros: bigint | null
  readonly quality: string
  readonly reason: string | null
}

/** One published or pending row of `flow_day`. */
export interface FlowRow {
  readonly streamId: number
  readonly day: Day
  readonly by: 'time' | 'epoch'
  readonly span: number
  readonly revision: number
  readonly raw: bigint | null
  readonly events: number
  readonly expected: number | null
  readonly covered: number
  readonly quality: string
  readonly reason: string | null
  readonly close: FlowUsd
  readonly average: FlowUsd
  readonly atEvent: FlowUsd
  /** The close that was used, and where it came from. */
  readonly price: string | null
  readonly priceSource: string | null
  readonly priceObservedAt: UnixSeconds | null
  /** What a reader should know of the price, such as sources that disagree. */
  readonly warning: string | null
}

const values = `revision, raw, events, heights_expected, heights_covered, quality, reason, usd_close, price, price_source,
  price_observed_at, usd_quality, usd_reason, span, usd_avg, usd_avg_quality, usd_avg_reason, usd_event, usd_event_quality,
  usd_event_reason, warning`
const of = (alias: string): string =>
  values
    .split(/,\s*/)
    .map((c) => `${alias}.${c}`)
    .join(', ')
const current = `o.stream_id = n.stream_id and o.day = n.day and o.by = n.by and o.superseded_at = 'infinity'`

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
    `insert into flow_new (stream_id, day, by, available_at, ${values}, change)
     select (r->>'streamId')::int, (r->>'day')::date, r->>'by', to_timestamp($2), (r->>'revision')::int, (r->>'raw')::numeric,
       (r->>'events')::bigint, (r->>'expected')::bigint, (r->>'covered')::bigint, r->>'quality', r->>'reason',
       (r->'close'->>'micros')::numeric, (r->>'price')::numeric, r->>'priceSource',
       to_timestamp((r->>'priceObservedAt')::bigint), r->'close'->>'quality', r->'close'->>'reason', (r->>'span')::smallint,
       (r->'average'->>'micros')::numeric, r->'average'->>'quality', r->'average'->>'reason',
       (r->'atEvent'->>'micros')::numeric, r->'atEvent'->>'quality', r->'atEvent'->>'reason', r->>'warning', r->>'change'
     from jsonb_array_elements($1::jsonb) as r`,
    [
      JSON.stringify(
        rows.map(({ row, change }) => ({ ...row, change })),
        bigintAsText,
      ),
      now,
    ],
  )
  // Without its size the planner reads all of flow_day for a handful of rows.
  await client.query('analyze flow_new')
  await client.query(
    `delete from flow_new n using flow_day o where ${current} and (${of('o')}) is not distinct from (${of('n')})`,
  )
  // A day that still gives no value for the same reason is no news: only its counts move.
  await client.query(
    `with seen as (
       update flow_day o set events = n.events, heights_expected = n.heights_expected, heights_covered = n.heights_covered
       from flow_new n where ${current} and o.raw is null and n.raw is null
         and (o.revision, o.quality, o.reason) is not distinct from (n.revision, n.quality, n.reason)
       returning o.stream_id, o.day, o.by)
     delete from flow_new n using seen where n.stream_id = seen.stream_id and n.day = seen.day and n.by = seen.by`,
  )
  // Two changes within one second, or a clock set back: nothing published is lost, and time still moves on.
  await client.query(
    `update flow_new n set available_at = o.available_at + interval '1 microsecond'
     from flow_day o where ${current} and o.available_at >= n.available_at`,
  )
  await client.query(
    `update flow_new n set version = o.version + case when ${restated('o', 'n')} then 1 else 0 end from flow_day o where ${current}`,
  )
  await client.query(restate)
  await client.query(`update flow_day o set superseded_at = n.available_at from flow_new n where ${current}`)
  const { rowCount } = await client.query(
    `insert into flow_day (stream_id, day, by, available_at, ${values}, version, change)
     select stream_id, day, by, available_at, ${values}, version, change from flow_new`,
  )
  return rowCount ?? 0
}

/** Whether a row that gave a value gives another one now, or none. */
const restated = (
  o: string,
  n: string,
): string => `(${o}.raw is not null and ${o}.raw is distinct from ${n}.raw)
  or (${o}.usd_close is not null and ${o}.usd_close is distinct from ${n}.usd_close)
  or (${o}.usd_avg is not null and ${o}.usd_avg is distinct from ${n}.usd_avg)
  or (${o}.usd_event is not null and ${o}.usd_event is distinct from ${n}.usd_event)`

/** A row for each price basis whose value changed; DAY_CLOSE also stands for a changed amount. */
const restate = `
  insert into restatement (network, subject, stream_id, day, by, basis, available_at, old_raw, new_raw, old_usd, new_usd,
    old_quality, new_quality, reason)
  select s.network, s.name, n.stream_id, n.day, n.by, v.basis, n.available_at, o.raw, n.raw, v.old_usd, v.new_usd,
    v.old_quality, v.new_quality, concat_ws('; ', n.change,
      case when o.revision <> n.revision then format('revision %s became %s', o.revision, n.revision) end,
      case when o.events <> n.events then format('%s events became %s', o.events, n.events) end,
      case when o.price is distinct from n.price then format('price %s (%s) became %s (%s)', coalesce(trim_scale(o.price)::text, 'unknown'),
        coalesce(o.price_source, 'no source'), coalesce(trim_scale(n.price)::text, 'unknown'), coalesce(n.price_source, 'no source')) end,
      case when o.quality <> n.quality then format('%s became %s', o.quality, n.quality) end)
  from flow_new n join flow_day o on ${current} join stream s on s.id = n.stream_id
  cross join lateral (values
    ('DAY_CLOSE', o.usd_close, n.usd_close, o.usd_quality, n.usd_quality),
    ('DAY_AVG', o.usd_avg, n.usd_avg, o.usd_avg_quality, n.usd_avg_quality),
    ('EVENT', o.usd_event, n.usd_event, o.usd_event_quality, n.usd_event_quality))
    as v (basis, old_usd, new_usd, old_quality, new_quality)
  where (v.old_usd is not null and v.old_usd is distinct from v.new_usd)
    or (v.basis = 'DAY_CLOSE' and o.raw is not null and o.raw is distinct from n.raw)
    or (v.basis = 'DAY_CLOSE' and o.usd_close is not null and o.usd_quality <> n.usd_quality)`

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
