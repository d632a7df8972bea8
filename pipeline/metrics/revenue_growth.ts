import type { Metric } from './define.ts'
import { revenue } from './parts.ts'
import { growthValue } from './sums.ts'

/** Growth of revenue against the period before. */
export const revenueGrowth: Metric = {
  id: 'revenue_growth',
  unit: 'ratio',
  window: 'the period asked for and the period before; every day of both must be complete',
  formula: 'revenue_usd / revenue_usd of the period before - 1: sums over sums',
  meaning: 'How much more than in the period before, as a fraction: 0.1 is 10 % more.',
  nullRule: 'either sum has no value, or the earlier one is not above zero',
  revision: 1,
  reach: 'before',
  compute: (period) => growthValue(revenue(period), revenue(period.before()), 'revenue'),
}
