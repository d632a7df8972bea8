import { parse } from 'csv-parse/sync'
import { IndexerError, messageOf } from '../model/errors.ts'

/** A line of a file by column, and its number. */
export interface CsvLine {
  readonly record: Readonly<Record<string, string>>
  readonly line: number
}

/** Says what is wrong in a line; nothing of a file with a bad line is imported. */
export type Refuse = (line: number, what: string, cause?: unknown) => IndexerError

/** The error of a bad line: `bad-file`, naming the file, the line and what is wrong there. */
export function refuserOf(file: string): Refuse {
  return (line, what, cause) =>
    new IndexerError(
      'bad-file',
      `${file} line ${line}: ${what}. Nothing was imported`,
      { file, line },
      { cause },
    )
}

/**
 * The lines of a CSV with a header. Quotes and a byte order mark are accepted, empty lines are left out.
 * @throws IndexerError `bad-file` for a line that is no CSV or has another number of cells than the header.
 */
export function readCsv(text: string, refuse: Refuse): CsvLine[] {
  try {
    const rows = parse(text, { bom: true, columns: true, info: true, skip_empty_lines: true, trim: true })
    return (rows as unknown as { record: Record<string, string>; info: { lines: number } }[]).map((row) => ({
      record: row.record,
      line: row.info.lines,
    }))
  } catch (error) {
    throw refuse(
      error instanceof Error && 'lines' in error ? Number(error.lines) : 1,
      messageOf(error),
      error,
    )
  }
}
