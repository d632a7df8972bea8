import type { Metric } from './define.ts'
import { wholePeriod } from './define.ts'
import { annualised, fees, marketCap } from './parts.ts'
import { ratioValue } from './sums.ts'

/** Price to fees, by circulating supply. */
export const pfCirculating: Metric = {
  id: 'pf_circulating',
  unit: 'ratio',
  window: wholePeriod,
  formula: 'close x circulating supply at the end / (fees_usd x 365 / days)',
  meaning: 'Years of fees at this pace that the circulating supply is worth.',
  nullRule: 'as fees_usd, or the circulating supply or the close at the end is not known',
  revision: 1,
  market: true,
  compute: (period) => ratioValue(marketCap(period, 'circulating'), annualised(fees(period), period), 'fees'),
}
