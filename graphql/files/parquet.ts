import type { ColumnSource, KeyValue, SchemaElement } from 'hyparquet-writer'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { parseScaled } from '../../pipeline/model/amount.ts'
import type { Day } from '../../pipeline/model/time.ts'
import { dayNumber, instantOf } from '../../pipeline/model/time.ts'
import type { Column, ColumnType, Row } from './columns.ts'

/** Fraction digits of decimals: as many as the smallest unit of any token has. */
const scale = 18
/** Digits that a Parquet decimal of 16 bytes can have. */
const precision = 38
const decimalLimit = 10n ** BigInt(precision)
/** Rows that are held until they are written together: fewer and files grow, more and memory does. */
const rowGroupSize = 20_000

const elements: Readonly<Record<ColumnType, Omit<SchemaElement, 'name'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  digits: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  decimal: { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, converted_type: 'DECIMAL', scale, precision },
  count: { type: 'INT64' },
  date: { type: 'INT32', converted_type: 'DATE' },
  instant: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
  flag: { type: 'BOOLEAN' },
}

/** A cell as Parquet has it. A decimal with too many digits for its column is null. */
function toCell(type: ColumnType, text: string | null): string | bigint | number | boolean | null {
  if (text === null) return null
  switch (type) {
    case 'text':
    case 'digits':
      return text
    case 'count':
      return BigInt(text)
    case 'flag':
      return text === 'true'
    case 'date':
      return dayNumber(text as Day)
    case 'instant':
      return BigInt(instantOf(text)) * 1000n
    case 'decimal': {
      const fits = (/\.(\d+)$/.exec(text)?.[1]?.length ?? 0) <= scale
      const value = fits ? parseScaled(text, scale) : decimalLimit
      return value < decimalLimit && value > -decimalLimit ? value : null
    }
  }
}

/** For each decimal of a token's amount or a value, the text that says it whole. */
export function withTexts(columns: readonly Column[]): readonly Column[] {
  return columns.flatMap((c): Column[] =>
    c.name === 'value'
      ? [c, { name: 'value_text', type: 'text', meaning: 'The value as exact text, however long it is.' }]
      : [c],
  )
}

/**
 * Rows as Parquet (Snappy), a row group at a time, so that memory does not grow with the file.
 * @param facts Written into the file's own key-value metadata.
 */
export async function* writeParquet(
  given: readonly Column[],
  batches: AsyncIterable<readonly Row[]>,
  facts: Readonly<Record<string, string>>,
): AsyncGenerator<Uint8Array> {
  const columns = withTexts(given)
  const places = columns.map((c) => given.findIndex((g) => g.name === c.name.replace(/_text$/, '')))
  const schema: SchemaElement[] = [
    { name: 'schema', num_children: columns.length },
    ...columns.map((c) => ({ ...elements[c.type], name: c.name, repetition_type: 'OPTIONAL' as const })),
  ]
  const kvMetadata: KeyValue[] = Object.entries(facts).map(([key, value]) => ({ key, value }))
  const bytes = new ByteWriter()
  const file = new ParquetWriter({ writer: bytes, schema, kvMetadata, createdBy: 'depindex' })
  const taken = (): Uint8Array => {
    const chunk = new Uint8Array(bytes.buffer.slice(0, bytes.index))
    bytes.index = 0
    return chunk
  }
  const group = async (rows: readonly Row[]): Promise<Uint8Array> => {
    const columnData = columns.map(
      (c, i): ColumnSource => ({
        name: c.name,
        data: rows.map((row) => toCell(c.type, row[places[i] ?? -1] ?? null)),
        offsetIndex: false,
      }),
    )
    await file.write({ columnData, rowGroupSize })
    return taken()
  }
  let held: Row[] = []
  for await (const rows of batches) {
    held = [...held, ...rows]
    while (held.length >= rowGroupSize) {
      yield await group(held.slice(0, rowGroupSize))
      held = held.slice(rowGroupSize)
    }
  }
  if (held.length > 0) yield await group(held)
  // The writer marks its own buffer as done; what it holds is the footer.
  await file.finish()
  yield taken()
}
