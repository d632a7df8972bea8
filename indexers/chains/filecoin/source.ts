import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import { rangeLength } from '../../../pipeline/model/height.ts'
import type { Reading } from '../../../pipeline/model/reading.ts'
import type { Counter, Stream } from '../../../pipeline/model/stream.ts'
import type { UnixSeconds } from '../../../pipeline/model/time.ts'
import type { EndpointPool } from '../../engine/endpoints.ts'
import type { Batch, BlockMark, ChainIdentity, ChainSource, Cost, Lane, Logger } from '../../engine/ports.ts'
import { isCounter, readCounters } from './counters.ts'
import { Coverage } from './coverage.ts'
import { daysIn, heightAt } from './epochs.ts'
import { finalizedTipset } from './finality.ts'
import { Horizon } from './horizon.ts'
import { readStanding } from './readings.ts'
import { isLimit, isRefusal, LotusRpc, type Refusal } from './rpc.ts'
import { type Stretch, Timeline } from './timeline.ts'
import { genesisQuestion, markOf, readTipset, type Tipset, tipsetQuestion } from './tipset.ts'
import { readTipsets } from './tipsets.ts'
import { tipsetWord } from './words.ts'

/** CIDs of the genesis blocks: recorded genesis tipset of mainnet, and what simulated nodes name. */
export const genesisOf = {
  live: 'bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2',
  simulated: 'bafy2bzacesimulatedsimulatedsimulatedsimulatedsimulatedsimulated',
} as const

const sizes = {
  counters: { start: 2_880 * 40, max: 2_880 * 400 },
  messages: { start: 30, max: 2_880 },
  trace: { start: 4, max: 2_880 },
} as const

/**
 * Filecoin's own chain, read over Lotus JSON-RPC: counters of the state at the ends of days, messages with their receipts,
 * and traces where a node gives them. Heights are epochs of 30 seconds.
 * @param pool Its endpoints; closed with the source.
 */
export function createFilecoinSource(pool: EndpointPool, logger: Logger): ChainSource {
  return new FilecoinSource(pool, logger)
}

class FilecoinSource implements ChainSource {
  readonly chain = 'filecoin'
  readonly idEncoding = 'utf8'
  /** The genesis tipset holds no messages. */
  readonly firstHeight = 1
  readonly #pool: EndpointPool
  readonly #logger: Logger
  readonly #rpc: LotusRpc
  readonly #timeline: Timeline
  readonly #horizon = new Horizon(() => performance.now())
  #final: Tipset | undefined

  constructor(pool: EndpointPool, logger: Logger) {
    this.#pool = pool
    this.#logger = logger
    this.#rpc = new LotusRpc(pool)
    this.#timeline = new Timeline(this.#rpc)
  }

  lanes(streams: readonly Stream[]): readonly Lane[] {
    const lane = (of: keyof typeof sizes): Lane => ({
      streams: streams.filter((s) => laneOf(s) === of),
      rangeSize: sizes[of],
    })
    return [lane('counters'), lane('messages'), lane('trace')].filter((l) => l.streams.length > 0)
  }

  async identify(): Promise<ChainIdentity> {
    const answered = await this.#rpc.ask(genesisQuestion)
    const origin = this.#pool.origin()
    const expected = genesisOf[origin === 'simulated' ? 'simulated' : 'live']
    if (answered !== expected) {
      const name = await this.#rpc.tryAsk({ method: 'StateNetworkName', params: [], read: String })
      const message = `Filecoin: the endpoint serves the network '${isRefusal(name) ? 'without a name' : name}' with the genesis block ${answered}, expected ${expected}. Set FILECOIN_RPC_URLS to nodes of mainnet`
      throw new IndexerError('wrong-chain', message, { answered, expected })
    }
    return { network: answered, origin }
  }

  async head(): Promise<BlockMark> {
    return markOf(await this.#rpc.ask({ method: 'ChainHead', params: [], read: readTipset }))
  }

  /** One below the finalized tipset: what a tipset did is seen in the state of its child. */
  async finalized(): Promise<number> {
    return Math.max(0, (await this.#finalTipset()).height - 1)
  }

  /** Exact arithmetic within what exists. */
  async heightAt(time: UnixSeconds): Promise<number> {
    const { height } = await this.head()
    return Math.min(Math.max(this.firstHeight, heightAt(time)), height + 1)
  }

  async read(range: HeightRange, streams: readonly Stream[], signal: AbortSignal): Promise<Batch> {
    const highest = (await this.#tipsetAbove(range.to)).height
    const counters = streams.filter(isCounter)
    const others = streams.filter((s) => !isCounter(s))
    const means = { rpc: this.#rpc, timeline: this.#timeline, horizon: this.#horizon }
    const counted =
      counters.length === 0 ? undefined : await readCounters(range, counters, highest, means, signal)
    const detailed = others.length === 0 ? undefined : await this.#detailed(range, others, highest, signal)
    const inside = [...(detailed?.tipsets ?? []), ...(counted?.tipsets ?? [])].filter(
      (t) => t.height >= range.from && t.height <= range.to,
    )
    const days = daysIn(range)
    return {
      range,
      events: [...(counted?.events ?? []), ...(detailed?.events ?? [])],
      covered: new Map([...(counted?.coverage.covered ?? []), ...(detailed?.coverage.covered ?? [])]),
      gaps: [...(counted?.coverage.gaps ?? []), ...(detailed?.coverage.gaps ?? [])],
      edges: edgesOf(inside, range),
      days,
      touchedDays: days.map((d) => d.day),
      readings: counted?.readings ?? [],
    }
  }

  async readCounters(
    counters: readonly Counter[],
    height: number | undefined,
    signal: AbortSignal,
  ): Promise<readonly Reading[]> {
    const final = await this.#finalTipset()
    const asked = height === undefined ? undefined : await this.#tipsetAbove(height)
    const from = height === undefined ? final.height : height + 1
    return readStanding(
      counters,
      from,
      (asked ?? final).height,
      { rpc: this.#rpc, timeline: this.#timeline },
      signal,
    )
  }

  estimate(range: HeightRange, streams: readonly Stream[]): Cost {
    const days = daysIn(range).length
    const perHeight = streams.reduce((most, s) => Math.max(most, costs[laneOf(s)]), 0)
    if (perHeight === 0) return { requests: days * 4 + 4, note: 'four requests a UTC day, many in one POST' }
    const requests = Math.round(rangeLength(range) * perHeight)
    return {
      requests,
      note: 'a header, about five lists of messages, receipts and two states a tipset, many in one POST; a trace is a POST of its own',
    }
  }

  async close(): Promise<void> {
    await this.#pool.close()
  }

  async #detailed(range: HeightRange, streams: readonly Stream[], highest: number, signal: AbortSignal) {
    const coverage = new Coverage(streams)
    const refusals = streams.map((stream) => this.#refusal(stream, range.to))
    if (refusals.every((refusal) => refusal !== undefined)) {
      for (const [i, stream] of streams.entries()) {
        const refusal = refusals[i]
        if (refusal !== undefined) coverage.miss(stream, range, refusal)
      }
      return { events: [], coverage, tipsets: [] }
    }
    const known = this.#horizon.refuses('headers', range.to)
    const stretch: Stretch | Refusal = known ?? (await this.#timeline.tipsets(range, highest, signal))
    if (isRefusal(stretch)) {
      const { height } = stretch.refused.facts
      this.#horizon.note('headers', typeof height === 'number' ? height : range.from, stretch)
      if (known === undefined && isLimit(stretch) && rangeLength(range) > 1)
        await this.#splitAtLimit(range, signal)
      for (const stream of streams) coverage.miss(stream, range, stretch)
      return { events: [], coverage, tipsets: [] }
    }
    const read = await readTipsets(
      range,
      streams,
      stretch,
      { rpc: this.#rpc, horizon: this.#horizon },
      signal,
    )
    return { ...read, tipsets: stretch.inside }
  }

  /** What the nodes are known to refuse of a stream at a height and below. */
  #refusal(stream: Stream, height: number): Refusal | undefined {
    const word = tipsetWord(stream)
    const state = word?.state === true ? this.#horizon.refuses('state', height) : undefined
    return state ?? this.#horizon.refuses(word?.need ?? 'messages', height)
  }

  /**
   * Looks whether a refused range reaches above what the nodes refuse.
   * @throws IndexerError `rpc-too-large`, so that its halves are read apart, if it does.
   */
  async #splitAtLimit(range: HeightRange, signal: AbortSignal): Promise<void> {
    const last = await this.#rpc.tryAsk(tipsetQuestion(range.to), signal)
    if (isRefusal(last)) {
      this.#horizon.note('headers', range.to, last)
      return
    }
    throw new IndexerError(
      'rpc-too-large',
      `Filecoin heights ${range.from} to ${range.to}: the nodes hold only the upper ones; they are read apart`,
      { ...range },
    )
  }

  async #finalTipset(): Promise<Tipset> {
    const { tipset, by } = await finalizedTipset(this.#rpc)
    if (this.#final === undefined)
      this.#logger.info('finality', { chain: this.chain, by, height: tipset.height })
    // Endpoints may differ by a few tipsets; what was final stays final.
    if (this.#final === undefined || tipset.height > this.#final.height) this.#final = tipset
    return this.#final
  }

  /** A final tipset above a height. */
  async #tipsetAbove(height: number): Promise<Tipset> {
    const known = this.#final
    if (known !== undefined && known.height > height) return known
    const final = await this.#finalTipset()
    if (final.height > height) return final
    throw new IndexerError(
      'not-finalized',
      `Filecoin height ${height} is not final yet: the finalized tipset is ${final.height}, and what a tipset did is seen in its child`,
      { height, finalized: final.height },
    )
  }
}

const costs = { counters: 0, messages: 9, trace: 4 } as const

function laneOf(stream: Stream): keyof typeof sizes {
  return isCounter(stream) ? 'counters' : (tipsetWord(stream)?.need ?? 'messages')
}

/** The lowest and the highest tipset of a range. */
function edgesOf(tipsets: readonly Tipset[], range: HeightRange): BlockMark[] {
  const sorted = [...new Map(tipsets.map((t) => [t.height, t])).values()].sort((a, b) => a.height - b.height)
  const marks = sorted.filter((t) => t.height >= range.from && t.height <= range.to).map(markOf)
  const [lowest, highest] = [marks[0], marks.at(-1)]
  if (lowest === undefined || highest === undefined) return []
  return lowest === highest ? [lowest] : [lowest, highest]
}
