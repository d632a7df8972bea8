import type { Metric } from './define.ts'
import { sumNull, wholePeriod } from './define.ts'
import { allBurns } from './selections.ts'
import { usdValue } from './sums.ts'

/** What was destroyed. */
export const burnsUsd: Metric = {
  id: 'burns_usd',
  unit: 'USD',
  window: wholePeriod,
  formula: 'sum of burns of every token',
  meaning: 'Dollars of tokens destroyed, for whatever reason. Never added to fees.',
  nullRule: sumNull,
  revision: 1,
  compute: (period) => usdValue(period.usd(allBurns)),
}
