import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { HttpAnswer } from '../../engine/endpoints.ts'
import { parseExact } from '../../engine/json.ts'
import type { AnswerPlace, RpcFailure } from './rpc_errors.ts'
import { badAnswer, failureOf, refusesBatch, rpcError } from './rpc_errors.ts'

/** One question to a node, and how its answer is checked. */
export interface RpcRequest<T> {
  readonly method: string
  readonly params: readonly unknown[]
  /** Makes a checked value of the `result`. A throw of `rpc-bad-answer` or `rpc-not-found` asks the next endpoint. */
  readonly read: (result: unknown, place: AnswerPlace) => T
  /** Makes a value of an `error` that is an answer too, such as "skipped"; undefined: it is an error. */
  readonly readError?: (failure: RpcFailure) => { readonly value: T } | undefined
}

/** What one POST gave, or that the node takes no batch of this size. */
export type Posted<T> =
  | { readonly values: readonly T[]; readonly endpoint: string }
  | { readonly refused: IndexerError }

interface Element {
  readonly id?: unknown
  readonly result?: unknown
  readonly error?: unknown
}

const isElement = (value: unknown): value is Element => typeof value === 'object' && value !== null

/**
 * Takes a JSON-RPC answer apart and has every part checked by its request; the answers of a batch may come in any order.
 * @throws IndexerError as `rpcError` says, what a request's `read` throws, `rpc-bad-answer` for what is no such answer.
 */
export function readAnswer<T>(
  answer: HttpAnswer,
  requests: readonly RpcRequest<T>[],
  methods: string,
): Posted<T> {
  const place = { endpoint: answer.endpoint, method: methods }
  const parsed = parse(answer, place)
  if (requests.length === 1 && isElement(parsed) && !Array.isArray(parsed))
    return readElements([parsed], requests, answer.endpoint)
  if (Array.isArray(parsed))
    return readElements(inOrder(parsed, requests.length, place), requests, answer.endpoint)
  const error = isElement(parsed) ? parsed.error : undefined
  if (error == null)
    throw badAnswer(place, `expected ${requests.length} answers, got ${JSON.stringify(parsed).slice(0, 80)}`)
  const known = rpcError(failureOf(error), place)
  if (known.code === 'rpc-rate-limited') throw known
  return { refused: known }
}

function parse(answer: HttpAnswer, place: AnswerPlace): unknown {
  if (answer.status === 413) return { error: { code: -32600, message: 'HTTP 413, the batch is too large' } }
  const refused = (): IndexerError => {
    // The public endpoints answer 403 to whoever asks too much.
    const code = answer.status === 403 ? 'rpc-rate-limited' : 'rpc-unavailable'
    return new IndexerError(code, `${place.endpoint} ${place.method}: answered ${answer.status}`)
  }
  let parsed: unknown
  try {
    parsed = parseExact(answer.text, place.method, place.endpoint)
  } catch (error) {
    throw answer.status >= 400 ? refused() : error
  }
  const says = Array.isArray(parsed) || (isElement(parsed) && (parsed.error != null || 'result' in parsed))
  if (answer.status >= 400 && !says) throw refused()
  return parsed
}

/** The elements of a batch answer by their ids. */
function inOrder(elements: readonly unknown[], count: number, place: AnswerPlace): readonly Element[] {
  const ordered = new Array<Element | undefined>(count).fill(undefined)
  for (const element of elements) {
    const id = isElement(element) ? element.id : undefined
    if (!isElement(element) || typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= count)
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

function readElements<T>(
  elements: readonly Element[],
  requests: readonly RpcRequest<T>[],
  endpoint: string,
): Posted<T> {
  const values: T[] = []
  for (const [index, request] of requests.entries()) {
    const element = elements[index]
    const place = { endpoint, method: request.method }
    if (element?.error != null) {
      const failure = failureOf(element.error)
      const answered = request.readError?.(failure)
      if (answered === undefined) {
        const error = rpcError(failure, place)
        const limited = error.code === 'rpc-rate-limited'
        if (requests.length > 1 && (limited || refusesBatch(failure))) return { refused: error }
        throw error
      }
      values.push(answered.value)
      continue
    }
    if (element === undefined || element.result === undefined)
      throw badAnswer(place, 'neither a result nor an error')
    values.push(request.read(element.result, place))
  }
  return { values, endpoint }
}
