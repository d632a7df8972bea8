import type { AnswerPlace } from '../../engine/json_rpc_answer.ts'
import { badAnswer } from './answers.ts'

/** What the machine tells f02 about a block: the parameters of AwardBlockReward. Amounts in attoFIL. */
export interface Award {
  /** Owed by the miner for bad messages; the miner burns three times this. */
  readonly penalty: bigint
  /** The tips of the block's messages. */
  readonly gasReward: bigint
  readonly winCount: number
}

/**
 * Decodes the parameters of AwardBlockReward: CBOR of [miner, penalty, gasReward, winCount], where a big number is a byte
 * string of a sign (0 plus, 1 minus) and the magnitude, empty for zero.
 * @throws IndexerError `rpc-bad-answer` if they are anything else.
 */
export function readAward(params: unknown, place: AnswerPlace): Award {
  const bytes = typeof params === 'string' ? Buffer.from(params, 'base64') : Buffer.alloc(0)
  let at = 0
  const refuse = (): never => {
    throw badAnswer(
      place,
      'the CBOR of [miner, penalty, gasReward, winCount] as parameters of AwardBlockReward',
      params,
    )
  }
  /** The count that a head of a major type tells. */
  const head = (major: number): number => {
    const first = bytes[at] ?? refuse()
    at += 1
    if (first >> 5 !== major) refuse()
    const small = first & 31
    if (small < 24) return small
    const size = small === 24 ? 1 : small === 25 ? 2 : small === 26 ? 4 : refuse()
    if (at + size > bytes.length) refuse()
    at += size
    return bytes.readUIntBE(at - size, size)
  }
  const text = (): Buffer => {
    const length = head(2)
    if (at + length > bytes.length) refuse()
    at += length
    return bytes.subarray(at - length, at)
  }
  const big = (): bigint => {
    const value = text()
    if (value.length === 0) return 0n
    if (value[0] !== 0) refuse()
    return BigInt(`0x0${value.subarray(1).toString('hex')}`)
  }
  if (head(4) !== 4) refuse()
  text()
  const award = { penalty: big(), gasReward: big(), winCount: head(0) }
  if (at !== bytes.length) refuse()
  return award
}
