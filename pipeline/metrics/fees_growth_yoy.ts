import type { Metric } from './define.ts'
import { fees } from './parts.ts'
import { growthValue } from './sums.ts'

/** Growth of fees against the same period a year before. */
export const feesGrowthYoy: Metric = {
  id: 'fees_growth_yoy',
  unit: 'ratio',
  window: 'the period asked for and the same period a year before; every day of both must be complete',
  formula: 'fees_usd / fees_usd of the same period a year before - 1: sums over sums',
  meaning: 'How much more than in the same period a year before, as a fraction: 0.1 is 10 % more.',
  nullRule: 'either sum has no value, or the earlier one is not above zero',
  revision: 1,
  reach: 'year',
  compute: (period) => growthValue(fees(period), fees(period.yearBefore()), 'fees'),
}
