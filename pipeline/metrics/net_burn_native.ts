import type { Metric } from './define.ts'
import { sumNull, wholePeriod } from './define.ts'
import { netBurns } from './parts.ts'
import { nativeValue } from './sums.ts'

/** Destroyed tokens that stay destroyed. */
export const netBurnNative: Metric = {
  id: 'net_burn_native',
  unit: 'tokens',
  window: wholePeriod,
  formula: 'gross_burn_native - remint_reward_native - remint_settlement_native',
  meaning: 'Whole tokens destroyed and not minted again.',
  nullRule: sumNull,
  revision: 1,
  compute: (period) => nativeValue(netBurns(period, 'raw'), period.flows.primaryDecimals),
}
