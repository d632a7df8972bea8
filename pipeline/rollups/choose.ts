import type { PriceScaled } from '../model/amount.ts'
import { divideRounded, formatPrice } from '../model/amount.ts'
import type { PriceObservation } from '../model/price.ts'
import type { PriceDeclaration } from '../model/stream.ts'
import type { Day, UnixSeconds } from '../model/time.ts'
import { addDays, dayStart, instant, secondsPerDay } from '../model/time.ts'

/** The price chosen for a day by one basis, or why there is none. */
export interface ChosenPrice {
  readonly usd: PriceScaled | null
  readonly source: string | null
  readonly observedAt: UnixSeconds | null
  readonly observations: number
  readonly quality: 'COMPLETE' | 'STALE_PRICE' | 'NO_PRICE'
  readonly reason: string | null
  readonly warning: string | null
}

/** What prices a day of a token. */
export interface DayPrices {
  readonly close: ChosenPrice
  readonly average: ChosenPrice
  /** The last price before each clock hour began, at most two hours old; absent where there is none. */
  readonly hours: ReadonlyMap<number, PriceScaled>
  /** Whether the token has one price by declaration, for every basis. */
  readonly pegged: boolean
}

/** Observations less sure than this are refused. */
const leastConfidence = 0.5
/** Hours of a day that an average needs. */
const leastHours = 20
const secondsPerHour = 3_600
const oldestAtEventHours = 2
/** Sources further apart than this share of the second are a warning: 3 %. */
const divergence = { numerator: 3n, denominator: 100n }

const none = (reason: string): ChosenPrice => ({
  usd: null,
  source: null,
  observedAt: null,
  observations: 0,
  quality: 'NO_PRICE',
  reason,
  warning: null,
})

/**
 * Chooses what prices a day of a token, from what was observed up to the day's end: never from the future.
 * The close is the last observation of the best ranked source that is at most a day old, else (with a
 * warning) one at most 36 hours old. Sources are compared, never blended. Pure.
 * @param observed Oldest first, none after the day's end, none older than 36 hours before it.
 * @param ranking Names of sources, best first; others are not used.
 */
export function chooseDayPrices(
  token: string,
  declared: PriceDeclaration,
  day: Day,
  observed: readonly PriceObservation[],
  ranking: readonly string[],
): DayPrices {
  if ('fixedUsd' in declared) throw new TypeError(`${token} has a fixed price; call pegPrices`)
  if ('unknown' in declared) return allNone(`no price of ${token} is known: ${declared.unknown}`)
  if (declared.listedSince !== undefined && day < declared.listedSince) {
    return allNone(`${token} traded first on ${declared.listedSince}; earlier prices are promises (IOUs)`)
  }
  const ranked = observed.filter((o) => ranking.includes(o.source))
  const sure = ranked.filter((o) => (o.confidence ?? 1) >= leastConfidence)
  return {
    close: chooseClose(token, day, sure, ranked.length - sure.length, ranking),
    average: chooseAverage(token, day, sure, ranking),
    hours: pricesByHour(day, sure, ranking),
    pegged: false,
  }
}

function allNone(reason: string): DayPrices {
  return { close: none(reason), average: none(reason), hours: new Map(), pegged: false }
}

/** The prices of a token whose price is fixed: exact by definition. */
export function pegPrices(usd: PriceScaled, day: Day): DayPrices {
  const fixed: ChosenPrice = {
    usd,
    source: 'peg',
    observedAt: dayStart(addDays(day, 1)),
    observations: 1,
    quality: 'COMPLETE',
    reason: null,
    warning: null,
  }
  const hours = new Map(Array.from({ length: 24 }, (_, hour) => [hour, usd] as const))
  return { close: fixed, average: fixed, hours, pegged: true }
}

function chooseClose(
  token: string,
  day: Day,
  sure: readonly PriceObservation[],
  refused: number,
  ranking: readonly string[],
): ChosenPrice {
  const fresh = dayStart(day)
  const closes = ranking.flatMap(
    (source) => sure.findLast((o) => o.source === source && o.kind !== 'average') ?? [],
  )
  const best = closes.find((o) => o.observedAt >= fresh) ?? closes[0]
  if (best === undefined) {
    const unsure =
      refused === 0 ? '' : `; ${refused} observations were too unsure (confidence under ${leastConfidence})`
    return none(`no price of ${token} within 36 hours before the end of ${day}${unsure}`)
  }
  const second = closes.find((o) => o !== best && o.observedAt >= fresh)
  const stale = best.observedAt < fresh
  return {
    usd: best.usd,
    source: best.source,
    observedAt: best.observedAt,
    observations: closes.length,
    quality: stale ? 'STALE_PRICE' : 'COMPLETE',
    reason: stale
      ? `the newest price of ${token} is of ${instant(best.observedAt)}, more than a day before the close`
      : null,
    warning: second === undefined ? null : compare(best, second),
  }
}

function compare(best: PriceObservation, second: PriceObservation): string | null {
  const apart = best.usd > second.usd ? best.usd - second.usd : second.usd - best.usd
  if (apart * divergence.denominator <= second.usd * divergence.numerator) return null
  const permille = divideRounded(apart * 1000n, second.usd)
  return `${best.source} says ${formatPrice(best.usd)}, ${second.source} says ${formatPrice(second.usd)}: ${permille / 10n}.${permille % 10n} % apart`
}

function chooseAverage(
  token: string,
  day: Day,
  sure: readonly PriceObservation[],
  ranking: readonly string[],
): ChosenPrice {
  const start = dayStart(day)
  for (const source of ranking) {
    const own = sure.filter((o) => o.source === source && o.observedAt > start)
    const hourly = new Map<number, PriceObservation>()
    for (const o of own) {
      if (o.kind !== 'average') hourly.set(Math.floor((o.observedAt - start - 1) / secondsPerHour), o)
    }
    const last = own.at(-1)
    if (last !== undefined && hourly.size >= leastHours) {
      const sum = [...hourly.values()].reduce((total, o) => total + o.usd, 0n)
      const usd = divideRounded(sum, BigInt(hourly.size)) as PriceScaled
      return averaged(usd, source, last.observedAt, hourly.size)
    }
    const stated = own.findLast((o) => o.kind === 'average' && o.observedAt === start + secondsPerDay)
    if (stated !== undefined) return averaged(stated.usd, source, stated.observedAt, 1)
  }
  return none(`fewer than ${leastHours} hours of ${day} have a price of ${token}`)
}

function averaged(
  usd: PriceScaled,
  source: string,
  observedAt: UnixSeconds,
  observations: number,
): ChosenPrice {
  return { usd, source, observedAt, observations, quality: 'COMPLETE', reason: null, warning: null }
}

function pricesByHour(
  day: Day,
  sure: readonly PriceObservation[],
  ranking: readonly string[],
): Map<number, PriceScaled> {
  const start = dayStart(day)
  const spot = sure.filter((o) => o.kind !== 'average')
  const hours = new Map<number, PriceScaled>()
  for (let hour = 0; hour < 24; hour += 1) {
    const at = start + hour * secondsPerHour
    const recent = spot.filter(
      (o) => o.observedAt <= at && o.observedAt > at - oldestAtEventHours * secondsPerHour,
    )
    const best = ranking.flatMap((source) => recent.findLast((o) => o.source === source) ?? [])[0]
    if (best !== undefined) hours.set(hour, best.usd)
  }
  return hours
}
