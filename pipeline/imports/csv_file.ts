import { parse } from 'csv-parse/sync'
import { IndexerError, messageOf } from '../model/errors.ts'

/** A line of a file by column, and its number. */
export interface CsvLine {
  readonly record: Readonly<Record<string, string>>
  readonly line: number
}

/** What a file must hold. */
export interface CsvShape {
  /** Columns that must be there. */
  readonly columns: readonly string[]
  /** What is said of a file without lines. */
  readonly empty: string
}

/** Faults that a message lists; more are counted. */
const mostListed = 20

/** What is wrong with a line; {@link readCsv} adds the file and the line. */
export function fault(what: string): IndexerError {
  return new IndexerError('bad-file', what)
}

/**
 * Reads a CSV with a header line by line: quoted cells and a byte order mark are accepted, empty lines are left out, a
 * cell ends on its line.
 * @param read Makes something of a line, or throws what is wrong with it.
 * @throws IndexerError `bad-file` that lists every malformed line by number: nothing of such a file is taken.
 */
export function readCsv<T>(
  text: string,
  file: string,
  { columns, empty }: CsvShape,
  read: (line: CsvLine) => T,
): T[] {
  const faults: (readonly [number, string])[] = []
  const [head = '', ...lines] = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)
  const attempt = <R>(line: number, make: () => R): R | undefined => {
    try {
      return make()
    } catch (error) {
      if (!(error instanceof IndexerError)) throw error
      faults.push([line, error.message])
      return undefined
    }
  }
  if (lines.every((l) => l.trim() === '')) throw refusal(file, [[1, empty]])
  const header = attempt(1, () => {
    const names = cellsOf(head)
    const missing = columns.filter((c) => !names.includes(c))
    if (missing.length === 0) return names
    throw fault(`no column '${missing.join("', '")}'; the file has ${names.join(', ')}`)
  })
  if (header === undefined) throw refusal(file, faults)
  const made = lines.flatMap((of, i) => {
    if (of.trim() === '') return []
    const line = i + 2
    const record = attempt(line, () => recordOf(header, cellsOf(of)))
    if (record === undefined) return []
    const one = attempt(line, () => read({ record, line }))
    return one === undefined ? [] : [one]
  })
  if (faults.length > 0) throw refusal(file, faults)
  return made
}

/** The cells of one line. @throws IndexerError `bad-file` if quotes are misplaced. */
function cellsOf(line: string): string[] {
  if (((line.match(/"/g) ?? []).length & 1) === 1) throw fault('a quote that is not closed')
  try {
    return parse(line, { trim: true, relax_column_count: true })[0] ?? []
  } catch (error) {
    throw fault(messageOf(error).replace(/ at line 1\b/, ''))
  }
}

function recordOf(header: readonly string[], cells: readonly string[]): Record<string, string> {
  if (cells.length !== header.length)
    throw fault(`${cells.length} cells, where the header has ${header.length} columns`)
  return Object.fromEntries(header.map((name, i) => [name, cells[i] ?? '']))
}

function refusal(file: string, faults: readonly (readonly [number, string])[]): IndexerError {
  const listed = faults.slice(0, mostListed).map(([line, what]) => `line ${line}: ${what}`)
  const more = faults.length > mostListed ? `; and ${faults.length - mostListed} more lines` : ''
  return new IndexerError('bad-file', `${file} ${listed.join('; ')}${more}. Nothing was imported`, {
    file,
    line: faults[0]?.[0],
    lines: faults.length,
  })
}

/**
 * A number as files write it, without separators: `1,234,567.89` and `1234567.89` are the same; a misplaced
 * separator or any other writing is refused.
 * @throws IndexerError `bad-file` saying what a number looks like.
 */
export function plainNumber(text: string): string {
  if (/^-?\d{1,3}(,\d{3})+(\.\d*)?$/.test(text)) return text.replaceAll(',', '')
  if (/^-?\d+(\.\d*)?$/.test(text)) return text
  throw fault(`'${text}' is not a plain decimal number such as 1234.5 or 1,234.5`)
}
