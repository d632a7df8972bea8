import type { PriceScaled, RawAmount } from '../model/amount.ts'
import { divideRounded, toUsd } from '../model/amount.ts'
import { worse } from '../model/quality.ts'
import { addDays } from '../model/time.ts'
import type { Measure } from './ledger.ts'
import { latest } from './ledger.ts'
import type { Period } from './period.ts'
import type { Keeper } from './selections.ts'
import { allBurns, allMints, burnOf, emissionOf, emissionPart, feesOf } from './selections.ts'
import type { Sum } from './sums.ts'
import { minus, unknown } from './sums.ts'

/** Fees of the reader's lens, whole or the share of one keeper. */
export function fees(period: Period, keeper?: Keeper): Sum {
  return period.usd(feesOf(period.definitions.lens, keeper))
}

/** Fees less what providers get of them. */
export function revenue(period: Period): Sum {
  return minus(fees(period), fees(period, 'supply'))
}

/** What holders get of the fees, less what was minted again as rewards because of burns. */
export function holdersRevenue(period: Period): Sum {
  return minus(fees(period, 'holders'), period.usd(emissionPart('remint')))
}

/** What the reader divides emissions by. */
export function denominator(period: Period): Sum {
  return period.definitions.denominator === 'FEES' ? fees(period) : revenue(period)
}

/** The denominator in words, for reasons. */
export function denominatorName({ definitions }: Period): string {
  return `${definitions.lens} ${definitions.denominator === 'FEES' ? 'fees' : 'revenue'}`
}

/** Burns less what was minted again because of them. */
export function netBurns(period: Period, measure: Measure): Sum {
  const all = period[measure](allBurns)
  return minus(minus(all, period[measure](emissionPart('remint'))), period[measure](emissionOf('settlement')))
}

/** Dollars of net burns that holders gain by: those that move tokens elsewhere destroy nothing of theirs. */
export function holderBurns(period: Period): Sum {
  return minus(netBurns(period, 'usd'), period.usd(burnOf('migration')))
}

/** What the supply changed by, in smallest units. */
export function netEmission(period: Period): Sum {
  return minus(period.raw(allMints), period.raw(allBurns))
}

/** A sum as a yearly pace: by the days that it has. */
export function annualised(sum: Sum, period: Period): Sum {
  const days = BigInt(sum.daysComplete === 0 ? period.length : sum.daysComplete)
  return { ...sum, value: sum.value === null ? null : divideRounded(sum.value * 365n, days) }
}

/** A counter of the network's own token, in smallest units. */
export function supplyOf(period: Period, counter: string, at: 'start' | 'end'): Sum {
  const { raw, quality, reason, availableAt } = period.supply(counter, at)
  const days = raw === null ? 0 : period.length
  return {
    ...unknown(quality, reason),
    value: raw,
    daysComplete: days,
    daysPriced: days,
    availableAt: availableAt || null,
  }
}

/** A counter at the close times the close, in millionths of a dollar. */
export function marketCap(period: Period, counter: string): Sum {
  const supply = supplyOf(period, counter, 'end')
  const close = period.close()
  const quality = worse(supply.quality, close.quality)
  const value =
    supply.value === null || close.usd === null
      ? null
      : toUsd(supply.value as RawAmount, period.flows.primaryDecimals, close.usd as PriceScaled)
  const reason = quality === supply.quality ? (supply.reason ?? close.reason) : close.reason
  return {
    ...supply,
    value,
    quality,
    reason,
    availableAt: latest(supply.availableAt, close.availableAt || null),
  }
}

/** What the supply proofs that lie whole in the period leave over. */
export function residualOf(period: Period): Sum {
  let value: bigint | undefined
  let days = 0
  for (const [day, { from, residualRaw }] of period.flows.residuals) {
    if (from < period.span.first || day > period.span.last) continue
    value = (value ?? 0n) + residualRaw
    for (let at = from; at <= day; at = addDays(at, 1)) days += 1
  }
  if (value === undefined) return unknown('NO_COVERAGE', 'no proof of the supply lies in the period')
  return { ...unknown('COMPLETE', null), value, daysComplete: days, daysPriced: days }
}
