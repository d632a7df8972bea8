import type { SeriesPoint } from '../model/series.ts'
import type { Day, UnixSeconds } from '../model/time.ts'
import type { Database, Transaction } from './database.ts'
import { storeError } from './database.ts'

/** What the table of metrics lacks of a network. */
export interface MetricGap {
  readonly network: string
  /** First day whose values may have changed; every later one may depend on it. */
  readonly from: Day
  /** Last day that has ended, included. */
  readonly to: Day
  /** Up to when what was published will be in the table. */
  readonly publishedAt: UnixSeconds
}

/** What was published so long ago has been committed: it is looked at once more until then. */
const settledSeconds = 900

/** Published periods of the table of metrics. */
export type MetricPeriod = 'DAY' | 'TRAILING_30'

/**
 * For each network, from which day on the table of metrics may be out of date: since it was last filled, days of
 * its streams, prices, supplies or proofs were published, a revision or a formula changed, or days ended.
 */
export async function getMetricGaps(
  db: Database,
  networks: readonly string[],
  now: UnixSeconds,
): Promise<MetricGap[]> {
  const { rows } = await db.pool.query<{
    network: string
    from: Day | null
    to: Day | null
    at: UnixSeconds
  }>(
    `select n.id as network, least(changed.day, k.last_day + 1)::date as from,
       coalesce(((c.head_time at time zone 'UTC')::date - 1), newest.day)::date as to,
       $2::bigint - ${settledSeconds} as at
     from network n join token t on t.symbol = n.primary_token left join chain c on c.id = t.chain
     left join metric_day_mark k on k.network = n.id
     cross join lateral (select coalesce(k.published_at, '-infinity') as since offset 0) m
     cross join lateral (select min(f.day) as first from stream s join lateral (
       select min(day) as day from flow_day where stream_id = s.id) f on true where s.network = n.id) whole
     cross join lateral (select max(f.day) as day from stream s join lateral (
       select max(day) as day from flow_day where stream_id = s.id) f on true where s.network = n.id) newest
     cross join lateral (
       select least(
         case when k.network is null then whole.first end,
         (select min(f.day) from flow_day f join stream s on s.id = f.stream_id where f.available_at >= m.since and s.network = n.id),
         (select min(p.day) from price_day p where p.available_at >= m.since and p.token = n.primary_token),
         (select min(d.day) from supply_day d where d.available_at >= m.since and d.token = n.primary_token),
         (select min(p.from_day) from proof_day p where p.computed_at >= m.since and p.network = n.id),
         (select whole.first from stream_life l join stream s on s.id = l.stream_id where s.network = n.id
           and (l.published_at >= m.since or (l.retired_at >= m.since and l.retired_at <> 'infinity')) limit 1),
         (select whole.first from stream_span p join stream s on s.id = p.stream_id where s.network = n.id and p.available_at >= m.since limit 1),
         (select whole.first from network_life l where l.network = n.id and l.published_at >= m.since limit 1),
         (select whole.first from metric_life where since >= m.since limit 1)) as day offset 0) changed
     where n.id = any($1) and whole.first is not null`,
    [networks, now],
  )
  return rows.flatMap(({ network, from, to, at }) =>
    from === null || to === null || from > to ? [] : [{ network, from, to, publishedAt: at }],
  )
}

/**
 * Writes computed values: one that says the same as before changes nothing, any other follows the row before it,
 * which is kept. A value that stays unknown for another reason is no news and only changes its words.
 * @returns Rows that changed.
 */
export async function saveMetricValues(
  db: Database,
  period: MetricPeriod,
  points: readonly SeriesPoint[],
  now: UnixSeconds,
): Promise<number> {
  const client = await db.pool.connect()
  try {
    await client.query('begin')
    await client.query(
      'create temp table if not exists metric_new (like metric_day including defaults) on commit delete rows',
    )
    await client.query(
      `insert into metric_new (network, metric, period, day, available_at, value, unit, quality, reason, warning, known_at,
         methodology_version, simulated)
       select p.network, p.metric, $1, p.day, to_timestamp($2), p.value, p.unit, p.quality, p.reason, p.warning, p.known_at,
         p.version, p.simulated
       from unnest($3::text[], $4::text[], $5::date[], $6::numeric[], $7::text[], $8::text[], $9::text[], $10::text[],
         $11::timestamptz[], $12::int[], $13::boolean[])
         as p (network, metric, day, value, unit, quality, reason, warning, known_at, version, simulated)`,
      [
        period,
        now,
        points.map((p) => p.network),
        points.map((p) => p.metric),
        points.map((p) => p.date),
        points.map((p) => p.value),
        points.map((p) => p.unit),
        points.map((p) => p.quality),
        points.map((p) => p.reason),
        points.map((p) => p.warning),
        points.map((p) => p.availableAt),
        points.map((p) => p.methodologyVersion),
        points.map((p) => p.simulated),
      ],
    )
    // Without its size the planner reads the whole table for a handful of rows.
    await client.query('analyze metric_new')
    const changed = await publish(client, period)
    await client.query('commit')
    return changed
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw storeError(error, 'writing metrics')
  } finally {
    client.release()
  }
}

const same = 'o.network = n.network and o.metric = n.metric and o.period = n.period and o.day = n.day'
const current = `${same} and o.superseded_at = 'infinity'`

async function publish(client: Transaction, period: MetricPeriod): Promise<number> {
  const values = ['value', 'unit', 'quality', 'reason', 'warning', 'methodology_version', 'simulated']
  const of = (alias: string): string => values.map((v) => `${alias}.${v}`).join(', ')
  await client.query(
    `delete from metric_new n using metric_day o where ${current} and o.period = $1 and (${of('o')}) is not distinct from (${of('n')})`,
    [period],
  )
  await client.query(
    `with seen as (
       update metric_day o set quality = n.quality, reason = n.reason, warning = n.warning
       from metric_new n where ${current} and o.value is null and n.value is null
         and o.methodology_version = n.methodology_version
       returning o.network, o.metric, o.period, o.day)
     delete from metric_new n using seen o where ${same}`,
  )
  // Two changes within one second, or a clock set back: nothing shown is lost, and time still moves on.
  await client.query(
    `update metric_new n set available_at = o.available_at + interval '1 microsecond'
     from metric_day o where ${current} and o.available_at >= n.available_at`,
  )
  await client.query(
    `update metric_day o set superseded_at = n.available_at from metric_new n where ${current}`,
  )
  const { rowCount } = await client.query('insert into metric_day select * from metric_new')
  return rowCount ?? 0
}

/** Notes up to when what was published is in the table of metrics. */
export async function markMetrics(db: Database, { network, to, publishedAt }: MetricGap): Promise<void> {
  await db.pool.query(
    `insert into metric_day_mark (network, published_at, last_day) values ($1, to_timestamp($2), $3)
     on conflict (network) do update set published_at = excluded.published_at, last_day = excluded.last_day`,
    [network, publishedAt, to],
  )
}
