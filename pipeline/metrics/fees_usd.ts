import type { Metric } from './define.ts'
import { sumNull, wholePeriod } from './define.ts'
import { fees } from './parts.ts'
import { usdValue } from './sums.ts'

/** What users paid. */
export const feesUsd: Metric = {
  id: 'fees_usd',
  unit: 'USD',
  window: wholePeriod,
  formula: 'sum of the fees of the lens',
  meaning: 'Everything end users paid for service, whoever keeps it, within one lens.',
  nullRule: sumNull,
  revision: 1,
  compute: (period) => usdValue(fees(period)),
}
