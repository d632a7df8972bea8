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

/** Parses text without losing digits: integers beyond 2^53 become bigint. @throws SyntaxError */
export function readExact(text: string): unknown {
  return unsafeInteger.test(text) ? parse(text, null, exactNumber) : JSON.parse(text)
}

/**
 * Parses an answer with {@link readExact}.
 * @throws IndexerError `rpc-bad-answer` naming what was asked, if the text is not JSON (an HTML page, cut).
 */
export function parseExact(text: string, what: string, endpoint: string): unknown {
  return readJson(text, what, endpoint, readExact)
}

/** Like {@link parseExact}, with another way to make a value of the text. */
export function readJson(
  text: string,
  what: string,
  endpoint: string,
  read: (text: string) => unknown,
): unknown {
  try {
    return read(text)
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
