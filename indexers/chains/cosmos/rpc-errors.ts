import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { RpcFailure } from '../../engine/json_rpc_answer.ts'
import type { Place } from './answer.ts'

/** What a node says when it has thrown old blocks away: `height 5 is not available, lowest height is 9`. */
const pruned = /height (\d+) is not available,? lowest height is (\d+)/
/** Asked for more than it has: `height 9 must be less than or equal to the current blockchain height 5`. */
const ahead = /height (\d+) must be less than or equal to the current blockchain height (\d+)/
/** The range of `/blockchain` lies below its lowest block. */
const below = /min height (\d+) can't be greater than max height (\d+)/
/** Other ways to say that it does not keep what was asked for. */
const absent = [
  /not persisting finalize block responses/,
  /not persisting abci responses/,
  /could not find results for height/,
  /node is not persisting/,
  /no such block|block.*not found/i,
  /version does not exist/,
  /failed to load state at height/,
  /unknown (query path|request|service)|unimplemented|not implemented/i,
  /height .* has been pruned|pruned/i,
]
const overload = /rate limit|too many requests|exceeded.*(quota|limit)/i
const tooMany =
  /batch request exceeds maximum|too many requests in batch|batch.*(not supported|disabled|too large)|HTTP 413/i

/**
 * The error of ours for what a node said instead of an answer. "Not found" errors carry, where the node says so,
 * the `lowest` height that it holds, so that a range below it needs no further question.
 */
export function rpcError(said: string, place: Place): IndexerError {
  const { endpoint, what, height } = place
  const text = said.replace(/\s+/g, ' ').slice(0, 200)
  const facts = { endpoint, height }
  const gone = pruned.exec(text)
  if (gone !== null) {
    const [, asked, lowest] = gone
    const message = `${endpoint} ${what}: the node is pruned: height ${asked} was asked for, its lowest is ${lowest}. Name an archive node too`
    return new IndexerError('rpc-not-found', message, { ...facts, lowest: Number(lowest) })
  }
  const early = ahead.exec(text)
  if (early !== null) {
    const [, asked, highest] = early
    const message = `${endpoint} ${what}: the node is behind: height ${asked} was asked for, its highest is ${highest}`
    return new IndexerError('rpc-not-found', message, { ...facts, highest: Number(highest) })
  }
  const outside = below.exec(text)
  if (outside !== null) {
    const [, lowest] = outside
    const message = `${endpoint} ${what}: the node holds no such heights, its lowest is ${lowest}`
    return new IndexerError('rpc-not-found', message, { ...facts, lowest: Number(lowest) })
  }
  if (tooMany.test(text)) return new IndexerError('rpc-too-large', `${endpoint} ${what}: ${text}`, facts)
  if (absent.some((pattern) => pattern.test(text)))
    return new IndexerError('rpc-not-found', `${endpoint} ${what}: ${text}`, facts)
  if (overload.test(text)) return new IndexerError('rpc-rate-limited', `${endpoint} ${what}: ${text}`, facts)
  return new IndexerError('rpc-unavailable', `${endpoint} ${what}: ${text}`, facts)
}

/** What a JSON-RPC error says, in one line. */
export function saidBy({ message, data }: RpcFailure): string {
  return [message, data].filter((t) => typeof t === 'string' && t !== '').join(': ')
}
