import type { Metric } from './define.ts'
import { ratioNull, wholePeriod } from './define.ts'
import { fees, revenue } from './parts.ts'
import { ratioValue } from './sums.ts'

/** The share not paid to providers. */
export const takeRate: Metric = {
  id: 'take_rate',
  unit: 'ratio',
  window: wholePeriod,
  formula: 'revenue_usd / fees_usd',
  meaning: 'Share of the fees that protocol and holders keep, as a fraction.',
  nullRule: ratioNull,
  revision: 1,
  compute: (period) => ratioValue(revenue(period), fees(period), 'fees'),
}
