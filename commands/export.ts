import { createWriteStream, renameSync, rmSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import { networks } from '../indexers/networks/index.ts'
import { metrics } from '../pipeline/metrics/index.ts'
import type { Denominator, PriceBasis, TimeBasis } from '../pipeline/model/basis.ts'
import { IndexerError, messageOf } from '../pipeline/model/errors.ts'
import type { EventPlace } from '../pipeline/model/event_view.ts'
import type { Granularity, SeriesQuery } from '../pipeline/model/series.ts'
import { defaultDefinitions } from '../pipeline/model/series.ts'
import type { Lens } from '../pipeline/model/stream.ts'
import type { Day, UnixSeconds } from '../pipeline/model/time.ts'
import { addDays, day, dayOf, instant, instantOf } from '../pipeline/model/time.ts'
import type { Database } from '../pipeline/store/database.ts'
import { getEvents } from '../pipeline/store/read_events.ts'
import { findNetwork, now, openStore } from './app.ts'
import type { Config } from './config.ts'
import type { Output } from './output.ts'
import { readSeries } from './read_series.ts'

export interface ExportOptions {
  readonly format: string
  readonly out: string
  readonly network?: string
  readonly from?: string
  readonly to?: string
  readonly granularity: Granularity
  readonly lens: Lens
  readonly priceBasis: PriceBasis
  readonly by: TimeBasis
  readonly denominator: Denominator
  readonly asOf?: string
}

const pageSize = 5_000
const defaultDays = 365

/** Writes metrics or events to a CSV file; `-` is standard output. A failed export leaves no file. */
export async function exportFile(
  what: string,
  options: ExportOptions,
  config: Config,
  output: Output,
): Promise<void> {
  if (what !== 'metrics' && what !== 'events')
    throw new IndexerError('bad-argument', `export: '${what}' is neither metrics nor events`)
  if (options.format !== 'csv')
    throw new IndexerError(
      'bad-argument',
      `--format: '${options.format}' is not supported; this version writes csv`,
    )
  const wanted =
    options.network === undefined ? networks : [findNetwork(options.network, '--network', 'bad-argument')]
  const to = options.to === undefined ? dayOf(now()) : addDays(day(options.to), 1)
  const from = options.from === undefined ? addDays(to, -defaultDays) : day(options.from)
  if (from >= to)
    throw new IndexerError(
      'bad-argument',
      `--from ${from} is after --to ${addDays(to, -1)}; give the earlier day first`,
    )
  const { granularity, lens, priceBasis, by, denominator } = options
  const definitions = {
    ...defaultDefinitions,
    ...{ granularity, lens, priceBasis, by, denominator },
    ...(options.asOf === undefined ? {} : { asOf: readAsOf(options.asOf) }),
  }
  const { db, close } = await openStore(config, 'check')
  try {
    const ids = wanted.map((n) => n.id)
    const rows =
      what === 'metrics'
        ? metricRows(db, { ...definitions, networks: ids, from, to })
        : eventRows(db, ids, from, to)
    const partial = `${options.out}.partial`
    const csv = stringify({ header: true, quoted_match: /^-?\d{16,}$/ })
    if (options.out === '-') {
      await pipeline(Readable.from(rows), csv, process.stdout, { end: false })
      return
    }
    try {
      await pipeline(Readable.from(rows), csv, createWriteStream(partial, { flags: 'w' }))
      renameSync(partial, options.out)
    } catch (error) {
      rmSync(partial, { force: true })
      throw new IndexerError(
        'bad-argument',
        `--out ${options.out}: ${messageOf(error)}`,
        {},
        { cause: error },
      )
    }
    output.note(`wrote ${options.out}`)
  } finally {
    await close()
  }
}

function readAsOf(text: string): UnixSeconds {
  try {
    return instantOf(text)
  } catch (cause) {
    throw new IndexerError('bad-argument', `--as-of: ${messageOf(cause)}`, {}, { cause })
  }
}

async function* metricRows(db: Database, query: Omit<SeriesQuery, 'metrics'>): AsyncGenerator<object> {
  const points = await readSeries(db, { ...query, metrics: metrics.map((m) => m.id) })
  for (const p of points) {
    yield {
      date: p.date,
      window_end: p.windowEnd,
      network: p.network,
      metric: p.metric,
      value: p.value ?? '',
      unit: p.unit,
      quality: p.quality,
      reason: plain(p.reason ?? ''),
      warning: plain(p.warning ?? ''),
      methods: p.methods.join(' '),
      available_at: p.availableAt ?? '',
      revision: p.revision ?? '',
      methodology_version: p.methodologyVersion,
      simulated: String(p.simulated),
    }
  }
}

async function* eventRows(db: Database, ids: readonly string[], from: Day, to: Day): AsyncGenerator<object> {
  for (const network of ids) {
    let after: EventPlace | undefined
    do {
      const page = await getEvents(db, {
        network,
        from,
        to,
        first: pageSize,
        ...(after === undefined ? {} : { after }),
      })
      for (const e of page) {
        yield {
          happened_at: instant(e.happenedAt),
          network: e.network,
          stream: e.stream,
          kind: e.kind,
          token: e.token,
          amount: e.amount,
          amount_raw: e.amountRaw,
          height: e.height,
          tx: plain(e.txHash),
          position: e.position,
          sender: plain(e.sender ?? ''),
          recipient: plain(e.recipient ?? ''),
          simulated: String(e.simulated),
        }
      }
      after = page.length === pageSize ? page.at(-1) : undefined
    } while (after !== undefined)
  }
}

/** Text that no spreadsheet runs as a formula. */
function plain(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
}
