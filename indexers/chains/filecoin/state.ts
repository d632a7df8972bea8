import type { AnswerPlace } from '../../engine/json_rpc_answer.ts'
import { amount, badAnswer, fields, list } from './answers.ts'
import type { Question } from './rpc.ts'
import { keyOf, type Tipset } from './tipset.ts'

/** The reward actor f02 before a tipset was executed. Amounts in attoFIL. */
export interface RewardState {
  readonly balance: bigint
  /** All FIL ever minted. */
  readonly minted: bigint
  /** What one winner of the tipset's epoch mints, times the five expected winners. */
  readonly thisEpochReward: bigint
  /** Since network version 29: how much of `minted` went elsewhere than to miners; undefined before. */
  readonly streams?: RewardStreams
}

/** The streams that share what is minted since network version 29 (FIP-0118). */
export interface RewardStreams {
  /** Minted and burned at once. */
  readonly burned: bigint
  /** Minted for explicit recipients, claimed or not. */
  readonly explicit: bigint
  /** Of that, what nobody has claimed: it is still in f02's balance. */
  readonly unclaimed: bigint
}

/**
 * Checks `StateReadState` of f02. The member that counts what was minted was renamed with network version 29, and indexers
 * exist that write both names, the unused one as zero: the one that is not zero counts.
 * @throws IndexerError `rpc-bad-answer` naming endpoint, height and field.
 */
export function readRewardState(result: unknown, place: AnswerPlace): RewardState {
  const actor = fields(result, 'an actor state', place)
  const state = fields(actor.State, "an object in field 'State'", place)
  const total = state.TotalMintedReward === undefined ? 0n : amount(state, 'TotalMintedReward', place)
  const common = {
    balance: amount(actor, 'Balance', place),
    thisEpochReward: amount(state, 'ThisEpochReward', place),
  }
  if (total === 0n) return { ...common, minted: amount(state, 'TotalStoragePowerReward', place) }
  const accrued = list(state.Accrued, 'accrued amounts', place)
  return {
    ...common,
    minted: total,
    streams: {
      burned: amount(state, 'TotalBurnMinted', place),
      explicit: amount(state, 'TotalExplicitMinted', place),
      unclaimed: accrued.reduce<bigint>(
        (sum, one) => sum + amount(fields(one, 'an accrued amount', place), 'Amount', place),
        0n,
      ),
    },
  }
}

/** What the node counts as circulating, before a tipset was executed. Amounts in attoFIL. */
export interface Circulation {
  readonly vested: bigint
  readonly mined: bigint
  readonly burnt: bigint
  readonly locked: bigint
  readonly disbursed: bigint
  readonly circulating: bigint
}

/** Checks `StateVMCirculatingSupplyInternal`, and that its parts add up. */
export function readCirculation(result: unknown, place: AnswerPlace): Circulation {
  const said = fields(result, 'a circulating supply', place)
  const of = (field: string): bigint => amount(said, field, place)
  const circulation = {
    vested: of('FilVested'),
    mined: of('FilMined'),
    burnt: of('FilBurnt'),
    locked: of('FilLocked'),
    disbursed: of('FilReserveDisbursed'),
    circulating: of('FilCirculating'),
  }
  const { vested, mined, disbursed, burnt, locked } = circulation
  const sum = vested + mined + disbursed - burnt - locked
  if (circulation.circulating !== (sum > 0n ? sum : 0n))
    throw badAnswer(place, `FilCirculating ${sum}, the sum of its parts`, String(circulation.circulating))
  return circulation
}

/** Asks for f02 as it was before a tipset was executed. */
export function rewardQuestion(tipset: Tipset): Question<RewardState> {
  return {
    method: 'StateReadState',
    params: ['f02', keyOf(tipset.cids)],
    height: tipset.height,
    read: readRewardState,
  }
}

/** Asks for the balance of f099, everything burned so far, before a tipset was executed. */
export function burntQuestion(tipset: Tipset): Question<bigint> {
  return {
    method: 'StateGetActor',
    params: ['f099', keyOf(tipset.cids)],
    height: tipset.height,
    read: (result, place) => amount(fields(result, 'an actor', place), 'Balance', place),
  }
}

/** Asks for the circulating supply before a tipset was executed; what had vested is counted at its own height. */
export function circulationQuestion(tipset: Tipset): Question<Circulation> {
  return {
    method: 'StateVMCirculatingSupplyInternal',
    params: [keyOf(tipset.cids)],
    height: tipset.height,
    read: readCirculation,
  }
}
