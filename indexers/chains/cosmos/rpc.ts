import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { EndpointPool, HttpAnswer } from '../../engine/endpoints.ts'
import type { Fields, Place } from './answer.ts'
import { badAnswer, fieldsOf } from './answer.ts'
import { rpcError, saidBy } from './rpc-errors.ts'

/** One question to a node, and how its answer is checked. */
export interface RpcRequest<T> {
  readonly method: string
  readonly params: Readonly<Record<string, string | boolean>>
  /** The height that it is about, for messages. */
  readonly height?: number
  /** Makes a checked value of the `result`; a throw of `rpc-bad-answer` or `rpc-not-found` asks the next endpoint. */
  readonly read: (result: unknown, place: Place) => T
}

/** Nodes take ten requests a batch unless told otherwise. */
const mostInBatch = 10

/** JSON-RPC over the endpoints of one CometBFT chain. A batch is one POST. */
export class CosmosRpc {
  readonly #pool: EndpointPool
  #batchSize = mostInBatch

  constructor(pool: EndpointPool) {
    this.#pool = pool
  }

  /** Requests in one batch, as far as the nodes have accepted so far. */
  get batchSize(): number {
    return this.#batchSize
  }

  /** Asks one question. @throws IndexerError as {@link rpcError} says, or what `read` throws. */
  async call<T>(request: RpcRequest<T>, signal?: AbortSignal): Promise<T> {
    const [value] = await this.#post([request], signal)
    return value as T
  }

  /**
   * Asks some questions, at most {@link batchSize} of them, at once; a node that takes no batch is asked one by one.
   * @returns The values in the order of `requests`. A batch is all or nothing.
   */
  async batch<T>(requests: readonly RpcRequest<T>[], signal?: AbortSignal): Promise<readonly T[]> {
    if (requests.length <= this.#batchSize) {
      try {
        return await this.#post(requests, signal)
      } catch (error) {
        if (requests.length === 1 || !(error instanceof IndexerError) || error.code !== 'rpc-too-large')
          throw error
        this.#batchSize = Math.max(1, requests.length >> 1)
      }
    }
    const half = requests.length >> 1
    const parts = [requests.slice(0, half), requests.slice(half)]
    return (await Promise.all(parts.map((part) => this.batch(part, signal)))).flat()
  }

  #post<T>(requests: readonly RpcRequest<T>[], signal?: AbortSignal): Promise<readonly T[]> {
    const calls = requests.map(({ method, params }, id) =>
      JSON.stringify({ jsonrpc: '2.0', id, method, params }),
    )
    const what =
      requests.length === 1 ? nameOf(requests[0]) : `${nameOf(requests[0])} and ${requests.length - 1} more`
    return this.#pool.call({
      what,
      body: calls.length === 1 ? `${calls[0]}` : `[${calls.join()}]`,
      accept: (answer) => readAnswer(answer, requests, what),
      ...(signal === undefined ? {} : { signal }),
    })
  }
}

function nameOf<T>(request: RpcRequest<T> | undefined): string {
  return `${request?.method}${request?.height === undefined ? '' : ` ${request.height}`}`
}

function readAnswer<T>(answer: HttpAnswer, requests: readonly RpcRequest<T>[], what: string): readonly T[] {
  const place = { endpoint: answer.endpoint, what }
  const parsed = parse(answer, place)
  if (requests.length === 1) {
    const element = fieldsOf(Array.isArray(parsed) ? parsed[0] : parsed)
    if (element === undefined) throw badAnswer(place, `expected an answer, got ${answer.text.slice(0, 60)}`)
    return [readElement(element, requests[0], answer.endpoint)]
  }
  if (!Array.isArray(parsed)) {
    const error = fieldsOf(parsed)?.error
    if (error === undefined || error === null)
      throw badAnswer(place, `expected ${requests.length} answers, got ${answer.text.slice(0, 60)}`)
    // A node that answers a batch with one error did not take it as a batch.
    const known = rpcError(saidBy(error), place)
    throw known.code === 'rpc-rate-limited' ? known : new IndexerError('rpc-too-large', known.message)
  }
  return inOrder(parsed, requests.length, place).map((element, i) =>
    readElement(element, requests[i], answer.endpoint),
  )
}

function parse(answer: HttpAnswer, place: Place): unknown {
  try {
    return JSON.parse(answer.text)
  } catch (cause) {
    if (answer.status === 413)
      throw new IndexerError('rpc-too-large', `${place.endpoint} ${place.what}: HTTP 413`)
    if (answer.status >= 400) throw rpcError(`answered ${answer.status}`, place)
    const start = answer.text.slice(0, 60).replace(/\s+/g, ' ')
    const seen =
      answer.text === '' ? 'an empty answer' : `${answer.text.length} characters that start '${start}'`
    const message = `${place.endpoint} ${place.what}: expected JSON, got ${seen}`
    throw new IndexerError('rpc-bad-answer', message, {}, { cause })
  }
}

/** The elements of a batch answer by their ids, which the protocol lets come in any order. */
function inOrder(elements: readonly unknown[], count: number, place: Place): readonly Fields[] {
  const ordered = new Array<Fields | undefined>(count).fill(undefined)
  for (const item of elements) {
    const element = fieldsOf(item)
    const id = element?.id
    if (element === undefined || typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= count)
      throw badAnswer(place, `a batch of ${count} was answered with the unknown id ${JSON.stringify(id)}`)
    if (ordered[id] !== undefined)
      throw badAnswer(place, `a batch of ${count} was answered with the id ${id} twice`)
    ordered[id] = element
  }
  return ordered.map((element, id) => {
    if (element === undefined) throw badAnswer(place, `a batch of ${count} was answered without the id ${id}`)
    return element
  })
}

function readElement<T>(element: Fields, request: RpcRequest<T> | undefined, endpoint: string): T {
  if (request === undefined) throw new IndexerError('rpc-bad-answer', `${endpoint}: an answer to no question`)
  const { height } = request
  const place = { endpoint, what: nameOf(request), ...(height === undefined ? {} : { height }) }
  if (element.error !== undefined && element.error !== null) throw rpcError(saidBy(element.error), place)
  if (element.result === undefined) throw badAnswer(place, 'neither a result nor an error')
  return request.read(element.result, place)
}
