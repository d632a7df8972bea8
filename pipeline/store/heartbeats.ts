import type { Database } from './database.ts'

/** A process of which nothing was heard for so long is taken for dead. */
export const silentSeconds = 30

/** Says that a process is alive, under the name by which it holds jobs of the queue. */
export async function beat(db: Database, worker: { id: string; host: string; pid: number }): Promise<void> {
  await db.pool.query(
    `insert into worker (id, host, pid) values ($1, $2, $3) on conflict (id) do update set seen_at = now()`,
    [worker.id, worker.host, worker.pid],
  )
}

/** Takes a process off the list when it ends in good order. */
export async function leave(db: Database, id: string): Promise<void> {
  await db.pool.query('delete from worker where id = $1', [id])
}

/**
 * Takes dead processes off the list: those silent for too long, and those of this machine that no longer run.
 * @param isRunning Whether a process id of this machine is in use.
 * @returns Names of the living and of the dead.
 */
export async function reap(
  db: Database,
  host: string,
  isRunning: (pid: number) => boolean,
): Promise<{ alive: ReadonlySet<string>; dead: readonly string[] }> {
  const { rows } = await db.pool.query<{ id: string; host: string; pid: number; silent: boolean }>(
    `select id, host, pid, seen_at < now() - make_interval(secs => $1) as silent from worker`,
    [silentSeconds],
  )
  const dead = rows.filter((r) => r.silent || (r.host === host && !isRunning(r.pid))).map((r) => r.id)
  if (dead.length > 0) await db.pool.query('delete from worker where id = any($1)', [dead])
  return { alive: new Set(rows.map((r) => r.id).filter((id) => !dead.includes(id))), dead }
}
