import {
  type AbiEvent,
  type AbiFunction,
  decodeEventLog,
  parseAbiItem,
  toEventSelector,
  toFunctionSelector,
} from 'viem'
import { IndexerError, messageOf } from '../../../pipeline/model/errors.ts'

/** The decoded arguments of an event, by name. */
export type Args = Readonly<Record<string, unknown>>

/** A checked event: its ABI item and its topic 0. */
export interface KnownEvent {
  readonly item: AbiEvent
  readonly topic: string
}

/** One argument of an amount, and whether it is added or taken away. */
export interface Term {
  readonly name: string
  readonly sign: 1n | -1n
}

const events = new Map<string, KnownEvent>()

/**
 * The event of a human-readable ABI item; the same text always gives the same object.
 * @throws IndexerError `bad-declaration` if the text is none, or has unnamed arguments.
 */
export function parseEvent(text: string, where: string): KnownEvent {
  const known = events.get(text)
  if (known !== undefined) return known
  const item = parsed(text, where)
  if (item.type !== 'event') throw refused(where, `'${text}' is no event`)
  if (item.inputs.some((input) => (input.name ?? '') === ''))
    throw refused(where, `'${text}' has unnamed arguments`)
  const made = { item, topic: toEventSelector(item) }
  events.set(text, made)
  return made
}

/** The four bytes that select a function, `0x1a257300`. @throws IndexerError `bad-declaration` if the text is none. */
export function parseSelector(text: string, where: string): string {
  const item: AbiEvent | AbiFunction | { readonly type: string } = parsed(text, where)
  if (item.type !== 'function' || !('stateMutability' in item))
    throw refused(where, `'${text}' is no function`)
  return toFunctionSelector(item)
}

/**
 * The terms of `a - b + c`.
 * @param known Events whose arguments may be named, all of whole numbers.
 * @throws IndexerError `bad-declaration` if it names anything else.
 */
export function parseTerms(text: string, known: readonly KnownEvent[], where: string): readonly Term[] {
  if (!/^\s*\w+(\s*[+-]\s*\w+)*\s*$/.test(text)) throw refused(where, `'${text}' is no sum of arguments`)
  return [...text.matchAll(/([+-]?)\s*(\w+)/g)].map(([, sign, name = '']): Term => {
    const input = known.flatMap((k) => k.item.inputs).find((i) => i.name === name)
    if (input === undefined || !/^u?int\d*$/.test(input.type)) {
      throw refused(where, `'${text}' names ${name}, which is no whole-number argument`)
    }
    return { name, sign: sign === '-' ? -1n : 1n }
  })
}

/** @throws IndexerError `bad-declaration` if none of the events has the argument. */
export function checkArgument(name: string, known: readonly KnownEvent[], where: string): void {
  if (known.some((k) => k.item.inputs.some((i) => i.name === name))) return
  throw refused(where, `no event of it has an argument '${name}'`)
}

/** What an expression gives for decoded arguments. */
export function evaluate(terms: readonly Term[], args: Args): bigint {
  return terms.reduce((sum, { name, sign }) => sum + sign * BigInt(args[name] as bigint | number), 0n)
}

/**
 * The arguments of a log.
 * @throws Error if topics or data do not fit the event: other arguments are indexed, or there are more or fewer.
 */
export function decodeArgs({ item }: KnownEvent, topics: readonly string[], data: unknown): Args {
  const indexed = item.inputs.filter((input) => input.indexed === true).length
  if (topics.length !== indexed + 1)
    throw new Error(`${topics.length - 1} indexed arguments instead of ${indexed}`)
  const open = item.inputs.filter((input) => input.indexed !== true)
  // Words of fixed types fill the data exactly; viem would pass over words that are too many.
  if (open.every((input) => /^(u?int\d*|address|bool|bytes\d+)$/.test(input.type))) {
    const words = (String(data).length - 2) / 64
    if (words !== open.length) throw new Error(`${words} words of data instead of ${open.length}`)
  }
  const { args } = decodeEventLog({
    abi: [item],
    topics: topics as [`0x${string}`, ...`0x${string}`[]],
    data: data as `0x${string}`,
    strict: true,
  })
  return (args ?? {}) as Args
}

/** An argument as text: whole numbers in decimal, addresses in lower case. */
export function textOf(value: unknown): string {
  return typeof value === 'string' && value.startsWith('0x') ? value.toLowerCase() : String(value)
}

function parsed(text: string, where: string): AbiEvent | AbiFunction | { readonly type: 'other' } {
  try {
    const item = parseAbiItem(text as string) as AbiEvent | AbiFunction
    return item.type === 'event' || item.type === 'function' ? item : { type: 'other' }
  } catch (cause) {
    throw new IndexerError(
      'bad-declaration',
      `${where}: '${text}' is no ABI item: ${messageOf(cause)}`,
      {},
      { cause },
    )
  }
}

const refused = (where: string, what: string): IndexerError =>
  new IndexerError('bad-declaration', `${where}: ${what}`)
