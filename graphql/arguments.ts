import { codeOf, messageOf } from '../pipeline/model/errors.ts'
import type { Day, UnixSeconds } from '../pipeline/model/time.ts'
import { day, dayStart, secondsPerDay, unixSeconds } from '../pipeline/model/time.ts'
import { limitError, userError } from './errors.ts'

/** Runs a check of the model so that what it refuses names the argument. */
function checked<T>(argument: string, check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    throw userError(argument, messageOf(error))
  }
}

/** A UTC day. @throws GraphQLError naming the argument. */
export function readDay(argument: string, text: string): Day {
  return checked(argument, () => day(text))
}

const rfc3339 =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

/** An instant; a fraction of a second is dropped. @throws GraphQLError naming the argument. */
export function readInstant(argument: string, text: string): UnixSeconds {
  const date = rfc3339.exec(text)?.[1]
  if (date === undefined) {
    throw userError(argument, `'${text}' is not an instant; write it as 2026-06-01T00:00:00Z`)
  }
  readDay(argument, date)
  return checked(argument, () => unixSeconds(Math.floor(Date.parse(text) / 1000)))
}

/** Refuses a period that is empty, turned round or too long. `to` is left out of it. */
export function checkPeriod(prefix: string, from: Day, to: Day, maxDays: number): void {
  const days = (dayStart(to) - dayStart(from)) / secondsPerDay
  if (days <= 0)
    throw userError(`${prefix}to`, `${to} is not after ${prefix}from ${from}; the day 'to' is left out`)
  if (days > maxDays) {
    throw limitError(`${prefix}to`, 'periodDays', maxDays, `${from} to ${to} is ${days} days`)
  }
}

/** Rows of a page. @throws GraphQLError naming the limit. */
export function readFirst(
  value: number | null | undefined,
  absent: number,
  limit: string,
  maximum: number,
): number {
  const first = value ?? Math.min(absent, maximum)
  if (first < 1) throw userError('first', `${first} is not above zero`)
  if (first > maximum) throw limitError('first', limit, maximum, `${first} rows were asked for`)
  return first
}
