import type { Metric } from './define.ts'
import { ratioNull, wholePeriod } from './define.ts'
import { allBurns, grossEmission } from './selections.ts'
import { ratioValue } from './sums.ts'

/** Burned against minted. */
export const burnMintRatio: Metric = {
  id: 'burn_mint_ratio',
  unit: 'ratio',
  window: wholePeriod,
  formula: 'gross_burn_native / gross_emission_native',
  meaning: 'Tokens destroyed for each token emitted: above 1 the supply shrinks.',
  nullRule: ratioNull,
  revision: 1,
  compute: (period) => ratioValue(period.raw(allBurns), period.raw(grossEmission), 'emissions'),
}
