import type { Metric } from './define.ts'
import { ratioNull, wholePeriod } from './define.ts'
import { denominator, denominatorName, netBurns } from './parts.ts'
import { grossEmission } from './selections.ts'
import { minus, ratioValue } from './sums.ts'

/** The subsidy ratio after burns. */
export const subsidyRatioNet: Metric = {
  id: 'subsidy_ratio_net',
  unit: 'ratio',
  window: wholePeriod,
  formula: '(emissions_usd - dollars of net burns) / fees_usd (or revenue_usd, by `denominator`)',
  meaning:
    'What the supply grew by for each dollar that users paid; negative where more was burned than emitted.',
  nullRule: ratioNull,
  revision: 1,
  compute: (period) =>
    ratioValue(
      minus(period.usd(grossEmission), netBurns(period, 'usd')),
      denominator(period),
      denominatorName(period),
    ),
}
