import type { EndpointPool } from '../../engine/endpoints.ts'
import { JsonRpc } from '../../engine/json_rpc.ts'
import { type AnswerPlace, type Dialect, nameOf, type RpcRequest } from '../../engine/json_rpc_answer.ts'
import type { Place } from './answer.ts'
import { rpcError, saidBy } from './rpc-errors.ts'

/** One question to a node, and how its answer is checked. */
export interface CosmosRequest<T> {
  readonly method: string
  readonly params: Readonly<Record<string, string | boolean>>
  /** The height that it is about, for messages. */
  readonly height?: number
  /** Makes a checked value of the `result`; a throw of `rpc-bad-answer` or `rpc-not-found` asks the next endpoint. */
  readonly read: (result: unknown, place: Place) => T
}

/** Nodes take ten requests a batch unless told otherwise. */
const mostInBatch = 10

/** How CometBFT nodes speak JSON-RPC. */
const dialect: Dialect = {
  // Heights and amounts are text, also those that no number holds.
  parse: JSON.parse,
  meaning: (failure, place) => rpcError(saidBy(failure), placeFor(place)),
}

/** JSON-RPC over the endpoints of one CometBFT chain. A batch is one POST. */
export class CosmosRpc {
  readonly #rpc: JsonRpc

  constructor(pool: EndpointPool) {
    this.#rpc = new JsonRpc(pool, dialect, mostInBatch)
  }

  /** Requests in one batch, as far as the nodes have accepted so far. */
  get batchSize(): number {
    return this.#rpc.batchSize
  }

  /** Asks one question. @throws IndexerError as {@link rpcError} says, or what `read` throws. */
  call<T>(request: CosmosRequest<T>, signal?: AbortSignal): Promise<T> {
    return this.#rpc.call(plain(request), signal)
  }

  /**
   * Asks some questions at once, {@link batchSize} in a POST; a node that takes no batch is asked one by one.
   * @returns The values in the order of `requests`. A batch is all or nothing.
   */
  batch<T>(requests: readonly CosmosRequest<T>[], signal?: AbortSignal): Promise<readonly T[]> {
    return this.#rpc.batch(requests.map(plain), signal)
  }
}

const plain = <T>(request: CosmosRequest<T>): RpcRequest<T> => ({
  ...request,
  read: (result, place) => request.read(result, placeFor(place)),
})

function placeFor(place: AnswerPlace): Place {
  const { endpoint, height } = place
  return { endpoint, what: nameOf(place), ...(height === undefined ? {} : { height }) }
}
