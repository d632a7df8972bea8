import type { DeadRange, RangeJob, WorkerState } from '../model/work.ts'
import type { Database } from './database.ts'

/** Keeps a job that was given up. */
export async function saveDeadRange(
  db: Database,
  job: RangeJob,
  why: { attempts: number; code: string; reason: string },
): Promise<void> {
  await db.pool.query(
    `insert into dead_range (network, chain, streams, from_height, to_height, attempts, code, reason)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (chain, streams, from_height, to_height) do update set attempts = excluded.attempts, code = excluded.code, reason = excluded.reason, failed_at = now()`,
    [job.network, job.chain, job.streams, job.from, job.to, why.attempts, why.code, why.reason],
  )
}

const deadColumns =
  'id, network, chain, streams, from_height as from, to_height as to, attempts, code, reason'

/** Jobs that were given up, lowest heights first; of one network, or all. */
export async function getDeadRanges(db: Database, network?: string): Promise<DeadRange[]> {
  const { rows } = await db.pool.query<DeadRange>(
    `select ${deadColumns} from dead_range where $1::text is null or network = $1 order by chain, from_height`,
    [network ?? null],
  )
  return rows
}

/** Takes jobs off the list of those given up. */
export async function forgetDeadRanges(db: Database, ids: readonly number[]): Promise<void> {
  await db.pool.query('delete from dead_range where id = any($1)', [ids])
}

/** Networks whose jobs wait until they are resumed. */
export async function getPaused(db: Database): Promise<string[]> {
  const { rows } = await db.pool.query<{ network: string }>('select network from paused order by 1')
  return rows.map((r) => r.network)
}

/** Pauses or resumes the jobs of a network. @returns Whether that changed anything. */
export async function setPaused(db: Database, network: string, paused: boolean): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    paused
      ? 'insert into paused (network) values ($1) on conflict do nothing'
      : 'delete from paused where network = $1',
    [network],
  )
  return rowCount === 1
}

/** Processes that take jobs, by the database's own clock. */
export async function getWorkers(db: Database): Promise<WorkerState[]> {
  const { rows } = await db.pool.query(
    `select host, pid, extract(epoch from now() - seen_at)::int as silent from worker order by started_at`,
  )
  return rows.map((r) => ({ host: r.host, pid: r.pid, silentSeconds: r.silent }))
}
