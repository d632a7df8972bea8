import type { Metric } from './define.ts'
import { sumNull, wholePeriod } from './define.ts'
import { emissionOf } from './selections.ts'
import { nativeValue } from './sums.ts'

/** Burned tokens minted again to pay providers. */
export const remintSettlementNative: Metric = {
  id: 'remint_settlement_native',
  unit: 'tokens',
  window: wholePeriod,
  formula: 'sum of settlement mints',
  meaning: 'Minted to pay a provider out of what the user already burned: a payment, not an emission.',
  nullRule: sumNull,
  revision: 1,
  compute: (period) => nativeValue(period.raw(emissionOf('settlement')), period.flows.primaryDecimals),
}
