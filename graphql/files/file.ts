import { createHash } from 'node:crypto'
import { instant } from '../../pipeline/model/time.ts'
import type { ApiReaders } from '../ports.ts'
import type { Column, Row } from './columns.ts'
import { eventColumns, metricColumns, wideEventColumns, wideMetricColumns } from './columns.ts'
import { writeCsv } from './csv.ts'
import { withTexts, writeParquet } from './parquet.ts'
import type { EventsFile, MetricsFile } from './request.ts'
import { eventRows, longMetricRows, wideMetricRows } from './rows.ts'

/** How a file is written. */
export const fileFormats = ['csv', 'parquet'] as const

/** How a file is written. */
export type FileFormat = (typeof fileFormats)[number]

/** A file that is written while it is read. */
export interface OpenFile {
  readonly columns: readonly Column[]
  /** What says how the numbers were made: also inside a Parquet file. */
  readonly facts: Readonly<Record<string, string>>
  readonly chunks: AsyncIterable<Uint8Array | string>
  /** Rows so far. */
  readonly rows: () => number
}

/** What a finished file is, so that it can be archived, checked, and asked for again. */
export interface Manifest {
  readonly file: string
  readonly sha256: string
  readonly bytes: number
  readonly rows: number
  readonly facts: Readonly<Record<string, string>>
  readonly columns: readonly Column[]
}

/** Opens a file of metrics or events. */
export async function openFile(
  wanted: MetricsFile | EventsFile,
  format: FileFormat,
  readers: ApiReaders,
  version: string,
): Promise<OpenFile> {
  const { columns, batches } = contentOf(wanted, readers)
  let count = 0
  const counted = async function* (): AsyncGenerator<readonly Row[]> {
    for await (const rows of batches) {
      count += rows.length
      yield rows
    }
  }
  const facts = await factsOf(wanted, readers, version)
  return {
    columns: format === 'parquet' ? withTexts(columns) : columns,
    facts,
    chunks: format === 'csv' ? writeCsv(columns, counted()) : writeParquet(columns, counted(), facts),
    rows: () => count,
  }
}

function contentOf(
  wanted: MetricsFile | EventsFile,
  readers: ApiReaders,
): { columns: readonly Column[]; batches: AsyncIterable<readonly Row[]> } {
  const wide = wanted.shape === 'wide'
  if (wanted.what === 'events') {
    return {
      columns: wide ? [...eventColumns, ...wideEventColumns] : eventColumns,
      batches: eventRows(readers, wanted.query, wide),
    }
  }
  const { query, notes } = wanted
  if (!wide) return { columns: metricColumns, batches: longMetricRows(readers, query) }
  return {
    columns: wideMetricColumns(query.networks, query.metrics, notes),
    batches: wideMetricRows(readers, query, notes),
  }
}

async function factsOf(
  wanted: MetricsFile | EventsFile,
  readers: ApiReaders,
  version: string,
): Promise<Record<string, string>> {
  const common = { program: `depindex ${version}`, content: wanted.what, shape: wanted.shape }
  const data_version = await readers.getDataVersion()
  if (wanted.what === 'events')
    return {
      ...common,
      data_version,
      query: JSON.stringify(wanted.query),
      note: 'Events are as they were stored at asOf, else as they are now. Legs of one act are never added.',
    }
  const { asOf, ...query } = wanted.query
  const versions = readers.metrics.filter((m) => query.metrics.includes(m.id))
  return {
    ...common,
    data_version,
    as_of: instant(asOf),
    query: JSON.stringify(query),
    methodology: JSON.stringify(Object.fromEntries(versions.map((m) => [m.id, m.revision]))),
    note: 'Missing is empty with a reason, never zero. value is DECIMAL(38, 18); value_text has it whole where it does not fit.',
  }
}

/** Reads a file to its end and says what it is. @param write Takes each part; absent: nothing is kept. */
export async function finishFile(
  name: string,
  file: OpenFile,
  write?: (chunk: Uint8Array | string) => Promise<void>,
): Promise<Manifest> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of file.chunks) {
    hash.update(chunk)
    bytes += Buffer.byteLength(chunk)
    await write?.(chunk)
  }
  return {
    file: name,
    sha256: hash.digest('hex'),
    bytes,
    rows: file.rows(),
    facts: file.facts,
    columns: file.columns,
  }
}
