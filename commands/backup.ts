import { createWriteStream, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { IndexerError, messageOf } from '../pipeline/model/errors.ts'
import { readBackup, writeBackup } from '../pipeline/store/backup.ts'
import { openStore } from './app.ts'
import type { Config } from './config.ts'
import type { Output } from './output.ts'

/**
 * Writes a snapshot of the database to a file, compressed, while everything goes on. The file has its name only once it is
 * whole.
 */
export async function backupTo(file: string, config: Config, output: Output): Promise<void> {
  const { db, close } = await openStore(config, 'check')
  const partial = `${file}.partial`
  try {
    const target = createWriteStream(partial)
    const gzip = createGzip({ level: 3 })
    const done = finished(gzip.pipe(target))
    // Awaited below; a full disk shows here first.
    let failure: unknown
    const failed = done.catch((error) => {
      failure = error
    })
    const rows = await writeBackup(db, async (bytes) => {
      if (failure !== undefined) throw unwritable(file, failure)
      if (!gzip.write(bytes))
        await Promise.race([new Promise((resolve) => gzip.once('drain', resolve)), failed])
    })
    gzip.end()
    await failed
    if (failure !== undefined) throw unwritable(file, failure)
    renameSync(partial, file)
    output.text(`wrote ${file}: ${count(rows)} rows of ${Object.keys(rows).length} tables`)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  } finally {
    await close()
  }
}

/** Brings a backup back into an empty database: all of it, or nothing. */
export async function restoreFrom(file: string, config: Config, output: Output): Promise<void> {
  const { db, close } = await openStore(config, 'migrate')
  try {
    // Opened before anything waits for it: an error of a stream that nobody reads yet ends the process.
    const handle = await open(file).catch((error) => {
      throw unreadable(file, error)
    })
    const source = handle.createReadStream()
    const gunzip = createGunzip()
    source.on('error', (error) => gunzip.destroy(error))
    const rows = await readBackup(db, source.pipe(gunzip)).catch((error) => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      if (!/^(Z_|ERR_|ENOENT|EISDIR|EACCES)/.test(code)) throw error
      throw unreadable(file, error)
    })
    output.text(`restored ${count(rows)} rows of ${Object.keys(rows).length} tables from ${file}`)
    output.note('what was waiting to be read is planned anew by depindex up or backfill')
  } finally {
    await close()
  }
}

function count(rows: Readonly<Record<string, number>>): number {
  return Object.values(rows).reduce((sum, n) => sum + n, 0)
}

function unreadable(file: string, cause: unknown): IndexerError {
  return new IndexerError('bad-file', `cannot read the backup ${file}: ${messageOf(cause)}`, {}, { cause })
}

function unwritable(file: string, cause: unknown): IndexerError {
  return new IndexerError('bad-argument', `cannot write ${file}: ${messageOf(cause)}`, {}, { cause })
}
