import type { Metric } from './define.ts'
import { wholePeriod } from './define.ts'
import { annualised, marketCap, revenue } from './parts.ts'
import { ratioValue } from './sums.ts'

/** Price to revenue, by whole supply. */
export const psFullyDiluted: Metric = {
  id: 'ps_fully_diluted',
  unit: 'ratio',
  window: wholePeriod,
  formula: 'close x whole supply at the end / (revenue_usd x 365 / days)',
  meaning: 'Years of revenue at this pace that the whole supply is worth.',
  nullRule: 'as revenue_usd, or the whole supply or the close at the end is not known',
  revision: 1,
  market: true,
  compute: (period) =>
    ratioValue(marketCap(period, 'supply'), annualised(revenue(period), period), 'revenue'),
}
