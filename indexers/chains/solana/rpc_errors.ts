import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { AnswerPlace, Dialect, RpcFailure } from '../../engine/json_rpc_answer.ts'

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

/** How the nodes of a Solana cluster speak JSON-RPC. The public ones answer 403 to whoever asks too much. */
export const solanaDialect: Dialect = {
  meaning: rpcError,
  // Of all questions of a batch, some may be one too many: fewer at once are taken.
  refusesBatch: ({ code }, known) => code === -32600 || known.code === 'rpc-rate-limited',
  tooFast: [403],
}

/** Something that a node does not hold, so that the next one is asked. */
export function notFound({ endpoint, method }: AnswerPlace, what: string): IndexerError {
  return new IndexerError('rpc-not-found', `${endpoint} ${method}: ${what}`, { endpoint, method })
}
