import { decodeId, encodeId } from '../../pipeline/model/encoding.ts'
import { seededBytes } from '../scenario.ts'
import { pays, writes } from './instructions.ts'
import { compile } from './message.ts'
import { blockHash, parentOf, timeOf } from './slots.ts'
import type { SolanaTransaction } from './transaction.ts'

const voteProgram = 'Vote111111111111111111111111111111111111111'

// The slot is hidden in the signature by XOR with other bytes of it, so that it is found without an index.

function voteBytes(seed: number, slot: number): Buffer {
  const bytes = seededBytes(seed, `solana vote ${slot}`, 64)
  bytes.writeUInt32BE((bytes.readUInt32BE(8) ^ slot) >>> 0, 0)
  return bytes
}

/** The name of the vote that every block begins with. */
export function voteSignature(seed: number, slot: number): string {
  return encodeId(voteBytes(seed, slot), 'base58')
}

/** The slot of a vote of ours; undefined for any other signature. */
export function slotOfVote(seed: number, signature: string): number | undefined {
  const bytes = decodeId(signature, 'base58')
  if (bytes?.length !== 64) return undefined
  const buffer = Buffer.from(bytes)
  const slot = (buffer.readUInt32BE(0) ^ buffer.readUInt32BE(8)) >>> 0
  return voteSignature(seed, slot) === signature ? slot : undefined
}

/** The vote of a block: a transaction that moves nothing. */
export function voteOf(seed: number, slot: number): SolanaTransaction {
  const voter = encodeId(seededBytes(seed, 'solana voter', 32), 'base58')
  const account = encodeId(seededBytes(seed, 'solana vote account', 32), 'base58')
  const data = Buffer.concat([Buffer.from([14, 0, 0, 0]), seededBytes(seed, `solana ballot ${slot}`, 60)])
  const vote = {
    program: voteProgram,
    accounts: [writes(account), pays(voter)],
    data,
    calls: [],
    effects: [],
  }
  const bytes = voteBytes(seed, slot)
  return {
    slot,
    index: 0,
    time: timeOf(slot),
    signatures: [bytes],
    signature: encodeId(bytes, 'base58'),
    message: compile(voter, [vote], blockHash(seed, parentOf(seed, slot))),
    error: null,
    pre: [],
    post: [],
  }
}
