import pg from 'pg'
import { IndexerError } from '../model/errors.ts'
import type { Database } from './database.ts'
import { storeError } from './database.ts'

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
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name) || name.startsWith('pg_'))
    throw new IndexerError(
      'bad-argument',
      `--reader-role: '${name}' is not a name of lower case letters, digits and underscores`,
    )
  const role = pg.escapeIdentifier(name)
  const client = await db.pool.connect()
  try {
    await client.query('begin')
    const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [name])
    if (rowCount === 0) await client.query(`create role ${role} login`)
    if (password !== undefined)
      await client.query(`alter role ${role} with password ${pg.escapeLiteral(password)}`)
    const { rows } = await client.query<{ name: string }>('select current_database() as name')
    await client.query(`grant connect on database ${pg.escapeIdentifier(rows[0]?.name ?? '')} to ${role}`)
    await client.query(`grant usage on schema public to ${role}`)
    await client.query(`grant select on ${readerViews.join(', ')} to ${role}`)
    await client.query(`alter role ${role} set default_transaction_read_only = on`)
    await client.query(`alter role ${role} set statement_timeout = ${readerTimeoutMs}`)
    await client.query(`alter role ${role} set timezone = 'UTC'`)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw storeError(error, `making the role ${name}`)
  } finally {
    client.release()
  }
}
