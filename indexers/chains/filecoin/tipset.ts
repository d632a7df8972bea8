import type { BlockMark } from '../../../pipeline/model/batch.ts'
import type { UnixSeconds } from '../../../pipeline/model/time.ts'
import type { AnswerPlace } from '../../engine/json_rpc_answer.ts'
import { address, amount, badAnswer, cid, fields, list, whole } from './answers.ts'
import { epochSeconds, genesisTime, timeOf } from './epochs.ts'
import type { Question } from './rpc.ts'

/** One block of a tipset: who made it, and how many of the epoch's draws it won. */
export interface Block {
  readonly cid: string
  readonly miner: string
  readonly winCount: number
}

/** The blocks of one height with the same parents. Its messages are executed, and their effects visible, in its child. */
export interface Tipset {
  readonly height: number
  /** CIDs of its blocks in the chain's order. */
  readonly cids: readonly string[]
  readonly parents: readonly string[]
  readonly blocks: readonly Block[]
  /** AttoFIL a unit of gas for the messages of this tipset. */
  readonly baseFee: bigint
}

/** A tipset key as nodes take it. */
export function keyOf(cids: readonly string[]): readonly { readonly '/': string }[] {
  return cids.map((of) => ({ '/': of }))
}

/** The hash of a tipset for continuity checks: the CIDs of its blocks. */
export function hashOf(cids: readonly string[]): string {
  return cids.join(' ')
}

/**
 * Checks a tipset as `ChainGetTipSetByHeight`, `ChainHead` and others answer it.
 * @param genesis Time of height 0; another than mainnet's for recorded heights of other networks.
 * @throws IndexerError `rpc-bad-answer` naming endpoint, method, height and field; also if a block's time is not its height's.
 */
export function readTipset(result: unknown, place: AnswerPlace, genesis: UnixSeconds = genesisTime): Tipset {
  const tipset = fields(result, 'a tipset', place)
  const height = whole(tipset, 'Height', place)
  const at = { ...place, height: place.height ?? height }
  const cids = list(tipset.Cids, 'block CIDs', at).map((c) => cid(c, 'a block CID', at))
  const raw = list(tipset.Blocks, 'blocks', at).map((b) => fields(b, 'a block', at))
  const first = raw[0]
  if (first === undefined || raw.length !== cids.length) throw badAnswer(at, 'as many blocks as CIDs', cids)
  const baseFee = amount(first, 'ParentBaseFee', at)
  const time = genesis + epochSeconds * height
  const blocks = raw.map((block, i): Block => {
    if (whole(block, 'Height', at) !== height) throw badAnswer(at, `blocks of height ${height}`, block.Height)
    if (whole(block, 'Timestamp', at) !== time) {
      throw badAnswer(at, `time ${time} of height ${height} in field 'Timestamp'`, block.Timestamp)
    }
    if (amount(block, 'ParentBaseFee', at) !== baseFee)
      throw badAnswer(at, 'one base fee for all blocks', block.ParentBaseFee)
    const proof = fields(block.ElectionProof, "an object in field 'ElectionProof'", at)
    return {
      cid: cids[i] ?? '',
      miner: address(block, 'Miner', at),
      winCount: whole(proof, 'WinCount', at),
    }
  })
  const parents = list(first.Parents, 'parent CIDs', at).map((c) => cid(c, 'a parent CID', at))
  return { height, cids, parents, blocks, baseFee }
}

/** Asks for the tipset of a height. Where no block was made, nodes answer with an earlier one: compare heights. */
export function tipsetQuestion(height: number, genesis?: UnixSeconds): Question<Tipset> {
  return {
    method: 'ChainGetTipSetByHeight',
    params: [height, null],
    height,
    read: (result, place) => {
      const tipset = readTipset(result, place, genesis)
      if (tipset.height <= height) return tipset
      throw badAnswer(place, `the tipset of height ${height} or an earlier one`, tipset.height)
    },
  }
}

/** Asks for the CID of the genesis block, of whatever network the node serves. */
export const genesisQuestion: Question<string> = {
  method: 'ChainGetGenesis',
  params: [],
  height: 0,
  read: (result, place) => {
    const [first] = list(fields(result, 'a tipset', place).Cids, 'block CIDs', place)
    return cid(first, 'a block CID', place)
  },
}

/** A tipset's place in the chain. */
export function markOf(tipset: Tipset): BlockMark {
  return {
    height: tipset.height,
    hash: hashOf(tipset.cids),
    parentHash: hashOf(tipset.parents),
    time: timeOf(tipset.height),
  }
}
