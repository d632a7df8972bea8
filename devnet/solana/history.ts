import type { SolanaChain } from './chain.ts'
import type { RpcOptions } from './rpc.ts'
import { numberOption, optionsAt, RpcFault, textAt } from './rpc.ts'
import { type Encoding, type SolanaTransaction, transactionAnswer } from './transaction.ts'
import type { View } from './view.ts'
import { slotOfVote, voteOf } from './votes.ts'

const mostSignatures = 1_000
const mostStatuses = 256

/** Where a signature stands: votes are the first of their blocks. */
interface Place {
  readonly slot: number
  readonly index: number
}

function placeOf(chain: SolanaChain, signature: string): Place | undefined {
  const vote = slotOfVote(chain.seed, signature)
  return chain.findTransaction(signature) ?? (vote === undefined ? undefined : { slot: vote, index: 0 })
}

const isBelow = (a: Place, b: Place): boolean => a.slot < b.slot || (a.slot === b.slot && a.index < b.index)

/** Transactions that name an address, newest first: those below `before`, down to above `until`. */
export function getSignaturesForAddress(view: View, params: readonly unknown[]): unknown {
  const { chain } = view
  const options = optionsAt(params, 1)
  const newest = view.newest(options)
  const limit = numberOption(options, 'limit', mostSignatures)
  if (limit < 1 || limit > mostSignatures) throw new RpcFault(-32602, `Invalid limit; max ${mostSignatures}`)
  const anchor = (name: 'before' | 'until'): Place | 'unknown' | undefined => {
    const signature = options[name]
    if (signature === undefined || signature === null) return undefined
    const place = placeOf(chain, String(signature))
    return place !== undefined && place.slot <= newest ? place : 'unknown'
  }
  const [before, until] = [anchor('before'), anchor('until')]
  // A node that does not know the signature to start below finds nothing, and does not say so.
  if (before === 'unknown') return []
  const listed = chain.transactionsOf(textAt(params, 0))
  const found: unknown[] = []
  for (let at = listed.length - 1; at >= 0 && found.length < limit; at -= 1) {
    const made = listed[at]
    if (made === undefined || made.slot > newest || (before !== undefined && !isBelow(made, before))) continue
    if (until !== undefined && until !== 'unknown' && !isBelow(until, made)) break
    found.push(
      view.twist.strip({
        signature: made.signature,
        slot: made.slot,
        err: made.error,
        memo: null,
        blockTime: made.time,
        confirmationStatus: 'finalized',
      }),
    )
  }
  return found
}

/** Whether signatures are known, and where; null for each that is not. */
export function getSignatureStatuses(view: View, params: readonly unknown[]): unknown {
  const newest = view.newest({ commitment: 'processed' })
  const signatures = params[0]
  if (!Array.isArray(signatures) || signatures.length > mostStatuses)
    throw new RpcFault(-32602, `Too many inputs provided; max ${mostStatuses}`)
  const value = signatures.map((signature) => {
    const place = placeOf(view.chain, String(signature))
    if (place === undefined || place.slot > newest || view.twist.hides(place.slot)) return null
    const err = view.chain.findTransaction(String(signature))?.error ?? null
    const status = err === null ? { Ok: null } : { Err: err }
    return { slot: place.slot, confirmations: null, err, status, confirmationStatus: 'finalized' }
  })
  return { context: { slot: newest }, value }
}

/** The encoding that options ask for. */
export function encodingOf(options: RpcOptions): Encoding {
  const { encoding = 'json' } = options
  if (encoding === 'json' || encoding === 'jsonParsed' || encoding === 'base64') return encoding
  throw new RpcFault(-32602, `Invalid params: the simulated node does not write '${String(encoding)}'.`)
}

/** @throws RpcFault for a version that the asker does not say that it understands. */
export function checkVersion({ message }: SolanaTransaction, options: RpcOptions): void {
  if (message.version === 'legacy' || typeof options['maxSupportedTransactionVersion'] === 'number') return
  throw new RpcFault(
    -32015,
    'Transaction version (0) is not supported by the requesting client. Please try the request again with the following configuration parameter: "maxSupportedTransactionVersion": 0',
  )
}

/** A transaction, or null where the node has none of that name. */
export function getTransaction(view: View, params: readonly unknown[]): unknown {
  const options = typeof params[1] === 'string' ? { encoding: params[1] } : optionsAt(params, 1)
  const signature = textAt(params, 0)
  const vote = slotOfVote(view.chain.seed, signature)
  const made =
    view.chain.findTransaction(signature) ??
    (vote !== undefined && view.chain.has(vote) ? voteOf(view.chain.seed, vote) : undefined)
  if (made === undefined || made.slot > view.newest(options) || view.twist.hides(made.slot)) return null
  checkVersion(made, options)
  return stripped(view, transactionAnswer(made, encodingOf(options)))
}

/** Loses fields of the answer, and of its `meta`. */
export function stripped(
  { twist }: View,
  answer: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { meta, ...rest } = twist.strip(answer)
  if (meta === undefined) return rest
  return { ...rest, meta: twist.strip(meta as Readonly<Record<string, unknown>>) }
}
