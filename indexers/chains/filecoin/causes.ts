import type { BurnSend, Call } from './trace.ts'

/** Why FIL was sent to f099 inside an execution. */
export const burnCauses = {
  batchFee: 'fees for committing or proving sectors in batches',
  deadline: "a miner's deadline cron: faults and, since network version 25, the daily sector fee",
  termination: 'sectors that their provider or, after long faults, cron terminated',
  dispute: 'a proof of sectors that was successfully disputed',
  consensusFault: 'a reported consensus fault',
  blockPenalty: 'taken out of a block reward: bad messages in the block, or a debt',
  debt: 'a debt of fees that a miner repaid',
  market: 'collateral of storage deals that was slashed',
  rewardFailed: 'a block reward whose miner could not take it',
  burnedAtSource: 'minted and burned at once, since network version 29',
  contract: 'sent by a contract of the Ethereum machine',
  direct: 'sent by a user',
  other: 'anything else',
} as const

export type BurnCause = keyof typeof burnCauses

const ids = { reward: 'f02', market: 'f05' } as const
const invokeContract = 3_844_450_837

/** Methods of miner actors, by number: filecoin-project/builtin-actors, actors/miner/src/lib.rs. */
const minerMethods: Readonly<Record<number, BurnCause>> = {
  9: 'termination',
  12: 'deadline',
  14: 'blockPenalty',
  15: 'consensusFault',
  16: 'debt',
  22: 'debt',
  24: 'dispute',
  25: 'batchFee',
  26: 'batchFee',
  28: 'batchFee',
  34: 'batchFee',
}

/**
 * Says why a transfer to f099 happened, from the calls that led to it. The daily sector fee and faults leave a miner in one
 * transfer, and are one cause.
 * @param streamed Whether what is minted is shared out in streams (network version 29).
 */
export function causeOf({ call, implicit }: BurnSend, streamed: boolean): BurnCause {
  const { parent } = call
  if (parent === undefined) return 'direct'
  if (call.from === ids.reward) return streamed && implicit ? 'burnedAtSource' : 'rewardFailed'
  if (call.from === ids.market) return 'market'
  if (call.terminates) return 'termination'
  // Of the actors that a message can reach, only miners and the market burn, so the method tells enough.
  return minerMethods[parent.method] ?? (isContractCall(parent) ? 'contract' : 'other')
}

/** Whether the calls up to the message went into a contract. */
function isContractCall(call: Call): boolean {
  for (let at: Call | undefined = call; at !== undefined; at = at.parent) {
    if (at.method === invokeContract) return true
  }
  return false
}
