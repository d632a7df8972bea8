import { IndexerError } from '../../../pipeline/model/errors.ts'

/** Where an answer came from, for messages. */
export interface AnswerPlace {
  /** The endpoint's address without secrets. */
  readonly endpoint: string
  readonly method: string
}

/** The `error` member of an answer, as far as it can be read. */
export interface RpcFailure {
  readonly code: number | undefined
  readonly message: string
}

/** A slot without a block, or one that the node's ledger or long-term storage lacks: the codes do not tell. */
const skipped: readonly (number | undefined)[] = [-32007, -32009]
/** Cleaned up, not available, no transaction history. */
const notHeld: readonly (number | undefined)[] = [-32001, -32004, -32011]
/** Behind its cluster, not ready yet, behind the asked slot, long-term storage out of reach. */
const notNow: readonly (number | undefined)[] = [-32005, -32014, -32016, -32019]
const unsupported: readonly (number | undefined)[] = [-32601, -32602, -32010, -32015]
const tooFast = /rate.?limit|too many requests|request count|per second|throttl|forbidden|credits/i

/** Whether a node said that a slot has no block, or that it lacks the block. */
export function saysSkipped(failure: RpcFailure): boolean {
  return skipped.includes(failure.code)
}

/** Whether an error is about how many requests one batch holds, or that it is one. */
export function refusesBatch({ code, message }: RpcFailure): boolean {
  return code === -32600 || /batch/i.test(message)
}

/** The parts of an `error` member, unchecked. */
export function failureOf(error: unknown): RpcFailure {
  if (typeof error !== 'object' || error === null) return { code: undefined, message: String(error) }
  const { code, message } = error as { code?: unknown; message?: unknown }
  return { code: typeof code === 'number' ? code : undefined, message: String(message ?? '') }
}

/**
 * Says in our words what a node's error means: `rpc-rate-limited`; `rpc-not-found` (another node may hold it);
 * `rpc-unavailable` (later, or elsewhere); `rpc-refused` (asking again cannot help).
 * https://github.com/anza-xyz/agave/blob/master/rpc-client-types/src/custom_error.rs lists the codes.
 */
export function rpcError(failure: RpcFailure, { endpoint, method }: AnswerPlace): IndexerError {
  const { code, message } = failure
  const said = `${endpoint} ${method}: error ${code ?? 'without code'}, '${message.slice(0, 200)}'`
  const facts = { endpoint, method, rpcCode: code }
  if (code === 429 || code === 403 || code === -32429 || tooFast.test(message))
    return new IndexerError('rpc-rate-limited', said, facts)
  if (skipped.includes(code) || notHeld.includes(code)) return new IndexerError('rpc-not-found', said, facts)
  if (notNow.includes(code)) return new IndexerError('rpc-unavailable', said, facts)
  if (unsupported.includes(code))
    return new IndexerError('rpc-refused', `${said}. Use an endpoint that serves ${method}`, facts)
  return new IndexerError('rpc-unavailable', said, facts)
}

/** An answer that is not what the protocol promises, as an error that names endpoint, method and what was wrong. */
export function badAnswer({ endpoint, method }: AnswerPlace, what: string): IndexerError {
  return new IndexerError('rpc-bad-answer', `${endpoint} ${method}: ${what}`, { endpoint, method })
}

/** Something that a node does not hold, so that the next one is asked. */
export function notFound({ endpoint, method }: AnswerPlace, what: string): IndexerError {
  return new IndexerError('rpc-not-found', `${endpoint} ${method}: ${what}`, { endpoint, method })
}
