import { once } from 'node:events'
import { createWriteStream, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import type { FileFormat, Manifest, OpenFile } from '../graphql/files/file.ts'
import { fileFormats, finishFile, openFile } from '../graphql/files/file.ts'
import { readEventsFile, readMetricsFile } from '../graphql/files/request.ts'
import { networks } from '../indexers/networks/index.ts'
import { metrics } from '../pipeline/metrics/index.ts'
import { IndexerError, messageOf } from '../pipeline/model/errors.ts'
import type { Day } from '../pipeline/model/time.ts'
import { addDays, day } from '../pipeline/model/time.ts'
import { findNetwork, now, openStore } from './app.ts'
import type { Config } from './config.ts'
import type { Output } from './output.ts'
import { createReaders } from './readers.ts'
import { version } from './version.ts'

export interface ExportOptions {
  readonly format: string
  readonly out: string
  readonly network?: string
  readonly metrics?: string
  readonly stream?: string
  readonly shape: string
  readonly from?: string
  readonly to?: string
  readonly granularity: string
  readonly lens: string
  readonly priceBasis: string
  readonly by: string
  readonly denominator: string
  readonly asOf?: string
}

/** What can be written; the first is the default. */
export const exportFormats: readonly FileFormat[] = fileFormats

/**
 * Writes metrics or events to a file, with a manifest beside it; `-` is standard output, without one. A failed
 * export leaves no file.
 */
export async function exportFile(
  what: string,
  options: ExportOptions,
  config: Config,
  output: Output,
): Promise<void> {
  if (what !== 'metrics' && what !== 'events')
    throw new IndexerError('bad-argument', `export: '${what}' is neither metrics nor events`)
  const format = fileFormats.find((f) => f === options.format)
  if (format === undefined)
    throw new IndexerError(
      'bad-argument',
      `--format: '${options.format}' is none of ${fileFormats.join(', ')}`,
    )
  if (options.network !== undefined) findNetwork(options.network, '--network', 'bad-argument')
  const given = new Map(argumentsOf(what, options))
  const names = { networks: networks.map((n) => n.id), metrics: metrics.map((m) => m.id) }
  const wanted =
    what === 'metrics' ? readMetricsFile(given, names, now()) : readEventsFile(given, names, now())
  const { db, close } = await openStore(config, 'check')
  try {
    const file = await openFile(wanted, format, createReaders(db), version())
    if (options.out === '-') {
      await pipeline(Readable.from(file.chunks, { objectMode: false }), process.stdout, { end: false })
      return
    }
    const manifest = await save(file, format, options.out)
    writeFileSync(`${options.out}.manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`)
    output.note(`wrote ${options.out}`)
  } finally {
    await close()
  }
}

function* argumentsOf(what: string, options: ExportOptions): Generator<readonly [string, string]> {
  const readDay = (flag: string, text: string): Day => {
    try {
      return day(text)
    } catch (cause) {
      throw new IndexerError('bad-argument', `${flag}: ${messageOf(cause)}`, {}, { cause })
    }
  }
  const from = options.from === undefined ? undefined : readDay('--from', options.from)
  const to = options.to === undefined ? undefined : readDay('--to', options.to)
  if (from !== undefined && to !== undefined && from > to)
    throw new IndexerError('bad-argument', `--from ${from} is after --to ${to}; give the earlier day first`)
  if (from !== undefined) yield ['from', from]
  if (to !== undefined) yield ['to', addDays(to, 1)]
  yield ['shape', options.shape]
  if (options.network !== undefined) yield ['networks', options.network]
  if (options.asOf !== undefined) yield ['asOf', options.asOf]
  if (what === 'events') {
    if (options.stream !== undefined) yield ['stream', options.stream]
    return
  }
  if (options.metrics !== undefined) yield ['metrics', options.metrics]
  const { granularity, lens, priceBasis, by, denominator } = options
  yield* Object.entries({ granularity, lens, priceBasis, by, denominator })
}

/** Writes beside the file first, so that it appears whole or not at all. */
async function save(file: OpenFile, format: FileFormat, out: string): Promise<Manifest> {
  const partial = `${out}.partial`
  const target = createWriteStream(partial, { flags: 'w' })
  let failure: Error | undefined
  target.once('error', (error) => {
    failure = error
  })
  try {
    const manifest = await finishFile(basename(out), file, async (chunk) => {
      if (failure !== undefined) throw failure
      if (!target.write(chunk)) await once(target, 'drain')
    })
    target.end()
    await finished(target)
    renameSync(partial, out)
    return manifest
  } catch (error) {
    target.destroy()
    rmSync(partial, { force: true })
    if (error instanceof IndexerError) throw error
    throw new IndexerError(
      'bad-argument',
      `--out ${out}: cannot write ${format}: ${messageOf(error)}`,
      {},
      { cause: error },
    )
  }
}
