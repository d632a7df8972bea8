import { codeOf, IndexerError } from '../../../pipeline/model/errors.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import { rangeLength } from '../../../pipeline/model/height.ts'
import type { Reading } from '../../../pipeline/model/reading.ts'
import type { Counter, Stream } from '../../../pipeline/model/stream.ts'
import type { UnixSeconds } from '../../../pipeline/model/time.ts'
import type { EndpointPool } from '../../engine/endpoints.ts'
import type { Batch, BlockMark, ChainIdentity, ChainSource, Cost, Lane } from '../../engine/ports.ts'
import { AccruedReader } from './accrued.ts'
import type { CosmosChain } from './chain.ts'
import { CosmosClient } from './client.ts'
import { readCounters } from './counters.ts'
import { readGrowth } from './growth.ts'
import { readBlocks } from './read.ts'
import { passing } from './search.ts'
import { readerOf } from './streams.ts'
import { wakeOnBlocks } from './wake.ts'
import { needsOf } from './words.ts'

/** Requests that finding a midnight and its supply takes, and blocks of a day, roughly. */
const requestsPerDay = 4
const blocksPerDay = 14_500
/** Answers that all leases of a large market fill, roughly. */
const leasePages = 500

/**
 * A Cosmos SDK chain, read over the RPC of CometBFT nodes.
 * @param pool Its endpoints; closed with the source.
 * @param urls The same endpoints, for their websockets; none: following only looks from time to time.
 */
export function createCosmosSource(
  pool: EndpointPool,
  chain: CosmosChain,
  urls: readonly string[] = [],
): ChainSource {
  return new CosmosSource(pool, chain, urls)
}

class CosmosSource implements ChainSource {
  readonly chain: string
  readonly idEncoding = 'HEX'
  readonly firstHeight = 1
  readonly #pool: EndpointPool
  readonly #client: CosmosClient
  readonly #facts: CosmosChain
  readonly #urls: readonly string[]
  readonly #accrued: AccruedReader

  constructor(pool: EndpointPool, chain: CosmosChain, urls: readonly string[]) {
    this.chain = chain.chain
    this.#pool = pool
    this.#client = new CosmosClient(pool, chain)
    this.#facts = chain
    this.#urls = urls
    this.#accrued = new AccruedReader(this.#client)
  }

  lanes(streams: readonly Stream[]): readonly Lane[] {
    const of = (apart: 'supply' | 'leases' | undefined): Stream[] =>
      streams.filter((s) => needsOf(readerOf(s)).apart === apart)
    const lanes = [
      { streams: of('supply'), rangeSize: { start: 100_000, max: 500_000 } },
      { streams: of('leases'), rangeSize: { start: 100_000, max: 500_000 } },
      { streams: of(undefined), rangeSize: { start: 50, max: 250 } },
    ]
    return lanes.filter((l) => l.streams.length > 0)
  }

  async identify(): Promise<ChainIdentity> {
    const { network } = await this.#client.status()
    return { network, origin: this.#pool.origin() }
  }

  async head(): Promise<BlockMark> {
    const { height } = await this.#client.status()
    return this.#mark(height)
  }

  /** A block is final at once; the one below the newest is read, because the next one tells what it collected. */
  async finalized(): Promise<number> {
    const { height } = await this.#client.status()
    return Math.max(0, height - 1)
  }

  async heightAt(time: UnixSeconds): Promise<number> {
    const { earliest, height } = await this.#client.status()
    const high = await this.#mark(height)
    if (high.time < time) return high.height + 1
    const low = await this.#mark(earliest)
    if (low.time >= time) return low.height
    const { after } = await passing(time, low, high, (from, to) => this.#client.headers(from, to))
    return after.height
  }

  async read(range: HeightRange, streams: readonly Stream[], signal: AbortSignal): Promise<Batch> {
    const readers = streams.map(readerOf)
    const kinds = new Set(readers.map((r) => needsOf(r).apart))
    if (kinds.size > 1)
      throw new IndexerError('bad-declaration', `${this.chain}: streams of two lanes are read apart`)
    if (kinds.has('supply'))
      return readGrowth(range, streams, this.#client, this.#facts, await this.finalized(), signal)
    if (kinds.has('leases')) return this.#accrued.read(range, readers, await this.finalized(), signal)
    return readBlocks(range, readers, this.#client, this.#facts, signal)
  }

  async readCounters(
    counters: readonly Counter[],
    height: number | undefined,
    signal: AbortSignal,
  ): Promise<readonly Reading[]> {
    return readCounters(counters, height ?? (await this.finalized()), this.#client, signal)
  }

  wake(wake: () => void, signal: AbortSignal): void {
    if (this.#urls.length > 0) wakeOnBlocks(this.#urls, wake, signal)
  }

  estimate(range: HeightRange, streams: readonly Stream[]): Cost {
    const blocks = rangeLength(range)
    const needs = streams.map((s) => needsOf(readerOf(s)))
    if (needs.every((n) => n.apart === 'leases')) {
      return { requests: 4 + leasePages, note: 'every lease there ever was, 1,000 in an answer, once a day' }
    }
    if (needs.every((n) => n.apart === 'supply')) {
      const days = Math.ceil(blocks / blocksPerDay)
      return { requests: 2 + days * requestsPerDay, note: 'pages of headers and one result at each midnight' }
    }
    const size = this.#client.batchSize
    if (needs.some((n) => n.txs)) {
      return {
        requests: Math.ceil((blocks * 2 + 3) / size),
        note: `a block and its results each, ${size} in a batch`,
      }
    }
    return {
      requests: Math.ceil(blocks / size + blocks / 20) + 1,
      note: `results, ${size} in a batch, and pages of 20 headers`,
    }
  }

  async close(): Promise<void> {
    await this.#client.close()
  }

  async #mark(height: number): Promise<BlockMark> {
    try {
      const [mark] = await this.#client.headers(height, height)
      if (mark !== undefined) return mark
    } catch (error) {
      if (codeOf(error) !== 'rpc-not-found') throw error
    }
    throw new IndexerError(
      'rpc-bad-answer',
      `${this.chain}: a node states height ${height} and does not have it`,
    )
  }
}
