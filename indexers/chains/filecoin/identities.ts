import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { Need, TipsetFacts } from './facts.ts'
import { type Executed, gasOf } from './messages.ts'
import { blockRewards } from './rewards.ts'
import { isRefusal, type Refusal } from './rpc.ts'
import type { TipsetTrace } from './trace.ts'

/** The two sides of an identity that a tipset must keep, in attoFIL. */
export interface Identity {
  readonly what: string
  readonly left: bigint
  readonly right: bigint
}

/**
 * What f099, f02's counter and the tips must satisfy, as far as both sides were read.
 * @param by What is wanted of the tipset: its trace must also fit its messages, these stand without a trace.
 */
export function identitiesOf(facts: TipsetFacts, by: Need): Identity[] {
  return by === 'messages' ? ofMessages(facts) : [...ofMessages(facts), ...ofTrace(facts)]
}

/**
 * The first identity that a tipset breaks, with both sides.
 * @returns undefined if it keeps all of those that could be looked at.
 */
export function brokenIdentity(facts: TipsetFacts, by: Need): Refusal | undefined {
  const broken = identitiesOf(facts, by).find(({ left, right }) => left !== right)
  if (broken === undefined) return undefined
  const { height } = facts.tipset
  const { what, left, right } = broken
  const message =
    `Filecoin tipset ${height}: ${what}: ${left} and ${right} attoFIL, ${left - right} apart. ` +
    'Compare the tipset with another node; if it holds there, a network upgrade changed the rules'
  return { refused: new IndexerError('decode-failed', message, { height }) }
}

function ofMessages({ tipset, afterNullRounds, state, executed }: TipsetFacts): Identity[] {
  const found: Identity[] = []
  const { reward, rewardAfter, burnt, burntAfter } = state
  if (!isRefusal(reward) && !isRefusal(rewardAfter) && executed !== undefined) {
    const minted = rewardAfter.minted - reward.minted
    const wins = tipset.blocks.map((b) => b.winCount)
    const rewards = blockRewards(reward.thisEpochReward, wins, minted, afterNullRounds)
    const plain = wins.reduce((sum, w) => sum + (reward.thisEpochReward * BigInt(w)) / 5n, 0n)
    const right = rewards === undefined ? plain : minted
    found.push({ what: "growth of f02's counter = rewards of the blocks by their wins", left: minted, right })
  }
  if (executed !== undefined && !isRefusal(executed) && !isRefusal(burnt) && !isRefusal(burntAfter)) {
    const left = burntAfter - burnt
    const gas = gasBurnOf(executed)
    // What is burned inside executions comes on top.
    found.push({ what: 'growth of f099 >= gas burned by the messages', left, right: left > gas ? left : gas })
  }
  return found
}

function ofTrace({ tipset, state, trace }: TipsetFacts): Identity[] {
  if (trace === undefined || isRefusal(trace)) return []
  const { reward, rewardAfter, burnt, burntAfter } = state
  const executed = executedOf(trace, tipset)
  const found: Identity[] = trace.messages.flatMap(({ message, said }, i): Identity[] => {
    const gas = executed[i]?.gas
    if (gas === undefined) return []
    const burned = gas.baseFeeBurn + gas.overEstimationBurn
    const what = `gas of message ${message.cid} as computed = as the node says`
    return [
      { what: `${what} (burned)`, left: burned, right: said.baseFeeBurn + said.overEstimationBurn },
      { what: `${what} (tip)`, left: gas.minerTip, right: said.minerTip },
      { what: `${what} (refund)`, left: gas.refund, right: said.refund },
    ]
  })
  const tips = executed.reduce((sum, { gas }) => sum + gas.minerTip, 0n)
  const passedOn = trace.awards.reduce((sum, award) => sum + award.gasReward, 0n)
  found.push({ what: 'tips of the messages = gas rewards of the blocks', left: tips, right: passedOn })
  if (!isRefusal(burnt) && !isRefusal(burntAfter)) {
    const right = gasBurnOf(executed) + trace.burns.reduce((sum, { call }) => sum + call.value, 0n)
    const what = 'growth of f099 = gas burned + transfers to f099 inside executions'
    found.push({ what, left: burntAfter - burnt, right })
  }
  if (!isRefusal(reward) && !isRefusal(rewardAfter)) {
    const explicit = (rewardAfter.streams?.explicit ?? 0n) - (reward.streams?.explicit ?? 0n)
    const paid = trace.awards.reduce((sum, award) => sum + award.minted, 0n)
    const what = "growth of f02's counter = rewards that f02 paid out"
    found.push({ what, left: rewardAfter.minted - reward.minted, right: paid + explicit })
  }
  return found
}

/** The messages of a trace with their gas worked out anew, by our own arithmetic. */
export function executedOf(trace: TipsetTrace, tipset: TipsetFacts['tipset']): Executed[] {
  return trace.messages.map(({ message, receipt }) => ({
    message,
    receipt,
    gas: gasOf(message, receipt, tipset),
    miner: undefined,
  }))
}

/** What messages burned for gas, in attoFIL. */
export function gasBurnOf(executed: readonly Executed[]): bigint {
  return executed.reduce((sum, { gas }) => sum + gas.baseFeeBurn + gas.overEstimationBurn, 0n)
}
