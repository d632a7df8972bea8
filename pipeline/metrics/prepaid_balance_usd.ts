import type { Metric } from './define.ts'
import { sumNull } from './define.ts'
import { feesOf } from './selections.ts'
import { minus, usdValue } from './sums.ts'

/** Credit bought and not yet used. */
export const prepaidBalanceUsd: Metric = {
  id: 'prepaid_balance_usd',
  unit: 'USD',
  window: 'from the first day known to the last day of the period; every day must be complete',
  formula:
    'sum of fees of the lens PURCHASE - sum of fees of the lens CONSUMPTION, from the first day to the end of the period',
  meaning: 'Deferred revenue: what users paid for in advance. The lens of the query does not matter.',
  nullRule: sumNull,
  revision: 1,
  reach: 'all',
  compute: (period) => {
    const all = period.sinceStart()
    return usdValue(minus(all.usd(feesOf('PURCHASE')), all.usd(feesOf('CONSUMPTION'))))
  },
}
