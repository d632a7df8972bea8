import { codeOf, IndexerError, messageOf } from '../../../pipeline/model/errors.ts'
import type { Call, EndpointPool, HttpAnswer } from '../../engine/endpoints.ts'
import { parseExact } from '../../engine/json.ts'
import type { Logger } from '../../engine/ports.ts'
import type { FeesPage } from './graphql.ts'
import { feesQuery, readFeesPage } from './graphql.ts'
import type { Header } from './header.ts'
import { fieldsOf, readHeader, wholeNumber } from './header.ts'
import { inParallel } from './parallel.ts'

/** The name that nodes of the main network give it. */
export const mainNetwork = 'arweave.N.1'
/** The name that simulated nodes give theirs. */
export const simulatedNetwork = 'arweave.simulated'

/** What a node says of itself. */
export interface Info {
  readonly network: string
  /** The highest block the node has. */
  readonly height: number
}

/** What a block's transactions paid, or why not all of it is known. */
export type BlockFees =
  | { readonly fees: ReadonlyMap<string, bigint> }
  | { readonly code: 'rpc-not-found'; readonly reason: string }

/** Asks Arweave nodes and gateways, and checks what they answer. */
export class ArweaveClient {
  readonly #pool: EndpointPool
  readonly #logger: Logger
  #graphql = true

  constructor(pool: EndpointPool, logger: Logger) {
    this.#pool = pool
    this.#logger = logger
  }

  /**
   * What the node is and how far it has got.
   * @throws IndexerError `wrong-chain` if it is not Arweave's main network (or, of a simulated node, its
   *   simulation).
   */
  info(signal?: AbortSignal): Promise<Info> {
    return this.#get('/info', signal, (answer, what) => {
      refuseStatus(answer, what)
      const info = fieldsOf(parseExact(answer.text, what, answer.endpoint))
      const height = wholeNumber(info?.height)
      if (typeof info?.network !== 'string' || height === undefined || height > 2n ** 40n) {
        throw badAnswer(answer, what, "fields 'network' and 'height' of a node that has joined")
      }
      const expected = this.#pool.origin() === 'simulated' ? simulatedNetwork : mainNetwork
      if (info.network !== expected) {
        throw new IndexerError(
          'wrong-chain',
          `${answer.endpoint} ${what}: expected network '${expected}', got '${info.network}'. Set ARWEAVE_URLS to nodes of ${expected}`,
          { endpoint: answer.endpoint, network: info.network },
        )
      }
      return { network: info.network, height: Number(height) }
    })
  }

  /**
   * The header of the block at a height.
   * @throws IndexerError `rpc-not-found` if no endpoint has the block; `rpc-unavailable`; `decode-failed`
   *   for a denomination that is not understood.
   */
  header(height: number, signal?: AbortSignal): Promise<Header> {
    return this.#get(`/block/height/${height}`, signal, (answer, what) => {
      refuseStatus(answer, what)
      return readHeader(parseExact(answer.text, what, answer.endpoint), { height, endpoint: answer.endpoint })
    })
  }

  /**
   * What exactly the transactions named in the headers paid, by height. A gateway's GraphQL is asked for all
   * of them, then `/tx/ID` for each that is left. A block with a transaction that nobody knows has a reason
   * in place of its fees.
   */
  async fees(headers: readonly Header[], signal: AbortSignal): Promise<ReadonlyMap<number, BlockFees>> {
    const heights = new Map(headers.flatMap((h) => h.txs.map((id) => [id, h.height] as const)))
    const found = new Map<string, bigint>()
    if (this.#graphql && heights.size > 0) await this.#feesByGraphql(heights, found, signal)
    const left = [...heights.keys()].filter((id) => !found.has(id))
    const single = await inParallel(left, signal, (id, stopped) => this.#feeOf(id, stopped))
    for (const [i, fee] of single.entries()) {
      const id = left[i]
      if (id !== undefined && fee !== undefined) found.set(id, fee)
    }
    return new Map(headers.map((header) => [header.height, feesOf(header, found)]))
  }

  async close(): Promise<void> {
    await this.#pool.close()
  }

  /** Fills `found`. Stops early once all are found, or when asking one by one is the cheaper way. */
  async #feesByGraphql(
    heights: ReadonlyMap<string, number>,
    found: Map<string, bigint>,
    signal: AbortSignal,
  ): Promise<void> {
    const all = [...heights.values()]
    const range = { from: all.reduce((a, b) => Math.min(a, b)), to: all.reduce((a, b) => Math.max(a, b)) }
    let after: string | undefined
    // Pages also list bundled items, which can outnumber transactions a hundredfold.
    for (let pages = 0; pages < heights.size && found.size < heights.size; pages += 1) {
      let page: FeesPage
      try {
        page = await this.#pool.call({
          what: `POST /graphql blocks ${range.from} to ${range.to}`,
          path: '/graphql',
          body: feesQuery(range, after),
          signal,
          accept: readFeesPage,
        })
      } catch (error) {
        if (signal.aborted || !hasFallback(error)) throw error
        const known = !this.#graphql
        if (codeOf(error) === 'rpc-not-found') this.#graphql = false
        if (known) return
        this.#logger.info('no fees from GraphQL, transactions are asked one by one', {
          chain: 'arweave',
          ...range,
          reason: messageOf(error),
        })
        return
      }
      for (const { id, fee, height } of page.fees) {
        if (heights.get(id) === height) found.set(id, fee)
      }
      if (page.next === undefined) return
      after = page.next
    }
  }

  /** The fee of one transaction, or undefined if no endpoint knows it (yet). */
  async #feeOf(id: string, signal: AbortSignal): Promise<bigint | undefined> {
    try {
      return await this.#get(`/tx/${id}`, signal, (answer, what) => {
        if (answer.status === 202 || answer.text.trim() === 'Pending')
          throw notFound(answer, what, 'it is pending')
        refuseStatus(answer, what)
        const tx = fieldsOf(parseExact(answer.text, what, answer.endpoint))
        if (tx?.id !== id) throw badAnswer(answer, what, "the transaction's own id in field 'id'")
        const fee = wholeNumber(tx.reward)
        if (fee === undefined) throw badAnswer(answer, what, "an amount in winston in field 'reward'")
        return fee
      })
    } catch (error) {
      if (codeOf(error) === 'rpc-not-found') return undefined
      throw error
    }
  }

  #get<T>(
    path: string,
    signal: AbortSignal | undefined,
    accept: (answer: HttpAnswer, what: string) => T,
  ): Promise<T> {
    const what = `GET ${path}`
    const call: Call<T> = { what, path, accept: (answer) => accept(answer, what) }
    return this.#pool.call(signal === undefined ? call : { ...call, signal })
  }
}

/** Whether fees can still be had one by one after GraphQL failed so. */
function hasFallback(error: unknown): boolean {
  const code = codeOf(error)
  return code === 'rpc-not-found' || code === 'rpc-unavailable'
}

function feesOf(header: Header, found: ReadonlyMap<string, bigint>): BlockFees {
  const fees = new Map<string, bigint>()
  const missing: string[] = []
  for (const id of header.txs) {
    const fee = found.get(id)
    if (fee === undefined) missing.push(id)
    else fees.set(id, fee)
  }
  if (missing.length === 0) return { fees }
  return {
    code: 'rpc-not-found',
    reason:
      `block ${header.height}: no endpoint gives the fee of transaction ${missing[0]} ` +
      `(${missing.length} of ${header.txs.length} missing)`,
  }
}

function refuseStatus(answer: HttpAnswer, what: string): void {
  if (answer.status === 404) throw notFound(answer, what, 'answered 404')
  if (answer.status !== 200) throw badAnswer(answer, what, 'status 200')
}

function notFound(answer: HttpAnswer, what: string, why: string): IndexerError {
  return new IndexerError('rpc-not-found', `${answer.endpoint} ${what}: ${why}`, {
    endpoint: answer.endpoint,
  })
}

function badAnswer(answer: HttpAnswer, what: string, expected: string): IndexerError {
  const seen = `${answer.status} '${answer.text.slice(0, 60).replace(/\s+/g, ' ')}'`
  return new IndexerError('rpc-bad-answer', `${answer.endpoint} ${what}: expected ${expected}, got ${seen}`, {
    endpoint: answer.endpoint,
    status: answer.status,
  })
}
