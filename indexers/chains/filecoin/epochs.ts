import type { DayBounds } from '../../../pipeline/model/batch.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import type { Day, UnixSeconds } from '../../../pipeline/model/time.ts'
import { addDays, dayOf, dayStart, daysBetween, unixSeconds } from '../../../pipeline/model/time.ts'

/** Seconds between two heights (epochs), also where no block was made. */
export const epochSeconds = 30
/** 2020-08-24T22:00:00Z, the time of height 0: recorded genesis tipset, field Timestamp. */
export const genesisTime = unixSeconds(1_598_306_400)

/** When an epoch begins: exact, also for null rounds. */
export function timeOf(height: number): UnixSeconds {
  return unixSeconds(genesisTime + height * epochSeconds)
}

/** The lowest height that does not begin before `time`. @example heightAt(dayStart(day('2026-11-22'))) // 6_566_640 */
export function heightAt(time: UnixSeconds): number {
  return Math.max(0, Math.ceil((time - genesisTime) / epochSeconds))
}

/** The heights of a UTC day, both ends included. */
export function heightsOf(of: Day): HeightRange {
  return { from: heightAt(dayStart(of)), to: heightAt(dayStart(addDays(of, 1))) - 1 }
}

/** Every day that a height of a range falls on, and its exact bounds. */
export function daysIn(range: HeightRange): DayBounds[] {
  const days = daysBetween(dayOf(timeOf(range.from)), addDays(dayOf(timeOf(range.to)), 1))
  return days.map((day) => {
    const { from, to } = heightsOf(day)
    return { day, first: from, last: to }
  })
}

/** A range cut at UTC midnights, lowest piece first, so that each piece belongs to one day. */
export function cutAtMidnights(range: HeightRange): HeightRange[] {
  return daysIn(range).map(({ day }) => {
    const { from, to } = heightsOf(day)
    return { from: Math.max(from, range.from), to: Math.min(to, range.to) }
  })
}
