import type pg from 'pg'
import type { Day, UnixSeconds } from '../model/time.ts'

/** What a day of a token is priced at by one basis. */
export interface PriceRow {
  readonly token: string
  readonly day: Day
  readonly basis: 'DAY_CLOSE' | 'DAY_AVG'
  readonly usd: string | null
  readonly source: string | null
  readonly observedAt: UnixSeconds | null
  readonly observations: number
  readonly quality: string
  readonly reason: string | null
  readonly warning: string | null
  readonly change: string
}

const values = 'usd, source, observed_at, observations, quality, reason, warning'
const of = (alias: string): string => values.replace(/(\w+)/g, `${alias}.$1`)
const current = `o.token = n.token and o.day = n.day and o.basis = n.basis and o.superseded_at = 'infinity'`

/** Publishes the prices that changed; earlier ones stay readable as of their time. */
export async function publishPrices(
  client: pg.PoolClient,
  rows: readonly PriceRow[],
  now: UnixSeconds,
): Promise<void> {
  if (rows.length === 0) return
  await client.query(
    'create temp table if not exists price_new (like price_day including defaults) on commit delete rows',
  )
  await client.query('truncate price_new')
  await client.query(
    `insert into price_new (token, day, basis, available_at, ${values}, change)
     select token, day, basis, to_timestamp($2), usd, source, to_timestamp("observedAt"), observations, quality, reason, warning, change
     from jsonb_to_recordset($1::jsonb) as r (token text, day date, basis text, usd numeric, source text, "observedAt" bigint,
       observations int, quality text, reason text, warning text, change text)`,
    [JSON.stringify(rows), now],
  )
  await client.query('analyze price_new')
  await client.query(
    `delete from price_new n using price_day o where ${current} and (${of('o')}) is not distinct from (${of('n')})`,
  )
  await client.query(
    `update price_new n set available_at = o.available_at + interval '1 microsecond'
     from price_day o where ${current} and o.available_at >= n.available_at`,
  )
  await client.query(
    `update price_day o set superseded_at = n.available_at from price_new n where ${current}`,
  )
  await client.query(
    `insert into price_day (token, day, basis, available_at, ${values}, change)
     select token, day, basis, available_at, ${values}, change from price_new`,
  )
}
