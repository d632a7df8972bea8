import type { Readable, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type pg from 'pg'
import copyStreams from 'pg-copy-streams'
import { IndexerError } from '../model/errors.ts'
import type { Database } from './database.ts'
import { bumpDataVersion, storeError } from './database.ts'

/** Who works on what just now, and the tables of the migrations themselves: nothing that a backup is for. */
const passing = [
  'worker',
  'chain_lease',
  'endpoint_rate',
  'cron_run',
  'kysely_migration',
  'kysely_migration_lock',
]
/** Tables that others refer to come first. */
const first = ['network', 'chain', 'token', 'stream']
/** Tables that hold something only once work has been done. */
const worked = ['event', 'coverage', 'price', 'reading', 'import', 'flow_day', 'restatement']

/** Rows are sent in blocks of about this many bytes. */
const blockBytes = 1 << 16

/** What a backup says of itself in its first line. */
export interface BackupHead {
  readonly format: 'depindex backup 1'
  /** Migrations applied to the database it was taken from. */
  readonly migrations: readonly string[]
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[]
}

/** Takes bytes, and waits while their target is busy. */
type Write = (bytes: Buffer | string) => Promise<void>

/**
 * Writes one consistent snapshot of every table while others go on writing: a line of JSON, then for each table its rows in
 * Postgres' COPY text format and `\.` on a line of its own. The same contents give the same bytes.
 * @returns Rows by table.
 */
export async function writeBackup(db: Database, write: Write): Promise<Record<string, number>> {
  const client = await db.pool.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    const head = await describe(client)
    await write(`${JSON.stringify(head)}\n`)
    const rows: Record<string, number> = {}
    for (const { name, columns } of head.tables) {
      const list = columns.map((c) => `"${c}"`).join(', ')
      const key = await orderOf(client, name)
      const stream = client.query(
        copyStreams.to(`copy (select ${list} from "${name}" order by ${key}) to stdout`),
      )
      for await (const bytes of stream as Readable) await write(bytes as Buffer)
      rows[name] = stream.rowCount
      await write('\\.\n')
    }
    await client.query('commit')
    return rows
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw storeError(error, 'writing a backup')
  } finally {
    client.release()
  }
}

/**
 * Loads a backup into a database that holds no data yet, in one transaction: all of it or nothing.
 * @throws IndexerError `bad-file` for what is no backup, is cut off, or was taken at another state of the schema;
 *   `store-conflict` if the database holds data.
 */
export async function readBackup(
  db: Database,
  chunks: AsyncIterable<Buffer>,
): Promise<Record<string, number>> {
  const client = await db.pool.connect()
  const lines = linesOf(chunks)
  try {
    await client.query('begin')
    const head = await checkHead(client, (await lines.next()).value)
    await refuseData(client)
    await client.query(`truncate ${head.tables.map((t) => `"${t.name}"`).join(', ')} restart identity`)
    const rows: Record<string, number> = {}
    for (const { name, columns } of head.tables) {
      rows[name] = await load(client, name, columns, lines)
      await continueNumbers(client, name)
    }
    await client.query('commit')
    await bumpDataVersion(db)
    return rows
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw storeError(error, 'restoring a backup')
  } finally {
    client.release()
  }
}

async function describe(client: pg.PoolClient): Promise<BackupHead> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> all($1)
     group by 1 order by array_position($2, c.relname::text), 1`,
    [passing, first],
  )
  return { format: 'depindex backup 1', migrations: await migrationsOf(client), tables: rows }
}

async function migrationsOf(client: pg.PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('select name from kysely_migration order by 1')
  return rows.map((r) => r.name)
}

/** The primary key, so that the same rows come in the same order. */
async function orderOf(client: pg.PoolClient, table: string): Promise<string> {
  const { rows } = await client.query<{ key: string }>(
    `select string_agg(quote_ident(a.attname), ', ' order by array_position(i.indkey::int2[], a.attnum)) as key
     from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
     where i.indrelid = $1::regclass and i.indisprimary`,
    [`"${table}"`],
  )
  return rows[0]?.key ?? '1'
}

async function checkHead(client: pg.PoolClient, line: Buffer | undefined): Promise<BackupHead> {
  let head: BackupHead | undefined
  try {
    head = JSON.parse(line?.toString('utf8') ?? '') as BackupHead
  } catch {
    // Not JSON, so not a backup: said below.
  }
  if (head?.format !== 'depindex backup 1')
    throw new IndexerError(
      'bad-file',
      'the file is no backup of depindex, or of a version that this one does not read',
    )
  const [has, wants] = [(await migrationsOf(client)).join(', '), head.migrations.join(', ')]
  if (has === wants) {
    const known = await describe(client)
    if (JSON.stringify(known.tables) === JSON.stringify(head.tables)) return head
  }
  throw new IndexerError(
    'bad-file',
    `the backup was taken after migration ${head.migrations.at(-1)}, the database is at ${has.split(', ').at(-1)}; restore it with the version of depindex that made it, then run depindex migrate with this one`,
  )
}

async function refuseData(client: pg.PoolClient): Promise<void> {
  for (const table of worked) {
    const { rowCount } = await client.query(`select 1 from ${table} limit 1`)
    if (rowCount !== 0)
      throw new IndexerError(
        'store-conflict',
        `the database already holds data (table ${table}); restore into an empty one: another DEPINDEX_DATA or DATABASE_URL`,
      )
  }
}

async function load(
  client: pg.PoolClient,
  name: string,
  columns: readonly string[],
  lines: AsyncGenerator<Buffer, undefined>,
): Promise<number> {
  const stream = client.query(
    copyStreams.from(`copy "${name}" (${columns.map((c) => `"${c}"`).join(', ')}) from stdin`),
  )
  const done = finished(stream)
  // Awaited below; until then a failure is the stream's to keep.
  done.catch(() => undefined)
  let block: Buffer[] = []
  let size = 0
  const send = async (): Promise<void> => {
    const ready = stream.write(Buffer.concat(block))
    block = []
    size = 0
    if (!ready) await Promise.race([drained(stream), done])
  }
  try {
    for (;;) {
      const { value: line } = await lines.next()
      if (line === undefined) throw new IndexerError('bad-file', `the backup is cut off in table ${name}`)
      if (line.length === 3 && line[0] === 0x5c && line[1] === 0x2e) break
      block.push(line)
      size += line.length
      if (size >= blockBytes) await send()
    }
    if (size > 0) await send()
    stream.end()
    await done
  } catch (error) {
    // The server waits for rows until it is told that none come, and would never hear of the rollback.
    stream.destroy(error instanceof Error ? error : new Error('stopped'))
    await done.catch(() => undefined)
    throw error
  }
  return stream.rowCount
}

function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => stream.once('drain', resolve))
}

/** New rows get numbers after the highest one restored. */
async function continueNumbers(client: pg.PoolClient, table: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = $1::regclass and attidentity <> ''`,
    [`"${table}"`],
  )
  for (const { name } of rows) {
    await client.query(
      `select setval(pg_get_serial_sequence('"${table}"', '${name}'), coalesce(max("${name}"), 0) + 1, false) from "${table}"`,
    )
  }
}

/** Lines with their ends. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, undefined> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let from = 0
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
      yield bytes.subarray(from, at + 1)
      from = at + 1
    }
    rest = bytes.subarray(from)
  }
  if (rest.length > 0) yield rest
  return undefined
}
