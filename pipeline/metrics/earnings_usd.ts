import type { Metric } from './define.ts'
import { sumNull, wholePeriod } from './define.ts'
import { revenue } from './parts.ts'
import { grossEmission } from './selections.ts'
import { minus, usdValue } from './sums.ts'

/** Revenue after the subsidy. */
export const earningsUsd: Metric = {
  id: 'earnings_usd',
  unit: 'USD',
  window: wholePeriod,
  formula: 'revenue_usd - emissions_usd',
  meaning: 'What is left of revenue once emissions are counted as a cost; operating expenses are not known.',
  nullRule: sumNull,
  revision: 1,
  compute: (period) => usdValue(minus(revenue(period), period.usd(grossEmission))),
}
