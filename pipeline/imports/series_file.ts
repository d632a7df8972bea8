import { divideRounded, parseScaled } from '../model/amount.ts'
import { IndexerError, messageOf } from '../model/errors.ts'
import type { SeriesSettings } from '../model/period_series.ts'
import type { Day } from '../model/time.ts'
import { addDays, day, dayStart } from '../model/time.ts'
import { readCsv, refuserOf } from './csv_file.ts'

/** One period of a published series, as the file says it. */
export interface SeriesPeriod {
  readonly line: number
  /** First and last day, both included. */
  readonly from: Day
  readonly to: Day
  /** Smallest units. */
  readonly raw: bigint
  /** Dollars that the file gives for it; undefined where it gives none. */
  readonly usdMicros: bigint | undefined
}

const usdDigits = 18

/** `1,234,567.89` and `1234567.89` are the same number; anything else is refused. */
function plainNumber(text: string): string {
  if (/^-?\d{1,3}(,\d{3})+(\.\d*)?$/.test(text)) return text.replaceAll(',', '')
  if (/^-?\d+(\.\d*)?$/.test(text)) return text
  throw new IndexerError(
    'amount-out-of-range',
    `'${text}' is not a plain decimal number such as 1234.5 or 1,234.5`,
  )
}

/** The last day of the period that starts on a day. @throws IndexerError if no such period starts on it. */
function lastDay(from: Day, every: SeriesSettings['every']): Day {
  switch (every) {
    case 'day':
      return from
    case 'week': {
      const weekday = new Date(dayStart(from) * 1000).getUTCDay()
      if (weekday !== 1)
        throw new IndexerError('bad-argument', `${from} is no Monday; an ISO week starts on one`)
      return addDays(from, 6)
    }
    case 'month': {
      if (!from.endsWith('-01'))
        throw new IndexerError('bad-argument', `${from} is not the first day of a month`)
      let next = addDays(from, 1)
      while (!next.endsWith('-01')) next = addDays(next, 1)
      return addDays(next, -1)
    }
  }
}

/**
 * Reads a published series: one line a period, columns by name. Quoted numbers, thousands separators and a
 * byte order mark are accepted. Nothing is taken from a file with a bad line.
 * @throws IndexerError `bad-file` naming the file, the line, what is wrong there and what is expected.
 */
export function readSeriesFile(
  text: string,
  file: string,
  { every, columns }: SeriesSettings,
  decimals: number,
): SeriesPeriod[] {
  const refuse = refuserOf(file)
  const records = readCsv(text, refuse)
  const [first] = records
  if (first === undefined) throw refuse(1, 'no periods; expected a header and a line for each period')
  for (const name of Object.values(columns)) {
    if (!(name in first.record)) {
      const has = Object.keys(first.record).join(', ')
      throw refuse(1, `no column '${name}'; the file has ${has}`)
    }
  }
  const seen = new Map<string, number>()
  return records.map(({ record, line }) => {
    const cell = (name: string): string => {
      const value = record[name]
      if (value === undefined || value === '') throw refuse(line, `no ${name}`)
      return value
    }
    const period = cell(columns.period)
    const amount = cell(columns.amount)
    const usd = columns.usd === undefined ? undefined : cell(columns.usd)
    try {
      const from = day(period)
      const to = lastDay(from, every)
      const earlier = seen.get(from)
      if (earlier !== undefined) throw new Error(`a second line for ${from}, after line ${earlier}`)
      seen.set(from, line)
      const raw = parseScaled(plainNumber(amount), decimals)
      if (raw < 0n) throw new Error(`${columns.amount} ${amount} is negative`)
      const usdMicros = usd === undefined ? undefined : toMicros(usd)
      return { line, from, to, raw, usdMicros }
    } catch (error) {
      throw refuse(line, messageOf(error), error)
    }
  })
}

function toMicros(text: string): bigint {
  const scaled = parseScaled(plainNumber(text), usdDigits)
  if (scaled < 0n) throw new Error(`dollars ${text} are negative`)
  return divideRounded(scaled, 10n ** BigInt(usdDigits - 6))
}
