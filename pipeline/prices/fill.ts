import type { PriceInstrument } from '../model/stream.ts'
import type { Day, UnixSeconds } from '../model/time.ts'
import { addDays, dayStart } from '../model/time.ts'
import type { Database } from '../store/database.ts'
import { getPriceGaps, notePriceAsks } from '../store/price_gaps.ts'
import { savePrices } from '../store/prices.ts'
import type { PriceSource } from './source.ts'

/** Days asked of a source in one run, for each token: closes are cheap, hours fill up over many runs. */
const mostDays = { day: 4_000, hour: 120 } as const

/**
 * Asks each source for the closes it has not given, and the best ranked hourly one for hours, newest first. What
 * they say is kept as they said it. A source that fails does not keep the others from being asked, and what a
 * source does not know is asked again a day later.
 * @returns How many observations were new, and the errors of the sources that failed.
 */
export async function fillPrices(
  db: Database,
  sources: readonly PriceSource[],
  now: () => UnixSeconds,
): Promise<{ added: number; errors: unknown[] }> {
  let added = 0
  const errors: unknown[] = []
  const hourly = sources.find((s) => s.hourly)
  for (const source of sources) {
    try {
      added += await fillFrom(db, source, 'day', now)
      if (source === hourly) added += await fillFrom(db, source, 'hour', now)
    } catch (error) {
      errors.push(error)
    }
  }
  return { added, errors }
}

async function fillFrom(
  db: Database,
  source: PriceSource,
  every: 'hour' | 'day',
  now: () => UnixSeconds,
): Promise<number> {
  let added = 0
  for (const { token, price, days } of await getPriceGaps(db, source.name, every, now(), mostDays[every])) {
    for (const instrument of source.instruments(price)) {
      for (const run of runsOf(days.filter((d) => isCalled(instrument, d)))) {
        const since = dayStart(run.first)
        // A close may be stamped with the very end of its day.
        const until = (dayStart(addDays(run.last, 1)) + 1) as UnixSeconds
        const found = await source.getPrices({ token, id: instrument.id, since, until, every })
        added += await savePrices(db, found, now())
      }
    }
    await notePriceAsks(db, source.name, every, token, days, now())
  }
  return added
}

function isCalled({ since, until }: PriceInstrument, day: Day): boolean {
  return (since === undefined || day >= since) && (until === undefined || day < until)
}

/** Runs of days without a hole. */
function runsOf(days: readonly Day[]): { first: Day; last: Day }[] {
  const runs: { first: Day; last: Day }[] = []
  for (const day of [...days].sort()) {
    const last = runs.at(-1)
    if (last !== undefined && addDays(last.last, 1) === day) last.last = day
    else runs.push({ first: day, last: day })
  }
  return runs
}
