import { codeOf, IndexerError, messageOf } from '../../../pipeline/model/errors.ts'
import { type HeightRange, rangeLength, subtract } from '../../../pipeline/model/height.ts'
import type { Reading } from '../../../pipeline/model/reading.ts'
import type { Counter, Stream } from '../../../pipeline/model/stream.ts'
import { dayOf, type UnixSeconds } from '../../../pipeline/model/time.ts'
import type { EndpointPool } from '../../engine/endpoints.ts'
import type {
  Batch,
  BlockMark,
  ChainIdentity,
  ChainSource,
  Cost,
  DayBounds,
  Lane,
  Logger,
} from '../../engine/ports.ts'
import { EvmClient, unwrapped } from './client.ts'
import { readCounters } from './counters.ts'
import { type BlockSeen, type Decoded, dated } from './decode.ts'
import { daysOf, findDays, findTime, headerRequest } from './headers.ts'
import { LogReader } from './reader.ts'
import { Rounds } from './rounds.ts'
import { badAnswer } from './rpc-errors.ts'
import { listenForHeads } from './wake.ts'

/**
 * When a block counts as final: the node's own `finalized` tag, a number of blocks behind its head, or the number
 * where a node does not know the tag.
 */
export type Finality = 'finalized' | { readonly depth: number } | { readonly finalizedOr: number }

export interface EvmSourceOptions {
  /** The chain's name in declarations, `ethereum`. */
  readonly chain: string
  /** What `eth_chainId` must answer, https://chainid.network. */
  readonly chainId: number
  readonly pool: EndpointPool
  readonly logger: Logger
  readonly finality: Finality
  /**
   * Lowest height read. The default 1 leaves out the genesis block, which holds no logs and which Ethereum
   * dates 1970.
   */
  readonly firstHeight?: number
  /** Heights may have no block, as in Filecoin's null rounds; nodes then answer with an error that says so. */
  readonly emptyHeights?: boolean
  /** Heights of one `eth_getLogs`, at first and at most; 1,000 and 10,000 unless given. */
  readonly rangeSize?: { readonly start: number; readonly max: number }
  /** Websockets of the same nodes that may announce new heads; none unless given. */
  readonly sockets?: readonly string[]
}

const usualRangeSize = { start: 1_000, max: 10_000 }

/** Reads an EVM chain through its JSON-RPC nodes. */
export function createEvmSource(options: EvmSourceOptions): ChainSource {
  return new EvmSource(options)
}

class EvmSource implements ChainSource {
  readonly chain: string
  readonly idEncoding = '0x'
  readonly firstHeight: number
  readonly #options: EvmSourceOptions
  readonly #client: EvmClient
  readonly #reader: LogReader
  readonly #rounds: Rounds

  constructor(options: EvmSourceOptions) {
    this.chain = options.chain
    this.firstHeight = options.firstHeight ?? 1
    this.#options = options
    this.#client = new EvmClient(options.pool)
    this.#reader = new LogReader(this.#client, options.rangeSize?.start ?? usualRangeSize.start)
    this.#rounds = new Rounds({
      chain: this.chain,
      client: this.#client,
      first: this.firstHeight,
      gaps: options.emptyHeights === true,
    })
  }

  async identify(): Promise<ChainIdentity> {
    const { chain, chainId, pool } = this.#options
    const answered = await unwrapped(this.#client.viem.getChainId())
    if (answered !== chainId) {
      const message = `${chain}: the endpoint serves chain id ${answered}, expected ${chainId}. Check its address`
      throw new IndexerError('wrong-chain', message, { chain, answered, chainId })
    }
    return { network: `eip155:${chainId}`, origin: pool.origin() }
  }

  head(): Promise<BlockMark> {
    return this.#client.call(headerRequest('latest'))
  }

  async finalized(): Promise<number> {
    const { chain, finality } = this.#options
    if (finality === 'finalized') return this.#tagged(chain)
    if ('depth' in finality) return Math.max(0, (await this.head()).height - finality.depth)
    try {
      return await this.#tagged(chain)
    } catch (error) {
      if (codeOf(error) !== 'rpc-refused' && codeOf(error) !== 'rpc-not-found') throw error
      return Math.max(0, (await this.head()).height - finality.finalizedOr)
    }
  }

  async #tagged(chain: string): Promise<number> {
    try {
      return (await this.#client.call(headerRequest('finalized'))).height
    } catch (error) {
      if (!(error instanceof IndexerError) || error.code === 'interrupted') throw error
      const advice = `If the node never answers the tag 'finalized', configure ${chain} with a depth`
      throw new IndexerError(
        error.code,
        `${chain}: no finalized block (${messageOf(error)}). ${advice}`,
        { chain },
        { cause: error },
      )
    }
  }

  async heightAt(time: UnixSeconds): Promise<number> {
    const head = await this.head()
    if (head.time < time) return head.height + 1
    const lowest = await this.#rounds.orEarliest(this.firstHeight)
    if (lowest.time >= time) return lowest.height
    const markAt = (height: number): Promise<BlockMark> => this.#rounds.orEarliest(height)
    return (await findTime(lowest, head, time, markAt, this.#rounds.parents())).first.height
  }

  lanes(streams: readonly Stream[]): readonly Lane[] {
    return streams.length === 0 ? [] : [{ streams, rangeSize: this.#options.rangeSize ?? usualRangeSize }]
  }

  async read(range: HeightRange, streams: readonly Stream[], signal: AbortSignal): Promise<Batch> {
    const edges = this.#rounds.edgeHeights(range)
    const read = await this.#reader.read(
      range,
      this.#reader.queriesOf(streams),
      edges.map((height) => this.#rounds.request(height)),
      signal,
    )
    const { known, inside, ends } = await this.#rounds.resolve(range, edges, read.headers, signal)
    const marks = new Map(known.map((mark) => [mark.height, mark]))
    await this.#readHeaders(read.decoded, marks, signal)
    const all = [...marks.values()].sort((a, b) => a.height - b.height)
    this.#rounds.check(all, inside[0])
    const parts = read.decoded.map((part) => dated(part, (block) => this.#timeOf(block, marks)))
    const covered = streams.map((stream): [number, readonly HeightRange[]] => {
      const gaps = read.gaps.filter((gap) => gap.streamId === stream.id)
      return [stream.id, subtract(range, gaps)]
    })
    return {
      range,
      events: parts.length === 1 ? (parts[0] ?? []) : parts.flat(),
      covered: new Map(covered),
      gaps: read.gaps,
      edges: ends,
      days: await this.#days(range, all, signal),
      touchedDays: daysOf(inside.length === 0 ? known : all.filter((mark) => mark.height >= range.from)),
    }
  }

  estimate(range: HeightRange, streams: readonly Stream[]): Cost {
    const size = this.#options.rangeSize ?? usualRangeSize
    const ranges = Math.ceil(rangeLength(range) / size.start)
    const queries = this.#reader.queriesOf(streams)
    const requests = ranges * (LogReader.requestsOf(queries) + 3)
    const headers = 'plus one header for each block that holds events, where logs have no timestamps'
    const joins = [...(queries.events?.joins.values() ?? [])].flat()
    const earlier = joins.reduce((sum, j) => sum + Math.max(0, range.from - j.fromHeight) / size.start, 0)
    if (joins.length === 0) return { requests, note: headers }
    const note = `${headers}; about ${Math.ceil(earlier)} of them once, for earlier events that payments refer to`
    return { requests: requests + Math.ceil(earlier), note }
  }

  async readCounters(
    counters: readonly Counter[],
    height: number | undefined,
    signal: AbortSignal,
  ): Promise<readonly Reading[]> {
    const at = await this.#rounds.orNext(height ?? (await this.finalized()), signal)
    return readCounters(this.#client, this.chain, counters, at)
  }

  wake(wake: () => void, signal: AbortSignal): void {
    const { sockets = [], logger, chain } = this.#options
    for (const url of sockets) listenForHeads({ url, chain, logger, wake, signal })
  }

  async close(): Promise<void> {
    await this.#options.pool.close()
  }

  async #readHeaders(
    decoded: readonly Decoded[],
    marks: Map<number, BlockMark>,
    signal: AbortSignal,
  ): Promise<void> {
    const missing = new Set<number>()
    for (const { blocks } of decoded) {
      for (const block of blocks) {
        if (block.time === undefined && !marks.has(block.height)) missing.add(block.height)
      }
    }
    const requests = [...missing].map((height) => headerRequest(height))
    for (const mark of await this.#client.batch(requests, signal)) marks.set(mark.height, mark)
  }

  #timeOf(block: BlockSeen, marks: ReadonlyMap<number, BlockMark>): UnixSeconds {
    const mark = marks.get(block.height)
    const place = { endpoint: this.chain, method: 'eth_getLogs' }
    if (mark !== undefined && mark.hash !== block.hash) {
      const what = `the logs are of block ${block.hash}, the header is of ${mark.hash}; the node reorganised meanwhile`
      throw badAnswer(place, what, block.height)
    }
    const time = mark?.time ?? block.time
    if (time === undefined) throw badAnswer(place, 'the header of a block with logs is missing', block.height)
    return time
  }

  async #days(
    range: HeightRange,
    known: readonly BlockMark[],
    signal: AbortSignal,
  ): Promise<readonly DayBounds[]> {
    const markAt = (height: number): Promise<BlockMark> => this.#rounds.orNext(height, signal)
    const days = await findDays(known, markAt, this.#rounds.parents(signal))
    const lowest = known[0]
    if (lowest === undefined || range.from !== this.firstHeight) return days
    const day = dayOf(lowest.time)
    const found = days.find((bounds) => bounds.day === day)
    return [{ ...(found ?? { day }), first: this.firstHeight }, ...days.filter((bounds) => bounds !== found)]
  }
}
