import { LosslessNumber } from 'lossless-json'
import { divideRounded, formatScaled, formatUsd } from '../../pipeline/model/amount.ts'
import type { Day } from '../../pipeline/model/time.ts'
import { addDays, daysBetween } from '../../pipeline/model/time.ts'

/** Millionths of a dollar by day; a day without a value is not there. */
export type DayValues = ReadonlyMap<Day, bigint>

/** A JSON number with every digit that the decimal text has. */
export const jsonNumber = (text: string): LosslessNumber => new LosslessNumber(text)

/** Dollars as a JSON number; null where they are not known. */
export function usd(micros: bigint | null): LosslessNumber | null {
  return micros === null ? null : jsonNumber(formatUsd(micros))
}

/** The sum over some days that end with `last`; null unless every one of them has a value. */
export function sumOf(values: DayValues, last: Day, days: number): bigint | null {
  let sum = 0n
  for (const day of daysBetween(addDays(last, 1 - days), addDays(last, 1))) {
    const value = values.get(day)
    if (value === undefined) return null
    sum += value
  }
  return sum
}

/** Percent with two decimals; undefined (and so no key) where either side is zero or missing. */
export function percent(now: bigint | null, before: bigint | null): LosslessNumber | undefined {
  if (now === null || before === null || now === 0n || before <= 0n) return undefined
  return jsonNumber(formatScaled(divideRounded((now - before) * 10_000n, before), 2))
}

/** The totals of a list of days, as of its last day, in millionths. Null: a day of the window has no value. */
export interface Totals {
  readonly total24h: bigint | null
  readonly total48hto24h: bigint | null
  readonly total7d: bigint | null
  readonly total14dto7d: bigint | null
  readonly total60dto30d: bigint | null
  readonly total30d: bigint | null
  readonly total1y: bigint | null
  readonly total7DaysAgo: bigint | null
  readonly total30DaysAgo: bigint | null
  /** Of the days that are known. */
  readonly totalAllTime: bigint | null
}

const yearDays = 365

/** Totals that end with a day. */
export function totalsOf(values: DayValues, last: Day): Totals {
  const known = [...values].filter(([day]) => day <= last)
  return {
    total24h: sumOf(values, last, 1),
    total48hto24h: sumOf(values, addDays(last, -1), 1),
    total7d: sumOf(values, last, 7),
    total14dto7d: sumOf(values, addDays(last, -7), 7),
    total60dto30d: sumOf(values, addDays(last, -30), 30),
    total30d: sumOf(values, last, 30),
    total1y: sumOf(values, last, yearDays),
    total7DaysAgo: sumOf(values, addDays(last, -7), 1),
    total30DaysAgo: sumOf(values, addDays(last, -30), 1),
    totalAllTime: known.length === 0 ? null : known.reduce((sum, [, value]) => sum + value, 0n),
  }
}

/** The totals of several networks: of those that have one. Null: none has. */
export function addTotals(all: readonly Totals[]): Totals {
  const sum = (key: keyof Totals): bigint | null => {
    const values = all.flatMap((t) => t[key] ?? [])
    return values.length === 0 ? null : values.reduce((a, b) => a + b, 0n)
  }
  return {
    total24h: sum('total24h'),
    total48hto24h: sum('total48hto24h'),
    total7d: sum('total7d'),
    total14dto7d: sum('total14dto7d'),
    total60dto30d: sum('total60dto30d'),
    total30d: sum('total30d'),
    total1y: sum('total1y'),
    total7DaysAgo: sum('total7DaysAgo'),
    total30DaysAgo: sum('total30DaysAgo'),
    totalAllTime: sum('totalAllTime'),
  }
}

/** Totals, averages and changes, under the names and in the order that clients know. */
export function totalFields(t: Totals): Record<string, LosslessNumber | null | undefined> {
  const daily = t.total1y === null ? null : divideRounded(t.total1y, BigInt(yearDays))
  const monthly = t.total1y === null ? null : divideRounded(t.total1y * 3_044n, BigInt(yearDays) * 100n)
  return {
    total24h: usd(t.total24h),
    total48hto24h: usd(t.total48hto24h),
    total7d: usd(t.total7d),
    total14dto7d: usd(t.total14dto7d),
    total60dto30d: usd(t.total60dto30d),
    total30d: usd(t.total30d),
    total1y: usd(t.total1y),
    average1y: usd(daily),
    monthlyAverage1y: usd(monthly),
    change_1d: percent(t.total24h, t.total48hto24h),
    change_7d: percent(t.total24h, t.total7DaysAgo),
    change_1m: percent(t.total24h, t.total30DaysAgo),
    change_7dover7d: percent(t.total7d, t.total14dto7d),
    change_30dover30d: percent(t.total30d, t.total60dto30d),
    total7DaysAgo: usd(t.total7DaysAgo),
    total30DaysAgo: usd(t.total30DaysAgo),
    totalAllTime: usd(t.totalAllTime),
  }
}

/** The windows that have no value because a day of them has none. */
export function missingOf(t: Totals): string[] {
  return Object.entries(t).flatMap(([key, value]) => (value === null ? [key] : []))
}
