import type { Metric } from './define.ts'
import { wholePeriod } from './define.ts'
import { emissionPart } from './selections.ts'
import { nativeValue } from './sums.ts'

/** New tokens that vest later. */
export const emissionLockedNative: Metric = {
  id: 'emission_locked_native',
  unit: 'tokens',
  window: wholePeriod,
  formula: 'sum of the locked parts of emissions',
  meaning: 'Part of the emission that becomes free later.',
  nullRule: 'a day is not read, or it is not declared what is locked',
  revision: 1,
  compute: (period) => nativeValue(period.raw(emissionPart('locked')), period.flows.primaryDecimals),
}
