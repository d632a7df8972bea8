import { priceScaled } from '../model/amount.ts'
import type { ProofResidual } from '../model/flow.ts'
import type { PriceValue, SupplyValue } from '../model/supply.ts'
import type { Day, UnixSeconds } from '../model/time.ts'
import { knownAt, provedAt } from './as_of.ts'
import type { Database } from './database.ts'

/** What is known of primary tokens beside their flows, by symbol. */
export interface MarketFacts {
  readonly supplies: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<Day, SupplyValue>>>
  readonly closes: ReadonlyMap<string, ReadonlyMap<Day, PriceValue>>
  readonly residuals: ReadonlyMap<string, ReadonlyMap<Day, ProofResidual>>
}

/** The name that supply proofs have in the store and in every list of proofs. */
export const supplyProof = 'emissions - burns = change of supply'

/** Supplies, closes and residuals of networks' primary tokens, with the day before the first one. */
export async function getMarketFacts(
  db: Database,
  query: { networks: readonly string[]; first: Day; last: Day; asOf?: UnixSeconds },
): Promise<MarketFacts> {
  const bound = query.asOf === undefined ? [] : [query.asOf]
  const tokens = 'any(array(select primary_token from network where id = any($1)))'
  const [supplies, closes, residuals] = await Promise.all([
    db.pool.query(
      `select f.token, f.counter, f.day, f.raw::text, f.quality, f.reason, extract(epoch from f.available_at)::bigint as available_at
       from supply_day f where f.token = ${tokens} and f.day between $2::date - 1 and $3 and ${knownAt('f', query.asOf, 4)}`,
      [query.networks, query.first, query.last, ...bound],
    ),
    db.pool.query(
      `select f.token, f.day, f.usd::text, f.quality, f.reason, extract(epoch from f.available_at)::bigint as available_at
       from price_day f where f.token = ${tokens} and f.basis = 'DAY_CLOSE' and f.day between $2 and $3 and ${knownAt('f', query.asOf, 4)}`,
      [query.networks, query.first, query.last, ...bound],
    ),
    db.pool.query(
      `select f.token, f.day, f.from_day, f.residual_raw::text from proof_day f
       where f.token = ${tokens} and f.proof = $4 and f.day between $2 and $3 and ${provedAt('f', query.asOf, 5)}`,
      [query.networks, query.first, query.last, supplyProof, ...bound],
    ),
  ])
  const supplyOf = new Map<string, Map<string, Map<Day, SupplyValue>>>()
  for (const r of supplies.rows) {
    const counters = inner(supplyOf, r.token)
    inner(counters, r.counter).set(r.day, {
      raw: r.raw === null ? null : BigInt(r.raw),
      quality: r.quality,
      reason: r.reason,
      availableAt: r.available_at,
    })
  }
  const closeOf = new Map<string, Map<Day, PriceValue>>()
  for (const r of closes.rows) {
    inner(closeOf, r.token).set(r.day, {
      usd: r.usd === null ? null : priceScaled(r.usd),
      quality: r.quality,
      reason: r.reason,
      availableAt: r.available_at,
    })
  }
  const residualOf = new Map<string, Map<Day, ProofResidual>>()
  for (const r of residuals.rows)
    inner(residualOf, r.token).set(r.day, { from: r.from_day, residualRaw: BigInt(r.residual_raw) })
  return { supplies: supplyOf, closes: closeOf, residuals: residualOf }
}

function inner<K, V>(map: Map<string, Map<K, V>>, key: string): Map<K, V> {
  const found = map.get(key) ?? new Map<K, V>()
  map.set(key, found)
  return found
}
