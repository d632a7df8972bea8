import type { BlockMark } from '../../../pipeline/model/batch.ts'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { UnixSeconds } from '../../../pipeline/model/time.ts'
import { unixSeconds } from '../../../pipeline/model/time.ts'
import type { EndpointPool } from '../../engine/endpoints.ts'
import type { Fields, Place } from './answer.ts'
import { badAnswer, hashOf, heightOf, listOf, objectOf, textOf, timeOf } from './answer.ts'
import type { CosmosChain } from './chain.ts'
import type { BlockResults } from './events.ts'
import { readResults } from './events.ts'
import type { CosmosRequest } from './rpc.ts'
import { CosmosRpc } from './rpc.ts'
import { rpcError } from './rpc-errors.ts'

/** What a node says of itself. */
export interface Status {
  readonly network: string
  readonly height: number
  readonly time: UnixSeconds
  /** The lowest block that the node still has. */
  readonly earliest: number
}

/** A block's place in the chain and the bytes of its transactions. */
export interface Block extends BlockMark {
  readonly txs: readonly Uint8Array[]
}

/** Headers that one `blockchain` answer holds at most. */
export const headersInPage = 20

/** Asks CometBFT nodes, and checks what they answer. */
export class CosmosClient {
  readonly #pool: EndpointPool
  readonly #rpc: CosmosRpc
  readonly #chain: CosmosChain

  constructor(pool: EndpointPool, chain: CosmosChain) {
    this.#pool = pool
    this.#rpc = new CosmosRpc(pool)
    this.#chain = chain
  }

  /** Requests that fit one batch. */
  get batchSize(): number {
    return this.#rpc.batchSize
  }

  /** How many endpoints could be asked. */
  get endpoints(): number {
    return this.#pool.health().length
  }

  /**
   * What the node is and how far it has got.
   * @throws IndexerError `wrong-chain` if it is another chain (or, of a simulated node, another simulation);
   *   `rpc-bad-answer` while it is still catching up.
   */
  status(signal?: AbortSignal): Promise<Status> {
    const read = (result: unknown, place: Place): Status => {
      const fields = objectOf(result, place, 'result')
      const sync = objectOf(fields.sync_info, place, 'sync_info')
      const network = textOf(
        objectOf(fields.node_info, place, 'node_info').network,
        place,
        'node_info.network',
      )
      this.#checkNetwork(network, place)
      if (sync.catching_up === true) throw badAnswer(place, 'the node is still catching up')
      const height = heightOf(sync.latest_block_height, place, 'latest_block_height')
      return {
        network,
        height,
        time: timeOf(sync.latest_block_time, place, 'latest_block_time'),
        // Engines before 0.34 do not say it.
        earliest: Math.max(1, heightOf(sync.earliest_block_height ?? 1, place, 'earliest_block_height')),
      }
    }
    return this.#rpc.call({ method: 'status', params: {}, read }, signal)
  }

  /** Blocks with their transactions, in the order asked; at most {@link batchSize} of them. */
  blocks(heights: readonly number[], signal?: AbortSignal): Promise<readonly Block[]> {
    const ask = (height: number): CosmosRequest<Block> => ({
      method: 'block',
      params: { height: String(height) },
      height,
      read: (result, place) => this.#readBlock(result, height, place),
    })
    return this.#rpc.batch(heights.map(ask), signal)
  }

  /**
   * Results of blocks, in the order asked; at most {@link batchSize} of them.
   * @param check Throws `rpc-bad-answer` for results that another endpoint should be asked for.
   */
  results(
    heights: readonly number[],
    signal?: AbortSignal,
    check?: (results: BlockResults, place: Place) => void,
  ): Promise<readonly BlockResults[]> {
    const ask = (height: number): CosmosRequest<BlockResults> => ({
      method: 'block_results',
      params: { height: String(height) },
      height,
      read: (result, place) => {
        const results = readResults(result, height, place)
        check?.(results, place)
        return results
      },
    })
    return this.#rpc.batch(heights.map(ask), signal)
  }

  /**
   * The headers from one height to another, both included, lowest first; at most {@link headersInPage}.
   * @throws IndexerError `rpc-not-found` if no endpoint has all of them.
   */
  headers(from: number, to: number, signal?: AbortSignal): Promise<readonly BlockMark[]> {
    const read = (result: unknown, place: Place): readonly BlockMark[] => {
      const metas = listOf(objectOf(result, place, 'result').block_metas, place, 'block_metas')
      const marks = metas.map((meta) => this.#readMark(objectOf(meta, place, 'block_metas'), place)).reverse()
      if (marks.length !== to - from + 1 || marks.some((m, i) => m.height !== from + i)) {
        // A pruned node leaves out what it has not.
        const lowest = marks[0]?.height
        const seen = lowest === undefined ? 'none' : `${lowest} to ${marks.at(-1)?.height}`
        const facts = lowest === undefined || lowest <= from ? {} : { lowest }
        throw new IndexerError(
          'rpc-not-found',
          `${place.endpoint} ${place.what}: it has ${seen} of the headers ${from} to ${to}`,
          facts,
        )
      }
      return marks
    }
    const params = { minHeight: String(from), maxHeight: String(to) }
    return this.#rpc.call({ method: 'blockchain', params, height: from, read }, signal)
  }

  /**
   * The answer to a query of the state after a block, as protobuf, and the height that it is of.
   * @param height Absent: the newest that the node has.
   * @throws IndexerError `rpc-not-found` where no node keeps that state.
   */
  query(
    path: string,
    data: Uint8Array,
    height: number | undefined,
    signal?: AbortSignal,
  ): Promise<{ readonly height: number; readonly value: Uint8Array }> {
    const read = (result: unknown, place: Place): { height: number; value: Uint8Array } => {
      const response = objectOf(objectOf(result, place, 'result').response, place, 'response')
      if (response.code !== 0 && response.code !== undefined)
        throw rpcError(`query ${path}: ${response.log}`, place)
      const at = heightOf(response.height, place, 'response.height')
      if (height !== undefined && at !== height)
        throw badAnswer(place, `expected the state of ${height}, got that of ${at}`)
      const value = response.value ?? ''
      if (typeof value !== 'string') throw badAnswer(place, 'response.value is no base64')
      return { height: at, value: Buffer.from(value, 'base64') }
    }
    const params = {
      path,
      data: Buffer.from(data).toString('hex'),
      height: String(height ?? 0),
      prove: false,
    }
    return this.#rpc.call(
      { method: 'abci_query', params, ...(height === undefined ? {} : { height }), read },
      signal,
    )
  }

  async close(): Promise<void> {
    await this.#pool.close()
  }

  #checkNetwork(network: string, place: Place): void {
    const { chain, chainId } = this.#chain
    const expected = this.#pool.origin() === 'simulated' ? `${chainId}.simulated` : chainId
    if (network === expected) return
    throw new IndexerError(
      'wrong-chain',
      `${place.endpoint} ${place.what}: expected a node of '${expected}', got one of '${network}'. Name endpoints of ${chain}`,
      { endpoint: place.endpoint, network },
    )
  }

  #readMark(meta: Fields, place: Place): BlockMark {
    const header = objectOf(meta.header, place, 'header')
    this.#checkNetwork(textOf(header.chain_id, place, 'header.chain_id'), place)
    const height = heightOf(header.height, place, 'header.height')
    const parent = height === 1 ? undefined : objectOf(header.last_block_id, place, 'header.last_block_id')
    return {
      height,
      hash: hashOf(objectOf(meta.block_id, place, 'block_id').hash, place, 'block_id.hash'),
      // The first block has no parent.
      parentHash: parent === undefined ? '' : hashOf(parent.hash, place, 'header.last_block_id.hash'),
      time: unixSeconds(timeOf(header.time, place, 'header.time')),
    }
  }

  #readBlock(result: unknown, height: number, place: Place): Block {
    const fields = objectOf(result, place, 'result')
    const block = objectOf(fields.block, place, 'block')
    const mark = this.#readMark({ block_id: fields.block_id, header: block.header }, place)
    if (mark.height !== height) throw badAnswer(place, `expected block ${height}, got ${mark.height}`)
    const txs = listOf(objectOf(block.data, place, 'block.data').txs, place, 'block.data.txs')
    return {
      ...mark,
      txs: txs.map((tx) => {
        if (typeof tx !== 'string') throw badAnswer(place, 'a transaction in block.data.txs is no base64')
        return Buffer.from(tx, 'base64')
      }),
    }
  }
}
