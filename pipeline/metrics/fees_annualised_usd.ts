import type { Metric } from './define.ts'
import { sumNull, wholePeriod } from './define.ts'
import { annualised, fees } from './parts.ts'
import { usdValue } from './sums.ts'

/** Fees as a yearly pace. */
export const feesAnnualisedUsd: Metric = {
  id: 'fees_annualised_usd',
  unit: 'USD',
  window: wholePeriod,
  formula: 'fees_usd x 365 / days with complete data',
  meaning: 'What a year of fees would be at the pace of the period.',
  nullRule: sumNull,
  revision: 1,
  compute: (period) => usdValue(annualised(fees(period), period)),
}
