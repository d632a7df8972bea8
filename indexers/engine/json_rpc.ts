import type { EndpointPool } from './endpoints.ts'
import {
  type Answered,
  type Dialect,
  nameOf,
  type Posted,
  placeOf,
  type RpcRequest,
  readAnswer,
} from './json_rpc_answer.ts'

/** JSON-RPC 2.0 over the endpoints of one chain. A batch is one POST, and all or nothing. */
export class JsonRpc {
  readonly #pool: EndpointPool
  readonly #dialect: Dialect
  #batchSize: number

  /** @param batchSize Requests in one batch to start with; halved whenever a node refuses a batch. */
  constructor(pool: EndpointPool, dialect: Dialect, batchSize: number) {
    this.#pool = pool
    this.#dialect = dialect
    this.#batchSize = batchSize
  }

  /** Requests in one batch, as far as the nodes have accepted so far. */
  get batchSize(): number {
    return this.#batchSize
  }

  /** Asks one question. @throws IndexerError as the dialect says, or what `read` throws. */
  async call<T>(request: RpcRequest<T>, signal?: AbortSignal): Promise<T> {
    const posted = await this.post([request], signal)
    if ('refused' in posted) throw posted.refused
    return posted.values[0] as T
  }

  /**
   * Asks all questions at once, in as few POSTs as the nodes accept.
   * @returns The values in the order of `requests`, whatever the order of the answers.
   * @throws IndexerError of the first element that failed.
   */
  batch<T>(requests: readonly RpcRequest<T>[], signal?: AbortSignal): Promise<readonly T[]> {
    return this.inParts(requests, (part) => this.post(part, signal))
  }

  /** Asks questions part by part, each as large as the nodes take; a part that is refused is asked in halves. */
  async inParts<Q, T>(
    questions: readonly Q[],
    ask: (part: readonly Q[]) => Promise<Answered<T>>,
  ): Promise<readonly T[]> {
    const size = this.#batchSize
    if (questions.length === 0) return []
    if (questions.length > size) {
      const parts: Promise<readonly T[]>[] = []
      for (let at = 0; at < questions.length; at += size)
        parts.push(this.inParts(questions.slice(at, at + size), ask))
      return (await Promise.all(parts)).flat()
    }
    const posted = await ask(questions)
    if ('values' in posted) return posted.values
    if (questions.length === 1) throw posted.refused
    this.#batchSize = Math.min(this.#batchSize, questions.length >> 1)
    return this.inParts(questions, ask)
  }

  /** Asks everything in one POST, whatever its size. A batch that the node does not take is told, not thrown. */
  post<T>(requests: readonly RpcRequest<T>[], signal?: AbortSignal): Promise<Posted<T>> {
    const prefix = this.#dialect.prefix ?? ''
    const calls = requests.map(
      ({ method, params }, id) =>
        `{"jsonrpc":"2.0","id":${id},"method":"${prefix}${method}","params":${JSON.stringify(params)}}`,
    )
    const name = nameOf(placeOf(requests, ''))
    return this.#pool.call({
      what: requests.length === 1 ? name : `a batch of ${requests.length} (${name})`,
      body: calls.length === 1 ? `${calls[0]}` : `[${calls.join()}]`,
      accept: (answer) => readAnswer(answer, requests, this.#dialect),
      ...(signal === undefined ? {} : { signal }),
    })
  }
}
