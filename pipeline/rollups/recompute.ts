import { priceScaled } from '../model/amount.ts'
import type { Day, UnixSeconds } from '../model/time.ts'
import { addDays, dayStart } from '../model/time.ts'
import type { StreamRow } from '../store/catalogue.ts'
import { getStreams } from '../store/catalogue.ts'
import type { Database } from '../store/database.ts'
import { bumpDataVersion } from '../store/database.ts'
import { claimStaleDays, publishFlows } from '../store/flows.ts'
import { getDayPrices } from '../store/prices.ts'
import type { ClosePrice } from './judge.ts'
import { judgeDay } from './judge.ts'

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
  let rebuilt = 0
  let changed = 0
  for (;;) {
    if (options.signal?.aborted) break
    const claimed = await claimStaleDays(db, async (client, facts) => {
      const known = facts.flatMap((f) => {
        const stream = streams.get(f.streamId)
        return stream === undefined ? [] : [{ stream, facts: f }]
      })
      const market = known.filter((k) => k.stream.price.market !== undefined)
      const prices = await getDayPrices(
        client,
        market.map((k) => ({ token: k.stream.token, day: k.facts.day })),
        options.priceSources,
      )
      const closes = new Map<string, ClosePrice>(prices.map((p) => [`${p.token} ${p.day}`, p]))
      const rows = known.map((k) => ({
        row: judgeDay(k.stream, k.facts, closeOf(k.stream, k.facts.day, closes)),
        change: k.facts.markedFor,
      }))
      changed += await publishFlows(client, rows, now())
    })
    if (claimed === 0) break
    rebuilt += claimed
  }
  if (changed > 0) await bumpDataVersion(db)
  return { rebuilt, changed }
}

function closeOf(
  stream: StreamRow,
  day: Day,
  closes: ReadonlyMap<string, ClosePrice>,
): ClosePrice | undefined {
  if (stream.price.fixedUsd === undefined) return closes.get(`${stream.token} ${day}`)
  const observedAt = dayStart(addDays(day, 1))
  return { usd: priceScaled(stream.price.fixedUsd), source: 'peg', observedAt, stale: false }
}
