import { IndexerError } from '../../pipeline/model/errors.ts'
import type { HttpAnswer } from './endpoints.ts'
import { readExact, readJson } from './json.ts'

/** Where an answer came from, for messages. */
export interface AnswerPlace {
  /** The endpoint's address without secrets. */
  readonly endpoint: string
  /** The method that was asked, or the methods of a batch. */
  readonly method: string
  readonly height?: number | undefined
}

/** The `error` member of an answer, as far as it can be read. */
export interface RpcFailure {
  readonly code: number | undefined
  /** What the node says; an error without a text is shown whole. */
  readonly message: string
  readonly data?: unknown
}

/** One question to a node, and how its answer is checked. */
export interface RpcRequest<T> {
  /** Without the dialect's prefix. */
  readonly method: string
  readonly params: readonly unknown[] | Readonly<Record<string, unknown>>
  /** The height that it is about, for messages. */
  readonly height?: number
  /** Makes a checked value of the `result`. A throw of `rpc-bad-answer` or `rpc-not-found` asks the next endpoint. */
  readonly read: (result: unknown, place: AnswerPlace) => T
  /** Makes a value of an `error` that is an answer too, such as "no block at this height"; undefined: it is an error. */
  readonly readError?: (failure: RpcFailure, place: AnswerPlace) => { readonly value: T } | undefined
}

/** What the nodes of one chain do their own way. */
export interface Dialect {
  /** What stands before the name of every method: `Filecoin.` */
  readonly prefix?: string
  /** Makes a value of the text of an answer, or throws a SyntaxError; absent: digits beyond 2^53 are kept exact. */
  readonly parse?: (text: string) => unknown
  /**
   * A quicker way to parse some answers; undefined: not this one. A SyntaxError of it, or of the reads that go
   * through what it made, lets `parse` decide.
   */
  readonly quick?: (text: string, methods: readonly string[]) => unknown
  /** The error of ours for what a node says. `HTTP 413` has the code 413. */
  readonly meaning: (failure: RpcFailure, place: AnswerPlace) => IndexerError
  /** Errors of one element that refuse the whole batch, besides those that speak of a batch. */
  readonly refusesBatch?: (failure: RpcFailure, known: IndexerError) => boolean
  /** Statuses below 500, besides 429, by which nodes ask for fewer requests. */
  readonly tooFast?: readonly number[]
}

/** The values of one batch, or that the node takes no batch of this size. */
export type Answered<T> = { readonly values: readonly T[] } | { readonly refused: IndexerError }

/** What one POST gave, and the endpoint that gave it. */
export type Posted<T> =
  | { readonly values: readonly T[]; readonly endpoint: string }
  | { readonly refused: IndexerError }

/**
 * Takes an answer apart and has every part checked by its request; the answers of a batch may come in any order.
 * @throws IndexerError as the dialect says, what a `read` throws, `rpc-bad-answer` for what is no such answer.
 */
export function readAnswer<T>(
  answer: HttpAnswer,
  requests: readonly RpcRequest<T>[],
  dialect: Dialect,
): Posted<T> {
  const place = placeOf(requests, answer.endpoint)
  if (dialect.quick !== undefined) {
    try {
      const methods = requests.map((r) => r.method)
      const parsed = dialect.quick(answer.text, methods)
      if (parsed !== undefined) return readParsed(parsed, answer, requests, dialect)
    } catch (error) {
      // The plain way below gives the verdict.
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  return readParsed(parseWhole(answer, place, dialect), answer, requests, dialect)
}

function parseWhole(answer: HttpAnswer, place: AnswerPlace, dialect: Dialect): unknown {
  const { status, text, endpoint } = answer
  const tooLarge = { error: { code: 413, message: 'HTTP 413, the request is too large' } }
  const refused = (cause?: unknown): IndexerError => {
    const code = dialect.tooFast?.includes(status) ? 'rpc-rate-limited' : 'rpc-unavailable'
    const message = `${endpoint} ${nameOf(place)}: answered ${status}`
    return new IndexerError(code, message, { ...place, status }, { cause })
  }
  let parsed: unknown
  try {
    parsed = readJson(text, nameOf(place), endpoint, dialect.parse ?? readExact)
  } catch (error) {
    if (status === 413) return tooLarge
    throw status >= 400 ? refused(error) : error
  }
  const says = Array.isArray(parsed) || (isElement(parsed) && (parsed.error != null || 'result' in parsed))
  if (status < 400 || says) return parsed
  if (status === 413) return tooLarge
  throw refused()
}

function readParsed<T>(
  parsed: unknown,
  answer: HttpAnswer,
  requests: readonly RpcRequest<T>[],
  dialect: Dialect,
): Posted<T> {
  const { endpoint } = answer
  const place = placeOf(requests, endpoint)
  if (Array.isArray(parsed))
    return readElements(inOrder(parsed, requests.length, place), endpoint, requests, dialect)
  if (requests.length === 1 && isElement(parsed)) return readElements([parsed], endpoint, requests, dialect)
  const error = isElement(parsed) ? parsed.error : undefined
  if (error == null)
    throw badAnswer(place, `expected ${requests.length} answers, got ${answer.text.slice(0, 80)}`)
  // A node that answers a batch with one error did not take it as a batch.
  const known = dialect.meaning(failureOf(error), place)
  if (known.code === 'rpc-rate-limited') throw known
  return { refused: known }
}

interface Element {
  readonly id?: unknown
  readonly result?: unknown
  readonly error?: unknown
}

const isElement = (value: unknown): value is Element =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The elements of a batch answer by their ids, which the protocol lets come in any order. */
function inOrder(elements: readonly unknown[], count: number, place: AnswerPlace): readonly Element[] {
  const ordered = new Array<Element | undefined>(count).fill(undefined)
  for (const element of elements) {
    const id = isElement(element) ? element.id : undefined
    if (!isElement(element) || typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= count)
      throw badAnswer(place, `a batch of ${count} was answered with the unknown id ${String(id)}`)
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
  endpoint: string,
  requests: readonly RpcRequest<T>[],
  dialect: Dialect,
): Posted<T> {
  const values: T[] = []
  for (const [index, request] of requests.entries()) {
    const element = elements[index]
    const place = placeOf([request], endpoint)
    if (element?.error != null) {
      const failure = failureOf(element.error)
      const answered = request.readError?.(failure, place)
      if (answered === undefined) {
        const known = dialect.meaning(failure, place)
        if (requests.length > 1 && (/batch/i.test(failure.message) || dialect.refusesBatch?.(failure, known)))
          return { refused: known }
        throw known
      }
      values.push(answered.value)
      continue
    }
    if (element?.result === undefined) throw badAnswer(place, 'neither a result nor an error')
    values.push(request.read(element.result, place))
  }
  return { values, endpoint }
}

function failureOf(error: unknown): RpcFailure {
  if (typeof error === 'string') return { code: undefined, message: error }
  const { code, message, data } = isElement(error)
    ? (error as Partial<Record<keyof RpcFailure, unknown>>)
    : {}
  return {
    code: typeof code === 'number' ? code : undefined,
    message: typeof message === 'string' ? message : JSON.stringify(error, shownWhole),
    data,
  }
}

const shownWhole = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value

/** What was asked of an endpoint in one POST: the method and its height, or the methods of a batch and their heights. */
export function placeOf(requests: readonly RpcRequest<unknown>[], endpoint: string): AnswerPlace {
  const [first] = requests
  if (requests.length === 1 && first !== undefined) {
    const { method, height } = first
    return height === undefined ? { endpoint, method } : { endpoint, method, height }
  }
  const methods = [...new Set(requests.map((r) => r.method))].join(' and ')
  const heights = requests.flatMap((r) => r.height ?? [])
  if (heights.length === 0) return { endpoint, method: methods }
  const [lowest, highest] = [Math.min(...heights), Math.max(...heights)]
  return { endpoint, method: `${methods}, heights ${lowest} to ${highest}` }
}

/** What was asked, in a few words: `block_results 12`. */
export function nameOf({ method, height }: AnswerPlace): string {
  return height === undefined ? method : `${method} ${height}`
}

/** An answer that is not what the protocol promises, as an error that names endpoint, method and what was wrong. */
export function badAnswer(place: AnswerPlace, what: string): IndexerError {
  return new IndexerError('rpc-bad-answer', `${place.endpoint} ${nameOf(place)}: ${what}`, { ...place })
}
