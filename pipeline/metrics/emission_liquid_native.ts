import type { Metric } from './define.ts'
import { wholePeriod } from './define.ts'
import { emissionPart, grossEmission } from './selections.ts'
import { minus, nativeValue } from './sums.ts'

/** New tokens that are free. */
export const emissionLiquidNative: Metric = {
  id: 'emission_liquid_native',
  unit: 'tokens',
  window: wholePeriod,
  formula: 'gross_emission_native - emission_locked_native',
  meaning: 'Part of the emission that its receivers can use now.',
  nullRule: 'as gross_emission_native, or what is locked is not read',
  revision: 1,
  compute: (period) =>
    nativeValue(
      minus(period.raw(grossEmission), period.raw(emissionPart('locked'))),
      period.flows.primaryDecimals,
    ),
}
