import { codeOf, IndexerError } from '../../../pipeline/model/errors.ts'
import type { EndpointPool, HttpAnswer } from '../../engine/endpoints.ts'
import { badAnswer, type Place } from './answers.ts'

/** One question to a node, and how its answer is checked. */
export interface Question<T> {
  /** Without the prefix: `ChainHead`. */
  readonly method: string
  readonly params: readonly unknown[]
  /** What it is asked about, for messages. */
  readonly height?: number
  /** Makes a checked value of the `result`; a throw of `rpc-bad-answer` asks the next endpoint. */
  readonly read: (result: unknown, place: Place) => T
}

/** Why no endpoint gives an answer: it does not hold it, does not go back that far, or does not serve the method. */
export interface Refusal {
  readonly refused: IndexerError
}

/** Whether an answer is a refusal. */
export function isRefusal<T>(answer: T | Refusal): answer is Refusal {
  return typeof answer === 'object' && answer !== null && 'refused' in answer
}

const mostInBatch = 64
const tooFast = /rate.?limit|too many requests|throttl/i
const tooFarBack = /lookback|look-back/i
const notHeld =
  /could not find|not found|no such|lookback|look-back|greater than start point|future|bad tipset height|missing|null round|not supported|not available|is disabled|disallowed|expensive fork|method .* (is )?not/i

/**
 * Lotus JSON-RPC over the endpoints of the chain; a batch is one POST. Amounts are text in Lotus' JSON and stay exact; the
 * only numbers beyond 2^53 are gas limits of implicit messages in traces, which nobody reads.
 */
export class LotusRpc {
  readonly #pool: EndpointPool
  #batchSize = mostInBatch

  constructor(pool: EndpointPool) {
    this.#pool = pool
  }

  /** Asks one question. @throws IndexerError `rpc-not-found` if every endpoint refuses it; `rpc-unavailable`. */
  ask<T>(question: Question<T>, signal?: AbortSignal): Promise<T> {
    return this.#post([question], false, signal).then(([answer]) => answer as T)
  }

  /** Like {@link ask}, with a refusal as an answer. */
  async tryAsk<T>(question: Question<T>, signal?: AbortSignal): Promise<T | Refusal> {
    const [answer] = await this.batch([question], signal)
    return answer as T | Refusal
  }

  /**
   * Asks all questions, in as few POSTs as the nodes take.
   * @returns In the order of the questions: a value, or a refusal where no endpoint gives one.
   */
  async batch<T>(questions: readonly Question<T>[], signal?: AbortSignal): Promise<readonly (T | Refusal)[]> {
    const size = this.#batchSize
    if (questions.length === 0) return []
    if (questions.length > size) {
      const parts: Promise<readonly (T | Refusal)[]>[] = []
      for (let at = 0; at < questions.length; at += size)
        parts.push(this.batch(questions.slice(at, at + size), signal))
      return (await Promise.all(parts)).flat()
    }
    try {
      return await this.#post(questions, false, signal)
    } catch (error) {
      if (codeOf(error) === 'rpc-too-large' && questions.length > 1) {
        this.#batchSize = Math.max(1, questions.length >> 1)
        return this.batch(questions, signal)
      }
      if (codeOf(error) !== 'rpc-not-found') throw error
      if (questions.length === 1 && error instanceof IndexerError) return [{ refused: error }]
    }
    // No endpoint answers all of them: what the first one answers is kept, the rest are refusals.
    return this.#post(questions, true, signal)
  }

  #post<T>(
    questions: readonly Question<T>[],
    lenient: boolean,
    signal?: AbortSignal,
  ): Promise<readonly (T | Refusal)[]> {
    const calls = questions.map(({ method, params }, id) =>
      JSON.stringify({ jsonrpc: '2.0', id, method: `Filecoin.${method}`, params }),
    )
    const methods = [...new Set(questions.map((q) => q.method))].join(' and ')
    return this.#pool.call({
      what: questions.length === 1 ? methods : `a batch of ${questions.length} (${methods})`,
      body: calls.length === 1 ? `${calls[0]}` : `[${calls.join()}]`,
      accept: (answer) => readAnswer(answer, questions, lenient, methods),
      ...(signal === undefined ? {} : { signal }),
    })
  }
}

interface Element {
  readonly id?: unknown
  readonly result?: unknown
  readonly error?: unknown
}

const isElement = (value: unknown): value is Element => typeof value === 'object' && value !== null

function readAnswer<T>(
  answer: HttpAnswer,
  questions: readonly Question<T>[],
  lenient: boolean,
  methods: string,
): readonly (T | Refusal)[] {
  const place = { endpoint: answer.endpoint, method: methods }
  const parsed = parseAnswer(answer, place)
  if (questions.length > 1 && !Array.isArray(parsed)) {
    const error = isElement(parsed) ? parsed.error : undefined
    if (error === undefined || error === null)
      throw badAnswer(place, `${questions.length} answers of a batch`, parsed)
    const known = lotusError(error, place)
    throw known.code === 'rpc-rate-limited'
      ? known
      : new IndexerError('rpc-too-large', `${known.message}. Send smaller batches`, { ...place })
  }
  const elements =
    questions.length === 1 && !Array.isArray(parsed) ? [parsed] : (parsed as readonly unknown[])
  const byId = new Map<unknown, Element>()
  for (const element of elements) {
    if (!isElement(element)) throw badAnswer(place, 'JSON-RPC answers', element)
    byId.set(questions.length === 1 ? 0 : element.id, element)
  }
  return questions.map((question, id) => {
    const at = { endpoint: answer.endpoint, method: question.method, height: question.height }
    const element = byId.get(id)
    if (element === undefined) throw badAnswer(at, `an answer with id ${id}`, parsed)
    if (element.error !== undefined && element.error !== null) {
      const error = lotusError(element.error, at)
      if (lenient && error.code === 'rpc-not-found') return { refused: error }
      throw error
    }
    if (!('result' in element)) throw badAnswer(at, 'a result or an error', element)
    return question.read(element.result, at)
  })
}

/**
 * Parses an answer; the gas charges of traces, nine tenths of their text, are cut out before.
 * @throws IndexerError `rpc-bad-answer` if it is not JSON, `rpc-unavailable` for a status that says so.
 */
export function parseAnswer(answer: HttpAnswer, place: Place): unknown {
  const { text } = answer
  try {
    if (text.length > 100_000 && text.includes('"GasCharges":['))
      return JSON.parse(text.replace(/"GasCharges":\[[^\]]*\]/g, '"GasCharges":null'))
  } catch (error) {
    // Charges with lists inside: the whole text decides.
    if (!(error instanceof SyntaxError)) throw error
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    if (answer.status === 413)
      return { error: { code: -32_005, message: 'HTTP 413, the request is too large' } }
    if (answer.status >= 400) {
      const what = `${place.endpoint} ${place.method}: answered ${answer.status} '${text.slice(0, 60).replace(/\s+/g, ' ')}'`
      throw new IndexerError('rpc-unavailable', what, { ...place, status: answer.status }, { cause })
    }
    throw badAnswer(place, 'JSON', text.slice(0, 60))
  }
}

/** What a node's JSON-RPC error means in our words. */
export function lotusError(error: unknown, place: Place): IndexerError {
  const { code, message } = isElement(error) ? (error as { code?: unknown; message?: unknown }) : {}
  const text = typeof message === 'string' ? message : JSON.stringify(error)
  const at = place.height === undefined ? '' : ` at height ${place.height}`
  const said = `${place.endpoint} ${place.method}${at}: error ${String(code ?? 'without code')}, '${text.slice(0, 200)}'`
  const facts = { ...place, rpcCode: typeof code === 'number' ? code : undefined }
  if (code === 429 || tooFast.test(text)) return new IndexerError('rpc-rate-limited', said, facts)
  if (code === -32_601) {
    return new IndexerError('rpc-not-found', `${said}. Add an endpoint that serves ${place.method}`, facts)
  }
  if (tooFarBack.test(text)) {
    const advice = 'The endpoint does not go back that far; add an archival endpoint to read it'
    return new IndexerError('rpc-not-found', `${said}. ${advice}`, facts)
  }
  if (code === 12 || notHeld.test(text)) return new IndexerError('rpc-not-found', said, facts)
  if (/batch/i.test(text)) return new IndexerError('rpc-too-large', said, facts)
  return new IndexerError('rpc-unavailable', said, facts)
}

/** Whether a refusal says that everything below its height is refused too: a limit of look-back, or an unserved method. */
export function isLimit({ refused }: Refusal): boolean {
  return tooFarBack.test(refused.message) || refused.facts.rpcCode === -32_601
}
