import type { Metric } from './define.ts'
import { wholePeriod } from './define.ts'
import { lockOf } from './selections.ts'
import { nativeValue } from './sums.ts'

/** Tokens given back to circulation. */
export const releasedNative: Metric = {
  id: 'released_native',
  unit: 'tokens',
  window: wholePeriod,
  formula: 'sum of releases',
  meaning: 'Tokens that had been locked and came back into circulation. Not minted.',
  nullRule: 'a day is not read, or releases are not declared',
  revision: 1,
  compute: (period) => nativeValue(period.raw(lockOf('release')), period.flows.primaryDecimals),
}
