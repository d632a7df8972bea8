import type { Brand } from './brand.ts'
import { IndexerError } from './errors.ts'

/** A UTC calendar day as `YYYY-MM-DD`; it starts at 00:00:00 and ends before the next one starts. */
export type Day = Brand<string, 'Day'>

/** Whole seconds since 1970-01-01T00:00:00Z. */
export type UnixSeconds = Brand<number, 'UnixSeconds'>

/** UTC days have no leap seconds here, as in Unix time. */
export const secondsPerDay = 86_400

const lastSecond = 253_402_300_799

/** @throws IndexerError `amount-out-of-range` unless it is a whole second between 1970 and 9999. */
export function unixSeconds(value: number): UnixSeconds {
  if (!Number.isInteger(value) || value < 0 || value > lastSecond) {
    throw new IndexerError('amount-out-of-range', `${value} is not a time in Unix seconds`)
  }
  return value as UnixSeconds
}

/** @throws IndexerError `bad-argument` unless `text` is an existing calendar day as YYYY-MM-DD. */
export function day(text: string): Day {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) {
    throw new IndexerError('bad-argument', `'${text}' is not a day; write it as YYYY-MM-DD`)
  }
  return text as Day
}

/** The UTC day that holds an instant; exactly midnight belongs to the day that starts. */
export function dayOf(time: UnixSeconds): Day {
  return new Date(time * 1000).toISOString().slice(0, 10) as Day
}

/** The first second of a day. */
export function dayStart(of: Day): UnixSeconds {
  return (Date.parse(`${of}T00:00:00Z`) / 1000) as UnixSeconds
}

// Writing and reading dates costs more than adding what they hold; a day is remembered once it was used.
const dayNames = new Map<number, Day>()
const dayNumbers = new Map<Day, number>()

/** Days since 1970-01-01. @example dayNumber(day('1970-01-02')) // 1 */
export function dayNumber(of: Day): number {
  const known = dayNumbers.get(of)
  if (known !== undefined) return known
  const made = dayStart(of) / secondsPerDay
  dayNumbers.set(of, made)
  return made
}

/** The reverse of {@link dayNumber}. */
export function dayOfNumber(number: number): Day {
  const known = dayNames.get(number)
  if (known !== undefined) return known
  const made = dayOf((number * secondsPerDay) as UnixSeconds)
  dayNames.set(number, made)
  return made
}

/** The day `count` days later, or earlier if negative. */
export function addDays(of: Day, count: number): Day {
  return dayOfNumber(dayNumber(of) + count)
}

/** Every day from `from` to before `to`, in order. Empty if `to` is not after `from`. */
export function daysBetween(from: Day, to: Day): Day[] {
  const days: Day[] = []
  for (let at = dayStart(from); at < dayStart(to); at = (at + secondsPerDay) as UnixSeconds)
    days.push(dayOf(at))
  return days
}

/** `2026-11-22T00:00:00Z`: an instant without fraction, as messages show it. */
export function instant(time: UnixSeconds): string {
  return new Date(time * 1000).toISOString().replace('.000Z', 'Z')
}

const rfc3339 =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

/**
 * The reverse of {@link instant}, with any zone; a fraction of a second is dropped.
 * @throws IndexerError `bad-argument` unless it is an RFC 3339 instant of an existing day.
 */
export function instantOf(text: string): UnixSeconds {
  const date = rfc3339.exec(text)?.[1]
  if (date === undefined)
    throw new IndexerError('bad-argument', `'${text}' is not an instant; write it as 2026-06-01T00:00:00Z`)
  day(date)
  return unixSeconds(Math.floor(Date.parse(text) / 1000))
}
