import type { BlockMark } from '../../../pipeline/model/batch.ts'
import { codeOf, messageOf } from '../../../pipeline/model/errors.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import { addDays, type Day, dayOf, dayStart } from '../../../pipeline/model/time.ts'
import { type Midnight, midnightsIn } from './days.ts'
import type { Unknown } from './facts.ts'
import { lowestSaid } from './fetch.ts'
import { type PageOfHeaders, passing } from './search.ts'

/** Heights that lie in one UTC day. */
export interface Stretch {
  readonly from: number
  /** The last block. */
  readonly end: BlockMark
}

/** A range cut at UTC midnights. */
export interface Cut {
  /** The lowest block of the range that nodes hold, and the highest that was looked at. */
  readonly low: BlockMark
  readonly high: BlockMark
  /** Those inside, and the one at the start if the block before the range is of another day. */
  readonly midnights: readonly Midnight[]
  readonly stretches: readonly Stretch[]
}

/** Heights that no endpoint holds, and why. */
export type Lost = HeightRange & Unknown

/**
 * Cuts a range at midnights by a few pages of headers, as far as days are over: what is read by the day is read once, when
 * all of it is there.
 * @param newest The newest block that is read: its day is not over.
 * @returns What nodes hold of it, which starts higher where they are pruned; undefined if they hold nothing of it.
 */
export async function cutAtMidnights(
  range: HeightRange,
  newest: number,
  page: PageOfHeaders,
): Promise<{ readonly cut: Cut | undefined; readonly lost: readonly Lost[] }> {
  const lost: Lost[] = []
  let { from } = range
  const lose = (to: number, error: unknown): void => {
    lost.push({ from, to, code: 'rpc-not-found', reason: messageOf(error) })
    from = to + 1
  }
  while (from <= range.to) {
    try {
      const start = await withPrevious(from, page)
      const low = start.at(-1)
      const [head] = await page(newest, newest)
      const [high] = await page(range.to, range.to)
      if (low !== undefined && head !== undefined && high !== undefined)
        return { cut: await cut(start, high, dayOf(head.time), page), lost }
      lose(range.to, new Error('an answer without a header'))
    } catch (error) {
      if (codeOf(error) !== 'rpc-not-found') throw error
      const lowest = lowestSaid(error) ?? 0
      lose(lowest > from && lowest <= range.to ? lowest - 1 : range.to, error)
    }
  }
  return { cut: undefined, lost }
}

/** The header at a height after the one before it, which a pruned node may lack. */
async function withPrevious(height: number, page: PageOfHeaders): Promise<readonly BlockMark[]> {
  if (height === 1) return page(1, 1)
  try {
    return await page(height - 1, height)
  } catch (error) {
    if (codeOf(error) !== 'rpc-not-found') throw error
    return page(height, height)
  }
}

async function cut(
  start: readonly BlockMark[],
  high: BlockMark,
  today: Day,
  page: PageOfHeaders,
): Promise<Cut> {
  const low = start.at(-1) ?? high
  const inside: Midnight[] = []
  for (let at = low; dayOf(at.time) < today; ) {
    const time = dayStart(addDays(dayOf(at.time), 1))
    if (high.time < time) break
    const midnight = await passing(time, at, high, page)
    inside.push(midnight)
    at = midnight.after
  }
  const ends = [...inside.map((m) => m.before), high]
  const starts = [low, ...inside.map((m) => m.after)]
  const stretches = ends.map((end, i) => ({ from: starts[i]?.height ?? low.height, end }))
  return {
    low,
    high,
    midnights: [...midnightsIn(start), ...inside],
    stretches: stretches.filter((s) => dayOf(s.end.time) < today),
  }
}
