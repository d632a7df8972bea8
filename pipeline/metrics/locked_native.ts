import type { Metric } from './define.ts'
import { wholePeriod } from './define.ts'
import { lockOf } from './selections.ts'
import { nativeValue } from './sums.ts'

/** Tokens taken out of circulation. */
export const lockedNative: Metric = {
  id: 'locked_native',
  unit: 'tokens',
  window: wholePeriod,
  formula: 'sum of locks',
  meaning:
    'Tokens taken out of circulation and kept, such as collateral of credit. Not destroyed, though dashboards may say so.',
  nullRule: 'a day is not read, or locks are not declared',
  revision: 1,
  compute: (period) => nativeValue(period.raw(lockOf('lock')), period.flows.primaryDecimals),
}
