import { IndexerError } from '../../../pipeline/model/errors.ts'

/** What is read, for messages: `Solana transaction 5Kc9…e2`. */
export type Where = string

/** Name of a field, for messages; a function where writing it each time would cost more than reading the field. */
export type Field = string | (() => string)

function refuse(where: Where, named: Field, expected: string, seen: unknown): never {
  const field = typeof named === 'string' ? named : named()
  const text = seen === undefined ? 'nothing' : (JSON.stringify(seen) ?? String(seen)).slice(0, 60)
  throw new IndexerError('rpc-bad-answer', `${where}: ${field} must be ${expected}, the node gave ${text}`, {
    field,
  })
}

/** A JSON object. @throws IndexerError `rpc-bad-answer` naming the field, as all here do. */
export function objectOf(value: unknown, where: Where, field: Field): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>
  return refuse(where, field, 'an object', value)
}

/** A JSON array. */
export function listOf(value: unknown, where: Where, field: Field): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(where, field, 'a list', value)
}

/** A text that is not empty. */
export function textOf(value: unknown, where: Where, field: Field): string {
  return typeof value === 'string' && value !== '' ? value : refuse(where, field, 'a text', value)
}

/** A whole number from 0 on. */
export function countOf(value: unknown, where: Where, field: Field): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? value
    : refuse(where, field, 'a whole number', value)
}

const largestU64 = 2n ** 64n - 1n

/** A token amount: the decimal text of an unsigned 64-bit number. */
export function unitsOf(value: unknown, where: Where, field: Field): bigint {
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) {
    const units = BigInt(value)
    if (units <= largestU64) return units
  }
  return refuse(where, field, 'the text of an unsigned 64-bit number', value)
}
