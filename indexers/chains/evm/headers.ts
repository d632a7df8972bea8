import { IndexerError } from '../../../pipeline/model/errors.ts'
import {
  addDays,
  type Day,
  dayOf,
  dayStart,
  daysBetween,
  type UnixSeconds,
  unixSeconds,
} from '../../../pipeline/model/time.ts'
import type { AnswerPlace, RpcRequest } from '../../engine/json_rpc_answer.ts'
import type { BlockMark, DayBounds } from '../../engine/ports.ts'
import { hexNumber, isHash } from './logs.ts'
import { badAnswer, isNullRound } from './rpc-errors.ts'

/** Finds the block of a height; where a height has none, the next block above it. */
export type MarkAt = (height: number) => Promise<BlockMark>

/**
 * Asks for the header of a block, by height or by tag.
 * The value's read throws `rpc-not-found` if the node has no such block, `rpc-bad-answer` if it is malformed
 * or is another block than the one asked for.
 */
export function headerRequest(block: number | 'latest' | 'finalized'): RpcRequest<BlockMark> {
  const asked = typeof block === 'number' ? `0x${block.toString(16)}` : block
  return {
    method: 'eth_getBlockByNumber',
    params: [asked, false],
    read: (result, place) => readHeader(block, result, place),
  }
}

/** As {@link headerRequest}, where a height may have no block: then the value is undefined. */
export function roundRequest(height: number): RpcRequest<BlockMark | undefined> {
  return {
    ...headerRequest(height),
    readError: (error) => (isNullRound(error) ? { value: undefined } : undefined),
  }
}

/** Asks for the block before another one, by the hash that it names. The value's read throws as of {@link headerRequest}. */
export function parentRequest({ parentHash }: BlockMark): RpcRequest<BlockMark> {
  return {
    method: 'eth_getBlockByHash',
    params: [parentHash, false],
    read: (result, place) => {
      const mark = readHeader(parentHash, result, place)
      if (mark.hash === parentHash) return mark
      throw badAnswer(place, `asked for block ${parentHash}, got ${mark.hash}`, mark.height)
    },
  }
}

function readHeader(block: number | string, result: unknown, place: AnswerPlace): BlockMark {
  const at = typeof block === 'number' ? block : undefined
  if (result === null) {
    const message = `${place.endpoint} ${place.method}: the node has no block ${block}`
    throw new IndexerError('rpc-not-found', message, { ...place, height: at })
  }
  if (typeof result !== 'object') throw badAnswer(place, `the header is ${JSON.stringify(result)}`, at)
  const { number, hash, parentHash, timestamp } = result as Readonly<Record<string, unknown>>
  const height = hexNumber(number)
  const time = hexNumber(timestamp)
  if (height < 0 || (at !== undefined && height !== at)) {
    throw badAnswer(place, `the header is of block ${JSON.stringify(number)}`, at)
  }
  if (!isHash(hash) || !isHash(parentHash))
    throw badAnswer(place, 'hash or parentHash is not 32 bytes', height)
  if (time < 0) throw badAnswer(place, `timestamp is ${JSON.stringify(timestamp)}`, height)
  return { height, hash, parentHash, time: unixSeconds(time) }
}

/**
 * Checks that each known block names the one before it as its parent, where both are known.
 * @param next The block that follows the first of `marks` on the chain, whatever its height; absent: nothing is known.
 * @throws IndexerError `rpc-bad-answer`: the node changed its mind between two answers.
 */
export function checkParents(marks: readonly BlockMark[], chain: string, next?: BlockMark): void {
  for (const [index, mark] of marks.entries()) {
    const before = marks[index - 1]
    if (before === undefined || before.hash === mark.parentHash) continue
    if (before.height !== mark.height - 1 && !(index === 1 && mark.hash === next?.hash)) continue
    const what = `block ${mark.height} has parent ${mark.parentHash}, block ${before.height} is ${before.hash}`
    throw new IndexerError(
      'rpc-bad-answer',
      `${chain} eth_getBlockByNumber: ${what}; the node reorganised meanwhile`,
      { chain, height: mark.height },
    )
  }
}

/**
 * The lowest block that is not before `time`, and the block before it.
 * @param below A block before `time`.
 * @param above A higher block that is not.
 * @param parentOf The block before another one: given where heights may have no block, and saves looking for it.
 */
export async function findTime(
  below: BlockMark,
  above: BlockMark,
  time: UnixSeconds,
  markAt: MarkAt,
  parentOf?: (mark: BlockMark) => Promise<BlockMark>,
): Promise<{ readonly before: BlockMark; readonly first: BlockMark }> {
  let before = below
  let first = above
  // No block lies from here to below `first`.
  let ceiling = above.height
  // Guessing from the times is nearly exact on chains with a steady pace; halving bounds the rest.
  for (let step = 0; ceiling - before.height > 1; step += 1) {
    const span = ceiling - before.height
    const share = step % 2 === 0 ? (time - before.time) / (first.time - before.time) : 0.5
    const at = before.height + Math.min(span - 1, Math.max(1, Math.round(span * share)))
    const mark = await markAt(at)
    if (mark.height >= ceiling) ceiling = at
    else if (mark.time < time) before = mark
    else {
      first = mark
      ceiling = at
      const parent = parentOf === undefined || at - before.height <= 1 ? undefined : await parentOf(mark)
      if (parent !== undefined && parent.time < time) return { before: parent, first }
    }
  }
  return { before, first }
}

/**
 * The day boundaries between the first and the last of `marks`, to the block.
 * @param marks Known blocks, lowest first; what lies between them is asked for only around midnight.
 */
export async function findDays(
  marks: readonly BlockMark[],
  markAt: MarkAt,
  parentOf?: (mark: BlockMark) => Promise<BlockMark>,
): Promise<DayBounds[]> {
  const days = new Map<Day, { day: Day; first?: number; last?: number }>()
  const bound = (mark: BlockMark, side: 'first' | 'last'): void => {
    const day = dayOf(mark.time)
    days.set(day, { ...(days.get(day) ?? { day }), [side]: mark.height })
  }
  const end = marks.at(-1)
  let at = marks[0]
  while (at !== undefined && end !== undefined && dayOf(at.time) < dayOf(end.time)) {
    const midnight = dayStart(addDays(dayOf(at.time), 1))
    const above = marks.find((mark) => mark.time >= midnight) ?? end
    const below =
      marks.findLast((mark) => mark.height < above.height && mark.height >= (at?.height ?? 0)) ?? at
    const { before, first } = await findTime(
      below.time < midnight ? below : at,
      above,
      midnight,
      markAt,
      parentOf,
    )
    bound(before, 'last')
    bound(first, 'first')
    at = first
  }
  return [...days.values()]
}

/** Every day from the first to the last of `marks`, both included. */
export function daysOf(marks: readonly BlockMark[]): Day[] {
  const first = marks[0]
  const last = marks.at(-1)
  if (first === undefined || last === undefined) return []
  return daysBetween(dayOf(first.time), addDays(dayOf(last.time), 1))
}
