import type { Metric } from './define.ts'
import { sumNull, wholePeriod } from './define.ts'
import { emissionOf } from './selections.ts'
import { nativeValue } from './sums.ts'

/** Mints that are no reward. */
export const oneOffMintNative: Metric = {
  id: 'one_off_mint_native',
  unit: 'tokens',
  window: wholePeriod,
  formula: 'sum of one-off mints',
  meaning: 'Migration, treasury or governance mints; each is listed with its reason and in no emission sum.',
  nullRule: sumNull,
  revision: 1,
  compute: (period) => nativeValue(period.raw(emissionOf('oneOff')), period.flows.primaryDecimals),
}
