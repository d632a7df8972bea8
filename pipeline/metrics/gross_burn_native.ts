import type { Metric } from './define.ts'
import { nativeValue, wholePeriod } from './define.ts'

/** Destroyed tokens. */
export const grossBurnNative: Metric = {
  id: 'gross_burn_native',
  unit: 'tokens',
  window: wholePeriod,
  formula: "sum of burns of the network's own token",
  meaning: 'Whole tokens destroyed.',
  revision: 1,
  compute: (period) => nativeValue(period.raw('burn'), period.flows.primaryDecimals),
}
