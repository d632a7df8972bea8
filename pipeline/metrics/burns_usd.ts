import type { Metric } from './define.ts'
import { usdValue, wholePeriod } from './define.ts'

/** What was destroyed. */
export const burnsUsd: Metric = {
  id: 'burns_usd',
  unit: 'USD',
  window: wholePeriod,
  formula: 'sum of burn events, each day at its own close',
  meaning: 'Dollars of tokens destroyed, for whatever reason. Never added to fees.',
  revision: 1,
  compute: (period) => usdValue(period.usd('burn')),
}
