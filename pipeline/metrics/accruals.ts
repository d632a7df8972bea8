import type { FlowStream } from '../model/flow.ts'
import { parseFraction, timesFraction } from '../model/fraction.ts'
import type { Accrual } from '../model/stream.ts'
import type { Day } from '../model/time.ts'
import type { Keeper } from './selections.ts'

const keepers: readonly Keeper[] = ['supply', 'protocol', 'holders']

/** The split in force on a day; undefined where none is declared for it. */
export function accrualOn(stream: FlowStream, day: Day): Accrual | undefined {
  return stream.accrues.findLast((a) => a.since === undefined || day >= a.since)
}

/**
 * The share of an amount that one keeper gets: rounded, except that the last of the keepers named takes what
 * is left, so that the shares of an amount add up to it exactly.
 * @example shareOf({ supply: '1/6', protocol: '5/6' }, 'protocol', 100n) // 83n, as supply gets 17n
 */
export function shareOf(accrual: Accrual, keeper: Keeper, amount: bigint): bigint {
  const named = keepers.filter((k) => accrual[k] !== undefined)
  if (!named.includes(keeper)) return 0n
  const rounded = (k: Keeper): bigint => timesFraction(amount, parseFraction(accrual[k] ?? '0'))
  if (keeper !== named.at(-1)) return rounded(keeper)
  return named.slice(0, -1).reduce((left, k) => left - rounded(k), amount)
}
