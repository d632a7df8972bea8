import type { Metric } from './define.ts'
import { sumNull, wholePeriod } from './define.ts'
import { denominator } from './parts.ts'
import { grossEmission } from './selections.ts'
import { minus, usdValue } from './sums.ts'

/** The subsidy as an amount. */
export const netSubsidyUsd: Metric = {
  id: 'net_subsidy_usd',
  unit: 'USD',
  window: wholePeriod,
  formula: 'emissions_usd - fees_usd (or revenue_usd, by `denominator`)',
  meaning:
    'Dollars emitted beyond what users paid; negative where users paid more. Can be added across networks.',
  nullRule: sumNull,
  revision: 1,
  compute: (period) => usdValue(minus(period.usd(grossEmission), denominator(period))),
}
