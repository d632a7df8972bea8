import { divideRounded, formatScaled, formatUsd, ratio } from '../model/amount.ts'
import type { Quality } from '../model/quality.ts'
import { worse } from '../model/quality.ts'
import { latest, union } from './ledger.ts'

/** A number over a period: a value only if every day gave one, or the reader asked for partial sums. */
export interface Sum {
  /** Millionths of a dollar or smallest units of a token; null with a reason. */
  readonly value: bigint | null
  readonly quality: Quality
  readonly reason: string | null
  readonly daysComplete: number
  readonly daysPriced: number
  readonly availableAt: number | null
  readonly version: number | null
  readonly methods: readonly string[]
  /** The first thing that a reader should know of a price in it; null: nothing. */
  readonly warning: string | null
}

/** What a formula gives for a period. */
export interface MetricValue extends Omit<Sum, 'value'> {
  /** Exact decimal text, or null with a reason. */
  readonly value: string | null
}

/** What two numbers say together, without their values: as good as the worse of them. */
function together(a: Sum, b: Sum): Omit<Sum, 'value'> {
  const quality = worse(a.quality, b.quality)
  return {
    quality,
    reason: quality === a.quality ? (a.reason ?? b.reason) : (b.reason ?? a.reason),
    daysComplete: Math.min(a.daysComplete, b.daysComplete),
    daysPriced: Math.min(a.daysPriced, b.daysPriced),
    availableAt: latest(a.availableAt, b.availableAt),
    version: latest(a.version, b.version),
    methods: union(a.methods, b.methods),
    warning: a.warning ?? b.warning,
  }
}

function combine(a: Sum, b: Sum, make: (x: bigint, y: bigint) => bigint): Sum {
  const both = together(a, b)
  const value = a.value === null || b.value === null ? null : make(a.value, b.value)
  return { ...both, value }
}

/** The sum of two numbers of the same unit. */
export function plus(a: Sum, b: Sum): Sum {
  return combine(a, b, (x, y) => x + y)
}

/** The difference of two numbers of the same unit; it keeps its sign. */
export function minus(a: Sum, b: Sum): Sum {
  return combine(a, b, (x, y) => x - y)
}

/** A number times a fraction, rounded half away from zero. */
export function times(sum: Sum, numerator: bigint, denominator: bigint): Sum {
  return { ...sum, value: sum.value === null ? null : divideRounded(sum.value * numerator, denominator) }
}

/** Nothing, and why. */
export function unknown(quality: Quality, reason: string | null): Sum {
  return {
    value: null,
    quality,
    reason,
    daysComplete: 0,
    daysPriced: 0,
    availableAt: null,
    version: null,
    methods: [],
    warning: null,
  }
}

/** A sum in US dollars as a value. */
export function usdValue(sum: Sum): MetricValue {
  return withValue(sum, sum.value === null ? null : formatUsd(sum.value))
}

/** A sum in smallest units as whole tokens. */
export function nativeValue(sum: Sum, decimals: number): MetricValue {
  return withValue(sum, sum.value === null ? null : formatScaled(sum.value, decimals))
}

/**
 * One sum over another: a ratio of sums, never a mean of ratios. A negative numerator keeps its sign; where the
 * denominator is zero or negative there is no ratio.
 * @param below What the denominator is, for the reason.
 */
export function ratioValue(above: Sum, denominator: Sum, below: string): MetricValue {
  const both = together(above, denominator)
  if (above.value === null || denominator.value === null) return withValue(both, null)
  const value = ratio(above.value, denominator.value)
  if (value !== undefined)
    return withValue(both, value, both.quality, both.quality === 'COMPLETE' ? null : both.reason)
  const what = denominator.value === 0n ? 'zero' : 'negative'
  return withValue(both, null, 'ZERO_DENOMINATOR', `${below} of the period are ${what}`)
}

/** Written out: spreading costs more than the arithmetic. */
function withValue(
  of: Omit<Sum, 'value'>,
  value: string | null,
  quality = of.quality,
  reason = of.reason,
): MetricValue {
  return {
    value,
    quality,
    reason,
    daysComplete: of.daysComplete,
    daysPriced: of.daysPriced,
    availableAt: of.availableAt,
    version: of.version,
    methods: of.methods,
    warning: of.warning,
  }
}

/** The change of a sum against a base, as a fraction: 0.1 is 10 % more. No value where the base is not above zero. */
export function growthValue(now: Sum, base: Sum, what: string): MetricValue {
  return ratioValue(minus(now, base), base, `${what} of the period compared with`)
}
