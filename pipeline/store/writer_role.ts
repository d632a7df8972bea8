import type { Database, Transaction } from './database.ts'
import { createLoginRole } from './login_role.ts'

/** Where the queue keeps its tables. Its row security lets only their owner in. */
const queueSchema = 'graphile_worker'

/**
 * Makes a role that the processes may log in with: it reads and changes data and owns the queue, and cannot change the
 * schema, roles or anything else of the server. Run again, it grants what is missing; run it after every migration.
 * @param password Absent: the role keeps the one it has, or has none.
 * @throws IndexerError `bad-argument` for a name that is no plain identifier.
 */
export async function createWriterRole(db: Database, name: string, password?: string): Promise<void> {
  await createLoginRole(
    db,
    { flag: '--writer-role', name, password, rights: 'connect, temporary' },
    async (client, role) => {
      await client.query(`grant select, insert, update, delete on all tables in schema public to ${role}`)
      await client.query(`revoke insert, update, delete on kysely_migration from ${role}`)
      await client.query(`grant usage, select, update on all sequences in schema public to ${role}`)
      await giveQueue(client, role)
    },
  )
}

/** Hands the queue's schema and all that is in it to the role. */
async function giveQueue(client: Transaction, role: string): Promise<void> {
  await client.query(`alter schema ${queueSchema} owner to ${role}`)
  const { rows } = await client.query<{ sql: string }>(
    `select format('alter %s %s owner to ', case c.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end, c.oid::regclass) as sql
     from pg_class c where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'v', 'S')
       and not exists (select 1 from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i') and c.relkind = 'S')
     union all select format('alter function %s owner to ', p.oid::regprocedure) from pg_proc p where p.pronamespace = $1::regnamespace
     union all select format('alter type %s owner to ', t.oid::regtype) from pg_type t
       where t.typnamespace = $1::regnamespace and t.typtype = 'c' and (select relkind from pg_class where oid = t.typrelid) = 'c'`,
    [queueSchema],
  )
  for (const { sql } of rows) await client.query(`${sql}${role}`)
}
