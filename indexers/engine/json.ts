import { isSafeNumber, parse } from 'lossless-json'
import { IndexerError } from '../../pipeline/model/errors.ts'

/** A JSON number is kept exact: a safe integer becomes a number, a larger integer a bigint, a fraction its text. */
function exactNumber(text: string): number | bigint | string {
  if (/^-?\d+$/.test(text)) {
    const value = Number(text)
    return Number.isSafeInteger(value) ? value : BigInt(text)
  }
  return isSafeNumber(text) ? Number(text) : text
}

const unsafeInteger = /[:[,\s]-?\d{16,}/

/**
 * Parses an answer without losing digits: integers beyond 2^53 become bigint.
 * @throws IndexerError `rpc-bad-answer` naming what was asked, if the text is not JSON (an HTML page, cut).
 */
export function parseExact(text: string, what: string, endpoint: string): unknown {
  try {
    return unsafeInteger.test(text) ? parse(text, null, exactNumber) : JSON.parse(text)
  } catch (error) {
    const start = text.slice(0, 60).replace(/\s+/g, ' ')
    const seen = text === '' ? 'an empty answer' : `${text.length} characters that start '${start}'`
    throw new IndexerError(
      'rpc-bad-answer',
      `${endpoint} ${what}: expected JSON, got ${seen}`,
      {},
      { cause: error },
    )
  }
}
