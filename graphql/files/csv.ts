import { stringify } from 'csv-stringify/sync'
import type { Column, Row } from './columns.ts'

const formula = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/

/** Text that no spreadsheet runs as a formula: such text gets an apostrophe in front. Numbers are none. */
function plainText(text: string): string {
  return formula.test(text) ? `'${text}` : text
}

/** Rows as CSV (RFC 4180, UTF-8, a header line): decimals are quoted, so that none is rounded on the way. */
export async function* writeCsv(
  columns: readonly Column[],
  batches: AsyncIterable<readonly Row[]>,
): AsyncGenerator<string> {
  const types = columns.map((c) => c.type)
  const cast = {
    string: (value: string, { index }: { index: number }) => {
      const type = types[index]
      if (type === 'decimal' || type === 'digits') return { value, quoted: true }
      return type === 'text' ? plainText(value) : value
    },
  }
  yield stringify([columns.map((c) => c.name)])
  for await (const rows of batches) if (rows.length > 0) yield stringify([...rows], { cast })
}
