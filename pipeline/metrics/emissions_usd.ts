import type { Metric } from './define.ts'
import { usdValue, wholePeriod } from './define.ts'

/** What token holders paid through new tokens. */
export const emissionsUsd: Metric = {
  id: 'emissions_usd',
  unit: 'USD',
  window: wholePeriod,
  formula: 'sum of gross emission of every token of the network, each day at its own close',
  meaning: 'Dollars of tokens newly minted to contributors, stakers or the programme.',
  revision: 1,
  compute: (period) => usdValue(period.usd('emission')),
}
