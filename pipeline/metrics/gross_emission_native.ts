import type { Metric } from './define.ts'
import { sumNull, wholePeriod } from './define.ts'
import { grossEmission } from './selections.ts'
import { nativeValue } from './sums.ts'

/** New tokens. */
export const grossEmissionNative: Metric = {
  id: 'gross_emission_native',
  unit: 'tokens',
  window: wholePeriod,
  formula: "sum of gross emission of the network's own token",
  meaning:
    'Whole tokens newly minted to contributors, stakers or the programme; without migration mints, governance one-offs and settlement re-mints.',
  nullRule: sumNull,
  revision: 1,
  compute: (period) => nativeValue(period.raw(grossEmission), period.flows.primaryDecimals),
}
