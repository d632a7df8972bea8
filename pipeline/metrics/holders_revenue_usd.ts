import type { Metric } from './define.ts'
import { wholePeriod } from './define.ts'
import { holdersRevenue } from './parts.ts'
import { usdValue } from './sums.ts'

/** What token holders got. */
export const holdersRevenueUsd: Metric = {
  id: 'holders_revenue_usd',
  unit: 'USD',
  window: wholePeriod,
  formula: 'sum of the shares of fees that accrue to holders - dollars of tokens minted again as rewards',
  meaning:
    'Part of the fees returned to holders by burning or distribution, less what was minted again because of it.',
  nullRule: 'as fees_usd, or who keeps a fee is not declared for a day',
  revision: 1,
  compute: (period) => usdValue(holdersRevenue(period)),
}
