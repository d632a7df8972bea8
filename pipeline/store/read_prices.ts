import { formatPrice, priceScaled, ratio } from '../model/amount.ts'
import type { Day, UnixSeconds } from '../model/time.ts'
import { instant } from '../model/time.ts'
import type { DayPriceView, PricesQuery, ReconciliationView } from '../model/views.ts'
import { knownAt, provedAt } from './as_of.ts'
import type { Database } from './database.ts'
import { withinTolerance } from './proofs.ts'

const at = (time: number | null): string | null =>
  time === null ? null : instant(Math.floor(time) as UnixSeconds)

/** The prices that days of a token were valued at, as known at an instant. */
export async function getChosenPrices(db: Database, query: PricesQuery): Promise<DayPriceView[]> {
  const { rows } = await db.pool.query(
    `select p.day::text, p.basis, p.usd::text, p.source, p.observed_at, p.observations, p.quality, p.reason, p.warning, p.available_at
     from price_day p where p.token = $1 and p.day >= $2 and p.day < $3 and ${knownAt('p', query.asOf, 4)} order by p.day, p.basis`,
    [query.token, query.from, query.to, ...(query.asOf === undefined ? [] : [query.asOf])],
  )
  return rows.map((r) => ({
    date: r.day,
    token: query.token,
    priceBasis: r.basis,
    usd: r.usd === null ? null : formatPrice(priceScaled(r.usd)),
    source: r.source,
    observedAt: at(r.observed_at),
    observations: r.observations,
    quality: r.quality,
    reason: r.reason,
    warning: r.warning,
    availableAt: at(r.available_at) ?? '',
  }))
}

/** The outcome of each proof on the days asked for, as known at an instant. */
export async function getReconciliation(
  db: Database,
  query: { network?: string; from: Day; to: Day; asOf?: UnixSeconds },
): Promise<ReconciliationView[]> {
  const { rows } = await db.pool.query(
    `select p.network, p.token, p.proof, p.from_day::text, p.day::text, p.expected_raw::text, p.observed_raw::text,
       p.residual_raw::text, p.tolerance_raw::text, p.computed_at, sd.raw::text as supply
     from proof_day p left join supply_day sd on sd.token = p.token and sd.counter = 'supply' and sd.day = p.day
       and ${knownAt('sd', query.asOf, 4)}
     where ${provedAt('p', query.asOf, 4)} and ($1::text is null or p.network = $1) and p.day >= $2 and p.day < $3 order by p.network, p.token, p.proof, p.day`,
    [query.network ?? null, query.from, query.to, ...(query.asOf === undefined ? [] : [query.asOf])],
  )
  return rows.map((r) => ({
    network: r.network,
    token: r.token,
    proof: r.proof,
    from: r.from_day,
    to: r.day,
    expectedRaw: r.expected_raw,
    observedRaw: r.observed_raw,
    residualRaw: r.residual_raw,
    shareOfSupply: r.supply === null ? null : (ratio(BigInt(r.residual_raw), BigInt(r.supply), 12) ?? null),
    toleranceRaw: r.tolerance_raw,
    ok: withinTolerance(BigInt(r.residual_raw), BigInt(r.tolerance_raw)),
    computedAt: at(r.computed_at) ?? '',
  }))
}
