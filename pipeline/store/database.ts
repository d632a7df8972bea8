import type { MigrationProvider } from 'kysely'
import { Kysely, Migrator, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { IndexerError, messageOf, redactUrl } from '../model/errors.ts'
import type { Tables } from './tables.ts'

const parsers = new Map<number, (text: string) => unknown>([
  [20, Number],
  [1082, (text) => text],
  [
    1184,
    (text) =>
      text === 'infinity' ? Number.POSITIVE_INFINITY : Date.parse(`${text.replace(' ', 'T')}:00`) / 1000,
  ],
])

/** A connection inside a transaction. */
export type Transaction = pg.PoolClient

/** A connected Postgres: Kysely for ordinary queries, the pool for what Kysely has no words for. */
export interface Database {
  readonly kysely: Kysely<Tables>
  readonly pool: pg.Pool
  /** The address without password, for messages. */
  readonly shown: string
  /** Another pool on the same server, with the driver's own types, for a library that brings its SQL. Its opener ends it. */
  openPool(connections: number): pg.Pool
  close(): Promise<void>
}

export interface DatabaseOptions {
  readonly url: string
  /** Where the address came from, for messages: `DATABASE_URL` or `the embedded database`. */
  readonly origin: string
  readonly connections?: number
  /** Milliseconds after which a statement is cancelled; 0 means never. */
  readonly statementTimeoutMs?: number
}

/**
 * Connects and checks that the server answers.
 * @throws IndexerError `bad-config` for a malformed address, `store-unavailable` naming where it came from.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (!/^postgres(ql)?:\/\//.test(options.url) || !URL.canParse(options.url)) {
    throw new IndexerError(
      'bad-config',
      `${options.origin} is not a Postgres address; write it as postgres://user:password@host:5432/database`,
    )
  }
  const shown = redactUrl(options.url)
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections ?? 10,
    connectionTimeoutMillis: 10_000,
    application_name: 'depindex',
    options: `-c timezone=UTC -c datestyle=ISO${options.statementTimeoutMs ? ` -c statement_timeout=${options.statementTimeoutMs}` : ''}`,
    types: {
      getTypeParser: (oid, format) =>
        (format === 'binary' ? undefined : parsers.get(oid)) ?? pg.types.getTypeParser(oid, format),
    },
  })
  // An idle connection that breaks is replaced by the pool; the query that needs it next reports the failure.
  pool.on('error', () => undefined)
  // One that breaks while it is used fails what it was asked, too; said twice, it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  try {
    await pool.query('select 1')
  } catch (error) {
    await pool.end()
    throw new IndexerError(
      'store-unavailable',
      `cannot use the database at ${shown} (${options.origin}): ${connectionFailure(error)}`,
      {},
      { cause: error },
    )
  }
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const close = async (): Promise<void> => {
    await kysely.destroy()
    // Kysely ends only a pool that it has used itself.
    if (!pool.ended) await pool.end()
  }
  const openPool = (max: number): pg.Pool => {
    const own = new pg.Pool({ connectionString: options.url, max, application_name: 'depindex queue' })
    own.on('error', () => undefined)
    own.on('connect', (client) => client.on('error', () => undefined))
    return own
  }
  return { kysely, pool, shown, openPool, close }
}

function connectionFailure(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  return messageOf(error)
}

/** Turns what the driver throws for an unusable database into one clear line; other errors pass through. */
export function storeError(error: unknown, doing: string): unknown {
  if (error instanceof IndexerError || !(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  const unusable: Record<string, string> = {
    '25006': 'it is read-only',
    '42501': 'the user lacks the permission',
    '53100': 'its disk is full',
    '57P01': 'it is shutting down',
    '57P03': 'it is starting up',
    '42P01': 'it has no depindex schema; run: depindex migrate',
    ECONNREFUSED: 'it refuses connections',
    ECONNRESET: 'the connection broke',
  }
  const what =
    unusable[code] ??
    (/terminated|timeout exceeded when trying to connect/.test(error.message) ? error.message : undefined)
  if (what === undefined) return error
  const errorCode = code === '42P01' ? 'store-not-migrated' : 'store-unavailable'
  return new IndexerError(
    errorCode,
    `the database failed while ${doing}: ${what}`,
    { sqlState: code },
    { cause: error },
  )
}

/**
 * Brings the schema up to date; safe to run again and from several processes at once.
 * @returns Names of the migrations applied now.
 * @throws IndexerError `store-unavailable` if the database is read-only or refuses, naming the migration.
 */
export async function migrate(db: Database, provider: MigrationProvider): Promise<string[]> {
  const { error, results } = await new Migrator({ db: db.kysely, provider }).migrateToLatest()
  if (error !== undefined) {
    const failed = results?.find((r) => r.status === 'Error')?.migrationName
    const doing = failed === undefined ? 'migrating' : `applying migration ${failed}`
    const known = storeError(error, doing)
    if (known instanceof IndexerError) throw known
    throw new IndexerError(
      'store-unavailable',
      `the database at ${db.shown} failed while ${doing}: ${messageOf(error)}`,
      {},
      { cause: error },
    )
  }
  return (results ?? []).filter((r) => r.status === 'Success').map((r) => r.migrationName)
}

/** @throws IndexerError `store-not-migrated` naming the first missing migration and what to run. */
export async function checkMigrated(db: Database, provider: MigrationProvider): Promise<void> {
  const known = await new Migrator({ db: db.kysely, provider }).getMigrations()
  const missing = known.find((m) => m.executedAt === undefined)
  if (missing === undefined) return
  throw new IndexerError(
    'store-not-migrated',
    `the database at ${db.shown} lacks migration ${missing.name}; run: depindex migrate`,
  )
}

/** Tells every reader that answers may have changed. Call after the commit, never before. */
export async function bumpDataVersion(db: Database): Promise<void> {
  await sql`select nextval('data_version')`.execute(db.kysely)
}

/** Changes whenever an answer may have changed. */
export async function getDataVersion(db: Database): Promise<string> {
  const { rows } = await db.pool.query<{ last_value: number }>('select last_value from data_version')
  return String(rows[0]?.last_value ?? 0)
}
