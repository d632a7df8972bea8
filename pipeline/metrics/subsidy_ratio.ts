import type { Metric } from './define.ts'
import { ratioValue, wholePeriod } from './define.ts'

/** Who pays for the network. */
export const subsidyRatio: Metric = {
  id: 'subsidy_ratio',
  unit: 'ratio',
  window: wholePeriod,
  formula: 'emissions_usd / fees_usd, a ratio of sums over the same days and prices',
  meaning:
    'Dollars emitted for each dollar that users paid: 1 means each paid dollar is matched by one emitted dollar.',
  revision: 1,
  compute: (period) => ratioValue(period.usd('emission'), period.usd('fee'), `${period.lens} fees`),
}
