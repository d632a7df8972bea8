import { type RawAmount, rawAmount } from '../../../pipeline/model/amount.ts'
import type { Event } from '../../../pipeline/model/event.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import { type UnixSeconds, unixSeconds } from '../../../pipeline/model/time.ts'
import type { AnswerPlace } from '../../engine/json_rpc_answer.ts'
import { bytesOf, heightOf, hexNumber, type RawLog, timeOf } from './logs.ts'
import { badAnswer } from './rpc-errors.ts'
import { type LogQuery, type Matcher, type Side, topicOf, transferTopic, zeroAddress } from './streams.ts'

/** A block that holds kept logs, as the logs themselves describe it. */
export interface BlockSeen {
  readonly height: number
  readonly hash: string
  /** From the log's `blockTimestamp`; undefined where the node gives none. */
  readonly time: UnixSeconds | undefined
  /** The block's events in {@link Decoded.events}: from `first` to before `end`. */
  readonly first: number
  readonly end: number
}

/** Events whose time is not known yet; {@link dated} completes them. */
export interface Decoded {
  readonly events: readonly Undated[]
  readonly blocks: readonly BlockSeen[]
}

/** An event without its time. */
export type Undated = { -readonly [K in keyof Event]: Event[K] }
type Open<T> = { -readonly [K in keyof T]: T[K] }

const zeroTopic = topicOf(zeroAddress)
const undated = unixSeconds(0)

/**
 * Decodes the answer to one filter: a log gives an event for each stream it matches. The position is the
 * log's index in its block. The zero address is never a sender or recipient.
 * @param pages The logs, as `unknown`, in the order of the chain.
 * @throws IndexerError `rpc-bad-answer` if a log is malformed, removed, outside `range`, or not what was asked for.
 */
export function decodeLogs(
  pages: Iterable<readonly unknown[]>,
  query: LogQuery,
  range: HeightRange,
  place: AnswerPlace,
): Decoded {
  const events: Undated[] = []
  const blocks: Open<BlockSeen>[] = []
  let block: Open<BlockSeen> | undefined
  let blockText: unknown
  let blockHash: unknown
  let height = -1
  let txText: unknown
  let txId: Uint8Array = new Uint8Array()
  for (const page of pages) {
    for (const item of page) {
      if (typeof item !== 'object' || item === null)
        throw badAnswer(place, `a log is ${JSON.stringify(item)}`)
      const log: RawLog = item
      if (log.blockNumber !== blockText || log.blockHash !== blockHash) {
        height = heightOf(log, range, place)
        if (log.blockNumber === blockText) throw badAnswer(place, 'logs name two hashes of the block', height)
        blockText = log.blockNumber
        blockHash = log.blockHash
        block = undefined
      }
      if (log.removed === true) throw badAnswer(place, 'a log is marked as removed', height)
      const topics = log.topics
      if (!Array.isArray(topics) || topics.length !== 3 || topics[0] !== transferTopic) {
        throw badAnswer(place, `expected a Transfer with 3 topics, got ${JSON.stringify(topics)}`, height)
      }
      const from: unknown = topics[1]
      const to: unknown = topics[2]
      for (const matcher of query.matchers.get(log.address as string) ??
        matchersOf(log, query, place, height)) {
        if (!isOnSide(from, matcher.from) || !isOnSide(to, matcher.to)) continue
        if (height < matcher.fromHeight || height > matcher.toHeight) continue
        if (log.transactionHash !== txText) {
          txId = bytesOf(log.transactionHash, place, height)
          txText = log.transactionHash
        }
        if (block === undefined) {
          const time = timeOf(log.blockTimestamp)
          block = { height, hash: String(blockHash), time, first: events.length, end: events.length }
          blocks.push(block)
        }
        const { streamId } = matcher
        const position = hexNumber(log.logIndex)
        if (position < 0) throw badAnswer(place, `logIndex is ${JSON.stringify(log.logIndex)}`, height)
        const amountRaw = amountOf(log.data, place, height)
        const happenedAt = undated
        const sender = from === zeroTopic ? undefined : addressOf(from, place, height)
        const recipient = to === zeroTopic ? undefined : addressOf(to, place, height)
        // Written out, because a spread for each event costs more than the rest of this loop.
        if (sender !== undefined && recipient !== undefined) {
          events.push({ streamId, txId, position, amountRaw, height, happenedAt, sender, recipient })
        } else if (recipient !== undefined) {
          events.push({ streamId, txId, position, amountRaw, height, happenedAt, recipient })
        } else if (sender !== undefined) {
          events.push({ streamId, txId, position, amountRaw, height, happenedAt, sender })
        } else events.push({ streamId, txId, position, amountRaw, height, happenedAt })
        block.end = events.length
      }
    }
  }
  return { events, blocks }
}

/**
 * Gives each event the time of its block.
 * @param timeAt The time of a block, asked once for each block that holds events.
 */
export function dated(decoded: Decoded, timeAt: (block: BlockSeen) => UnixSeconds): readonly Event[] {
  for (const block of decoded.blocks) {
    const time = timeAt(block)
    for (let at = block.first; at < block.end; at += 1) {
      const event = decoded.events[at]
      if (event !== undefined) event.happenedAt = time
    }
  }
  return decoded.events
}

function isOnSide(topic: unknown, side: Side): boolean {
  if (side === 'any') return true
  if (side === 'holder') return topic !== zeroTopic
  return side.has(topic as string)
}

function matchersOf(log: RawLog, query: LogQuery, place: AnswerPlace, height: number): readonly Matcher[] {
  const found = typeof log.address === 'string' ? query.matchers.get(log.address.toLowerCase()) : undefined
  if (found === undefined) {
    throw badAnswer(
      place,
      `got a log of contract ${JSON.stringify(log.address)}, which was not asked for`,
      height,
    )
  }
  return found
}

function amountOf(data: unknown, place: AnswerPlace, height: number): RawAmount {
  if (typeof data === 'string' && data.length === 66) {
    try {
      return rawAmount(BigInt(data))
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause
    }
  }
  throw badAnswer(place, `expected data of 32 bytes, got ${JSON.stringify(data)?.slice(0, 80)}`, height)
}

/** Addresses recur, so their checked short form is remembered by topic; forgotten as a whole when full. */
const remembered = new Map<string, string>()
const rememberedLimit = 65_536

function addressOf(topic: unknown, place: AnswerPlace, height: number): string {
  const known = remembered.get(topic as string)
  if (known !== undefined) return known
  if (typeof topic !== 'string' || !/^0x0{24}[0-9a-fA-F]{40}$/.test(topic)) {
    throw badAnswer(place, `expected an address as a topic, got ${JSON.stringify(topic)}`, height)
  }
  // Lower-casing also makes a string of its own, which does not keep the answer it was cut from alive.
  const address = `0x${topic.slice(26)}`.toLowerCase()
  if (remembered.size >= rememberedLimit) remembered.clear()
  remembered.set(topic, address)
  return address
}
