import type { Metric } from './define.ts'
import { supplyOf } from './parts.ts'
import { nativeValue } from './sums.ts'

/** The supply. */
export const supplyNative: Metric = {
  id: 'supply_native',
  unit: 'tokens',
  window: 'the close of the last day of the period',
  formula: 'a reading of the supply, carried to the close by what was minted and burned after it',
  meaning: 'Whole tokens that exist at the close of the last day.',
  nullRule: 'no reading reaches the day without a gap of events',
  revision: 1,
  market: true,
  compute: (period) => nativeValue(supplyOf(period, 'supply', 'end'), period.flows.primaryDecimals),
}
