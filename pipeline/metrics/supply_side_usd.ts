import type { Metric } from './define.ts'
import { wholePeriod } from './define.ts'
import { fees } from './parts.ts'
import { usdValue } from './sums.ts'

/** What providers got from users. */
export const supplySideUsd: Metric = {
  id: 'supply_side_usd',
  unit: 'USD',
  window: wholePeriod,
  formula: 'sum of the shares of fees that accrue to supply',
  meaning: 'Part of the fees paid straight to providers, from users, not minted.',
  nullRule: 'as fees_usd, or who keeps a fee is not declared for a day',
  revision: 1,
  compute: (period) => usdValue(fees(period, 'supply')),
}
