import type { DayBounds } from '../../../pipeline/model/batch.ts'
import type { Day } from '../../../pipeline/model/time.ts'
import { addDays, dayOf, daysBetween } from '../../../pipeline/model/time.ts'
import type { Header } from './header.ts'

/** The first height that streams can have; block 0 is the genesis block. */
export const firstHeight = 1

/**
 * Where UTC days start and end among blocks, from each pair of neighbours. Miners set the time and it may
 * step back over midnight: then a day's first block is its lowest and its last its highest, so that bounds of
 * two days may overlap. A day without a block gets a `first` above its `last`.
 * @param headers Rising heights; where one is missing, nothing is concluded across it.
 */
export function dayBounds(headers: readonly Header[]): DayBounds[] {
  const bounds = new Map<Day, { first?: number; last?: number }>()
  const of = (day: Day): { first?: number; last?: number } => {
    const known = bounds.get(day) ?? {}
    bounds.set(day, known)
    return known
  }
  const startsAt = (day: Day, height: number): void => {
    const bound = of(day)
    bound.first = Math.min(bound.first ?? height, height)
  }
  const endsAt = (day: Day, height: number): void => {
    const bound = of(day)
    bound.last = Math.max(bound.last ?? height, height)
  }
  for (const [i, next] of headers.entries()) {
    if (next.height === firstHeight) startsAt(dayOf(next.time), firstHeight)
    const previous = headers[i - 1]
    if (previous === undefined || previous.height + 1 !== next.height) continue
    const [ended, started] = [dayOf(previous.time), dayOf(next.time)]
    // A step back starts no day: the day it falls on starts lower, and ends where time goes on over midnight.
    if (ended >= started) continue
    endsAt(ended, previous.height)
    startsAt(started, next.height)
    for (const skipped of daysBetween(addDays(ended, 1), started)) {
      startsAt(skipped, next.height)
      endsAt(skipped, previous.height)
    }
  }
  return [...bounds].map(([day, bound]) => ({ day, ...bound }))
}

/** The days that blocks fall on, each once, in order. */
export function daysOf(headers: readonly Header[]): Day[] {
  return [...new Set(headers.map((h) => dayOf(h.time)))].sort()
}
