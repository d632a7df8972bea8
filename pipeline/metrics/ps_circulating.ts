import type { Metric } from './define.ts'
import { wholePeriod } from './define.ts'
import { annualised, marketCap, revenue } from './parts.ts'
import { ratioValue } from './sums.ts'

/** Price to revenue, by circulating supply. */
export const psCirculating: Metric = {
  id: 'ps_circulating',
  unit: 'ratio',
  window: wholePeriod,
  formula: 'close x circulating supply at the end / (revenue_usd x 365 / days)',
  meaning: 'Years of revenue at this pace that the circulating supply is worth.',
  nullRule: 'as revenue_usd, or the circulating supply or the close at the end is not known',
  revision: 1,
  market: true,
  compute: (period) =>
    ratioValue(marketCap(period, 'circulating'), annualised(revenue(period), period), 'revenue'),
}
