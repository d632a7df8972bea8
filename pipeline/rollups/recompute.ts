import { formatPrice, priceScaled } from '../model/amount.ts'
import type { Day, UnixSeconds } from '../model/time.ts'
import type { StreamRow } from '../store/catalogue.ts'
import { getStreams } from '../store/catalogue.ts'
import type { Database, Transaction } from '../store/database.ts'
import { bumpDataVersion } from '../store/database.ts'
import { publishFlows } from '../store/flows.ts'
import { getObservations } from '../store/observations.ts'
import type { PriceRow } from '../store/publish_prices.ts'
import { publishPrices } from '../store/publish_prices.ts'
import { publishSpans } from '../store/spans.ts'
import type { DayFacts } from '../store/stale_days.ts'
import { claimStaleDays } from '../store/stale_days.ts'
import { swapRevisions } from '../store/stream_life.ts'
import type { ChosenPrice, DayPrices } from './choose.ts'
import { chooseDayPrices, pegPrices } from './choose.ts'
import { judgeDay } from './judge.ts'
import { recomputeSupply } from './supply.ts'

export interface RollupOptions {
  readonly db: Database
  /** Names of price sources, best first. */
  readonly priceSources: readonly string[]
  readonly now: () => UnixSeconds
  readonly signal?: AbortSignal
}

/** What a rollup did. */
export interface RollupReport {
  /** Stream days rebuilt from ground state. */
  readonly rebuilt: number
  /** Of those, the ones whose row changed. */
  readonly changed: number
}

/**
 * Rebuilds every stale day whole from events, coverage and prices. Days that come out the same publish
 * nothing; the cost follows what changed, not history.
 */
export async function recomputeStale(options: RollupOptions): Promise<RollupReport> {
  const { db, now } = options
  const streams = new Map((await getStreams(db)).map((s) => [s.id, s]))
  const touched = new Map<string, Set<Day>>()
  let rebuilt = 0
  let changed = 0
  for (;;) {
    if (options.signal?.aborted) break
    const claimed = await claimStaleDays(db, async (client, facts) => {
      const known = facts.flatMap((f) => {
        const stream = streams.get(f.streamId)
        return stream === undefined ? [] : [{ stream, facts: f }]
      })
      for (const k of known) {
        const days = touched.get(k.stream.token) ?? new Set<Day>()
        touched.set(k.stream.token, days.add(k.facts.day))
      }
      const prices = await pricesOf(client, known, options.priceSources)
      await publishPrices(client, priceRows(known, prices), now())
      const rows = known.flatMap(({ stream, facts: f }) => {
        const chosen = prices.get(`${stream.token} ${f.day}`)
        return chosen === undefined ? [] : [{ row: judgeDay(stream, f, chosen), change: f.markedFor }]
      })
      changed += await publishFlows(client, rows, now())
    })
    if (claimed === 0) break
    rebuilt += claimed
  }
  changed += await swapRevisions(db, now())
  changed += await publishSpans(db, now())
  changed += await recomputeSupply(db, touched, now())
  if (changed > 0) await bumpDataVersion(db)
  return { rebuilt, changed }
}

interface Known {
  readonly stream: StreamRow
  readonly facts: DayFacts
}

/** What prices each token and day of some facts. */
async function pricesOf(
  client: Transaction,
  known: readonly Known[],
  ranking: readonly string[],
): Promise<Map<string, DayPrices>> {
  const market = known.filter((k) => 'market' in k.stream.price)
  const observed = await getObservations(
    client,
    market.map((k) => ({ token: k.stream.token, day: k.facts.day })),
  )
  const prices = new Map<string, DayPrices>()
  for (const { stream, facts } of known) {
    const key = `${stream.token} ${facts.day}`
    if (prices.has(key)) continue
    const { price } = stream
    const chosen =
      'fixedUsd' in price
        ? pegPrices(priceScaled(price.fixedUsd), facts.day)
        : chooseDayPrices(stream.token, price, facts.day, observed.get(key) ?? [], ranking)
    prices.set(key, chosen)
  }
  return prices
}

function priceRows(known: readonly Known[], prices: ReadonlyMap<string, DayPrices>): PriceRow[] {
  const rows = new Map<string, PriceRow>()
  for (const { stream, facts } of known) {
    const chosen = prices.get(`${stream.token} ${facts.day}`)
    if (chosen === undefined) continue
    const row = (basis: PriceRow['basis'], price: ChosenPrice): void => {
      rows.set(
        `${stream.token} ${facts.day} ${basis}`,
        priceRow(stream.token, facts.day, basis, price, facts.markedFor),
      )
    }
    row('DAY_CLOSE', chosen.close)
    row('DAY_AVG', chosen.average)
  }
  return [...rows.values()]
}

function priceRow(
  token: string,
  day: Day,
  basis: PriceRow['basis'],
  { usd, ...chosen }: ChosenPrice,
  change: string,
): PriceRow {
  return { token, day, basis, usd: usd === null ? null : formatPrice(usd), ...chosen, change }
}
