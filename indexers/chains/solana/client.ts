import { Connection } from '@solana/web3.js'
import pLimit from 'p-limit'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { EndpointPool } from '../../engine/endpoints.ts'
import { JsonRpc } from '../../engine/json_rpc.ts'
import { nameOf, type Posted, placeOf, type RpcRequest, readAnswer } from '../../engine/json_rpc_answer.ts'
import { solanaDialect } from './rpc_errors.ts'

const batch = { start: 20, most: 100 }
/** Batches under way at once. */
const concurrent = 16
/** Tries to have questions that belong together answered by one endpoint, where it takes no batches. */
const pairings = 4

/**
 * JSON-RPC over the endpoints of a Solana cluster. Its batches are a queue of their own: public nodes limit both
 * the requests in a batch and the requests a second, so that sizes also grow again and the first batch goes alone.
 */
export class SolanaClient {
  /** Typed reads (`getTokenLargestAccounts`, `getAccountInfo`) through the same endpoints; not for the hot path. */
  readonly connection: Connection
  readonly #rpc: JsonRpc
  readonly #limit = pLimit(concurrent)
  #batchSize = batch.start
  /** Whether a node has taken a batch, or is known to take none. */
  #proven = false
  /** A size that some node refused is not tried again. */
  #mostInBatch = batch.most

  constructor(pool: EndpointPool) {
    this.#rpc = new JsonRpc(pool, solanaDialect, batch.most)
    this.connection = new Connection('http://endpoints.invalid', {
      commitment: 'finalized',
      disableRetryOnRateLimit: true,
      httpAgent: false,
      fetch: async (_url, init) => new Response(await forward(pool, String(init?.body))),
    })
  }

  /** Requests in one batch, as far as the nodes have accepted so far. */
  get batchSize(): number {
    return this.#batchSize
  }

  /** Asks one question. @throws IndexerError as `rpcError` says, or what `read` throws. */
  call<T>(request: RpcRequest<T>, signal?: AbortSignal): Promise<T> {
    return this.#rpc.call(request, signal)
  }

  /**
   * Asks all questions, in as few POSTs as the nodes accept; they may be answered by different endpoints.
   * @returns The values in the order of `requests`.
   * @throws IndexerError of the first that failed; the others are stopped.
   */
  async batch<T>(requests: readonly RpcRequest<T>[], signal?: AbortSignal): Promise<readonly T[]> {
    const values = new Map<number, T>()
    const queue = requests.map((request, index) => ({ request, index }))
    const stop = new AbortController()
    const stopped = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
    const ask = async (): Promise<boolean> => {
      // What is left is divided only now, by what the nodes have taken meanwhile.
      const part = queue.splice(0, this.#batchSize)
      if (part.length === 0) return false
      const posted = await this.#tried(
        part.map((p) => p.request),
        stopped,
      )
      if ('refused' in posted) {
        if (part.length === 1) throw posted.refused
        this.#shrink(part.length, posted.refused)
        queue.unshift(...part)
        return true
      }
      this.#proven ||= part.length > 1 || this.#mostInBatch === 1
      if (part.length >= this.#batchSize) this.#batchSize = Math.min(this.#mostInBatch, this.#batchSize + 1)
      for (const [i, { index }] of part.entries()) values.set(index, posted.values[i] as T)
      return true
    }
    const work = async (): Promise<void> => {
      while (values.size < requests.length && (await this.#limit(ask))) {
        if (this.#proven && workers < concurrent && queue.length > 0) await spread()
      }
    }
    let workers = 0
    const spread = async (): Promise<void> => {
      const more = Array.from({ length: Math.min(concurrent - workers, queue.length) }, work)
      workers += more.length
      await Promise.all(more)
      workers -= more.length
    }
    try {
      // The first batch goes alone, so that a node that takes none refuses a few and not all.
      await work()
      return requests.map((_, index) => values.get(index) as T)
    } catch (error) {
      stop.abort()
      throw error
    }
  }

  /**
   * Asks questions whose answers must come from one endpoint, because one proves the other.
   * @throws IndexerError `rpc-unavailable` if the endpoints take no batches and take turns.
   */
  async together<T extends readonly unknown[]>(
    requests: { readonly [K in keyof T]: RpcRequest<T[K]> },
    signal?: AbortSignal,
  ): Promise<T> {
    const all = requests as unknown as readonly RpcRequest<unknown>[]
    if (this.#mostInBatch >= all.length) {
      const posted = await this.#rpc.post(all, signal)
      if ('values' in posted) return posted.values as unknown as T
      this.#mostInBatch = Math.min(this.#mostInBatch, all.length - 1)
    }
    for (let pairing = 0; pairing < pairings; pairing += 1) {
      const values: unknown[] = []
      const endpoints = new Set<string>()
      for (const request of all) {
        const posted = await this.#rpc.post([request], signal)
        if ('refused' in posted) throw posted.refused
        values.push(posted.values[0])
        endpoints.add(posted.endpoint)
      }
      if (endpoints.size === 1) return values as unknown as T
    }
    throw new IndexerError(
      'rpc-unavailable',
      `${nameOf(placeOf(all, ''))}: the endpoints take no batches and answered by turns, so that none vouches for its answer. Name one endpoint that takes batches`,
    )
  }

  /** Halves the batches. Too many at once may be fine later; too many in one batch is not. */
  #shrink(refusedSize: number, refused: IndexerError): void {
    if (refused.code !== 'rpc-rate-limited') this.#mostInBatch = Math.min(this.#mostInBatch, refusedSize - 1)
    this.#batchSize = Math.min(this.#batchSize, refusedSize >> 1)
  }

  /** A node that limits the questions in a batch by their number refuses it for as long as it is this large. */
  async #tried<T>(requests: readonly RpcRequest<T>[], signal: AbortSignal): Promise<Posted<T>> {
    try {
      return await this.#rpc.post(requests, signal)
    } catch (error) {
      const cause = error instanceof IndexerError ? error.cause : undefined
      if (cause instanceof IndexerError && cause.code === 'rpc-rate-limited' && requests.length > 1)
        return { refused: cause }
      throw error
    }
  }
}

/** A request that web3.js wrote, answered as text once it was checked that it is an answer. */
function forward(pool: EndpointPool, body: string): Promise<string> {
  const method = /"method":"(\w+)"/.exec(body)?.[1] ?? 'a request'
  const request: RpcRequest<unknown> = { method, params: [], read: (result) => result }
  return pool.call({
    what: method,
    body,
    accept: (answer) => {
      const posted = readAnswer(answer, [request], solanaDialect)
      if ('refused' in posted) throw posted.refused
      return answer.text
    },
  })
}
