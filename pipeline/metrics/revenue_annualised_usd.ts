import type { Metric } from './define.ts'
import { sumNull, wholePeriod } from './define.ts'
import { annualised, revenue } from './parts.ts'
import { usdValue } from './sums.ts'

/** Revenue as a yearly pace. */
export const revenueAnnualisedUsd: Metric = {
  id: 'revenue_annualised_usd',
  unit: 'USD',
  window: wholePeriod,
  formula: 'revenue_usd x 365 / days with complete data',
  meaning: 'What a year of revenue would be at the pace of the period.',
  nullRule: sumNull,
  revision: 1,
  compute: (period) => usdValue(annualised(revenue(period), period)),
}
