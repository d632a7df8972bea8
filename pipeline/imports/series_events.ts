import type { RawAmount, UsdMicros } from '../model/amount.ts'
import { divideRounded, parseScaled, rawAmount } from '../model/amount.ts'
import { IndexerError } from '../model/errors.ts'
import type { Event } from '../model/event.ts'
import type { SeriesSettings } from '../model/period_series.ts'
import type { Stream } from '../model/stream.ts'
import type { Day } from '../model/time.ts'
import { addDays, day, dayNumber, dayStart, daysBetween } from '../model/time.ts'
import type { SeriesPeriod } from './series_file.ts'

/** Whether a period's amount stays whole, or is spread evenly over its days (and is then an estimate). */
export type Spread = 'none' | 'even'

/** A part of a period for a stream, on its own day or over the period. */
interface Portion {
  readonly stream: Stream
  readonly from: Day
  readonly to: Day
  readonly raw: bigint
  readonly usdMicros: bigint | undefined
  readonly why: string | undefined
}

/**
 * The events that a published series gives: for each period one, or one a day where it is spread; the same
 * for every leg; what the declaration takes out of a period goes to its own stream and day. Pure.
 * @param series The stream that the file is read into.
 * @param find The stream of a name within the same network.
 * @throws IndexerError `bad-file` if a period holds less than what is taken out of it.
 */
export function seriesEvents(
  periods: readonly SeriesPeriod[],
  series: Stream,
  settings: SeriesSettings,
  spread: Spread,
  find: (name: string) => Stream,
): Event[] {
  const legs = [series, ...(settings.legs ?? []).map(find)]
  return periods.flatMap((period) => {
    const taken = (settings.exceptions ?? []).filter((e) => e.period === period.from)
    const portions: Portion[] = []
    let { raw, usdMicros } = period
    for (const { amount, day: on, stream, why } of taken) {
      const part = parseScaled(amount, series.decimals)
      if (part > raw) {
        throw new IndexerError(
          'bad-file',
          `line ${period.line}: the week of ${period.from} holds less than the ${amount} that ${series.name} takes out of it (${why})`,
        )
      }
      const usd = usdMicros === undefined ? undefined : divideRounded(usdMicros * part, raw)
      portions.push({ stream: find(stream), from: day(on), to: day(on), raw: part, usdMicros: usd, why })
      raw -= part
      if (usdMicros !== undefined) usdMicros -= usd ?? 0n
    }
    const { from, to } = period
    for (const stream of legs) portions.push({ stream, from, to, raw, usdMicros, why: undefined })
    const act = legs.length > 1 ? `${series.name} ${from}` : undefined
    return portions.flatMap((p) => toEvents(p, series.name, spread, p.why === undefined ? act : undefined))
  })
}

function toEvents(portion: Portion, series: string, spread: Spread, act: string | undefined): Event[] {
  const { stream, from, to, raw, usdMicros, why } = portion
  const days = daysBetween(from, addDays(to, 1))
  const whole = spread === 'none' || days.length === 1
  const event = (on: Day, index: number, amount: RawAmount, usd: bigint | undefined): Event => ({
    streamId: stream.id,
    txId: Buffer.from(`${series} ${from}`, 'utf8'),
    position: index,
    amountRaw: amount,
    height: dayNumber(on),
    happenedAt: dayStart(on),
    ...(usd === undefined ? {} : { usdMicros: usd as UsdMicros }),
    ...(act === undefined ? {} : { act }),
    ...(whole && days.length > 1 ? { accruedFrom: from, accruedTo: to } : {}),
    ...(why === undefined ? {} : { detail: { why } }),
  })
  if (whole) return [event(from, 0, rawAmount(raw), usdMicros)]
  return days.map((on, i) =>
    event(
      on,
      i,
      rawAmount(share(raw, days.length, i)),
      usdMicros === undefined ? undefined : share(usdMicros, days.length, i),
    ),
  )
}

/** The part of an amount that falls on one of `count` days: whole units, the first days take the remainder. */
function share(amount: bigint, count: number, index: number): bigint {
  const even = amount / BigInt(count)
  return BigInt(index) < amount % BigInt(count) ? even + 1n : even
}
