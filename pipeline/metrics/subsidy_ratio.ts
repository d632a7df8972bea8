import type { Metric } from './define.ts'
import { ratioNull, wholePeriod } from './define.ts'
import { denominator, denominatorName } from './parts.ts'
import { grossEmission } from './selections.ts'
import { ratioValue } from './sums.ts'

/** Who pays for the network. */
export const subsidyRatio: Metric = {
  id: 'subsidy_ratio',
  unit: 'ratio',
  window: wholePeriod,
  formula:
    'emissions_usd / fees_usd (or revenue_usd, by `denominator`), a ratio of sums over the same days and prices',
  meaning:
    'Dollars emitted for each dollar that users paid: 1 means each paid dollar is matched by one emitted dollar.',
  nullRule: ratioNull,
  revision: 1,
  compute: (period) => ratioValue(period.usd(grossEmission), denominator(period), denominatorName(period)),
}
