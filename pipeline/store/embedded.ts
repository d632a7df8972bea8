import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { IndexerError, messageOf } from '../model/errors.ts'
import { findBinaries, serverHome } from './binaries.ts'

/** A running embedded server. */
export interface EmbeddedServer {
  readonly url: string
  /** Whether this call started it; false when it was already running. */
  readonly started: boolean
  /** Stops the server unless another process is still connected to it. */
  release(): Promise<void>
}

const user = 'depindex'
const startTries = 60

/**
 * Starts the embedded Postgres in `directory`, or attaches to the one already running there. The server
 * outlives a killed parent, and the next call attaches to it.
 * @param directory Kept between runs; holds a folder for each Postgres major version.
 * @throws IndexerError `store-unavailable` with the server's own last line if it does not start.
 */
export async function openEmbedded(directory: string): Promise<EmbeddedServer> {
  const binaries = findBinaries()
  const { directory: root, ids } = serverHome(directory)
  const data = join(root, 'postgres-18')
  const secretFile = join(root, 'postgres-18.secret')
  prepareDirectory(root, data, secretFile, ids, binaries.initdb)
  const password = readFileSync(secretFile, 'utf8').trim()
  const log = join(root, 'postgres-18.log')
  for (let tries = 0, started = false; tries < startTries; tries += 1) {
    const port = runningPort(data)
    if (port !== undefined) {
      const url = `postgres://${user}:${password}@127.0.0.1:${port}/postgres`
      if (await answers(url)) return { url, started, release: () => release(url, data) }
    } else if (!started || tries % 20 === 19) {
      removeStaleLock(data)
      await launch(binaries.postgres, data, log, ids)
      started = true
    }
    await pause(tries < 10 ? 50 : 500)
  }
  throw new IndexerError(
    'store-unavailable',
    `the embedded database in ${root} did not start: ${lastLine(log)}. See ${log}, or set DATABASE_URL to a Postgres of your own`,
  )
}

function prepareDirectory(
  root: string,
  data: string,
  secretFile: string,
  ids: { uid?: number; gid?: number },
  initdb: string,
): void {
  try {
    mkdirSync(root, { recursive: true })
  } catch (error) {
    throw new IndexerError(
      'store-unavailable',
      `cannot create the data directory ${root} (DEPINDEX_DATA): ${messageOf(error)}`,
      {},
      { cause: error },
    )
  }
  if (existsSync(join(data, 'PG_VERSION')) && existsSync(secretFile)) return
  // A first start that was killed leaves a directory without PG_VERSION or with half a cluster: begin again.
  rmSync(data, { recursive: true, force: true })
  mkdirSync(data, { mode: 0o700 })
  writeFileSync(secretFile, `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 })
  if (ids.uid !== undefined && ids.gid !== undefined) {
    chownSync(data, ids.uid, ids.gid)
    chownSync(secretFile, ids.uid, ids.gid)
  }
  const made = spawnSync(
    initdb,
    [
      '-D',
      data,
      '-U',
      user,
      '-A',
      'scram-sha-256',
      `--pwfile=${secretFile}`,
      '--no-instructions',
      '--locale=C',
      '-E',
      'UTF8',
    ],
    { ...ids, cwd: '/', encoding: 'utf8' },
  )
  if (made.status === 0) return
  rmSync(data, { recursive: true, force: true })
  const why = made.error === undefined ? made.stderr.trim().split('\n').at(-1) : messageOf(made.error)
  throw new IndexerError(
    'store-unavailable',
    `cannot set up the embedded database in ${data}: ${why}. Set DATABASE_URL to a Postgres of your own, or DEPINDEX_DATA to another folder`,
  )
}

async function launch(postgres: string, data: string, log: string, ids: object): Promise<void> {
  const port = await freePort()
  const output = openSync(log, 'a')
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '256MB',
    work_mem: '32MB',
    maintenance_work_mem: '128MB',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    jit: 'off',
    log_min_messages: 'warning',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(postgres, ['-D', data, '-p', String(port), ...flags], {
    ...ids,
    cwd: '/',
    detached: true,
    stdio: ['ignore', output, output],
  })
  child.on('error', () => undefined)
  child.unref()
}

/** A port nothing listens on now. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  await new Promise((done) => server.close(done))
  return typeof address === 'object' && address !== null ? address.port : 0
}

function readLock(data: string): string[] | undefined {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return undefined // No lock file, or it vanished while being read: no server runs.
  }
}

/** The port of the server that runs on `data` and is ready, if one does. */
function runningPort(data: string): number | undefined {
  const lines = readLock(data)
  if (lines === undefined || !isAlive(Number(lines[0])) || lines[7]?.trim() !== 'ready') return undefined
  return Number(lines[3])
}

/** A killed server whose parent is gone too can stay a zombie that the next start takes for alive. */
function removeStaleLock(data: string): void {
  const lines = readLock(data)
  if (lines !== undefined && !isAlive(Number(lines[0]))) rmSync(join(data, 'postmaster.pid'), { force: true })
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] !== 'Z'
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false // Still starting, or just stopping: the caller looks again.
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Stops the server if no other depindex process is connected. */
async function release(url: string, data: string): Promise<void> {
  if (await othersConnected(url)) return
  const pid = Number(readLock(data)?.[0])
  if (!isAlive(pid)) return
  process.kill(pid, 'SIGINT')
  for (let tries = 0; tries < 100 && isAlive(pid); tries += 1) await pause(50)
}

/** A connection that was just closed is seen for a moment longer: only one that stays counts. */
async function othersConnected(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    for (let tries = 0; tries < 10; tries += 1) {
      const others = await client.query(
        "select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() limit 1",
      )
      if (others.rowCount === 0) return false
      await pause(50)
    }
    return true
  } catch {
    return false // It is gone already, which is what was asked for.
  } finally {
    await client.end().catch(() => undefined)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms))
}

function lastLine(log: string): string {
  try {
    return readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? 'it wrote nothing'
  } catch (error) {
    return `its log cannot be read (${messageOf(error)})`
  }
}

/**
 * Removes an embedded database; for throw-away ones.
 * @throws IndexerError `store-unavailable` while another process uses it.
 */
export async function wipeEmbedded(directory: string): Promise<void> {
  const { directory: root } = serverHome(directory)
  if (runningPort(join(root, 'postgres-18')) !== undefined) {
    await (await openEmbedded(directory)).release()
    if (runningPort(join(root, 'postgres-18')) !== undefined) {
      throw new IndexerError(
        'store-unavailable',
        `the database in ${root} is in use by another depindex; stop that one first`,
      )
    }
  }
  rmSync(root, { recursive: true, force: true })
}
