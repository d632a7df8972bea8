import { priceScaled } from '../model/amount.ts'
import { messageOf } from '../model/errors.ts'
import type { PriceObservation } from '../model/price.ts'
import { addDays, day, dayStart } from '../model/time.ts'
import { readCsv, refuserOf } from './csv_file.ts'

const required = ['token', 'date', 'usd', 'author'] as const

/**
 * Reads a price file: columns `token, date, usd, author` and optionally `note`, a price being the close of
 * its day. Nothing is taken from a file with a bad line.
 * @param tokens Symbols that are declared; any other is refused.
 * @throws IndexerError `bad-file` naming the file, the line, what is wrong there and what is expected.
 */
export function readPriceFile(text: string, file: string, tokens: ReadonlySet<string>): PriceObservation[] {
  const refuse = refuserOf(file)
  const records = readCsv(text, refuse)
  if (records.length === 0)
    throw refuse(1, `no prices; expected a header with ${required.join(', ')} and a line a price`)
  const seen = new Map<string, number>()
  return records.map(({ record, line }) => {
    for (const name of required) {
      if (record[name] === undefined || record[name] === '')
        throw refuse(line, `no ${name}; expected columns ${required.join(', ')} and optionally note`)
    }
    const token = record['token'] ?? ''
    if (!tokens.has(token))
      throw refuse(line, `unknown token '${token}'; known: ${[...tokens].sort().join(', ')}`)
    try {
      const date = day(record['date'] ?? '')
      const earlier = seen.get(`${token} ${date}`)
      if (earlier !== undefined)
        throw new Error(`a second price of ${token} on ${date}, after line ${earlier}`)
      seen.set(`${token} ${date}`, line)
      return {
        token,
        source: 'manual',
        kind: 'close' as const,
        usd: priceScaled(record['usd'] ?? ''),
        observedAt: dayStart(addDays(date, 1)),
        author: record['author'] ?? '',
        ...(record['note'] ? { note: record['note'] } : {}),
      }
    } catch (error) {
      throw refuse(line, messageOf(error), error)
    }
  })
}
