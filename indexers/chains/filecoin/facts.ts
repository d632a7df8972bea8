import type { Executed } from './messages.ts'
import type { Refusal } from './rpc.ts'
import type { RewardState } from './state.ts'
import type { Tipset } from './tipset.ts'
import type { TipsetTrace } from './trace.ts'

/** What a stream needs read of a tipset beside its header. */
export type Need = 'messages' | 'trace'

/** The state that money is counted in, before and after a tipset was executed; a refusal where no node tells it. */
export interface StateChange {
  readonly reward: RewardState | Refusal
  readonly rewardAfter: RewardState | Refusal
  /** Balance of f099 in attoFIL. */
  readonly burnt: bigint | Refusal
  readonly burntAfter: bigint | Refusal
}

/** All that was read of one tipset; each part may be refused by the nodes, and is undefined where it was not asked for. */
export interface TipsetFacts {
  readonly tipset: Tipset
  /** Whether heights right below the tipset have no block, as far as known. */
  readonly afterNullRounds: boolean
  readonly state: StateChange
  readonly executed?: readonly Executed[] | Refusal
  readonly trace?: TipsetTrace | Refusal
}
