import pg from 'pg'
import { IndexerError } from '../model/errors.ts'
import type { Database, Transaction } from './database.ts'
import { storeError } from './database.ts'

/**
 * Makes a role that can log in to this database and has what `grant` gives it, in one transaction; run again, it grants what
 * is missing.
 * @param flag The option that named it, for messages.
 * @param password Absent: the role keeps the one it has, or has none.
 * @param rights What it may do with the database as a whole, such as `connect`.
 * @throws IndexerError `bad-argument` for a name that is no plain identifier.
 */
export async function createLoginRole(
  db: Database,
  {
    flag,
    name,
    password,
    rights,
  }: { flag: string; name: string; password: string | undefined; rights: string },
  grant: (client: Transaction, role: string) => Promise<void>,
): Promise<void> {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name) || name.startsWith('pg_'))
    throw new IndexerError(
      'bad-argument',
      `${flag}: '${name}' is not a name of lower case letters, digits and underscores`,
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
    await client.query(`grant ${rights} on database ${pg.escapeIdentifier(rows[0]?.name ?? '')} to ${role}`)
    await client.query(`grant usage on schema public to ${role}`)
    await grant(client, role)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw storeError(error, `making the role ${name}`)
  } finally {
    client.release()
  }
}
