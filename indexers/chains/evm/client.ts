import { createPublicClient, custom, type PublicClient } from 'viem'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { EndpointPool } from '../../engine/endpoints.ts'
import { JsonRpc } from '../../engine/json_rpc.ts'
import type { Dialect, RpcRequest } from '../../engine/json_rpc_answer.ts'
import { parseInPages } from './pages.ts'
import { rpcError } from './rpc-errors.ts'

/** Answers longer than this are parsed in pages. */
const pagedChars = 64_000

/** How EVM nodes speak JSON-RPC. The `result` of a long `eth_getLogs` comes as `LogPages`. */
const dialect: Dialect = {
  // Every amount is hexadecimal text.
  parse: JSON.parse,
  quick: (text, methods) =>
    text.length > pagedChars && methods.includes('eth_getLogs') ? parseInPages(text) : undefined,
  meaning: rpcError,
}

/** JSON-RPC over the endpoints of one EVM chain. A batch is one POST. */
export class EvmClient {
  /** Typed reads (`getBlock`, `readContract`, `multicall`) through the same endpoints; not for the hot path. */
  readonly viem: PublicClient
  readonly #rpc: JsonRpc

  /** @param batchSize Requests in one batch to start with; halved whenever a node refuses a batch. */
  constructor(pool: EndpointPool, batchSize = 100) {
    this.#rpc = new JsonRpc(pool, dialect, batchSize)
    const request = ({ method, params }: { method: string; params?: unknown }): Promise<unknown> =>
      this.call({ method, params: Array.isArray(params) ? params : [], read: (result) => result })
    this.viem = createPublicClient({ transport: custom({ request }, { retryCount: 0 }) })
  }

  /** Requests in one batch, as far as the nodes have accepted so far. */
  get batchSize(): number {
    return this.#rpc.batchSize
  }

  /** Asks one question. @throws IndexerError as {@link rpcError} says, or what `read` throws. */
  call<T>(request: RpcRequest<T>, signal?: AbortSignal): Promise<T> {
    return this.#rpc.call(request, signal)
  }

  /**
   * Asks all questions at once, in as few POSTs as the nodes accept.
   * @returns The values in the order of `requests`, whatever the order of the answers.
   * @throws IndexerError of the first element that failed; a batch is all or nothing.
   */
  batch<T>(requests: readonly RpcRequest<T>[], signal?: AbortSignal): Promise<readonly T[]> {
    return this.#rpc.batch(requests, signal)
  }
}

/** The error of ours that viem wrapped on its way up, or the error itself. */
export async function unwrapped<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    for (let at: unknown = error; at instanceof Error; at = at.cause) {
      if (at instanceof IndexerError) throw at
    }
    throw error
  }
}
