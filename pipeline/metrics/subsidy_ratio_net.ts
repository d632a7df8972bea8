import type { Metric } from './define.ts'
import { ratioNull, wholePeriod } from './define.ts'
import { denominator, denominatorName, holderBurns, netBurns } from './parts.ts'
import type { Period } from './period.ts'
import { grossEmission } from './selections.ts'
import type { MetricValue, Sum } from './sums.ts'
import { minus, ratioValue } from './sums.ts'

const after =
  (burns: (period: Period) => Sum) =>
  (period: Period): MetricValue =>
    ratioValue(minus(period.usd(grossEmission), burns(period)), denominator(period), denominatorName(period))

/** The subsidy ratio after burns. */
export const subsidyRatioNet: Metric = {
  id: 'subsidy_ratio_net',
  unit: 'ratio',
  window: wholePeriod,
  formula:
    '(emissions_usd - dollars of net burns other than migrations) / fees_usd (or revenue_usd, by `denominator`)',
  meaning:
    'What holders were diluted by for each dollar that users paid; negative where more was burned than emitted.',
  nullRule: ratioNull,
  revision: 2,
  compute: after(holderBurns),
  earlier: [
    {
      revision: 1,
      formula: '(emissions_usd - dollars of net burns) / fees_usd (or revenue_usd, by `denominator`)',
      compute: after((period) => netBurns(period, 'usd')),
    },
  ],
}
