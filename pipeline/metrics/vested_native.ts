import type { Metric } from './define.ts'
import { wholePeriod } from './define.ts'
import { vesting } from './selections.ts'
import { nativeValue } from './sums.ts'

/** Old tokens that became free. */
export const vestedNative: Metric = {
  id: 'vested_native',
  unit: 'tokens',
  window: wholePeriod,
  formula: 'sum of vesting',
  meaning: 'Tokens minted before, or at the start, that became free. Never emission.',
  nullRule: 'a day is not read, or vesting is not declared',
  revision: 1,
  compute: (period) => nativeValue(period.raw(vesting), period.flows.primaryDecimals),
}
