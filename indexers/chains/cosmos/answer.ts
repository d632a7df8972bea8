import { IndexerError } from '../../../pipeline/model/errors.ts'
import { type UnixSeconds, unixSeconds } from '../../../pipeline/model/time.ts'

/** Which answer is being read, for messages. */
export interface Place {
  readonly endpoint: string
  /** The method and what it was asked for: `block_results 12`. */
  readonly what: string
  readonly height?: number
}

/** An object's own fields, before anyone has checked them. */
export type Fields = Readonly<Record<string, unknown>>

/** Refuses an answer: what was asked, what was expected and what was seen, in one line. */
export function badAnswer(place: Place, expected: string): IndexerError {
  const { endpoint, what, height } = place
  return new IndexerError('rpc-bad-answer', `${endpoint} ${what}: ${expected}`, { endpoint, height })
}

function refuse(place: Place, field: string, expected: string, seen: unknown): never {
  const text = seen === undefined ? 'nothing' : (JSON.stringify(seen) ?? String(seen)).slice(0, 60)
  throw badAnswer(place, `expected ${expected} in field '${field}', got ${text}`)
}

/** A JSON object, or undefined. */
export function fieldsOf(value: unknown): Fields | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as Fields) : undefined
}

/** A JSON object. @throws IndexerError `rpc-bad-answer` naming the field, as all here do. */
export function objectOf(value: unknown, place: Place, field: string): Fields {
  return fieldsOf(value) ?? refuse(place, field, 'an object', value)
}

/** A list; null or nothing is an empty one, as nodes leave empty lists out. */
export function listOf(value: unknown, place: Place, field: string): readonly unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : refuse(place, field, 'a list', value)
}

/** A text that is not empty. */
export function textOf(value: unknown, place: Place, field: string): string {
  return typeof value === 'string' && value !== '' ? value : refuse(place, field, 'a text', value)
}

/** A height, written as text or as a number. */
export function heightOf(value: unknown, place: Place, field: string): number {
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && /^\d{1,15}$/.test(value)
        ? Number(value)
        : -1
  return Number.isSafeInteger(number) && number >= 0 ? number : refuse(place, field, 'a height', value)
}

/** A block or transaction hash: 32 bytes in upper-case hexadecimal; lower case is accepted and raised. */
export function hashOf(value: unknown, place: Place, field: string): string {
  if (typeof value === 'string' && /^[0-9a-fA-F]{64}$/.test(value)) return value.toUpperCase()
  return refuse(place, field, '32 bytes in hexadecimal', value)
}

/** An RFC 3339 instant with up to nanoseconds; the fraction is dropped. */
export function timeOf(value: unknown, place: Place, field: string): UnixSeconds {
  const ms = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value) ? Date.parse(value) : Number.NaN
  // Blocks have real dates: a year 1 is Go's way to say "none".
  return ms > 0 ? unixSeconds(Math.floor(ms / 1000)) : refuse(place, field, 'an instant', value)
}
