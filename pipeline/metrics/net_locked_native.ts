import type { Metric } from './define.ts'
import { wholePeriod } from './define.ts'
import { lockOf } from './selections.ts'
import { minus, nativeValue } from './sums.ts'

/** What locks took out of circulation. */
export const netLockedNative: Metric = {
  id: 'net_locked_native',
  unit: 'tokens',
  window: wholePeriod,
  formula: 'locked_native - released_native',
  meaning: 'What locks and releases together took out of circulation; negative where more came back.',
  nullRule: 'as locked_native, or as released_native',
  revision: 1,
  compute: (period) =>
    nativeValue(
      minus(period.raw(lockOf('lock')), period.raw(lockOf('release'))),
      period.flows.primaryDecimals,
    ),
}
