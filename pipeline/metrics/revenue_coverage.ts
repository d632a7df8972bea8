import type { Metric } from './define.ts'
import { ratioNull, wholePeriod } from './define.ts'
import { denominator } from './parts.ts'
import { grossEmission } from './selections.ts'
import { ratioValue } from './sums.ts'

/** The inverse of the subsidy ratio. */
export const revenueCoverage: Metric = {
  id: 'revenue_coverage',
  unit: 'ratio',
  window: wholePeriod,
  formula: 'fees_usd (or revenue_usd, by `denominator`) / emissions_usd',
  meaning:
    'Dollars that users paid for each dollar emitted; zero where nothing was paid, so it is well-behaved without revenue.',
  nullRule: ratioNull,
  revision: 1,
  compute: (period) => ratioValue(denominator(period), period.usd(grossEmission), 'emissions'),
}
