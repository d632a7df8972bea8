import type { Metric } from './define.ts'
import { sumNull, wholePeriod } from './define.ts'
import { annualised } from './parts.ts'
import { grossEmission } from './selections.ts'
import { usdValue } from './sums.ts'

/** Emissions as a yearly pace. */
export const emissionsAnnualisedUsd: Metric = {
  id: 'emissions_annualised_usd',
  unit: 'USD',
  window: wholePeriod,
  formula: 'emissions_usd x 365 / days with complete data',
  meaning: 'What a year of emissions would be at the pace of the period.',
  nullRule: sumNull,
  revision: 1,
  compute: (period) => usdValue(annualised(period.usd(grossEmission), period)),
}
