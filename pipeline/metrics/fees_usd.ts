import type { Metric } from './define.ts'
import { usdValue, wholePeriod } from './define.ts'

/** What users paid. */
export const feesUsd: Metric = {
  id: 'fees_usd',
  unit: 'USD',
  window: wholePeriod,
  formula: 'sum of fee events of the lens, each day at its own close',
  meaning: 'Everything end users paid for service, whoever keeps it, within one lens.',
  revision: 1,
  compute: (period) => usdValue(period.usd('fee')),
}
