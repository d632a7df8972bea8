import { seededBytes } from '../scenario.ts'

/** Which of several histories a block belongs to; 0 is the one that was mined first. */
export type Branch = number

/** Where a transaction or a bundled item stands; items count from 1,000 on. */
export interface TransactionPlace {
  readonly height: number
  readonly index: number
}

const blockHashBytes = 48
const idBytes = 32

// Height and index are hidden in an id by XOR with other bytes of it, so that a place is found without an index.

/** A block's `indep_hash`: 48 bytes in base64url. */
export function blockHash(seed: number, branch: Branch, height: number): string {
  const bytes = seededBytes(seed, `arweave block ${branch} ${height}`, blockHashBytes)
  bytes.writeUInt32BE((bytes.readUInt32BE(8) ^ height) >>> 0, 0)
  return bytes.toString('base64url')
}

/** A transaction's id: 32 bytes in base64url. */
export function transactionId(seed: number, branch: Branch, { height, index }: TransactionPlace): string {
  const bytes = seededBytes(seed, `arweave transaction ${branch} ${height} ${index}`, idBytes)
  bytes.writeUInt32BE((bytes.readUInt32BE(8) ^ height) >>> 0, 0)
  bytes.writeUInt16BE(bytes.readUInt16BE(12) ^ index, 4)
  return bytes.toString('base64url')
}

function decode(text: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.length === length && bytes.toString('base64url') === text ? bytes : undefined
}

/** The height that a hash of ours would have; the caller checks that the block there has this hash. */
export function heightOfHash(hash: string): number | undefined {
  const bytes = decode(hash, blockHashBytes)
  return bytes === undefined ? undefined : (bytes.readUInt32BE(0) ^ bytes.readUInt32BE(8)) >>> 0
}

/** The place that an id of ours would have; the caller checks that the transaction there has this id. */
export function placeOfId(id: string): TransactionPlace | undefined {
  const bytes = decode(id, idBytes)
  if (bytes === undefined) return undefined
  return {
    height: (bytes.readUInt32BE(0) ^ bytes.readUInt32BE(8)) >>> 0,
    index: bytes.readUInt16BE(4) ^ bytes.readUInt16BE(12),
  }
}
