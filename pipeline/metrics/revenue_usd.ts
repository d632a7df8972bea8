import type { Metric } from './define.ts'
import { wholePeriod } from './define.ts'
import { revenue } from './parts.ts'
import { usdValue } from './sums.ts'

/** What is left of the fees after providers. */
export const revenueUsd: Metric = {
  id: 'revenue_usd',
  unit: 'USD',
  window: wholePeriod,
  formula: 'fees_usd - supply_side_usd',
  meaning: 'Fees that the protocol and its holders keep: gross profit. Not what others call fees.',
  nullRule: 'as fees_usd, or who keeps a fee is not declared for a day',
  revision: 1,
  compute: (period) => usdValue(revenue(period)),
}
