import type { Metric } from './define.ts'
import { sumNull, wholePeriod } from './define.ts'
import { allBurns } from './selections.ts'
import { nativeValue } from './sums.ts'

/** Destroyed tokens. */
export const grossBurnNative: Metric = {
  id: 'gross_burn_native',
  unit: 'tokens',
  window: wholePeriod,
  formula: "sum of burns of the network's own token",
  meaning: 'Whole tokens destroyed.',
  nullRule: sumNull,
  revision: 1,
  compute: (period) => nativeValue(period.raw(allBurns), period.flows.primaryDecimals),
}
