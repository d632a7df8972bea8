import type { Database } from './database.ts'
import { createLoginRole } from './login_role.ts'

/** What a reader may see: the views whose names and columns stay. */
export const readerViews = [
  'metrics_daily_long',
  'metrics_daily_wide',
  'metrics_30d_long',
  'metrics_daily_history',
  'events_flat',
] as const

/** Milliseconds after which a query of a reader is cancelled. */
const readerTimeoutMs = 60_000

/**
 * Makes a role that can log in and read the views, and nothing else; run again, it grants what is missing.
 * @param password Absent: the role keeps the one it has, or has none.
 * @throws IndexerError `bad-argument` for a name that is no plain identifier.
 */
export async function createReaderRole(db: Database, name: string, password?: string): Promise<void> {
  await createLoginRole(
    db,
    { flag: '--reader-role', name, password, rights: 'connect' },
    async (client, role) => {
      await client.query(`grant select on ${readerViews.join(', ')} to ${role}`)
      await client.query(`alter role ${role} set default_transaction_read_only = on`)
      await client.query(`alter role ${role} set statement_timeout = ${readerTimeoutMs}`)
      await client.query(`alter role ${role} set timezone = 'UTC'`)
    },
  )
}
