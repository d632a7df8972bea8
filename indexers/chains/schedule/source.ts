import { rawAmount } from '../../../pipeline/model/amount.ts'
import type { Event } from '../../../pipeline/model/event.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import { rangeLength } from '../../../pipeline/model/height.ts'
import type { Stream } from '../../../pipeline/model/stream.ts'
import {
  dayNumber,
  dayOf,
  dayOfNumber,
  dayStart,
  secondsPerDay,
  type UnixSeconds,
} from '../../../pipeline/model/time.ts'
import type { Batch, BlockMark, ChainIdentity, ChainSource, Cost, Lane } from '../../engine/ports.ts'
import { plannedOn } from './amounts.ts'
import { scheduleChain } from './streams.ts'

/** 2008-01-01: no plan of ours is older than Bitcoin. */
const firstHeight = 13_879

/** Plans, read as if they were a chain of one block a day. @param now The present. */
export function createScheduleSource(now: () => UnixSeconds): ChainSource {
  return new ScheduleSource(now)
}

class ScheduleSource implements ChainSource {
  readonly chain = scheduleChain
  readonly idEncoding = 'utf8'
  readonly firstHeight = firstHeight
  readonly #now: () => UnixSeconds

  constructor(now: () => UnixSeconds) {
    this.#now = now
  }

  async identify(): Promise<ChainIdentity> {
    return { network: 'published plans by UTC day', origin: 'live' }
  }

  async head(): Promise<BlockMark> {
    return markOf(dayNumber(dayOf(this.#now())))
  }

  /** Yesterday: a day is given once it is over, as on any other chain. */
  async finalized(): Promise<number> {
    return dayNumber(dayOf(this.#now())) - 1
  }

  async heightAt(time: UnixSeconds): Promise<number> {
    const head = await this.head()
    return Math.max(firstHeight, Math.min(Math.ceil(time / secondsPerDay), head.height + 1))
  }

  lanes(streams: readonly Stream[]): readonly Lane[] {
    return streams.length === 0 ? [] : [{ streams, rangeSize: { start: 1_000, max: 4_000 } }]
  }

  async read(range: HeightRange, streams: readonly Stream[]): Promise<Batch> {
    const heights = Array.from({ length: rangeLength(range) }, (_, i) => range.from + i)
    const days = heights.map((height) => ({ day: dayOfNumber(height), first: height, last: height }))
    const ends = [...new Set([range.from, range.to])]
    return {
      range,
      events: streams.flatMap((stream) => eventsOf(stream, heights)),
      covered: new Map(streams.map((stream) => [stream.id, [range]])),
      gaps: [],
      edges: ends.map(markOf),
      days,
      touchedDays: days.map((d) => d.day),
    }
  }

  estimate(): Cost {
    return { requests: 0, note: 'a plan is worked out here, without a node' }
  }

  async close(): Promise<void> {
    // Nothing is open.
  }
}

function eventsOf(stream: Stream, heights: readonly number[]): Event[] {
  const amountOn = plannedOn(stream)
  return heights.flatMap((height) => {
    const day = dayOfNumber(height)
    const amount = amountOn(day)
    if (amount === 0n || height < (stream.fromHeight ?? 0)) return []
    if (
      (stream.since !== undefined && day < stream.since) ||
      (stream.until !== undefined && day >= stream.until)
    )
      return []
    return [
      {
        streamId: stream.id,
        txId: Buffer.from(`${stream.network} ${stream.name} ${day}`, 'utf8'),
        position: 0,
        amountRaw: rawAmount(amount),
        height,
        happenedAt: dayStart(day),
      },
    ]
  })
}

function markOf(height: number): BlockMark {
  return {
    height,
    hash: `day ${height}`,
    parentHash: `day ${height - 1}`,
    time: dayStart(dayOfNumber(height)),
  }
}
