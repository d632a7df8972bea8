import type { Metric } from './define.ts'
import { revenue } from './parts.ts'
import { growthValue } from './sums.ts'

/** Growth of revenue against the same period a year before. */
export const revenueGrowthYoy: Metric = {
  id: 'revenue_growth_yoy',
  unit: 'ratio',
  window: 'the period asked for and the same period a year before; every day of both must be complete',
  formula: 'revenue_usd / revenue_usd of the same period a year before - 1: sums over sums',
  meaning: 'How much more than in the same period a year before, as a fraction: 0.1 is 10 % more.',
  nullRule: 'either sum has no value, or the earlier one is not above zero',
  revision: 1,
  reach: 'year',
  compute: (period) => growthValue(revenue(period), revenue(period.yearBefore()), 'revenue'),
}
