import type { BlockMark, DayBounds } from '../../../pipeline/model/batch.ts'
import type { Day } from '../../../pipeline/model/time.ts'
import { addDays, dayOf, daysBetween } from '../../../pipeline/model/time.ts'

/** Two neighbouring blocks of two UTC days. */
export interface Midnight {
  readonly before: BlockMark
  readonly after: BlockMark
}

/** The midnights between neighbouring blocks. Block times only rise, as consensus demands. */
export function midnightsIn(marks: readonly BlockMark[]): Midnight[] {
  return marks.flatMap((after, i) => {
    const before = marks[i - 1]
    if (before === undefined || before.height + 1 !== after.height) return []
    return dayOf(before.time) < dayOf(after.time) ? [{ before, after }] : []
  })
}

/**
 * Where UTC days start and end among blocks. A day without a block, while the chain stood still, gets a `first` above
 * its `last`.
 * @param start The chain's first block, if it is among them: its day starts there.
 */
export function dayBounds(midnights: readonly Midnight[], start: BlockMark | undefined): DayBounds[] {
  const bounds = new Map<Day, { first?: number; last?: number }>()
  const note = (day: Day, found: { first?: number; last?: number }): void => {
    bounds.set(day, { ...bounds.get(day), ...found })
  }
  if (start !== undefined) note(dayOf(start.time), { first: start.height })
  for (const { before, after } of midnights) {
    const [ended, started] = [dayOf(before.time), dayOf(after.time)]
    note(ended, { last: before.height })
    for (const skipped of daysBetween(addDays(ended, 1), started))
      note(skipped, { first: after.height, last: before.height })
    note(started, { first: after.height })
  }
  return [...bounds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, bound]) => ({ day, ...bound }))
}
