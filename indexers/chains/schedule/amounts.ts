import { parseScaled } from '../../../pipeline/model/amount.ts'
import type { Stream } from '../../../pipeline/model/stream.ts'
import {
  type Day,
  dayNumber,
  dayStart,
  secondsPerDay,
  type UnixSeconds,
} from '../../../pipeline/model/time.ts'
import { type Plan, planOf } from './streams.ts'

/** Fraction digits that powers are worked out with: far below one unit of any token. */
const precision = 60

/**
 * What a plan gives on a day, in smallest units. Pure: any day can be asked for on its own.
 * @throws IndexerError `bad-declaration` if the plan is malformed.
 */
export function plannedOn(stream: Stream): (day: Day) => bigint {
  const plan = planOf(stream)
  return plan.kind === 'table' ? tableOn(plan, stream.decimals) : decayOn(plan, stream.decimals)
}

/** The first days of a period take the units that do not divide. */
function tableOn({ rows }: Extract<Plan, { kind: 'table' }>, decimals: number): (day: Day) => bigint {
  return (day) => {
    const row = rows.find((r) => day >= r.from && day < r.to)
    if (row === undefined) return 0n
    const amount = parseScaled(row.amount, decimals)
    const days = BigInt(dayNumber(row.to) - dayNumber(row.from))
    const index = BigInt(dayNumber(day) - dayNumber(row.from))
    return amount / days + (index < amount % days ? 1n : 0n)
  }
}

function decayOn(plan: Extract<Plan, { kind: 'decay' }>, decimals: number): (day: Day) => bigint {
  const one = 10n ** BigInt(precision)
  const kept = one - parseScaled(plan.rate, precision)
  const cap = parseScaled(plan.cap, decimals)
  const givenBefore = (time: UnixSeconds): bigint => {
    // A share due exactly at midnight belongs to the day that starts.
    const shares = Math.max(0, Math.ceil((time - plan.start) / plan.everySeconds) - 1)
    return cap - (cap * power(kept, shares, one)) / one
  }
  return (day) => {
    const start = dayStart(day)
    return givenBefore((start + secondsPerDay) as UnixSeconds) - givenBefore(start)
  }
}

/** `base ^ exponent`, all scaled by `one`. */
function power(base: bigint, exponent: number, one: bigint): bigint {
  let result = one
  let square = base
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = (result * square) / one
    square = (square * square) / one
  }
  return result
}
