import type { Metric } from './define.ts'
import { wholePeriod } from './define.ts'
import { netEmission, supplyOf } from './parts.ts'
import { ratioValue, times } from './sums.ts'

/** The growth of the supply as a yearly rate. */
export const inflationAnnualised: Metric = {
  id: 'inflation_annualised',
  unit: 'ratio',
  window: wholePeriod,
  formula: 'net_emission_native x 365 / days / supply when the period began',
  meaning: 'Yearly growth of the supply if it went on like this, as a fraction, not compounded.',
  nullRule: 'as net_emission_native, or the supply when the period began is not known',
  revision: 1,
  market: true,
  compute: (period) =>
    ratioValue(
      times(netEmission(period), 365n, BigInt(period.length)),
      supplyOf(period, 'supply', 'start'),
      'the supply at the start',
    ),
}
