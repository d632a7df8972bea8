import { codeOf, messageOf } from '../pipeline/model/errors.ts'
import type { Day, UnixSeconds } from '../pipeline/model/time.ts'
import { day, dayStart, instantOf, secondsPerDay } from '../pipeline/model/time.ts'
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

/** An instant; a fraction of a second is dropped. @throws GraphQLError naming the argument. */
export function readInstant(argument: string, text: string): UnixSeconds {
  return checked(argument, () => instantOf(text))
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

/** The argument that nearly every read takes. */
export interface AsOf {
  readonly asOf?: string | null
}

/** The instant of `asOf`; undefined: now. */
export function readAsOf({ asOf }: AsOf): UnixSeconds | undefined {
  return asOf == null ? undefined : readInstant('asOf', asOf)
}

/** The same as a part of a query: empty where nothing is asked. */
export function asOfOf(args: AsOf): { readonly asOf?: UnixSeconds } {
  const asOf = readAsOf(args)
  return asOf === undefined ? {} : { asOf }
}
