import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { UnixSeconds } from '../../../pipeline/model/time.ts'
import { unixSeconds } from '../../../pipeline/model/time.ts'
import { type AnswerPlace, badAnswer, type RpcRequest } from '../../engine/json_rpc_answer.ts'
import { countOf, listOf, objectOf, textOf } from './answer.ts'
import type { SolanaClient } from './client.ts'
import { notFound, saysSkipped } from './rpc_errors.ts'

/** Where the node stands: nothing newer than what can no longer be dropped is ever asked for. */
export const finalizedOnly = { commitment: 'finalized' } as const

/** A block's place in the ledger. */
export interface Block {
  readonly slot: number
  /** The slot of the block before it; those between are skipped. */
  readonly parentSlot: number
  readonly hash: string
  readonly previousHash: string
  readonly time: UnixSeconds
  /** The first of its transactions, to start a page of signatures from; undefined if it was not asked for or has none. */
  readonly signature: string | undefined
}

/** Blocks kept in memory: the ends of the ranges that are being read. */
const kept = 256
/** Blocks without a transaction that are passed over in search of a signature. */
const emptyBlocks = 20

/**
 * Asks for the block of a slot, without its transactions. The value is 'skipped' where the slot has no block, or the node
 * lacks it: only the block after it tells which.
 */
export function blockRequest(
  slot: number,
  detail: 'none' | 'signatures',
  commitment: 'confirmed' | 'finalized' = 'finalized',
): RpcRequest<Block | 'skipped'> {
  return {
    method: 'getBlock',
    params: [
      slot,
      {
        encoding: 'json',
        transactionDetails: detail,
        rewards: false,
        maxSupportedTransactionVersion: 0,
        commitment,
      },
    ],
    readError: (failure) => (saysSkipped(failure) ? { value: 'skipped' } : undefined),
    read: (result, place) => {
      if (result === null) throw notFound(place, `it does not hold the block of slot ${slot}`)
      return readBlock(result, slot, detail, place)
    },
  }
}

function readBlock(value: unknown, slot: number, detail: 'none' | 'signatures', place: AnswerPlace): Block {
  const where = `${place.endpoint} getBlock ${slot}`
  const body = objectOf(value, where, 'the block')
  const time = body['blockTime']
  if (time == null) throw notFound(place, `the block of slot ${slot} has no time there`)
  const parentSlot = countOf(body['parentSlot'], where, 'parentSlot')
  if (parentSlot >= slot)
    throw badAnswer(place, `the block of slot ${slot} names ${parentSlot} as its parent`)
  const signatures = detail === 'none' ? [] : listOf(body['signatures'], where, 'signatures')
  return {
    slot,
    parentSlot,
    hash: textOf(body['blockhash'], where, 'blockhash'),
    previousHash: textOf(body['previousBlockhash'], where, 'previousBlockhash'),
    time: unixSeconds(countOf(time, where, 'blockTime')),
    signature: signatures.length === 0 ? undefined : textOf(signatures[0], where, 'signatures.0'),
  }
}

/** The newest slot at a commitment. */
export function slotRequest(commitment: 'confirmed' | 'finalized'): RpcRequest<number> {
  return {
    method: 'getSlot',
    params: [{ commitment }],
    read: (result, { endpoint }) => countOf(result, `${endpoint} getSlot`, 'the slot'),
  }
}

/** The lowest slot that a node holds. */
export const firstRequest: RpcRequest<number> = {
  method: 'getFirstAvailableBlock',
  params: [],
  read: (result, { endpoint }) => countOf(result, `${endpoint} getFirstAvailableBlock`, 'the slot'),
}

/** The lowest finalized slot with a block, at or above one; undefined where there is none yet. */
export function nextSlotRequest(slot: number): RpcRequest<number | undefined> {
  return {
    method: 'getBlocksWithLimit',
    params: [slot, 1, finalizedOnly],
    read: (result, place) => {
      const where = `${place.endpoint} getBlocksWithLimit ${slot}`
      const [found] = listOf(result, where, 'the slots')
      if (found === undefined) return undefined
      const next = countOf(found, where, 'slot 0')
      if (next < slot) throw badAnswer(place, `asked from slot ${slot}, it names ${next}`)
      return next
    },
  }
}

/** The blocks of a ledger, where only the ends of ranges are of interest. */
export class Blocks {
  readonly #client: SolanaClient
  readonly #found = new Map<number, Block>()

  constructor(client: SolanaClient) {
    this.#client = client
  }

  /**
   * The lowest finalized block at or above a slot, with a signature if it has any. That the slots between are skipped is
   * proved by the parent that it names.
   * @throws IndexerError `rpc-not-found` where no endpoint holds it; `rpc-unavailable` where they have not come so far.
   */
  async atOrAbove(slot: number, signal?: AbortSignal): Promise<Block> {
    for (const block of this.#found.values())
      if (block.parentSlot < slot && block.slot >= slot && block.signature !== undefined) return block
    const direct = await this.#ask(slot, 'signatures', signal)
    if (direct !== 'skipped') return this.#keep(direct)
    const [head, next] = await this.#client.together<[number, number | undefined]>(
      [slotRequest('finalized'), nextSlotRequest(slot)],
      signal,
    )
    if (next === undefined) {
      if (head >= slot) throw lacks(slot, `the node is at slot ${head} and names no block after it`)
      throw new IndexerError('rpc-unavailable', `Solana: the nodes are at slot ${head}, before ${slot}`, {
        slot,
      })
    }
    const block = await this.#ask(next, 'signatures', signal)
    if (block === 'skipped') throw lacks(next, 'the node names its slot, but does not hold it')
    if (block.parentSlot >= slot)
      throw lacks(block.parentSlot, `the lowest block at the endpoints from slot ${slot} on is ${next}`)
    return this.#keep(block)
  }

  /** The block of a slot that has one. @throws IndexerError `rpc-not-found` where no endpoint holds it. */
  async at(slot: number, signal?: AbortSignal): Promise<Block> {
    const known = this.#found.get(slot)
    if (known !== undefined) return known
    const block = await this.#ask(slot, 'none', signal)
    if (block === 'skipped') throw lacks(slot, 'a later block names it as its parent')
    return this.#keep(block)
  }

  /**
   * A signature of a block above `slot`, to page downwards from.
   * @throws IndexerError `rpc-not-found` where the next blocks have no transaction, and as {@link atOrAbove}.
   */
  async signatureAbove(slot: number, signal?: AbortSignal): Promise<string> {
    let at = slot + 1
    for (let passed = 0; passed < emptyBlocks; passed += 1) {
      const block = await this.atOrAbove(at, signal)
      if (block.signature !== undefined) return block.signature
      at = block.slot + 1
    }
    throw lacks(slot + 1, `the ${emptyBlocks} blocks after slot ${slot} hold no transaction to page from`)
  }

  /** Asks again for blocks that do not fit together. */
  forget(slots: readonly number[]): void {
    for (const slot of slots) this.#found.delete(slot)
  }

  #ask(slot: number, detail: 'none' | 'signatures', signal?: AbortSignal): Promise<Block | 'skipped'> {
    return this.#client.call(blockRequest(slot, detail), signal)
  }

  #keep(block: Block): Block {
    const known = this.#found.get(block.slot)
    const best = block.signature === undefined && known !== undefined ? known : block
    this.#found.delete(block.slot)
    this.#found.set(block.slot, best)
    const [oldest] = this.#found.keys()
    if (this.#found.size > kept && oldest !== undefined) this.#found.delete(oldest)
    return best
  }
}

function lacks(slot: number, why: string): IndexerError {
  return new IndexerError('rpc-not-found', `Solana block of slot ${slot} is at no endpoint: ${why}`, { slot })
}
