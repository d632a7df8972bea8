import type { Database } from './database.ts'

/** Claims one tick of a job for this process; false where another one has it. Old claims are pruned. */
export async function claimRun(db: Database, key: string): Promise<boolean> {
  await db.pool.query("delete from cron_run where ran_at < now() - interval '2 days'")
  const { rowCount } = await db.pool.query(
    'insert into cron_run (key, ran_at) values ($1, now()) on conflict do nothing',
    [key],
  )
  return rowCount === 1
}
