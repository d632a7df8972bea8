import type pg from 'pg'
import { priceScaled } from '../model/amount.ts'
import type { PriceObservation } from '../model/price.ts'
import type { Day } from '../model/time.ts'

/** Observations older than this at a day's end are never its close. */
const oldestCloseHours = 36

/**
 * Everything observed of tokens that could price the days asked for: from 36 hours before each day's end up to
 * it, oldest first; of several answers for one instant the one retrieved last.
 */
export async function getObservations(
  client: pg.PoolClient | pg.Pool,
  wanted: readonly { token: string; day: Day }[],
): Promise<ReadonlyMap<string, readonly PriceObservation[]>> {
  const { rows } = await client.query(
    `select w.token, w.day, p.usd::text, p.source, p.kind, p.observed_at, p.confidence::text
     from (select distinct * from unnest($1::text[], $2::date[]) as w (token, day)) w
     cross join lateral (
       select distinct on (observed_at, source) usd, source, kind, observed_at, confidence
       from price where token = w.token
         and observed_at <= (w.day + 1)::timestamp at time zone 'UTC'
         and observed_at > (w.day + 1)::timestamp at time zone 'UTC' - interval '${oldestCloseHours} hours'
       order by observed_at, source, retrieved_at desc offset 0) p`,
    [wanted.map((w) => w.token), wanted.map((w) => w.day)],
  )
  const found = new Map<string, PriceObservation[]>()
  for (const r of rows) {
    const key = `${r.token} ${r.day}`
    const list = found.get(key) ?? []
    found.set(key, list)
    list.push({
      token: r.token,
      source: r.source,
      kind: r.kind,
      usd: priceScaled(r.usd),
      observedAt: r.observed_at,
      ...(r.confidence === null ? {} : { confidence: Number(r.confidence) }),
    })
  }
  return found
}
