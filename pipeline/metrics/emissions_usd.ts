import type { Metric } from './define.ts'
import { sumNull, wholePeriod } from './define.ts'
import { grossEmission } from './selections.ts'
import { usdValue } from './sums.ts'

/** What token holders paid through new tokens. */
export const emissionsUsd: Metric = {
  id: 'emissions_usd',
  unit: 'USD',
  window: wholePeriod,
  formula: 'sum of gross emission of every token of the network',
  meaning: 'Dollars of tokens newly minted to contributors, stakers or the programme.',
  nullRule: sumNull,
  revision: 1,
  compute: (period) => usdValue(period.usd(grossEmission)),
}
