import type { Database } from '../../pipeline/store/database.ts'

/** The schema of a database as SQL text, in a stable order. */
export async function renderSchema(db: Database): Promise<string> {
  const tables = await db.pool.query<{ name: string; columns: string }>(
    `select c.relname as name, string_agg(format('  %s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
         case when a.attnotnull then ' not null' else '' end,
         case when a.attidentity <> '' then ' generated always as identity'
           when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end), E',\n' order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not like 'kysely%' group by 1 order by 1`,
  )
  const indexes = await db.pool.query<{ sql: string }>(
    `select indexdef as sql from pg_indexes where schemaname = 'public' and tablename not like 'kysely%' order by 1`,
  )
  const keys = await db.pool.query<{ sql: string }>(
    `select format('alter table %s add %s', conrelid::regclass, pg_get_constraintdef(oid)) as sql from pg_constraint
     where connamespace = 'public'::regnamespace and contype in ('f', 'c') and conrelid::regclass::text not like 'kysely%' order by 1`,
  )
  const views = await db.pool.query<{ sql: string }>(
    `select format(E'create view %s as\n%s', c.relname, rtrim(pg_get_viewdef(c.oid), ';')) as sql from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'v' order by c.relname`,
  )
  const functions = await db.pool.query<{ sql: string }>(
    `select pg_get_functiondef(p.oid) as sql from pg_proc p where p.pronamespace = 'public'::regnamespace order by p.proname`,
  )
  const comments = await db.pool.query<{ sql: string }>(
    `select format('comment on %s is %L', case when d.objsubid = 0 then 'view ' || c.relname
         else 'column ' || c.relname || '.' || a.attname end, d.description) as sql
     from pg_description d join pg_class c on c.oid = d.objoid and d.classoid = 'pg_class'::regclass
     left join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid and d.objsubid > 0
     where c.relnamespace = 'public'::regnamespace order by c.relname, d.objsubid`,
  )
  const parts = [
    ...tables.rows.map((t) => `create table ${t.name} (\n${t.columns}\n)`),
    ...indexes.rows.map((r) => r.sql),
    ...keys.rows.map((r) => r.sql),
    ...functions.rows.map((r) => r.sql),
    ...views.rows.map((r) => r.sql),
    ...comments.rows.map((r) => r.sql),
  ]
  return `${parts.join(';\n')};\n`
}
