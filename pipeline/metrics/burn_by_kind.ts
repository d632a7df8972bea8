import type { BurnClass } from '../model/stream.ts'
import type { Metric } from './define.ts'
import { sumNull, wholePeriod } from './define.ts'
import { burnOf } from './selections.ts'
import { nativeValue } from './sums.ts'

const kinds: readonly (readonly [BurnClass, string])[] = [
  ['purchase', 'to buy credit'],
  ['usage', 'to pay for use'],
  ['gas', 'as transaction fees'],
  ['penalty', 'as penalties'],
  ['buyback', 'after being bought back'],
  ['migration', 'to move to another chain or contract'],
  ['other', 'for any other reason'],
]

/** Destroyed tokens by cause: a metric for each class of burn. Together they are the gross burn. */
export const burnByKind: readonly Metric[] = kinds.map(([name, why]) => ({
  id: `burn_${name}_native`,
  unit: 'tokens',
  window: wholePeriod,
  formula: `sum of burns of the class ${name}`,
  meaning: `Whole tokens destroyed ${why}.`,
  nullRule: sumNull,
  revision: 1,
  compute: (period) => nativeValue(period.raw(burnOf(name)), period.flows.primaryDecimals),
}))
