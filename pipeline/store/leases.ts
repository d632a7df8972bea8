import type { Database } from './database.ts'

/** How long a lease holds without being taken again. */
const leaseSeconds = 60

/** Takes or keeps the sole right to follow a chain's head; false where another process has it. */
export async function holdLease(db: Database, chain: string, holder: string): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `insert into chain_lease as l (chain, holder, until) values ($1, $2, now() + make_interval(secs => $3))
     on conflict (chain) do update set holder = excluded.holder, until = excluded.until
       where l.holder = excluded.holder or l.until < now()`,
    [chain, holder, leaseSeconds],
  )
  return rowCount === 1
}

/** Gives the rights of a process back, so that another one need not wait. */
export async function dropLeases(db: Database, holder: string): Promise<void> {
  await db.pool.query('delete from chain_lease where holder = $1', [holder])
}
