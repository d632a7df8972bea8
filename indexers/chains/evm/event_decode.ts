import { rawAmount } from '../../../pipeline/model/amount.ts'
import { IndexerError, messageOf } from '../../../pipeline/model/errors.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import { type UnixSeconds, unixSeconds } from '../../../pipeline/model/time.ts'
import type { AnswerPlace } from '../../engine/json_rpc_answer.ts'
import { type Args, decodeArgs, evaluate, type KnownEvent, textOf } from './abi.ts'
import type { BlockSeen, Decoded, Undated } from './decode.ts'
import type { EventMatcher, EventQuery, Rule, RuleJoin } from './event_query.ts'
import { bytesOf, heightOf, hexNumber, type RawLog, timeOf } from './logs.ts'
import { badAnswer } from './rpc-errors.ts'
import { zeroAddress } from './streams.ts'

/** A log that some streams may count. */
export interface FoundEvent {
  readonly contract: string
  /** Its own arguments, as each declared event names them. */
  readonly args: ReadonlyMap<KnownEvent, Args>
  readonly matchers: readonly { readonly matcher: EventMatcher; readonly rules: readonly Rule[] }[]
  readonly height: number
  readonly hash: string
  readonly time: UnixSeconds | undefined
  readonly txId: Uint8Array
  readonly position: number
}

/** An event that others join, with its arguments. */
export interface JoinedEvent {
  readonly contract: string
  readonly join: RuleJoin
  readonly args: Args
}

/** What one filter gave: events that count, and events that others join. */
export interface FoundEvents {
  readonly found: readonly FoundEvent[]
  readonly joined: readonly JoinedEvent[]
}

/** The arguments of the event that a rule joins; undefined if it is not known. */
export type FindJoin = (contract: string, join: RuleJoin, value: string) => Args | undefined

/**
 * Decodes the answer to a filter of contract events.
 * @throws IndexerError `rpc-bad-answer` if a log is malformed, removed, outside `range` or not what was asked for;
 *   `decode-failed` if its arguments do not fit the declared event.
 */
export function decodeEvents(
  pages: Iterable<readonly unknown[]>,
  query: EventQuery,
  range: HeightRange,
  place: AnswerPlace,
): FoundEvents {
  const found: FoundEvent[] = []
  const joined: JoinedEvent[] = []
  for (const page of pages) {
    for (const item of page) {
      if (typeof item !== 'object' || item === null)
        throw badAnswer(place, `a log is ${JSON.stringify(item)}`)
      const log: RawLog = item
      const height = heightOf(log, range, place)
      const { contract, topics } = checkedLog(log, query, place, height)
      for (const join of query.joins.get(contract) ?? []) {
        if (join.event.topic !== topics[0]) continue
        joined.push({ contract, join, args: argsOf(join.event, topics, log, place, height) })
      }
      const one = foundIn(log, contract, topics, query, height, place)
      if (one !== undefined) found.push(one)
    }
  }
  return { found, joined }
}

function foundIn(
  log: RawLog,
  contract: string,
  topics: readonly string[],
  query: EventQuery,
  height: number,
  place: AnswerPlace,
): FoundEvent | undefined {
  const matchers = (query.matchers.get(contract) ?? []).flatMap((matcher) => {
    if (height < matcher.fromHeight || height > matcher.toHeight) return []
    const rules = matcher.rules.filter((r) => r.event.topic === topics[0])
    return rules.length === 0 ? [] : [{ matcher, rules }]
  })
  if (matchers.length === 0) return undefined
  const position = hexNumber(log.logIndex)
  if (position < 0) throw badAnswer(place, `logIndex is ${JSON.stringify(log.logIndex)}`, height)
  return {
    contract,
    args: new Map(
      matchers.flatMap((m) =>
        m.rules.map(({ event }) => [event, argsOf(event, topics, log, place, height)] as const),
      ),
    ),
    matchers,
    height,
    hash: String(log.blockHash),
    time: timeOf(log.blockTimestamp),
    txId: bytesOf(log.transactionHash, place, height),
    position,
  }
}

function checkedLog(
  log: RawLog,
  query: EventQuery,
  place: AnswerPlace,
  height: number,
): { readonly contract: string; readonly topics: readonly string[] } {
  if (log.removed === true) throw badAnswer(place, 'a log is marked as removed', height)
  const contract = typeof log.address === 'string' ? log.address.toLowerCase() : ''
  if (!query.matchers.has(contract))
    throw badAnswer(
      place,
      `got a log of contract ${JSON.stringify(log.address)}, which was not asked for`,
      height,
    )
  const { topics } = log
  const fits =
    Array.isArray(topics) && topics.every((t) => typeof t === 'string' && /^0x[0-9a-f]{64}$/.test(t))
  if (!fits || !query.topics[0].includes(topics[0]))
    throw badAnswer(place, `expected one of the topics asked for, got ${JSON.stringify(topics)}`, height)
  return { contract, topics }
}

function argsOf(
  event: KnownEvent,
  topics: readonly string[],
  log: RawLog,
  place: AnswerPlace,
  height: number,
): Args {
  if (typeof log.data !== 'string' || !/^0x([0-9a-f]{2})*$/.test(log.data))
    throw badAnswer(place, `data is ${JSON.stringify(log.data)?.slice(0, 80)}`, height)
  return fittingArgs(event, topics, log, `block ${height}`)
}

/** The arguments of a log. @throws IndexerError `decode-failed` if they do not fit the declared event. */
export function fittingArgs(event: KnownEvent, topics: readonly string[], log: RawLog, where: string): Args {
  try {
    return decodeArgs(event, topics, log.data)
  } catch (cause) {
    const tx = String(log.transactionHash)
    throw new IndexerError(
      'decode-failed',
      `${where}, transaction ${tx}: the event ${event.item.name} does not fit its declaration (${messageOf(cause)}). If the contract changed, end the stream and add one with the new event`,
      { tx },
      { cause },
    )
  }
}

/** A stream whose amounts are not known, because an event that it joins was not found. */
export interface MissingJoin {
  readonly streamId: number
  readonly reason: string
}

/**
 * Makes events of what was found, once what they join is known. A stream that misses any gives none.
 * @throws IndexerError `decode-failed` if an amount is negative, or differs from what the declaration says it equals.
 */
export function settleEvents(
  found: readonly FoundEvent[],
  findJoin: FindJoin,
): { readonly decoded: Decoded; readonly missing: readonly MissingJoin[] } {
  const events: Undated[] = []
  const blocks: { -readonly [K in keyof BlockSeen]: BlockSeen[K] }[] = []
  const missing = found.flatMap((one) => one.matchers.flatMap((m) => missingJoin(one, m, findJoin)))
  const without = new Set(missing.map((m) => m.streamId))
  for (const one of found) {
    const first = events.length
    for (const { matcher, rules } of one.matchers) {
      if (without.has(matcher.streamId)) continue
      const made = settleOne(one, matcher, rules, findJoin)
      if (made !== undefined) events.push(made)
    }
    if (events.length === first) continue
    const last = blocks.at(-1)
    if (last?.height === one.height) last.end = events.length
    else blocks.push({ height: one.height, hash: one.hash, time: one.time, first, end: events.length })
  }
  return { decoded: { events, blocks }, missing }
}

function missingJoin(
  one: FoundEvent,
  { matcher, rules }: FoundEvent['matchers'][number],
  findJoin: FindJoin,
): readonly MissingJoin[] {
  return rules.flatMap(({ event, join }) => {
    if (join === undefined) return []
    const value = textOf(one.args.get(event)?.[join.on])
    if (findJoin(one.contract, join, value) !== undefined) return []
    const reason = `${join.event.item.name} of ${join.on} ${value} is not known, needed at block ${one.height}: no endpoint holds logs that old, or it was made below the declared height`
    return [{ streamId: matcher.streamId, reason }]
  })
}

function settleOne(
  one: FoundEvent,
  { streamId, where }: EventMatcher,
  rules: readonly Rule[],
  findJoin: FindJoin,
): Undated | undefined {
  for (const rule of rules) {
    const own = one.args.get(rule.event) ?? {}
    const { join } = rule
    const earlier = join === undefined ? {} : findJoin(one.contract, join, textOf(own[join.on]))
    const args = { ...earlier, ...own }
    if (!rule.where.every((c) => c.texts.has(textOf(args[c.name]).toLowerCase()) !== c.not)) continue
    const tx = `0x${Buffer.from(one.txId).toString('hex')}`
    const amount = evaluate(rule.amount, args)
    const refuse = (what: string): IndexerError =>
      new IndexerError('decode-failed', `${where}: block ${one.height}, transaction ${tx}: ${what}`, {
        height: one.height,
        tx,
      })
    if (amount < 0n) throw refuse(`the amount is ${amount}, below zero`)
    if (rule.equals !== undefined && evaluate(rule.equals, args) !== amount)
      throw refuse(`the amount is ${amount}, but should equal ${evaluate(rule.equals, args)} by its parts`)
    const sender = partyOf(rule.sender, args)
    const recipient = partyOf(rule.recipient, args)
    const detail = Object.fromEntries(rule.detail.map((name) => [name, detailOf(args[name])]))
    return {
      streamId,
      txId: one.txId,
      position: one.position,
      amountRaw: rawAmount(amount),
      height: one.height,
      happenedAt: unixSeconds(0),
      ...(sender === undefined ? {} : { sender }),
      ...(recipient === undefined ? {} : { recipient }),
      ...(rule.detail.length === 0 ? {} : { detail }),
    }
  }
  return undefined
}

function partyOf(name: string | undefined, args: Args): string | undefined {
  if (name === undefined) return undefined
  const address = textOf(args[name])
  return address === zeroAddress ? undefined : address
}

function detailOf(value: unknown): string | number | boolean {
  return typeof value === 'boolean' || typeof value === 'number' ? value : textOf(value)
}
