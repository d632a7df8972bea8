import { codeOf, messageOf } from '../../../pipeline/model/errors.ts'
import type { Event } from '../../../pipeline/model/event.ts'
import { badAnswer, type RpcRequest } from '../../engine/json_rpc_answer.ts'
import type { SolanaClient } from './client.ts'
import { decodeTransaction } from './decode.ts'
import { notFound } from './rpc_errors.ts'
import type { Listed } from './signatures.ts'
import type { Matcher } from './streams.ts'
import { readTransaction } from './transaction.ts'

/** A transaction to fetch, and what asks for it. */
export interface Wanted extends Listed {
  readonly matchers: readonly Matcher[]
}

/** A listed transaction that no endpoint gave, and why. */
export interface Missing extends Wanted {
  readonly reason: string
}

/**
 * Asks for a transaction and decodes it: an answer that cannot be decoded for lack of a field asks the next endpoint.
 * The encoding is `json`: a node's parsed forms are three times as long, and reading base64 costs more than it saves.
 */
function transactionRequest({ signature, slot, matchers }: Wanted): RpcRequest<readonly Event[] | undefined> {
  return {
    method: 'getTransaction',
    params: [signature, { encoding: 'json', maxSupportedTransactionVersion: 0, commitment: 'finalized' }],
    read: (result, place) => {
      if (result === null) return undefined
      const transaction = readTransaction(result, `${place.endpoint} getTransaction ${signature}`)
      if (transaction.signature !== signature)
        throw badAnswer(place, `asked for ${signature}, it gave ${transaction.signature}`)
      if (transaction.slot !== slot)
        throw badAnswer(place, `${signature} is of slot ${transaction.slot}, the list says ${slot}`)
      if (transaction.failed) throw badAnswer(place, `${signature} failed, the list says that it did not`)
      return decodeTransaction(transaction, matchers)
    },
  }
}

/**
 * The events of some transactions. One that a node lists but does not hold is asked for at every endpoint, then named among
 * the missing.
 * @throws IndexerError `decode-failed` as {@link decodeTransaction}; `rpc-unavailable`.
 */
export async function fetchEvents(
  client: SolanaClient,
  wanted: readonly Wanted[],
  signal: AbortSignal,
): Promise<{ readonly events: readonly Event[]; readonly missing: readonly Missing[] }> {
  const given = await client.batch(wanted.map(transactionRequest), signal)
  const events: Event[] = []
  const missing: Missing[] = []
  for (const [i, one] of wanted.entries()) {
    try {
      for (const event of given[i] ?? (await insist(client, one, signal))) events.push(event)
    } catch (error) {
      if (codeOf(error) !== 'rpc-not-found') throw error
      missing.push({ ...one, reason: messageOf(error) })
    }
  }
  return { events, missing }
}

function insist(client: SolanaClient, wanted: Wanted, signal: AbortSignal): Promise<readonly Event[]> {
  const request = transactionRequest(wanted)
  return client.call(
    {
      method: request.method,
      params: request.params,
      read: (result, place) => {
        const events = request.read(result, place)
        if (events !== undefined) return events
        const what = `it lists ${wanted.signature} of slot ${wanted.slot}, but does not hold it`
        throw notFound(place, what)
      },
    },
    signal,
  )
}
