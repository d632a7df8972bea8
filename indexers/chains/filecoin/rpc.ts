import { codeOf, IndexerError } from '../../../pipeline/model/errors.ts'
import type { EndpointPool } from '../../engine/endpoints.ts'
import { JsonRpc } from '../../engine/json_rpc.ts'
import type { Answered, AnswerPlace, Dialect, RpcFailure, RpcRequest } from '../../engine/json_rpc_answer.ts'

/** One question to a node, its method without the prefix: `ChainHead`. */
export type Question<T> = Omit<RpcRequest<T>, 'readError'>

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

/** How Lotus speaks JSON-RPC. */
const dialect: Dialect = {
  prefix: 'Filecoin.',
  // Amounts are text; the only numbers beyond 2^53 are gas limits of implicit messages in traces, which nobody reads.
  parse: JSON.parse,
  quick: withoutGasCharges,
  meaning: lotusError,
}

/** Lotus JSON-RPC over the endpoints of the chain; a batch is one POST. */
export class LotusRpc {
  readonly #rpc: JsonRpc

  constructor(pool: EndpointPool) {
    this.#rpc = new JsonRpc(pool, dialect, mostInBatch)
  }

  /** Asks one question. @throws IndexerError `rpc-not-found` if every endpoint refuses it; `rpc-unavailable`. */
  ask<T>(question: Question<T>, signal?: AbortSignal): Promise<T> {
    return this.#rpc.call(question, signal)
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
  batch<T>(questions: readonly Question<T>[], signal?: AbortSignal): Promise<readonly (T | Refusal)[]> {
    return this.#rpc.inParts(questions, async (part): Promise<Answered<T | Refusal>> => {
      try {
        return await this.#rpc.post(part, signal)
      } catch (error) {
        if (codeOf(error) !== 'rpc-not-found' || !(error instanceof IndexerError)) throw error
        if (part.length === 1) return { values: [{ refused: error }] }
      }
      // No endpoint answers all of them: what the first one answers is kept, the rest are refusals.
      return this.#rpc.post(part.map(lenient), signal)
    })
  }
}

const lenient = <T>(question: Question<T>): RpcRequest<T | Refusal> => ({
  ...question,
  readError: (failure, place) => {
    const refused = lotusError(failure, place)
    return refused.code === 'rpc-not-found' ? { value: { refused } } : undefined
  },
})

/**
 * Parses an answer without the gas charges of traces, nine tenths of their text; undefined if it holds none.
 * @throws SyntaxError if it is not JSON, or charges have lists inside: then the whole text decides.
 */
export function withoutGasCharges(text: string): unknown {
  if (text.length <= 100_000 || !text.includes('"GasCharges":[')) return undefined
  return JSON.parse(text.replace(/"GasCharges":\[[^\]]*\]/g, '"GasCharges":null'))
}

/** What a node's JSON-RPC error means in our words. */
export function lotusError({ code, message: text }: RpcFailure, place: AnswerPlace): IndexerError {
  const at = place.height === undefined ? '' : ` at height ${place.height}`
  const said = `${place.endpoint} ${place.method}${at}: error ${code ?? 'without code'}, '${text.slice(0, 200)}'`
  const facts = { ...place, rpcCode: code }
  if (code === 429 || tooFast.test(text)) return new IndexerError('rpc-rate-limited', said, facts)
  if (code === -32_601) {
    return new IndexerError('rpc-not-found', `${said}. Add an endpoint that serves ${place.method}`, facts)
  }
  if (tooFarBack.test(text)) {
    const advice = 'The endpoint does not go back that far; add an archival endpoint to read it'
    return new IndexerError('rpc-not-found', `${said}. ${advice}`, facts)
  }
  if (code === 12 || notHeld.test(text)) return new IndexerError('rpc-not-found', said, facts)
  return new IndexerError('rpc-unavailable', said, facts)
}

/** Whether a refusal says that everything below its height is refused too: a limit of look-back, or an unserved method. */
export function isLimit({ refused }: Refusal): boolean {
  return tooFarBack.test(refused.message) || refused.facts.rpcCode === -32_601
}
