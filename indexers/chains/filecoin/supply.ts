import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { Refusal } from './rpc.ts'
import type { Circulation, RewardState } from './state.ts'
import type { Tipset } from './tipset.ts'
import { calico } from './upgrades.ts'
import { vestedAt } from './vesting.ts'

const attoPerFil = 10n ** 18n
/** All FIL there will ever be: lotus build/buildconstants/params_shared_vals.go, and the sum of the genesis balances. */
export const filBase = 2_000_000_000n * attoPerFil
/** What f02 held at genesis, from which every reward is paid. */
export const miningReserve = 1_100_000_000n * attoPerFil
/** More than f02 was ever sent by mistake (65 FIL in 2020), far less than an error of a day. */
const mistakenGifts = 1_000n * attoPerFil

/** AttoFIL outside of f02's reserve and of f099: what was allotted at genesis or minted, and not burned. */
export function outside(reward: RewardState, burnt: bigint): bigint {
  return filBase - (reward.balance - (reward.streams?.unclaimed ?? 0n)) - burnt
}

/**
 * Whether what a node says of the state before a tipset agrees with itself: f02's balance and counter add up to the mining
 * reserve, the circulating supply names the same minted and burned amounts, and what vested is the exact schedule.
 * @returns What contradicts what, with both sides; undefined if nothing does.
 */
export function contradiction(
  tipset: Tipset,
  reward: RewardState,
  burnt: bigint | undefined,
  circulation: Circulation | undefined,
): Refusal | undefined {
  const at = `Filecoin state before tipset ${tipset.height}`
  const refuse = (what: string): Refusal => ({
    refused: new IndexerError('decode-failed', `${at}: ${what}. Compare with another node`, {
      height: tipset.height,
    }),
  })
  const whole = reward.balance + reward.minted
  const gifts = whole - miningReserve
  if (reward.streams === undefined && (gifts < 0n || gifts > mistakenGifts))
    return refuse(
      `f02 holds ${reward.balance} and minted ${reward.minted}, together ${whole} attoFIL, not ${miningReserve}`,
    )
  if (circulation === undefined) return undefined
  if (circulation.mined !== reward.minted)
    return refuse(`FilMined is ${circulation.mined}, f02 minted ${reward.minted} attoFIL`)
  if (burnt !== undefined && circulation.burnt !== burnt)
    return refuse(`FilBurnt is ${circulation.burnt}, f099 holds ${burnt} attoFIL`)
  if (tipset.height > calico && circulation.vested !== vestedAt(tipset.height))
    return refuse(`FilVested is ${circulation.vested}, the schedule gives ${vestedAt(tipset.height)} attoFIL`)
  return undefined
}
