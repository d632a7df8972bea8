import { IndexerError, messageOf } from '../../../pipeline/model/errors.ts'
import { type HeightRange, rangeLength } from '../../../pipeline/model/height.ts'
import type { Stream } from '../../../pipeline/model/stream.ts'
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
import { EvmClient, type RpcRequest, unwrapped } from './client.ts'
import { type BlockSeen, type Decoded, dated, decodeLogs } from './decode.ts'
import { checkParents, daysOf, findDays, findTime, headerRequest } from './headers.ts'
import { pagesOf } from './pages.ts'
import { badAnswer } from './rpc-errors.ts'
import { type LogQuery, logQueries } from './streams.ts'

/** When a block counts as final: the node's own `finalized` tag, or a number of blocks behind its head. */
export type Finality = 'finalized' | { readonly depth: number }

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
}

const rangeSize = { start: 1_000, max: 10_000 }

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

  constructor(options: EvmSourceOptions) {
    this.chain = options.chain
    this.firstHeight = options.firstHeight ?? 1
    this.#options = options
    this.#client = new EvmClient(options.pool)
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
    if (finality !== 'finalized') return Math.max(0, (await this.head()).height - finality.depth)
    try {
      const block = await unwrapped(this.#client.viem.getBlock({ blockTag: 'finalized' }))
      return Number(block.number)
    } catch (error) {
      if (error instanceof IndexerError && error.code === 'interrupted') throw error
      const code = error instanceof IndexerError ? error.code : 'rpc-not-found'
      const advice = `If the node never answers the tag 'finalized', configure ${chain} with a depth`
      throw new IndexerError(
        code,
        `${chain}: no finalized block (${messageOf(error)}). ${advice}`,
        { chain },
        { cause: error },
      )
    }
  }

  async heightAt(time: UnixSeconds): Promise<number> {
    const head = await this.head()
    if (head.time < time) return head.height + 1
    const lowest = await this.#markAt(this.firstHeight)
    if (lowest.time >= time) return lowest.height
    return (await findTime(lowest, head, time, (height) => this.#markAt(height))).first.height
  }

  lanes(streams: readonly Stream[]): readonly Lane[] {
    return [{ streams, rangeSize }]
  }

  async read(range: HeightRange, streams: readonly Stream[], signal: AbortSignal): Promise<Batch> {
    const marks = new Map<number, BlockMark>()
    const decoded = await this.#readLogs(range, logQueries(streams), marks, signal)
    await this.#readHeaders(decoded, marks, signal)
    const known = [...marks.values()].sort((a, b) => a.height - b.height)
    checkParents(known, this.chain)
    const parts = decoded.map((part) => dated(part, (block) => this.#timeOf(block, marks)))
    const inside = known.filter((mark) => mark.height >= range.from)
    return {
      range,
      events: parts.length === 1 ? (parts[0] ?? []) : parts.flat(),
      covered: new Map(streams.map((stream) => [stream.id, [range]])),
      gaps: [],
      edges: inside.filter((mark) => mark.height === range.from || mark.height === range.to),
      days: await this.#days(range, known, signal),
      touchedDays: daysOf(inside),
    }
  }

  estimate(range: HeightRange, streams: readonly Stream[]): Cost {
    const ranges = Math.ceil(rangeLength(range) / rangeSize.start)
    const requests = ranges * (logQueries(streams).length + 3)
    return {
      requests,
      note: 'plus one header for each block that holds events, where logs have no timestamps',
    }
  }

  async close(): Promise<void> {
    await this.#options.pool.close()
  }

  #markAt(height: number, signal?: AbortSignal): Promise<BlockMark> {
    return this.#client.call(headerRequest(height), signal)
  }

  /**
   * Logs and edge headers in one POST: a node that lags behind the range and answers its logs as far as it
   * has them is found out by the missing header.
   */
  async #readLogs(
    range: HeightRange,
    queries: readonly LogQuery[],
    marks: Map<number, BlockMark>,
    signal: AbortSignal,
  ): Promise<readonly Decoded[]> {
    const edges = new Set([Math.max(this.firstHeight, range.from - 1), range.from, range.to])
    const answers = await this.#client.batch<Decoded | BlockMark>(
      [...[...edges].map(headerRequest), ...queries.map((query) => logsRequest(query, range))],
      signal,
    )
    const decoded: Decoded[] = []
    for (const answer of answers) {
      if ('events' in answer) decoded.push(answer)
      else marks.set(answer.height, answer)
    }
    return decoded
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
    for (const mark of await this.#client.batch([...missing].map(headerRequest), signal))
      marks.set(mark.height, mark)
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
    const days = await findDays(known, (height) => this.#markAt(height, signal))
    const lowest = known[0]
    if (lowest === undefined || range.from !== this.firstHeight) return days
    const day = dayOf(lowest.time)
    const found = days.find((bounds) => bounds.day === day)
    return [{ ...(found ?? { day }), first: this.firstHeight }, ...days.filter((bounds) => bounds !== found)]
  }
}

function logsRequest(query: LogQuery, range: HeightRange): RpcRequest<Decoded> {
  const fromBlock = `0x${range.from.toString(16)}`
  const toBlock = `0x${range.to.toString(16)}`
  const { address, topics } = query
  return {
    method: 'eth_getLogs',
    params: [{ address, topics, fromBlock, toBlock }],
    read: (result, place) => {
      const pages = pagesOf(result)
      if (pages === undefined)
        throw badAnswer(place, `expected a list of logs, got ${JSON.stringify(result)}`)
      return decodeLogs(pages, query, range, place)
    },
  }
}
