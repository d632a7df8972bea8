import { codeOf, IndexerError } from '../../../pipeline/model/errors.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import type { Day, UnixSeconds } from '../../../pipeline/model/time.ts'
import { addDays, dayOf, dayStart, daysBetween } from '../../../pipeline/model/time.ts'
import type { BlockMark, DayBounds } from '../../engine/ports.ts'
import type { Block, Blocks } from './blocks.ts'
import type { DaySlots } from './daily_read.ts'
import type { TimedSlot, Times } from './times.ts'

/** The blocks that bound a range of slots. Where all slots of a range are skipped, `first` is above it and `last` below. */
export interface Span {
  readonly range: HeightRange
  /** The last block below the range; undefined where the nodes hold none. */
  readonly before: Block | undefined
  /** The first block from the range's start on. */
  readonly first: Block
  /** The last block up to the range's end. */
  readonly last: Block
  /** The first block above the range. */
  readonly after: Block
}

/**
 * Finds the blocks around a range and checks that they name each other.
 * @throws IndexerError `rpc-not-found` where the nodes do not hold them.
 */
export async function findSpan(blocks: Blocks, range: HeightRange, signal: AbortSignal): Promise<Span> {
  const after = await blocks.atOrAbove(range.to + 1, signal)
  const first = await blocks.atOrAbove(range.from, signal)
  const last = await blocks.at(after.parentSlot, signal)
  check(blocks, last, after)
  const before = await below(blocks, first, signal)
  if (before !== undefined) check(blocks, before, first)
  return { range, before, first, last, after }
}

async function below(blocks: Blocks, first: Block, signal: AbortSignal): Promise<Block | undefined> {
  if (first.slot === 0) return undefined
  try {
    return await blocks.at(first.parentSlot, signal)
  } catch (error) {
    // The node's ledger may start with `first`.
    if (codeOf(error) === 'rpc-not-found') return undefined
    throw error
  }
}

function check(blocks: Blocks, parent: Block, child: Block): void {
  if (parent.slot === child.parentSlot && parent.hash === child.previousHash) return
  blocks.forget([parent.slot, child.slot])
  throw new IndexerError(
    'rpc-bad-answer',
    `Solana block of slot ${child.slot} names ${child.previousHash} as its parent, the block of slot ${parent.slot} is ` +
      `${parent.hash}: the endpoints hold different ledgers`,
    { slot: child.slot },
  )
}

/**
 * The ends of a range for the continuity check. A skipped slot counts as the block before it, so that ranges meet whichever
 * slots they end on.
 */
export function edgesOf({ range, before, first, last }: Span): BlockMark[] {
  const present = first.slot === range.from
  const low: BlockMark = {
    height: range.from,
    hash: present ? first.hash : first.previousHash,
    parentHash: first.previousHash,
    time: present ? first.time : (before ?? first).time,
  }
  if (range.from === range.to) return [low]
  const parentHash = last.slot === range.to ? last.previousHash : last.hash
  return [low, { height: range.to, hash: last.hash, parentHash, time: last.time }]
}

/** Every day that a slot of the range falls on. */
export function touchedDays({ range, before, first, last }: Span): Day[] {
  const start = first.slot === range.from || before === undefined ? first : before
  return daysBetween(dayOf(start.time), addDays(dayOf(last.time), 1))
}

/** The first slot of each UTC day that starts above `before` (or `first`) and not above `after`. */
export async function findDayStarts(
  times: Times,
  { before, first, after }: Span,
  signal: AbortSignal,
): Promise<ReadonlyMap<Day, number>> {
  const low = before ?? first
  const days = daysBetween(addDays(dayOf(low.time), 1), addDays(dayOf(after.time), 1))
  const found = await times.firstAt(days.map(dayStart), low, after, signal)
  const starts = new Map<Day, number>()
  for (const day of days) {
    const slot = found.get(dayStart(day))
    if (slot !== undefined) starts.set(day, slot)
  }
  return starts
}

/** Day boundaries inside the range. A day without a block starts above its end. */
export function dayBounds({ range }: Span, starts: ReadonlyMap<Day, number>): DayBounds[] {
  const bounds = new Map<Day, { day: Day; first?: number; last?: number }>()
  const bound = (day: Day, side: 'first' | 'last', slot: number): void => {
    if (slot < range.from || slot > range.to) return
    bounds.set(day, { ...(bounds.get(day) ?? { day }), [side]: slot })
  }
  for (const [day, slot] of starts) {
    bound(addDays(day, -1), 'last', slot - 1)
    bound(day, 'first', slot)
  }
  return [...bounds.values()]
}

/**
 * The whole days whose last slot is in the range; the first of them may start below it.
 * @param floor The lowest slot that the nodes hold: where a day starts below it, its slots are counted from there.
 */
export async function wholeDays(
  times: Times,
  { range, before, first }: Span,
  starts: ReadonlyMap<Day, number>,
  floor: () => Promise<number>,
  signal: AbortSignal,
): Promise<DaySlots[]> {
  const days: DaySlots[] = []
  for (const [next, slot] of starts) {
    const day = addDays(next, -1)
    if (slot - 1 < range.from || slot - 1 > range.to) continue
    const from = starts.get(day) ?? (await startBelow(times, dayStart(day), before ?? first, floor, signal))
    // A day without a block has nothing to book.
    if (from < slot) days.push({ day, from, to: slot - 1 })
  }
  return days
}

async function startBelow(
  times: Times,
  start: UnixSeconds,
  from: TimedSlot,
  floor: () => Promise<number>,
  signal: AbortSignal,
): Promise<number> {
  const known = times.known(start)
  if (known !== undefined) return known
  const lowest = await floor()
  const low = await times.before(start, from, lowest, signal)
  if (low === undefined) return lowest
  return (await times.firstAt([start], low, from, signal)).get(start) ?? lowest
}
