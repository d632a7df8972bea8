import { rawAmount } from '../../../pipeline/model/amount.ts'
import { codeOf, messageOf } from '../../../pipeline/model/errors.ts'
import type { Event } from '../../../pipeline/model/event.ts'
import { type HeightRange, rangeLength } from '../../../pipeline/model/height.ts'
import type { Reading } from '../../../pipeline/model/reading.ts'
import type { Counter, Stream } from '../../../pipeline/model/stream.ts'
import {
  addDays,
  dayOf,
  dayStart,
  daysBetween,
  type UnixSeconds,
  unixSeconds,
} from '../../../pipeline/model/time.ts'
import type { EndpointPool } from '../../engine/endpoints.ts'
import type {
  Batch,
  BlockMark,
  ChainIdentity,
  ChainSource,
  Cost,
  DayBounds,
  Gap,
  Lane,
} from '../../engine/ports.ts'
import { AoClient, type Slot } from './client.ts'
import { keyOf } from './streams.ts'

/**
 * One AO process, read over HyperBEAM: its heights are the slots of its messages, which never change once assigned.
 * @param process The id of the process that the streams are about.
 */
export function createAoSource(pool: EndpointPool, process: string): ChainSource {
  return new AoSource(pool, process)
}

class AoSource implements ChainSource {
  readonly chain = 'ao'
  readonly idEncoding = 'base64url'
  /** Slot 0 is the process itself. */
  readonly firstHeight = 1
  readonly #pool: EndpointPool
  readonly #process: string
  readonly #client: AoClient

  constructor(pool: EndpointPool, process: string) {
    this.#pool = pool
    this.#process = process
    this.#client = new AoClient(pool, process)
  }

  async identify(): Promise<ChainIdentity> {
    await this.#client.currentSlot()
    return { network: `process ${this.#process}`, origin: this.#pool.origin() }
  }

  async head(): Promise<BlockMark> {
    const { slot, time, message } = await this.#client.slot(await this.#client.currentSlot())
    return { height: slot, hash: message, parentHash: '', time }
  }

  finalized(): Promise<number> {
    return this.#client.currentSlot()
  }

  async heightAt(time: UnixSeconds): Promise<number> {
    const head = await this.head()
    if (head.time < time) return head.height + 1
    return this.#firstAt(time, { from: this.firstHeight, to: head.height })
  }

  lanes(streams: readonly Stream[]): readonly Lane[] {
    return streams.length === 0 ? [] : [{ streams, rangeSize: { start: 20_000, max: 200_000 } }]
  }

  async read(range: HeightRange, streams: readonly Stream[], signal: AbortSignal): Promise<Batch> {
    const before = range.from > this.firstHeight ? await this.#slot(range.from - 1, signal) : undefined
    const [first, last] = [
      await this.#client.slot(range.from, signal),
      await this.#client.slot(range.to, signal),
    ]
    const ends = await this.#dayEnds(first, last, signal)
    const after = await this.#slot(range.to + 1, signal)
    const batch = { events: [] as Event[], gaps: [] as Gap[], readings: [] as Reading[] }
    const covered = new Map<number, readonly HeightRange[]>()
    for (const stream of streams) {
      try {
        const { events, readings } = await this.#growth(stream, range, ends, signal)
        batch.events.push(...events)
        batch.readings.push(...readings)
        covered.set(stream.id, [range])
      } catch (error) {
        if (codeOf(error) !== 'rpc-not-found') throw error
        const reason = `the state of the process is not to be had: ${messageOf(error)}`
        batch.gaps.push({ streamId: stream.id, ...range, code: 'rpc-not-found', reason })
        covered.set(stream.id, [])
      }
    }
    return {
      range,
      ...batch,
      covered,
      edges: [],
      days: dayBounds(range, before, ends, after),
      touchedDays: daysBetween(dayOf(first.time), addDays(dayOf(last.time), 1)),
    }
  }

  /** Counters after a slot, the newest unless one is named. */
  async readCounters(
    counters: readonly Counter[],
    height: number | undefined,
    signal: AbortSignal,
  ): Promise<readonly Reading[]> {
    const at = await this.#client.slot(height ?? (await this.#client.currentSlot(signal)), signal)
    const readings: Reading[] = []
    for (const counter of counters) {
      const { chain, token } = counter
      const value = await this.#client.counter(keyOf(counter), at.slot, signal)
      readings.push({ chain, token, counter: counter.counter, height: at.slot, time: at.time, value })
    }
    return readings
  }

  estimate(range: HeightRange, streams: readonly Stream[]): Cost {
    const size = Math.ceil(rangeLength(range) / 20_000)
    const note = 'about fifteen requests to find each midnight, and one or two states a day'
    return { requests: size * (4 + streams.length) + 17, note }
  }

  async close(): Promise<void> {
    await this.#pool.close()
  }

  /** How much a counter grew, cut at each midnight so that a difference belongs to one day. */
  async #growth(
    stream: Stream,
    range: HeightRange,
    ends: readonly Slot[],
    signal: AbortSignal,
  ): Promise<{ readonly events: readonly Event[]; readonly readings: readonly Reading[] }> {
    const key = keyOf(stream)
    let was = range.from > this.firstHeight ? await this.#client.counter(key, range.from - 1, signal) : 0n
    let from = range.from
    const events: Event[] = []
    const readings: Reading[] = []
    for (const end of ends) {
      const value = await this.#client.counter(key, end.slot, signal)
      const { slot: height, time } = end
      readings.push({ chain: this.chain, token: stream.token, counter: key, height, time, value })
      if (value !== was) {
        const fromHeight = from
        const txId = Buffer.from(end.message, 'base64url')
        const amountRaw = rawAmount(value - was)
        events.push({
          streamId: stream.id,
          txId,
          position: 0,
          amountRaw,
          height,
          fromHeight,
          happenedAt: time,
        })
      }
      was = value
      from = height + 1
    }
    return { events, readings }
  }

  /** The last slot of each day from `first` to `last`; of the last day, `last` itself. */
  async #dayEnds(first: Slot, last: Slot, signal: AbortSignal): Promise<readonly Slot[]> {
    const ends: Slot[] = []
    for (let at = first; dayOf(at.time) < dayOf(last.time); ) {
      const midnight = dayStart(addDays(dayOf(at.time), 1))
      const next = await this.#firstAt(midnight, { from: at.slot + 1, to: last.slot }, signal)
      ends.push(await this.#client.slot(next - 1, signal))
      at = await this.#client.slot(next, signal)
    }
    return [...ends, last]
  }

  /** The lowest slot of a range that is not before a time; the last one is not. Slots that are gone count as before. */
  async #firstAt(time: UnixSeconds, range: HeightRange, signal?: AbortSignal): Promise<number> {
    let [low, high] = [range.from, range.to]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if ((await this.#slot(middle, signal)).time < time) low = middle + 1
      else high = middle
    }
    return high
  }

  async #slot(slot: number, signal?: AbortSignal): Promise<Slot> {
    try {
      return await this.#client.slot(slot, signal)
    } catch (error) {
      if (codeOf(error) !== 'rpc-not-found') throw error
      return { slot, time: unixSeconds(0), message: '' }
    }
  }
}

/**
 * Where days begin and end, as far as the range shows it: one that begins in it has a slot of an earlier day before.
 * @param before The slot before the range; undefined where there is none, at time 0 where it is gone.
 * @param after The slot after the range; at time 0 where there is none yet.
 */
function dayBounds(
  range: HeightRange,
  before: Slot | undefined,
  ends: readonly Slot[],
  after: Slot,
): DayBounds[] {
  const days = ends.map((end, i): DayBounds => {
    const day = dayOf(end.time)
    const begins = i > 0 || before === undefined || (before.time > 0 && dayOf(before.time) < day)
    const first = i === 0 ? range.from : (ends[i - 1]?.slot ?? 0) + 1
    const over = i < ends.length - 1 || dayOf(after.time) > day
    return { day, ...(begins ? { first } : {}), ...(over ? { last: end.slot } : {}) }
  })
  const [first] = days
  if (before !== undefined && before.time > 0 && first !== undefined && dayOf(before.time) < first.day)
    days.unshift({ day: dayOf(before.time), last: before.slot })
  return days.filter((d) => d.first !== undefined || d.last !== undefined)
}
