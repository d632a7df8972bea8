import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import { badAnswer, type RpcRequest } from '../../engine/json_rpc_answer.ts'
import { countOf, listOf, objectOf, textOf } from './answer.ts'
import { firstRequest, slotRequest } from './blocks.ts'
import type { SolanaClient } from './client.ts'
import { notFound } from './rpc_errors.ts'

/** One line of an account's list of transactions. */
export interface Listed {
  readonly signature: string
  readonly slot: number
  /** A failed transaction changed nothing but the payer's lamports. */
  readonly failed: boolean
}

/** What nodes give in one page at most. */
export const pageSize = 1_000
/** Transactions of one account in one read; a range that holds more is split. */
const mostListed = 4_000

/** Pages of an account's list: newest first, below the transaction `before`. */
function pageRequest(
  address: string,
  before: string | undefined,
  minContextSlot: number,
  limit: number,
): RpcRequest<readonly Listed[]> {
  return {
    method: 'getSignaturesForAddress',
    params: [address, { limit, ...(before && { before }), commitment: 'finalized', minContextSlot }],
    read: (result, place) => {
      const where = `${place.endpoint} getSignaturesForAddress ${address}`
      let below = Number.MAX_SAFE_INTEGER
      return listOf(result, where, 'the list').map((value, i) => {
        const row = objectOf(value, where, `row ${i}`)
        const slot = countOf(row['slot'], where, () => `row ${i}.slot`)
        const signature = textOf(row['signature'], where, () => `row ${i}.signature`)
        if (row['err'] === undefined) throw badAnswer(place, `row ${i} of ${address} has no err`)
        if (slot > below) throw badAnswer(place, `row ${i} of ${address} is of slot ${slot}, after ${below}`)
        if (signature === before) throw badAnswer(place, `the page of ${address} repeats ${before}`)
        below = slot
        return { signature, slot, failed: row['err'] !== null }
      })
    },
  }
}

/** The newest finalized transactions in which an account appears, failed ones included, newest first. */
export function newestTransactions(
  client: SolanaClient,
  address: string,
  limit: number,
  signal?: AbortSignal,
): Promise<readonly Listed[]> {
  return client.call(pageRequest(address, undefined, 0, limit), signal)
}

/** Whether a node knows a transaction: one that does not answers an empty page below it. */
function knownRequest(signature: string): RpcRequest<true> {
  return {
    method: 'getSignatureStatuses',
    params: [[signature], { searchTransactionHistory: true }],
    read: (result, place) => {
      const where = `${place.endpoint} getSignatureStatuses`
      const [status] = listOf(objectOf(result, where, 'the answer')['value'], where, 'value')
      if (status == null) throw notFound(place, `it does not know ${signature}, below which it lists nothing`)
      return true
    },
  }
}

/** The lowest slot of a node, which must not be above where the list is to reach. */
function reachRequest(from: number): RpcRequest<number> {
  return {
    ...firstRequest,
    read: (result, place) => {
      const first = firstRequest.read(result, place)
      if (first > from) throw notFound(place, `its list ends at slot ${first}, below which it holds nothing`)
      return first
    },
  }
}

/**
 * Every transaction of a slot range in which an account appears, failed ones included, newest first.
 *
 * Lists are paged by signatures, not by slots: `before` is any transaction of a block above the range, so that ranges can be
 * read in any order and side by side. That a list ends is believed only of a node that, asked together with it, knows
 * where the page starts and holds the slots below.
 * @param anchor A transaction above the range to start below; undefined: the newest.
 * @throws IndexerError `rpc-too-large` beyond some thousand transactions; `rpc-not-found` where no endpoint holds the list.
 */
export async function listTransactions(
  client: SolanaClient,
  address: string,
  range: HeightRange,
  anchor: string | undefined,
  signal?: AbortSignal,
  limit = pageSize,
): Promise<readonly Listed[]> {
  const listed: Listed[] = []
  let before = anchor
  let full = true
  // Every page has a line at least, so that more pages than lines come from a node that goes in circles.
  for (let pages = 0; pages <= mostListed + 1; pages += 1) {
    const request = pageRequest(address, before, range.to, limit)
    let page: readonly Listed[] = full ? await client.call(request, signal) : []
    if (page.length === 0) {
      const known: RpcRequest<unknown> =
        before === undefined ? slotRequest('finalized') : knownRequest(before)
      const [, , last] = await client.together<[number, unknown, readonly Listed[]]>(
        [reachRequest(range.from), known, request],
        signal,
      )
      if (last.length === 0) return listed
      page = last
    }
    for (const row of page) {
      if (row.slot < range.from) return listed
      if (row.slot <= range.to) listed.push(row)
    }
    if (listed.length > mostListed) {
      const what = `Solana account ${address} has more than ${mostListed} transactions from slot ${range.from} to ${range.to}`
      throw new IndexerError('rpc-too-large', what, { ...range })
    }
    before = page.at(-1)?.signature ?? before
    full = page.length >= limit
  }
  throw new IndexerError('rpc-bad-answer', `Solana account ${address}: its list of transactions does not end`)
}
