import type { Metric } from './define.ts'
import { wholePeriod } from './define.ts'
import { fees } from './parts.ts'
import { usdValue } from './sums.ts'

/** What the operator kept. */
export const protocolRevenueUsd: Metric = {
  id: 'protocol_revenue_usd',
  unit: 'USD',
  window: wholePeriod,
  formula: 'sum of the shares of fees that accrue to protocol',
  meaning: 'Part of the fees kept by the treasury or the operator.',
  nullRule: 'as fees_usd, or who keeps a fee is not declared for a day',
  revision: 1,
  compute: (period) => usdValue(fees(period, 'protocol')),
}
