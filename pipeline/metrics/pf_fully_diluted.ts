import type { Metric } from './define.ts'
import { wholePeriod } from './define.ts'
import { annualised, fees, marketCap } from './parts.ts'
import { ratioValue } from './sums.ts'

/** Price to fees, by whole supply. */
export const pfFullyDiluted: Metric = {
  id: 'pf_fully_diluted',
  unit: 'ratio',
  window: wholePeriod,
  formula: 'close x whole supply at the end / (fees_usd x 365 / days)',
  meaning: 'Years of fees at this pace that the whole supply is worth.',
  nullRule: 'as fees_usd, or the whole supply or the close at the end is not known',
  revision: 1,
  market: true,
  compute: (period) => ratioValue(marketCap(period, 'supply'), annualised(fees(period), period), 'fees'),
}
