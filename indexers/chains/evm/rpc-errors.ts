import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { AnswerPlace, RpcFailure } from '../../engine/json_rpc_answer.ts'

const tooFast = /rate.?limit|too many requests|request count|per second|per minute|throttl|compute units/i
const notHeld =
  /header not found|unknown block|block not found|cannot be found|could not be found|missing trie node|pruned|historical state|beyond (the )?(current )?head|block range extends beyond|future epoch|lookback/i
const tooMuch = /exceed|more than|limit|too (large|big|many|wide)|block range|response size|timed? ?out/i

/**
 * Says in our words what a node's JSON-RPC error means: `rpc-rate-limited`, `rpc-not-found`, `rpc-too-large`
 * (split the range), `rpc-refused` (asking again cannot help) or `rpc-unavailable`.
 */
export function rpcError({ code, message }: RpcFailure, place: AnswerPlace): IndexerError {
  const said = `${place.endpoint} ${place.method}: error ${code ?? 'without code'}, '${message.slice(0, 200)}'`
  const facts = { endpoint: place.endpoint, method: place.method, rpcCode: code }
  if (code === 429 || tooFast.test(message)) return new IndexerError('rpc-rate-limited', said, facts)
  if (code === -32601) {
    return new IndexerError('rpc-refused', `${said}. Use an endpoint that serves ${place.method}`, facts)
  }
  if (notHeld.test(message)) return new IndexerError('rpc-not-found', said, facts)
  if (code === 3 || /revert/i.test(message)) return new IndexerError('rpc-refused', said, facts)
  if (code === 413 || code === -32005 || (place.method === 'eth_getLogs' && tooMuch.test(message))) {
    return new IndexerError('rpc-too-large', `${said}. Ask for fewer blocks at once`, facts)
  }
  return new IndexerError('rpc-unavailable', said, facts)
}

/** An answer that is not what the protocol promises, as an error that names endpoint, method and block. */
export function badAnswer(place: AnswerPlace, what: string, height?: number): IndexerError {
  const at = height === undefined ? '' : ` block ${height}`
  const { endpoint, method } = place
  return new IndexerError('rpc-bad-answer', `${endpoint} ${method}${at}: ${what}`, {
    endpoint,
    method,
    height,
  })
}

/** Whether an error says that a height has no block, as chains with empty rounds do. */
export function isNullRound({ code, message }: RpcFailure): boolean {
  return code === 12 || /null round/i.test(message)
}
