import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { AnswerPlace } from '../../engine/json_rpc_answer.ts'

/** Fields of an answer, before anyone has checked them. */
export type Fields = Readonly<Record<string, unknown>>

/** An answer that is not what the protocol promises: names endpoint, method, height, and what was expected and seen. */
export function badAnswer(place: AnswerPlace, expected: string, seen: unknown): IndexerError {
  const at = place.height === undefined ? '' : ` at height ${place.height}`
  return new IndexerError(
    'rpc-bad-answer',
    `${place.endpoint} ${place.method}${at}: expected ${expected}, got ${shown(seen)}`,
    { ...place },
  )
}

/** @throws IndexerError `rpc-bad-answer` unless it is a JSON object. */
export function fields(value: unknown, what: string, place: AnswerPlace): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw badAnswer(place, what, value)
}

/** A list; Lotus writes an empty one as null. @throws IndexerError `rpc-bad-answer` for anything else. */
export function list(value: unknown, what: string, place: AnswerPlace): readonly unknown[] {
  if (value === null || value === undefined) return []
  if (Array.isArray(value)) return value
  throw badAnswer(place, `a list of ${what}`, value)
}

/** AttoFIL, which Lotus writes as decimal text. @throws IndexerError `rpc-bad-answer` naming the field. */
export function amount(of: Fields, field: string, place: AnswerPlace): bigint {
  const value = of[field]
  if (typeof value === 'string' && /^-?\d{1,78}$/.test(value)) return BigInt(value)
  throw badAnswer(place, `an amount in attoFIL in field '${field}'`, value)
}

/** A whole number that is exact in JSON. @throws IndexerError `rpc-bad-answer` naming the field. */
export function whole(of: Fields, field: string, place: AnswerPlace): number {
  const value = of[field]
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw badAnswer(place, `a whole number in field '${field}'`, value)
}

/** An address in the writing of mainnet (`f...`), which nodes of other networks write `t...`. */
export function address(of: Fields, field: string, place: AnswerPlace): string {
  const value = of[field]
  if (typeof value === 'string' && /^[ft][0-4][a-z0-9]+$/.test(value)) return `f${value.slice(1)}`
  throw badAnswer(place, `an address in field '${field}'`, value)
}

/** A content identifier, which Lotus writes as `{"/": "bafy..."}`. */
export function cid(value: unknown, what: string, place: AnswerPlace): string {
  const link = typeof value === 'object' && value !== null ? (value as Fields)['/'] : undefined
  if (typeof link === 'string' && /^[a-zA-Z0-9]{20,120}$/.test(link)) return link
  throw badAnswer(place, what, value)
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 80)}...` : text
}
