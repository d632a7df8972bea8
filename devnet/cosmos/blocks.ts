import { createHash } from 'node:crypto'
import { seededBytes } from '../scenario.ts'
import { sortCoins } from './decimal.ts'
import { eraAt } from './eras.ts'
import type { BlockFacts, TransactionFacts } from './facts.ts'
import { any, encode } from './protobuf.ts'
import { blockResults } from './results.ts'
import type { AkashScenario } from './scenario.ts'

/** 0 is the chain; any other number a rival that a lying node makes up. */
export type Branch = 0 | 1

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
const upper = (bytes: Buffer): string => bytes.toString('hex').toUpperCase()

/** Writes the blocks of a scenario as the RPC gives them. */
export class BlockWriter {
  readonly #chain: AkashScenario
  readonly #chainId: string
  /** A block and its header are asked for together. */
  #last: { readonly of: string; readonly bytes: readonly Buffer[] } = { of: '', bytes: [] }

  constructor(chain: AkashScenario, chainId: string) {
    this.#chain = chain
    this.#chainId = chainId
  }

  hash(height: number, branch: Branch = 0): string {
    return this.#seeded(`block ${branch}`, height)
  }

  blockId(height: number, branch: Branch = 0): object {
    return {
      hash: this.hash(height, branch),
      parts: { total: 1, hash: this.#seeded(`parts ${branch}`, height) },
    }
  }

  header(height: number, branch: Branch = 0): Readonly<Record<string, unknown>> {
    const { time } = this.#chain.block(height)
    const upgraded = eraAt(height).lists === 'one'
    return {
      version: { block: '11', ...(upgraded ? {} : { app: '0' }) },
      chain_id: this.#chainId,
      height: String(height),
      time: nanoTime(time, height),
      last_block_id: this.blockId(height - 1, height - 1 >= this.#chain.first ? branch : 0),
      last_commit_hash: this.#seeded('commit', height),
      data_hash: upper(merkleRoot(this.transactions(height, branch).map(sha256))),
      validators_hash: this.#seeded('validators', 0),
      next_validators_hash: this.#seeded('validators', 0),
      consensus_hash: this.#seeded('consensus', 0),
      app_hash: upper(this.#appHash(height - 1)),
      last_results_hash: this.#seeded('results', height - 1),
      evidence_hash: upper(sha256(Buffer.alloc(0))),
      proposer_address: upper(seededBytes(this.#chain.seed, `akash proposer ${height % 7}`, 20)),
    }
  }

  block(height: number, branch: Branch = 0): Readonly<Record<string, unknown>> {
    return {
      block_id: this.blockId(height, branch),
      block: {
        header: this.header(height, branch),
        data: { txs: this.transactions(height, branch).map((tx) => tx.toString('base64')) },
        evidence: { evidence: [] },
        last_commit: {
          height: String(height - 1),
          round: 0,
          block_id: this.blockId(height - 1),
          signatures: [],
        },
      },
    }
  }

  meta(height: number, branch: Branch = 0): Readonly<Record<string, unknown>> {
    const transactions = this.transactions(height, branch)
    return {
      block_id: this.blockId(height, branch),
      block_size: String(1_000 + transactions.reduce((all, tx) => all + tx.length, 0)),
      header: this.header(height, branch),
      num_txs: String(transactions.length),
    }
  }

  results(height: number): Readonly<Record<string, unknown>> {
    return blockResults(this.#chain.block(height), eraAt(height), this.#appHash(height))
  }

  /** The bytes of a block's transactions; a rival block has other bytes, so other hashes. */
  transactions(height: number, branch: Branch = 0): readonly Buffer[] {
    const of = `${height} ${branch}`
    if (this.#last.of !== of) {
      const block: BlockFacts = this.#chain.block(height)
      const bytes = block.transactions.map((one) =>
        transactionBytes(one, branch === 0 ? one.memo : 'rival', block.time),
      )
      this.#last = { of, bytes }
    }
    return this.#last.bytes
  }

  /** Where a transaction stands, by its hash in upper case. */
  find(hash: string): { readonly height: number; readonly index: number } | undefined {
    for (let height = this.#chain.head; height >= this.#chain.first; height -= 1) {
      const index = this.transactions(height).findIndex((tx) => upper(sha256(tx)) === hash)
      if (index >= 0) return { height, index }
    }
    return undefined
  }

  #appHash(height: number): Buffer {
    return seededBytes(this.#chain.seed, `akash app ${height}`, 32)
  }

  #seeded(what: string, height: number): string {
    return upper(seededBytes(this.#chain.seed, `akash ${what} ${height}`, 32))
  }
}

/** Seconds with the fraction that validators' clocks have. */
function nanoTime(time: number, height: number): string {
  const nanos = ((height * 7_919_317) % 1_000_000_000).toString().padStart(9, '0').replace(/0+$/, '')
  const seconds = new Date(time * 1000).toISOString().slice(0, 19)
  return nanos === '' ? `${seconds}Z` : `${seconds}.${nanos}Z`
}

/** The root over leaves as CometBFT builds it (RFC 6962). */
function merkleRoot(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves
  if (first === undefined) return sha256(Buffer.alloc(0))
  if (leaves.length === 1) return sha256(Buffer.concat([Buffer.of(0), first]))
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  const sides = [merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split))]
  return sha256(Buffer.concat([Buffer.of(1), ...sides]))
}

function transactionBytes(one: TransactionFacts, memo: string, time: number): Buffer {
  const timeout = encode([[1, time + 180]])
  const body = encode([
    ...one.messages.map(({ typeUrl, bytes }): [number, Buffer] => [1, any(typeUrl, bytes)]),
    [2, memo],
    ...(one.unordered
      ? ([
          [4, 1],
          [5, timeout],
        ] as const)
      : []),
  ])
  const key = any('/cosmos.crypto.secp256k1.PubKey', encode([[1, sha256(Buffer.from(one.signer))]]))
  const single = encode([[1, encode([[1, 1]])]])
  const fee = encode([
    ...sortCoins(one.fee).map(({ denom, amount }): [number, Buffer] => [
      1,
      encode([
        [1, denom],
        [2, String(amount)],
      ]),
    ]),
    [2, one.gas],
    [4, one.granter ?? ''],
  ])
  const signer = encode([
    [1, key],
    [2, single],
    [3, one.sequence],
  ])
  const signature = createHash('sha512').update(body).update(`${one.signer}/${one.sequence}`).digest()
  return encode([
    [1, body],
    [
      2,
      encode([
        [1, signer],
        [2, fee],
      ]),
    ],
    [3, signature],
  ])
}
