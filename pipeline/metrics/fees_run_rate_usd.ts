import type { Metric } from './define.ts'
import { fees } from './parts.ts'
import { times, unknown, usdValue } from './sums.ts'

/** A month times twelve. */
export const feesRunRateUsd: Metric = {
  id: 'fees_run_rate_usd',
  unit: 'USD',
  window: 'a calendar month',
  formula: 'fees_usd of a calendar month x 12',
  meaning: 'What the press calls annual recurring revenue.',
  nullRule: 'as fees_usd, or the granularity is not MONTH',
  revision: 1,
  compute: (period) =>
    period.granularity === 'MONTH'
      ? usdValue(times(fees(period), 12n, 1n))
      : usdValue(
          unknown('NO_COVERAGE', 'a run rate is a calendar month times 12; ask with granularity MONTH'),
        ),
}
