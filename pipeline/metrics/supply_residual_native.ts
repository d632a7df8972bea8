import type { Metric } from './define.ts'
import { residualOf } from './parts.ts'
import { nativeValue } from './sums.ts'

/** What the supply proof leaves over. */
export const supplyResidualNative: Metric = {
  id: 'supply_residual_native',
  unit: 'tokens',
  window: 'the proofs that lie whole in the period',
  formula: 'sum of (all mints - all burns - change of the supply) over the proofs that lie in the period',
  meaning: 'Tokens that events do not explain: zero where every mint and burn is known.',
  nullRule: 'no proof of the supply lies in the period',
  revision: 1,
  market: true,
  compute: (period) => nativeValue(residualOf(period), period.flows.primaryDecimals),
}
