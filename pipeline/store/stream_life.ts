import { sql } from 'kysely'
import type { UnixSeconds } from '../model/time.ts'
import type { Database } from './database.ts'

/** What readers are told of a stream, and what its values depend on. */
const said = [
  'kind',
  'class',
  'lens',
  'role',
  'token',
  'method',
  'accrues',
  'since',
  'until',
  'of_streams',
  'epoch_lag',
  'from_height',
  'to_height',
  'estimated',
  'scale',
  'meaning',
  'evidence',
]
const columns = said.join(', ')
const of = (alias: string): string => said.map((c) => `${alias}.${c}`).join(', ')
/** What changed of a declaration, in words; new wording alone is no change of a value. */
const differences = said
  .filter((c) => c !== 'meaning' && c !== 'evidence')
  .map(
    (c) =>
      `case when c.old_${c} is distinct from s.${c} then format('%s %s became %s', '${c.replace('_', ' ')}',
        coalesce(c.old_${c}::text, 'none'), coalesce(s.${c}::text, 'none')) end`,
  )
  .join(', ')

/**
 * Publishes what the declarations now say of each stream: a new stream at once, a changed declaration from
 * now on with a note, a removed stream until now. A raised revision waits until it has caught up.
 */
export async function publishDeclarations(
  db: Database['kysely'],
  networks: readonly string[],
  now: UnixSeconds,
): Promise<void> {
  const run = (text: string) => sql.raw(text.replaceAll('$now', `to_timestamp(${Number(now)})`)).execute(db)
  const ids = networks.map((n) => `'${n.replaceAll("'", "''")}'`).join(', ')
  if (ids === '') return
  await run(
    `with changed as (
       update stream_life l set retired_at = greatest($now, l.published_at + interval '1 microsecond') from stream s
       where s.id = l.stream_id and s.active and l.retired_at = 'infinity' and s.network in (${ids})
         and (${of('l')}) is distinct from (${of('s')})
       returning s.id, l.retired_at, ${said.map((c) => `l.${c} as old_${c}`).join(', ')}),
     noted as (
       insert into restatement (network, subject, stream_id, available_at, reason)
       select s.network, s.name, s.id, c.retired_at, 'the declaration changed: ' || concat_ws(', ', ${differences})
       from changed c join stream s using (id) where concat_ws(', ', ${differences}) <> '')
     insert into stream_life (stream_id, published_at, ${columns})
     select s.id, c.retired_at, ${of('s')} from changed c join stream s using (id)`,
  )
  await run(
    `with gone as (
       update stream_life l set retired_at = greatest($now, l.published_at + interval '1 microsecond') from stream s
       where s.id = l.stream_id and not s.active and l.retired_at = 'infinity' and s.network in (${ids})
         and not exists (select 1 from stream n where n.network = s.network and n.name = s.name and n.active)
       returning s.network, s.name, s.id, l.retired_at)
     insert into restatement (network, subject, stream_id, available_at, reason)
     select network, name, id, retired_at, 'the stream is no longer declared' from gone`,
  )
  await run(
    `insert into stream_life (stream_id, published_at, ${columns})
     select s.id, case when exists (select 1 from stream_life l join stream o on o.id = l.stream_id where o.network = s.network)
         and exists (select 1 from flow_day f join stream o on o.id = f.stream_id where o.network = s.network)
         then greatest($now, (select max(retired_at) from stream_life l where l.stream_id = s.id))
         else '-infinity'::timestamptz end, ${of('s')}
     from stream s where s.active and s.network in (${ids})
       and not exists (select 1 from stream_life l join stream o on o.id = l.stream_id
         where o.network = s.network and o.name = s.name and l.retired_at = 'infinity')`,
  )
  await run(
    `with changed as (
       update network_life l set retired_at = greatest($now, l.published_at + interval '1 microsecond') from network n
       where n.id = l.network and l.retired_at = 'infinity' and n.id in (${ids})
         and (l.primary_token, l.absent, l.regimes) is distinct from (n.primary_token, n.absent, n.regimes)
       returning n.id, l.retired_at, l.absent as old_absent),
     noted as (
       insert into restatement (network, subject, available_at, reason)
       select n.id, 'absences', c.retired_at, format('the declaration changed: %s became %s', ${truly('c.old_absent')}, ${truly('n.absent')})
       from changed c join network n using (id) where c.old_absent <> n.absent)
     insert into network_life (network, published_at, primary_token, absent, regimes)
     select n.id, c.retired_at, n.primary_token, n.absent, n.regimes from changed c join network n using (id)`,
  )
  await run(
    `insert into network_life (network, published_at, primary_token, absent, regimes)
     select id, '-infinity', primary_token, absent, regimes from network n
     where id in (${ids}) and not exists (select 1 from network_life l where l.network = n.id)`,
  )
}

/** What a network has none of, in words: `burn zero, vesting unknown`. */
function truly(absent: string): string {
  return `coalesce((select string_agg(key || ' ' || (value->>'truly'), ', ' order by key) from jsonb_each(${absent})), 'none')`
}

/**
 * Swaps in raised revisions that have read everything their predecessors had and have no day waiting: from
 * now on readers see them, and each day whose value differs is noted.
 * @returns Days that readers now see differently.
 */
export async function swapRevisions(db: Database, now: UnixSeconds): Promise<number> {
  const { rows: ready } = await db.pool.query<{ new: number; old: number }>(
    `select s.id as new, o.id as old from stream s
     join stream o on o.network = s.network and o.name = s.name and o.id <> s.id
     join stream_life l on l.stream_id = o.id and l.retired_at = 'infinity'
     left join coverage cs on cs.stream_id = s.id left join coverage co on co.stream_id = o.id
     where s.active and not exists (select 1 from stream_life x where x.stream_id = s.id and x.retired_at = 'infinity')
       and coalesce(cs.heights, '{}') @> coalesce(co.heights, '{}')
       and not exists (select 1 from stale where stale.stream_id = s.id)`,
  )
  let changed = 0
  for (const pair of ready) {
    const { rows } = await db.pool.query<{ n: number }>(
      `with ended as (
         update stream_life set retired_at = greatest(to_timestamp($3), published_at + interval '1 microsecond')
         where stream_id = $2 and retired_at = 'infinity' returning retired_at),
       opened as (
         insert into stream_life (stream_id, published_at, ${columns})
         select s.id, e.retired_at, ${of('s')} from stream s, ended e where s.id = $1),
       noted as (
         insert into restatement (network, subject, stream_id, day, by, available_at, old_raw, new_raw, old_usd, new_usd,
           old_quality, new_quality, reason)
         select s.network, s.name, s.id, coalesce(n.day, o.day), coalesce(n.by, o.by), e.retired_at, o.raw, n.raw, o.usd_close,
           n.usd_close, o.usd_quality, n.usd_quality, format('revision %s became %s: read again with a changed meaning', p.revision, s.revision)
         from (select * from flow_day where stream_id = $2 and superseded_at = 'infinity') o
         full join (select * from flow_day where stream_id = $1 and superseded_at = 'infinity') n on n.day = o.day and n.by = o.by
         cross join ended e join stream s on s.id = $1 join stream p on p.id = $2
         where (o.raw, o.usd_close, o.quality) is distinct from (n.raw, n.usd_close, n.quality)
         returning 1)
       select count(*) as n from noted`,
      [pair.new, pair.old, now],
    )
    changed += rows[0]?.n ?? 0
  }
  return changed
}

/**
 * Remembers from when on this installation computes with a revision of each metric's formula: values as of an
 * earlier instant are computed with the formula of that time.
 */
export async function recordMetrics(
  db: Database,
  metrics: readonly { readonly id: string; readonly revision: number }[],
  now: UnixSeconds,
): Promise<void> {
  await db.pool.query(
    `with declared as (select * from unnest($1::text[], $2::int[]) as m (metric, revision)),
     known as (select metric, max(revision) as revision from metric_life group by metric),
     raised as (
       select d.metric, d.revision, k.revision as old from declared d left join known k using (metric)
       where k.revision is null or d.revision > k.revision),
     noted as (
       insert into restatement (subject, available_at, reason)
       select metric, to_timestamp($3), format('the formula changed: revision %s became %s', old, revision) from raised where old is not null)
     insert into metric_life (metric, revision, since)
     select metric, revision, case when old is null then '-infinity'::timestamptz else to_timestamp($3) end from raised
     on conflict do nothing`,
    [metrics.map((m) => m.id), metrics.map((m) => m.revision), now],
  )
}

/** The revision of each metric's formula that was in use at an instant. */
export async function getMetricRevisions(
  db: Database,
  asOf: UnixSeconds,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.pool.query<{ metric: string; revision: number }>(
    'select metric, max(revision) as revision from metric_life where since <= to_timestamp($1) group by metric',
    [asOf],
  )
  return new Map(rows.map((r) => [r.metric, r.revision]))
}
