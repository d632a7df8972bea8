import type { Metric } from './define.ts'
import { sumNull, wholePeriod } from './define.ts'
import { netEmission } from './parts.ts'
import { nativeValue } from './sums.ts'

/** The growth of the supply. */
export const netEmissionNative: Metric = {
  id: 'net_emission_native',
  unit: 'tokens',
  window: wholePeriod,
  formula: 'all mints (settlement and one-off ones too, less emission given back) - gross_burn_native',
  meaning: 'What the supply changed by; negative where it shrinks.',
  nullRule: sumNull,
  revision: 1,
  compute: (period) => nativeValue(netEmission(period), period.flows.primaryDecimals),
}
