import type { Metric } from './define.ts'
import { sumNull, wholePeriod } from './define.ts'
import { emissionPart } from './selections.ts'
import { nativeValue } from './sums.ts'

/** Burned tokens minted again as rewards. */
export const remintRewardNative: Metric = {
  id: 'remint_reward_native',
  unit: 'tokens',
  window: wholePeriod,
  formula: 'sum of the re-minted parts of emissions',
  meaning: 'Part of the gross emission that was minted because of an earlier burn.',
  nullRule: sumNull,
  revision: 1,
  compute: (period) => nativeValue(period.raw(emissionPart('remint')), period.flows.primaryDecimals),
}
