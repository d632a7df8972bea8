import type { Place } from './answer.ts'
import { badAnswer, fieldsOf, heightOf, listOf } from './answer.ts'

/** How an answer writes attributes: engines before CometBFT 0.37 in base64, later ones (but for forks) as they are. */
export type AttributeEncoding = 'base64' | 'plain'

/** One key and its value; an absent value is an empty text. */
export type Attribute = readonly [key: string, value: string]

/** One event of a block, decoded when it is looked at. */
export class ChainEvent {
  readonly type: string
  /** Its place among the events of its transaction, or of the block. */
  readonly index: number
  readonly #raw: readonly unknown[]
  readonly #encoding: AttributeEncoding
  #decoded: readonly Attribute[] | undefined

  constructor(type: string, index: number, raw: readonly unknown[], encoding: AttributeEncoding) {
    this.type = type
    this.index = index
    this.#raw = raw
    this.#encoding = encoding
  }

  /** Its attributes in order; keys may repeat where several events were merged into one. */
  get attributes(): readonly Attribute[] {
    this.#decoded ??= this.#raw.map((item): Attribute => {
      const { key, value } = item as RawAttribute
      return this.#encoding === 'plain' ? [textOf(key), textOf(value)] : [keyOf(key), decoded(value)]
    })
    return this.#decoded
  }

  /** The first value of a key; undefined if the event has no such key. */
  get(key: string): string | undefined {
    for (const [name, value] of this.attributes) if (name === key) return value
    return undefined
  }

  /**
   * The records that a merged event holds: a new one starts wherever a key comes again. An event that was not
   * merged is one record.
   * @example // recipient, sender, amount, recipient, sender, amount: two records
   */
  records(): readonly (readonly Attribute[])[] {
    const records: Attribute[][] = []
    let seen = new Set<string>()
    for (const attribute of this.attributes) {
      if (records.length === 0 || seen.has(attribute[0])) {
        records.push([])
        seen = new Set()
      }
      seen.add(attribute[0])
      records.at(-1)?.push(attribute)
    }
    return records
  }
}

/** What a transaction did, as `block_results` tells it. */
export interface TxResult {
  /** 0: it succeeded. */
  readonly code: number
  readonly codespace: string
  readonly log: string
  readonly events: readonly ChainEvent[]
}

/** Every event of a block in the order of execution, whatever the engine's shape of the answer. */
export interface BlockResults {
  readonly height: number
  readonly encoding: AttributeEncoding
  /** Before the transactions (`begin_block_events`), numbered from 0. */
  readonly begin: readonly ChainEvent[]
  readonly txs: readonly TxResult[]
  /** After the transactions, numbered on from those of `begin`. */
  readonly end: readonly ChainEvent[]
}

interface RawAttribute {
  readonly key?: unknown
  readonly value?: unknown
}

interface RawEvent {
  readonly type: string
  readonly attributes: readonly unknown[]
}

/** Keys that every chain of the SDK writes: seeing one, plain or encoded, decides for the whole answer. */
const knownKeys = [
  'amount',
  'action',
  'sender',
  'spender',
  'receiver',
  'recipient',
  'validator',
  'fee',
  'module',
]
const plainKeys = new Set(knownKeys)
const encodedKeys = new Set(knownKeys.map((k) => Buffer.from(k, 'utf8').toString('base64')))

/**
 * Reads the answer to `block_results` in all four shapes: begin/end lists or one list, base64 or plain.
 * @param encoding Forces an encoding; absent: decided once for the answer, never attribute by attribute.
 * @throws IndexerError `rpc-bad-answer` naming endpoint, height and field, if it is of another height or malformed.
 */
export function readResults(
  result: unknown,
  height: number,
  place: Place,
  encoding?: AttributeEncoding,
): BlockResults {
  const fields = fieldsOf(result)
  if (fields === undefined)
    throw badAnswer(place, `expected results of a block, got ${JSON.stringify(result)?.slice(0, 60)}`)
  const answered = heightOf(fields.height, place, 'height')
  if (answered !== height)
    throw badAnswer(place, `expected the results of height ${height}, got those of ${answered}`)
  const finalize = listOf(fields.finalize_block_events, place, 'finalize_block_events')
  const split = [fields.begin_block_events, fields.end_block_events]
  if (finalize.length > 0 && split.some((list) => Array.isArray(list) && list.length > 0))
    throw badAnswer(place, 'it has both finalize_block_events and begin_block_events')
  const txs = listOf(fields.txs_results, place, 'txs_results').map((tx, i) => {
    const seen = fieldsOf(tx)
    if (seen === undefined) throw badAnswer(place, `txs_results[${i}] is no object`)
    return seen
  })
  const begin = rawEvents(split[0], place, 'begin_block_events')
  const end = rawEvents(split[1], place, 'end_block_events')
  const whole = rawEvents(finalize, place, 'finalize_block_events')
  const inTxs = txs.map((tx, i) => rawEvents(tx.events, place, `txs_results[${i}].events`))
  const decided = encoding ?? encodingOf([begin, end, whole, ...inTxs], place)
  const made = (raw: readonly RawEvent[], from: number): ChainEvent[] =>
    raw.map((e, i) => new ChainEvent(e.type, from + i, e.attributes, decided))
  const blockLevel = made(whole, 0)
  // The SDK says which events come after the transactions; what has no mode is from before the block.
  const isEnd = (e: ChainEvent): boolean => e.get('mode') === 'EndBlock'
  const firstEnd = blockLevel.findIndex(isEnd)
  const cut = firstEnd === -1 ? blockLevel.length : firstEnd
  return {
    height,
    encoding: decided,
    begin: finalize.length > 0 ? blockLevel.slice(0, cut) : made(begin, 0),
    txs: txs.map((tx, i) => ({
      code: codeOf(tx.code, place, i),
      codespace: textOf(tx.codespace),
      log: textOf(tx.log),
      events: made(inTxs[i] ?? [], 0),
    })),
    end: finalize.length > 0 ? blockLevel.slice(cut) : made(end, begin.length),
  }
}

/** Every event of a block, in the order of execution. */
export function* everyEvent({ begin, txs, end }: BlockResults): Generator<ChainEvent> {
  yield* begin
  for (const tx of txs) yield* tx.events
  yield* end
}

function rawEvents(value: unknown, place: Place, field: string): readonly RawEvent[] {
  return listOf(value, place, field).map((item, i) => {
    if (typeof item !== 'object' || item === null) throw badAnswer(place, `${field}[${i}] is no event`)
    const { type, attributes } = item as { type?: unknown; attributes?: unknown }
    const list = attributes ?? []
    if (!Array.isArray(list)) throw badAnswer(place, `the attributes of ${field}[${i}] are no list`)
    for (const attribute of list)
      if (typeof attribute !== 'object' || attribute === null)
        throw badAnswer(place, `${field}[${i}] has a malformed attribute`)
    return { type: textOf(type), attributes: list }
  })
}

function encodingOf(lists: readonly (readonly RawEvent[])[], place: Place): AttributeEncoding {
  let attributes = 0
  for (const events of lists) {
    for (const event of events) {
      for (const item of event.attributes) {
        const { key } = item as RawAttribute
        if (typeof key !== 'string') continue
        if (plainKeys.has(key)) return 'plain'
        if (encodedKeys.has(key)) return 'base64'
        attributes += 1
      }
    }
  }
  if (attributes === 0) return 'plain'
  throw badAnswer(
    place,
    `none of its ${attributes} attributes has a key that says whether they are base64 (${knownKeys.join(', ')})`,
  )
}

function codeOf(value: unknown, place: Place, index: number): number {
  if (value === undefined || value === null) return 0
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw badAnswer(place, `txs_results[${index}].code is ${JSON.stringify(value)}`)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function decoded(value: unknown): string {
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : ''
}

// A chain has a few dozen keys; they are decoded once.
const keys = new Map<string, string>()
const mostKeys = 4_096

function keyOf(value: unknown): string {
  if (typeof value !== 'string') return ''
  const known = keys.get(value)
  if (known !== undefined) return known
  const made = decoded(value)
  if (keys.size < mostKeys) keys.set(value, made)
  return made
}
