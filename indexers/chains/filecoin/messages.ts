import type { AnswerPlace } from '../../engine/json_rpc_answer.ts'
import { address, amount, badAnswer, cid, fields, list, whole } from './answers.ts'
import { type GasOutputs, gasOutputs, isFree } from './gas.ts'
import type { Question } from './rpc.ts'
import type { Tipset } from './tipset.ts'

/** A user's message. Amounts in attoFIL. */
export interface Message {
  readonly cid: string
  readonly from: string
  readonly to: string
  readonly nonce: number
  readonly value: bigint
  readonly method: number
  readonly gasLimit: bigint
  readonly feeCap: bigint
  readonly premium: bigint
}

/** What executing a message came to. */
export interface Receipt {
  readonly exitCode: number
  readonly gasUsed: bigint
}

/** A message that was executed, where its gas money went, and who got the tip. */
export interface Executed {
  readonly message: Message
  readonly receipt: Receipt
  readonly gas: GasOutputs
  /** The miner of the first block in the tipset's order that holds the message. */
  readonly miner: string | undefined
}

/** Checks a message; its CID is told apart, because a signed message is known by the CID that covers its signature. */
export function readMessage(raw: unknown, id: unknown, place: AnswerPlace): Message {
  const message = fields(raw, 'a message', place)
  return {
    cid: cid(id, 'the CID of a message', place),
    from: address(message, 'From', place),
    to: address(message, 'To', place),
    nonce: whole(message, 'Nonce', place),
    value: amount(message, 'Value', place),
    method: whole(message, 'Method', place),
    gasLimit: BigInt(whole(message, 'GasLimit', place)),
    feeCap: amount(message, 'GasFeeCap', place),
    premium: amount(message, 'GasPremium', place),
  }
}

/** Checks a receipt. */
export function readReceipt(raw: unknown, place: AnswerPlace): Receipt {
  const receipt = fields(raw, 'a receipt', place)
  return {
    exitCode: whole(receipt, 'ExitCode', place),
    gasUsed: BigInt(whole(receipt, 'GasUsed', place)),
  }
}

/** Asks for the messages of a block, in the order of execution: BLS-signed ones first, then the others. */
export function blockMessagesQuestion(block: string, height: number): Question<readonly Message[]> {
  return {
    method: 'ChainGetBlockMessages',
    params: [{ '/': block }],
    height,
    read: (result, place) => {
      const said = fields(result, 'the messages of a block', place)
      const bls = list(said.BlsMessages, 'messages', place)
      const secp = list(said.SecpkMessages, 'signed messages', place).map(
        (signed) => fields(signed, 'a signed message', place).Message,
      )
      const cids = list(said.Cids, 'CIDs', place)
      if (cids.length !== bls.length + secp.length)
        throw badAnswer(place, `${bls.length + secp.length} CIDs in field 'Cids'`, cids.length)
      return [...bls, ...secp].map((message, i) => readMessage(message, cids[i], place))
    },
  }
}

/** Asks for the receipts of the messages that the parent of a block executed. */
export function receiptsQuestion(childBlock: string, height: number): Question<readonly Receipt[]> {
  return {
    method: 'ChainGetParentReceipts',
    params: [{ '/': childBlock }],
    height,
    read: (result, place) => list(result, 'receipts', place).map((one) => readReceipt(one, place)),
  }
}

/**
 * The messages that a tipset executes, each once. The same message may be in several blocks, and of two with one nonce only
 * the first in the tipset's order is executed: a sender's messages count on from the nonce of its first one.
 * filecoin-project/lotus, chain/store/messages.go (BlockMsgsForTipset) and chain/consensus/compute_state.go.
 * @param byBlock The messages of each block, in the order of the tipset's blocks.
 */
export function selectExecuted(
  byBlock: readonly (readonly Message[])[],
): { readonly message: Message; readonly block: number }[] {
  const next = new Map<string, number>()
  const seen = new Set<string>()
  const selected: { message: Message; block: number }[] = []
  for (const [block, messages] of byBlock.entries()) {
    for (const message of messages) {
      const due = next.get(message.from) ?? message.nonce
      if (message.nonce !== due || seen.has(message.cid)) continue
      next.set(message.from, due + 1)
      seen.add(message.cid)
      selected.push({ message, block })
    }
  }
  return selected
}

/** Where the gas money of an executed message went, by the rules of its height. */
export function gasOf(
  message: Message,
  receipt: Receipt,
  tipset: Pick<Tipset, 'height' | 'baseFee'>,
): GasOutputs {
  return gasOutputs({
    used: receipt.gasUsed,
    limit: message.gasLimit,
    baseFee: tipset.baseFee,
    feeCap: message.feeCap,
    premium: message.premium,
    free: isFree(tipset.height, message.method, receipt.exitCode),
  })
}
