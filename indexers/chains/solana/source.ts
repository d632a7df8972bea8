import { codeOf, IndexerError, messageOf } from '../../../pipeline/model/errors.ts'
import type { Event } from '../../../pipeline/model/event.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import { rangeLength, subtract } from '../../../pipeline/model/height.ts'
import type { Reading } from '../../../pipeline/model/reading.ts'
import type { Counter, NetworkDeclaration, Stream } from '../../../pipeline/model/stream.ts'
import type { UnixSeconds } from '../../../pipeline/model/time.ts'
import type { EndpointPool } from '../../engine/endpoints.ts'
import type {
  Batch,
  BlockMark,
  ChainIdentity,
  ChainSource,
  Cost,
  Finding,
  Gap,
  Lane,
  Logger,
} from '../../engine/ports.ts'
import type { Block } from './blocks.ts'
import { Blocks, blockRequest, firstRequest, slotRequest } from './blocks.ts'
import { SolanaClient } from './client.ts'
import { readCounters } from './counters.ts'
import { dailyOf, dailyWord } from './daily.ts'
import { DailyReader } from './daily_read.ts'
import { inspectNetwork } from './inspect.ts'
import { lanesOf, slotsPerDay } from './lanes.ts'
import { readMovements } from './movements.ts'
import type { Span } from './span.ts'
import { dayBounds, edgesOf, findDayStarts, findSpan, touchedDays, wholeDays } from './span.ts'
import { matcherOf } from './streams.ts'
import { Times } from './times.ts'
import { watchRoots } from './wake.ts'

/** Genesis hash of the main cluster, https://docs.anza.xyz/clusters/available. */
export const mainnetGenesis = '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d'

export interface SolanaSourceOptions {
  /** Its endpoints; closed with the source. */
  readonly pool: EndpointPool
  /** Addresses of the endpoints, for websockets. */
  readonly urls: readonly string[]
  readonly logger: Logger
  /** Milliseconds from any fixed point, never going back. */
  readonly now: () => number
}

/** Solana, read over the JSON-RPC of its nodes. Heights are slots; a skipped slot counts as the block before it. */
export function createSolanaSource(options: SolanaSourceOptions): ChainSource {
  return new SolanaSource(options)
}

class SolanaSource implements ChainSource {
  readonly chain = 'solana'
  readonly idEncoding = 'base58'
  readonly firstHeight = 1
  readonly #options: SolanaSourceOptions
  readonly #client: SolanaClient
  readonly #blocks: Blocks
  readonly #times: Times
  readonly #daily: DailyReader

  constructor(options: SolanaSourceOptions) {
    this.#options = options
    this.#client = new SolanaClient(options.pool)
    this.#blocks = new Blocks(this.#client)
    this.#times = new Times(this.#client)
    this.#daily = new DailyReader(this.#client, options.now)
  }

  lanes(streams: readonly Stream[]): readonly Lane[] {
    return lanesOf(streams)
  }

  async identify(): Promise<ChainIdentity> {
    const network = await this.#client.call({
      method: 'getGenesisHash',
      params: [],
      read: (result, place) => {
        const simulated = this.#options.pool.origin() === 'simulated'
        if (typeof result === 'string' && (simulated || result === mainnetGenesis)) return result
        throw new IndexerError(
          'wrong-chain',
          `${place.endpoint} getGenesisHash: expected Solana's main cluster (${mainnetGenesis}), got ${JSON.stringify(result)}. Set SOLANA_RPC_URLS to its nodes`,
          { endpoint: place.endpoint },
        )
      },
    })
    return { network, origin: this.#options.pool.origin() }
  }

  async head(): Promise<BlockMark> {
    const slot = await this.#client.call(slotRequest('confirmed'))
    const block = await this.#client.call(blockRequest(slot, 'none', 'confirmed')).catch((error: unknown) => {
      // The slot is known a moment before its block can be had.
      if (codeOf(error) === 'rpc-not-found') return 'skipped' as const
      throw error
    })
    return markOf(block === 'skipped' ? await this.#root() : block)
  }

  /** The newest finalized block is where pages of signatures start from: what is below it is read. */
  async finalized(): Promise<number> {
    return Math.max(0, (await this.#root()).slot - 1)
  }

  async heightAt(time: UnixSeconds): Promise<number> {
    const known = this.#times.known(time)
    if (known !== undefined) return known
    const root = await this.#root()
    if (root.time < time) {
      const head = await this.head()
      if (head.time < time) return head.height + 1
      const high = { slot: head.height, time: head.time }
      return (await this.#times.firstAt([time], root, high)).get(time) ?? head.height
    }
    const floor = await this.#first()
    const low = await this.#times.before(time, root, floor)
    if (low === undefined) return floor
    return (await this.#times.firstAt([time], low, root)).get(time) ?? floor
  }

  async read(range: HeightRange, streams: readonly Stream[], signal: AbortSignal): Promise<Batch> {
    try {
      return await this.#readHeld(range, streams, await findSpan(this.#blocks, range, signal), signal)
    } catch (error) {
      if (codeOf(error) !== 'rpc-not-found') throw error
      return this.#readPruned(range, streams, messageOf(error), signal)
    }
  }

  readCounters(
    counters: readonly Counter[],
    _height: number | undefined,
    signal: AbortSignal,
  ): Promise<readonly Reading[]> {
    return readCounters(this.#client, this.#blocks, counters, signal)
  }

  inspect(network: NetworkDeclaration, signal: AbortSignal): Promise<readonly Finding[]> {
    return inspectNetwork(this.#client, network, signal)
  }

  wake(wake: () => void, signal: AbortSignal): void {
    watchRoots({ ...this.#options, wake, signal })
  }

  estimate(range: HeightRange, streams: readonly Stream[]): Cost {
    const days = Math.ceil(rangeLength(range) / slotsPerDay)
    const daily = streams.filter((s) => s.word === dailyWord)
    const midnights = 7 * days
    if (daily.length === streams.length) {
      return {
        requests: midnights + Math.ceil((days * daily.length) / 100) + 4,
        note: 'about seven block times for each UTC midnight, many in one batch, and a hundred accounts a request',
      }
    }
    const [lane] = lanesOf(streams)
    const ranges = Math.ceil(rangeLength(range) / (lane?.rangeSize.start ?? slotsPerDay))
    return {
      requests: midnights + ranges * 5,
      note: 'without the listed transactions, whose number no node tells: one request each, and one for a thousand lines of a list',
    }
  }

  async close(): Promise<void> {
    await this.#options.pool.close()
  }

  async #readHeld(
    range: HeightRange,
    streams: readonly Stream[],
    span: Span,
    signal: AbortSignal,
  ): Promise<Batch> {
    const starts = await findDayStarts(this.#times, span, signal)
    const daily = streams.filter((s) => s.word === dailyWord).map(dailyOf)
    const matchers = streams.filter((s) => s.word !== dailyWord).map(matcherOf)
    const events: Event[] = []
    const gaps: Gap[] = []
    if (matchers.length > 0) {
      const read = await readMovements(this.#client, this.#blocks, span, matchers, signal)
      events.push(...read.events)
      gaps.push(...read.gaps)
    }
    let ended: readonly HeightRange[] = []
    if (daily.length > 0) {
      const days = await wholeDays(this.#times, span, starts, () => this.#first(signal), signal)
      const read = await this.#daily.read(range, daily, days, span.after.slot, signal)
      events.push(...read.events)
      gaps.push(...read.gaps)
      ended = days.map(({ from, to }) => ({ from, to }))
    }
    const missing = (stream: Stream): Gap[] => gaps.filter((g) => g.streamId === stream.id)
    // A day's account says something of the whole day, from its first slot on, and nothing before it has ended.
    const coveredOf = (stream: Stream): readonly HeightRange[] =>
      stream.word === dailyWord
        ? ended.filter((d) => missing(stream).every((g) => g.to !== d.to))
        : subtract(range, missing(stream))
    return {
      range,
      events,
      covered: new Map(streams.map((s) => [s.id, coveredOf(s)])),
      gaps,
      edges: edgesOf(span),
      days: dayBounds(span, starts),
      touchedDays: touchedDays(span),
    }
  }

  /** What the nodes no longer hold of a range is a gap; the part above is read. */
  async #readPruned(
    range: HeightRange,
    streams: readonly Stream[],
    reason: string,
    signal: AbortSignal,
  ): Promise<Batch> {
    const first = await this.#first(signal)
    const held = { from: Math.max(range.from, first + 1), to: range.to }
    const cut = held.from > range.from && held.from <= held.to
    // One block that is missing at an end must not hide weeks.
    if (!cut && first <= range.from && rangeLength(range) > slotsPerDay)
      throw new IndexerError('rpc-too-large', `${reason}. Less is asked for at once`, { ...range })
    const gapTo = cut ? held.from - 1 : range.to
    const why = first > range.from ? `the endpoints hold blocks from slot ${first} on: ${reason}` : reason
    const gaps = streams.map((s): Gap => {
      return { streamId: s.id, from: range.from, to: gapTo, code: 'rpc-not-found', reason: why }
    })
    const nothing = { range, events: [], edges: [], days: [], touchedDays: [] }
    if (!cut) return { ...nothing, covered: new Map(), gaps }
    const span = await findSpan(this.#blocks, held, signal)
    const rest = await this.#readHeld(held, streams, span, signal)
    return { ...rest, range, gaps: [...gaps, ...rest.gaps] }
  }

  async #root(): Promise<Block> {
    return this.#blocks.atOrAbove(await this.#client.call(slotRequest('finalized')))
  }

  /** The lowest slot that some endpoint holds. */
  #first(signal?: AbortSignal): Promise<number> {
    return this.#client.call(firstRequest, signal)
  }
}

function markOf({ slot, hash, previousHash, time }: Block): BlockMark {
  return { height: slot, hash, parentHash: previousHash, time }
}
