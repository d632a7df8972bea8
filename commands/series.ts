import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { networks } from '../indexers/networks/index.ts'
import type { Spread } from '../pipeline/imports/series_events.ts'
import { seriesEvents } from '../pipeline/imports/series_events.ts'
import { readSeriesFile } from '../pipeline/imports/series_file.ts'
import { IndexerError, messageOf } from '../pipeline/model/errors.ts'
import { seriesSettings } from '../pipeline/model/period_series.ts'
import type { NetworkDeclaration, Stream } from '../pipeline/model/stream.ts'
import type { Day } from '../pipeline/model/time.ts'
import { addDays, day, dayNumber, daysBetween } from '../pipeline/model/time.ts'
import { recomputeStale } from '../pipeline/rollups/recompute.ts'
import { saveImport } from '../pipeline/store/imports.ts'
import { findNetwork, getStreams, now, openStore } from './app.ts'
import type { Config } from './config.ts'
import type { Output } from './output.ts'

export interface SeriesImportOptions {
  readonly stream: string
  readonly network?: string
  readonly source: string
  readonly licence: string
  readonly retrieved: string
  readonly spread: string
  readonly replace?: boolean
}

/** Brings published series in, each stream's whole file or nothing, and rebuilds the days it gives. */
export async function importSeries(
  file: string,
  options: SeriesImportOptions,
  config: Config,
  output: Output,
): Promise<void> {
  const { spread } = options
  if (spread !== 'none' && spread !== 'even')
    throw new IndexerError('bad-argument', `--spread: '${spread}' is neither none nor even`)
  for (const name of ['source', 'licence'] as const) {
    if (options[name].trim() === '') throw new IndexerError('bad-argument', `--${name} must not be empty`)
  }
  const retrieved = readRetrieved(options.retrieved)
  const wanted = options.stream.split(',').map((name) => findSeries(name.trim(), options.network))
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new IndexerError('bad-argument', `cannot read ${file}: ${messageOf(error)}`, {}, { cause: error })
  }
  // Every stream's lines are checked before the first one is stored.
  const read = wanted.map(({ network, name }) => {
    const stream = network.streams[name]
    const settings = seriesSettings(name, stream?.settings)
    const decimals = network.tokens[stream?.token ?? '']?.decimals ?? 0
    return { network, name, settings, periods: readSeriesFile(text, file, settings, decimals) }
  })
  const { db, close } = await openStore(config, 'migrate')
  try {
    const streams = await getStreams(db, networks)
    for (const { network, name, settings, periods } of read) {
      const find = (of: string): Stream => {
        const found = streams.find((s) => s.network === network.id && s.name === of)
        if (found !== undefined) return found
        throw new IndexerError(
          'bad-declaration',
          `network ${network.id} has no stream ${of}, which ${name} fills`,
        )
      }
      const whole = periods.filter((p) => p.to < retrieved)
      const events = seriesEvents(whole, find(name), settings, spread, find)
      const filled = [name, ...(settings.legs ?? []), ...(settings.exceptions ?? []).map((e) => e.stream)]
      const days = whole.flatMap((p) => daysBetween(p.from, addDays(p.to, 1))).sort()
      const added = await saveImport(
        db,
        {
          streams: [...new Set(filled)].map((of) => find(of).id),
          source: options.source,
          licence: options.licence,
          retrievedOn: retrieved,
          spread: spread satisfies Spread,
          file: basename(file),
          text,
          periods: whole.length,
          events,
          days: days.map((of) => ({ day: of, number: dayNumber(of) })),
          replace: options.replace === true,
        },
        now(),
      )
      const left = periods.length - whole.length
      output.text(
        `${network.id} ${name}: ${whole.length} periods, ${added} new events${left === 0 ? '' : `; ${left} left out, not over when the file was retrieved`}`,
      )
    }
    const { changed } = await recomputeStale({ db, priceSources: config.PRICE_SOURCES, now })
    output.text(`${changed} stream days changed`)
  } finally {
    await close()
  }
}

function readRetrieved(text: string): Day {
  try {
    return day(text)
  } catch (cause) {
    throw new IndexerError(
      'bad-argument',
      `--retrieved: '${text}' is not a day; write the day the file was retrieved as YYYY-MM-DD`,
      {},
      { cause },
    )
  }
}

/** The network and the imported stream of a name. */
function findSeries(
  name: string,
  network: string | undefined,
): { network: NetworkDeclaration; name: string } {
  const among = network === undefined ? networks : [findNetwork(network, '--network', 'bad-argument')]
  const known = among.flatMap((n) =>
    Object.entries(n.streams)
      .filter(([, s]) => s.method === 'import' && s.settings !== undefined)
      .map(([of]) => ({ network: n, name: of })),
  )
  const found = known.filter((k) => k.name === name)
  const [first, second] = found
  if (first !== undefined && second === undefined) return first
  const list = known.map((k) => `${k.network.id} ${k.name}`).join(', ')
  throw new IndexerError(
    'bad-argument',
    first === undefined
      ? `--stream: no imported series '${name}'; known: ${list}`
      : `--stream: several networks have '${name}'; name one with --network`,
  )
}
