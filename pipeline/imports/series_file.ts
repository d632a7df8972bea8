import { divideRounded, parseScaled } from '../model/amount.ts'
import { IndexerError } from '../model/errors.ts'
import type { SeriesSettings } from '../model/period_series.ts'
import type { Day } from '../model/time.ts'
import { addDays, day, dayStart } from '../model/time.ts'
import { fault, plainNumber, readCsv } from './csv_file.ts'

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
 * @throws IndexerError `bad-file` naming the file, each bad line, what is wrong there and what is expected.
 */
export function readSeriesFile(
  text: string,
  file: string,
  { every, columns }: SeriesSettings,
  decimals: number,
): SeriesPeriod[] {
  const seen = new Map<string, number>()
  const shape = {
    columns: Object.values(columns),
    empty: 'no periods; expected a header and a line for each period',
  }
  return readCsv(text, file, shape, ({ record, line }): SeriesPeriod => {
    const cell = (name: string): string => {
      const value = record[name] ?? ''
      if (value === '') throw fault(`no ${name}`)
      return value
    }
    const from = day(cell(columns.period))
    const to = lastDay(from, every)
    const earlier = seen.get(from)
    if (earlier !== undefined) throw fault(`a second line for ${from}, after line ${earlier}`)
    seen.set(from, line)
    const amount = cell(columns.amount)
    const raw = parseScaled(plainNumber(amount), decimals)
    if (raw < 0n) throw fault(`${columns.amount} ${amount} is negative`)
    return {
      line,
      from,
      to,
      raw,
      usdMicros: columns.usd === undefined ? undefined : toMicros(cell(columns.usd)),
    }
  })
}

function toMicros(text: string): bigint {
  const scaled = parseScaled(plainNumber(text), usdDigits)
  if (scaled < 0n) throw fault(`dollars ${text} are negative`)
  return divideRounded(scaled, 10n ** BigInt(usdDigits - 6))
}
