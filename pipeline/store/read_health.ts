import type { Database } from './database.ts'

/** What people on call look at first; all ages by the database's own clock. */
export interface StoreHealth {
  /** How long the oldest stale day has waited to be rebuilt; null: none waits. */
  readonly staleSeconds: number | null
  /** Since a rollup last published a value; null: never. */
  readonly publishedSeconds: number | null
  /** Range jobs that wait or run, by network. */
  readonly waiting: Readonly<Record<string, number>>
  /** Ranges that were given up, by network. */
  readonly dead: Readonly<Record<string, number>>
  /** Processes that take jobs and were heard of within a minute. */
  readonly workers: number
  /** Days on which two independent paths differ, by network. */
  readonly failedProofs: Readonly<Record<string, number>>
  /** Since the newest price was retrieved; null: there is none. */
  readonly pricesSeconds: number | null
}

/** Reads them in one go: cheap enough for every scrape. */
export async function getHealth(db: Database): Promise<StoreHealth> {
  const { rows } = await db.pool.query(
    `select
       (select extract(epoch from now() - min(marked_at))::int from stale) as stale,
       (select extract(epoch from now() - max(available_at))::int from flow_day) as published,
       (select coalesce(json_object_agg(network, n), '{}') from (select network, count(*) as n from dead_range group by 1) d) as dead,
       (select count(*)::int from worker where seen_at > now() - interval '1 minute') as workers,
       (select coalesce(json_object_agg(network, n), '{}') from (
          select network, count(*) as n from proof_day
          where residual_raw <> 0 and superseded_at = 'infinity' and abs(residual_raw) > tolerance_raw group by 1) p) as proofs,
       (select extract(epoch from now() - max(retrieved_at))::int from price) as prices,
       to_regclass('graphile_worker.jobs') is not null as queue`,
  )
  const [row] = rows
  const waiting = row?.queue
    ? await db.pool.query<{ network: string; n: number }>(
        `select split_part(key, ':', 2) as network, count(*)::int as n from graphile_worker.jobs
         where task_identifier = 'range' and (attempts < max_attempts or locked_at is not null) and key is not null group by 1`,
      )
    : { rows: [] }
  return {
    staleSeconds: row?.stale ?? null,
    publishedSeconds: row?.published ?? null,
    waiting: Object.fromEntries(waiting.rows.map((r) => [r.network, r.n])),
    dead: row?.dead ?? {},
    workers: row?.workers ?? 0,
    failedProofs: row?.proofs ?? {},
    pricesSeconds: row?.prices ?? null,
  }
}
