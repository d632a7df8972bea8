import { priceScaled } from '../model/amount.ts'
import type { PriceObservation } from '../model/price.ts'
import { addDays, day, dayStart } from '../model/time.ts'
import { fault, plainNumber, readCsv } from './csv_file.ts'

const required = ['token', 'date', 'usd', 'author'] as const

/**
 * Reads a price file: columns `token, date, usd, author` and optionally `note`, a price being the close of
 * its day. Nothing is taken from a file with a bad line.
 * @param tokens Symbols that are declared; any other is refused.
 * @throws IndexerError `bad-file` naming the file, each bad line, what is wrong there and what is expected.
 */
export function readPriceFile(text: string, file: string, tokens: ReadonlySet<string>): PriceObservation[] {
  const expected = `expected a header with ${required.join(', ')} and a line a price`
  const seen = new Map<string, number>()
  return readCsv(
    text,
    file,
    { columns: required, empty: `no prices; ${expected}` },
    ({ record, line }): PriceObservation => {
      const cell = (name: (typeof required)[number]): string => {
        const value = record[name] ?? ''
        if (value === '')
          throw fault(`no ${name}; expected columns ${required.join(', ')} and optionally note`)
        return value
      }
      const [token, date, usd, author] = [cell('token'), cell('date'), cell('usd'), cell('author')]
      if (!tokens.has(token)) throw fault(`unknown token '${token}'; known: ${[...tokens].sort().join(', ')}`)
      const of = day(date)
      const earlier = seen.get(`${token} ${of}`)
      if (earlier !== undefined) throw fault(`a second price of ${token} on ${of}, after line ${earlier}`)
      seen.set(`${token} ${of}`, line)
      return {
        token,
        source: 'manual',
        kind: 'close',
        usd: priceScaled(/[eE]/.test(usd) ? usd : plainNumber(usd)),
        observedAt: dayStart(addDays(of, 1)),
        author,
        ...(record['note'] ? { note: record['note'] } : {}),
      }
    },
  )
}
