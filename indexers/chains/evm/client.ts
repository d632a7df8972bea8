import { createPublicClient, custom, type PublicClient } from 'viem'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { EndpointPool, HttpAnswer } from '../../engine/endpoints.ts'
import { parseInPages } from './pages.ts'
import { type AnswerPlace, badAnswer, refusesBatch, rpcError } from './rpc-errors.ts'

/** One question to a node, and how its answer is checked. */
export interface RpcRequest<T> {
  readonly method: string
  readonly params: readonly unknown[]
  /**
   * Makes a checked value of the `result`. A throw of `rpc-bad-answer` or `rpc-not-found` asks the next
   * endpoint. The result of `eth_getLogs` may be `LogPages`.
   */
  readonly read: (result: unknown, place: AnswerPlace) => T
  /** Makes a value of an `error` that is an answer, such as "no block at this height"; undefined: it is none. */
  readonly readError?: (error: unknown) => { readonly value: T } | undefined
}

type Posted<T> = { readonly values: readonly T[] } | { readonly refused: IndexerError }

/** Answers longer than this are parsed in pages. */
const pagedChars = 64_000

/** JSON-RPC over the endpoints of one EVM chain. A batch is one POST. */
export class EvmClient {
  /** Typed reads (`getBlock`, `readContract`, `multicall`) through the same endpoints; not for the hot path. */
  readonly viem: PublicClient
  readonly #pool: EndpointPool
  #batchSize: number

  /** @param batchSize Requests in one batch to start with; halved whenever a node refuses a batch. */
  constructor(pool: EndpointPool, batchSize = 100) {
    this.#pool = pool
    this.#batchSize = batchSize
    const request = ({ method, params }: { method: string; params?: unknown }): Promise<unknown> =>
      this.call({ method, params: Array.isArray(params) ? params : [], read: (result) => result })
    this.viem = createPublicClient({ transport: custom({ request }, { retryCount: 0 }) })
  }

  /** Requests in one batch, as far as the nodes have accepted so far. */
  get batchSize(): number {
    return this.#batchSize
  }

  /** Asks one question. @throws IndexerError as {@link rpcError} says, or what `read` throws. */
  async call<T>(request: RpcRequest<T>, signal?: AbortSignal): Promise<T> {
    const [value] = await this.batch([request], signal)
    return value as T
  }

  /**
   * Asks all questions at once, in as few POSTs as the nodes accept.
   * @returns The values in the order of `requests`, whatever the order of the answers.
   * @throws IndexerError of the first element that failed; a batch is all or nothing.
   */
  async batch<T>(requests: readonly RpcRequest<T>[], signal?: AbortSignal): Promise<readonly T[]> {
    const size = this.#batchSize
    if (requests.length > size) {
      const parts: Promise<readonly T[]>[] = []
      for (let at = 0; at < requests.length; at += size) {
        parts.push(this.batch(requests.slice(at, at + size), signal))
      }
      return (await Promise.all(parts)).flat()
    }
    if (requests.length === 0) return []
    const posted = await this.#post(requests, signal)
    if ('values' in posted) return posted.values
    if (requests.length === 1) throw posted.refused
    this.#batchSize = Math.min(this.#batchSize, Math.max(1, requests.length >> 1))
    return this.batch(requests, signal)
  }

  #post<T>(requests: readonly RpcRequest<T>[], signal?: AbortSignal): Promise<Posted<T>> {
    const calls = requests.map(
      (r, id) => `{"jsonrpc":"2.0","id":${id},"method":"${r.method}","params":${JSON.stringify(r.params)}}`,
    )
    const methods = [...new Set(requests.map((r) => r.method))].join(' and ')
    return this.#pool.call({
      what: requests.length === 1 ? methods : `a batch of ${requests.length} (${methods})`,
      body: calls.length === 1 ? `${calls[0]}` : `[${calls.join()}]`,
      accept: (answer) => readAnswer(answer, requests, methods),
      ...(signal === undefined ? {} : { signal }),
    })
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

function readAnswer<T>(answer: HttpAnswer, requests: readonly RpcRequest<T>[], methods: string): Posted<T> {
  const place = { endpoint: answer.endpoint, method: methods }
  if (answer.text.length > pagedChars && requests.some((r) => r.method === 'eth_getLogs')) {
    try {
      return readParsed(parseInPages(answer.text), answer, requests, place)
    } catch (error) {
      // Records that are not flat, or not JSON at all: the plain way below gives the verdict.
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  return readParsed(parseWhole(answer, requests.length, place), answer, requests, place)
}

function parseWhole(answer: HttpAnswer, count: number, place: AnswerPlace): unknown {
  try {
    return JSON.parse(answer.text)
  } catch (cause) {
    if (answer.status === 413)
      return { error: { code: -32005, message: 'HTTP 413, the request is too large' } }
    if (answer.status >= 400) {
      const what = `${place.endpoint} ${place.method}: answered ${answer.status}`
      throw new IndexerError('rpc-unavailable', what, { status: answer.status, count })
    }
    const start = answer.text.slice(0, 60).replace(/\s+/g, ' ')
    const seen =
      answer.text === '' ? 'an empty answer' : `${answer.text.length} characters that start '${start}'`
    const message = `${place.endpoint} ${place.method}: expected JSON, got ${seen}`
    throw new IndexerError('rpc-bad-answer', message, {}, { cause })
  }
}

interface Element {
  readonly id?: unknown
  readonly result?: unknown
  readonly error?: unknown
}

const isElement = (value: unknown): value is Element => typeof value === 'object' && value !== null

function readParsed<T>(
  parsed: unknown,
  answer: HttpAnswer,
  requests: readonly RpcRequest<T>[],
  place: AnswerPlace,
): Posted<T> {
  if (requests.length === 1 && isElement(parsed) && !Array.isArray(parsed)) {
    return readElements([parsed], requests, answer.endpoint)
  }
  if (Array.isArray(parsed))
    return readElements(inOrder(parsed, requests.length, place), requests, answer.endpoint)
  const error = isElement(parsed) ? parsed.error : undefined
  if (error === undefined || error === null) {
    throw badAnswer(place, `expected ${requests.length} answers, got ${JSON.stringify(parsed).slice(0, 80)}`)
  }
  const known = rpcError(error, place)
  if (known.code === 'rpc-rate-limited') throw known
  return { refused: known }
}

/** The elements of a batch answer by their ids, which the protocol lets come in any order. */
function inOrder(elements: readonly unknown[], count: number, place: AnswerPlace): readonly Element[] {
  const ordered = new Array<Element | undefined>(count).fill(undefined)
  for (const element of elements) {
    const id = isElement(element) ? element.id : undefined
    if (!isElement(element) || typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= count) {
      throw badAnswer(place, `a batch of ${count} was answered with the unknown id ${JSON.stringify(id)}`)
    }
    if (ordered[id] !== undefined)
      throw badAnswer(place, `a batch of ${count} was answered with the id ${id} twice`)
    ordered[id] = element
  }
  return ordered.map((element, id) => {
    if (element === undefined) throw badAnswer(place, `a batch of ${count} was answered without the id ${id}`)
    return element
  })
}

function readElements<T>(
  elements: readonly Element[],
  requests: readonly RpcRequest<T>[],
  endpoint: string,
): Posted<T> {
  const values: T[] = []
  for (const [index, request] of requests.entries()) {
    const element = elements[index]
    const place = { endpoint, method: request.method }
    if (element?.error !== undefined && element.error !== null) {
      const said = request.readError?.(element.error)
      if (said !== undefined) {
        values.push(said.value)
        continue
      }
      const error = rpcError(element.error, place)
      if (requests.length > 1 && refusesBatch(element.error)) return { refused: error }
      throw error
    }
    if (element === undefined || element.result === undefined)
      throw badAnswer(place, 'neither a result nor an error')
    values.push(request.read(element.result, place))
  }
  return { values }
}
