import type { HeightRange } from '../../../pipeline/model/height.ts'
import { type UnixSeconds, unixSeconds } from '../../../pipeline/model/time.ts'
import type { AnswerPlace } from '../../engine/json_rpc_answer.ts'
import { badAnswer } from './rpc-errors.ts'

/** The members of a log that are read; nothing about them is known until checked. */
export interface RawLog {
  readonly address?: unknown
  readonly topics?: unknown
  readonly data?: unknown
  readonly blockNumber?: unknown
  readonly blockHash?: unknown
  readonly blockTimestamp?: unknown
  readonly transactionHash?: unknown
  readonly logIndex?: unknown
  readonly removed?: unknown
}

/** The height of a log. @throws IndexerError `rpc-bad-answer` outside `range`, or if its block has no hash. */
export function heightOf(log: RawLog, range: HeightRange, place: AnswerPlace): number {
  const height = hexNumber(log.blockNumber)
  if (height < range.from || height > range.to) {
    const asked = `expected a log of blocks ${range.from} to ${range.to}`
    throw badAnswer(place, `${asked}, got one of block ${JSON.stringify(log.blockNumber)}`)
  }
  if (!isHash(log.blockHash)) throw badAnswer(place, `blockHash is ${JSON.stringify(log.blockHash)}`, height)
  return height
}

/** The time that a log states of its block; undefined where the node gives none. */
export function timeOf(value: unknown): UnixSeconds | undefined {
  const seconds = hexNumber(value)
  return seconds > 0 ? unixSeconds(seconds) : undefined
}

/** The bytes of a transaction's hash. @throws IndexerError `rpc-bad-answer` if they are not 32. */
export function bytesOf(hash: unknown, place: AnswerPlace, height: number): Uint8Array {
  const bytes = typeof hash === 'string' && hash.length === 66 ? Buffer.from(hash.slice(2), 'hex') : undefined
  if (bytes?.length === 32) return bytes
  throw badAnswer(place, `transactionHash is ${JSON.stringify(hash)}`, height)
}

/** A JSON-RPC quantity as a number: `0x1f` is 31. -1 if it is not one, or beyond 2^52. */
export function hexNumber(text: unknown): number {
  if (typeof text !== 'string' || text.length < 3 || text.length > 15 || !text.startsWith('0x')) return -1
  let value = 0
  for (let at = 2; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    const digit = code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : -1
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}

/** Whether a value is 32 bytes in hexadecimal, as hashes are written. */
export function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value)
}
