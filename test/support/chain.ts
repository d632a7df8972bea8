import { createHash } from 'node:crypto'
import type { ChainSource, Logger } from '../../indexers/engine/ports.ts'
import { rawAmount } from '../../pipeline/model/amount.ts'
import type { Batch, BlockMark, DayBounds, Gap } from '../../pipeline/model/batch.ts'
import { IndexerError } from '../../pipeline/model/errors.ts'
import type { Event } from '../../pipeline/model/event.ts'
import type { HeightRange } from '../../pipeline/model/height.ts'
import type { Stream } from '../../pipeline/model/stream.ts'
import type { Day, UnixSeconds } from '../../pipeline/model/time.ts'
import { dayOf, unixSeconds } from '../../pipeline/model/time.ts'

/** First block's time: 2026-01-01. */
const chainStart = 1_767_225_600
/** Seconds between blocks: 24 blocks a day. */
export const blockSeconds = 3_600

/** Changes to how the test chain behaves, by height. */
export interface ChainFaults {
  /** Reads that include the height fail this often with a retryable error. */
  failing?: Map<number, number>
  /** Streams by name that cannot be read at the height. */
  gaps?: Map<number, string>
  /** Heights from here on have other hashes. */
  forkFrom?: number
  /** Reads longer than this are too large. */
  largest?: number
}

const hashAt = (height: number, fork: boolean): string =>
  createHash('sha256')
    .update(`${fork ? 'other' : 'main'} ${height}`)
    .digest('hex')

/** A chain in memory, whose content is a function of the height. */
export function createTestChain(
  head: number,
  faults: ChainFaults = {},
): ChainSource & { reads: HeightRange[] } {
  const mark = (height: number): BlockMark => ({
    height,
    hash: hashAt(height, height >= (faults.forkFrom ?? Number.POSITIVE_INFINITY)),
    parentHash: hashAt(height - 1, height - 1 >= (faults.forkFrom ?? Number.POSITIVE_INFINITY)),
    time: timeOf(height),
  })
  const reads: HeightRange[] = []
  return {
    chain: 'testchain',
    idEncoding: 'hex',
    firstHeight: 0,
    lanes: (streams) => [{ streams, rangeSize: { start: 7, max: 50 } }],
    reads,
    identify: async () => ({ network: 'test', origin: 'simulated' }),
    head: async () => mark(head),
    finalized: async () => head,
    heightAt: async (time) => Math.min(head + 1, Math.max(0, Math.ceil((time - chainStart) / blockSeconds))),
    estimate: (range) => ({ requests: range.to - range.from + 1, note: 'one a block' }),
    close: async () => undefined,
    async read(range, streams) {
      reads.push(range)
      if (faults.largest !== undefined && range.to - range.from + 1 > faults.largest) {
        throw new IndexerError('rpc-too-large', 'too many blocks')
      }
      for (let h = range.from; h <= range.to; h += 1) {
        const left = faults.failing?.get(h) ?? 0
        if (left > 0) {
          faults.failing?.set(h, left - 1)
          throw new IndexerError('rpc-unavailable', `testchain: block ${h} failed`)
        }
      }
      return makeBatch(range, streams, mark, faults)
    },
  }
}

const timeOf = (height: number): UnixSeconds => unixSeconds(chainStart + height * blockSeconds)

function makeBatch(
  range: HeightRange,
  streams: readonly Stream[],
  mark: (h: number) => BlockMark,
  faults: ChainFaults,
): Batch {
  const events: Event[] = []
  const gaps: Gap[] = []
  const days = new Set<Day>()
  const bounds: DayBounds[] = []
  const covered = new Map<number, HeightRange[]>(streams.map((s) => [s.id, []]))
  for (let h = range.from; h <= range.to; h += 1) {
    const day = dayOf(timeOf(h))
    days.add(day)
    if (h % 24 === 0) bounds.push({ day, first: h })
    if (h % 24 === 23) bounds.push({ day, last: h })
    for (const stream of streams) {
      if (faults.gaps?.get(h) === stream.name) {
        gaps.push({
          streamId: stream.id,
          from: h,
          to: h,
          code: 'rpc-not-found',
          reason: 'the node does not hold it',
        })
        continue
      }
      covered.get(stream.id)?.push({ from: h, to: h })
      if (stream.role === 'guard') continue
      events.push({
        streamId: stream.id,
        txId: Buffer.from(mark(h).hash, 'hex'),
        position: 0,
        amountRaw: rawAmount(BigInt(stream.kind === 'fee' ? h % 5 : 1_000_000)),
        height: h,
        happenedAt: timeOf(h),
      })
    }
  }
  return {
    range,
    events,
    covered,
    gaps,
    edges: [mark(range.from), mark(range.to)],
    days: bounds,
    touchedDays: [...days],
  }
}

/** A logger that fails the test on a warning, unless they are expected. */
export function createTestLogger(expected: 'no warnings' | 'warnings'): Logger & { lines: string[] } {
  const lines: string[] = []
  const loud = (message: string): void => {
    lines.push(message)
    if (expected === 'no warnings') throw new Error(`unexpected warning: ${message}`)
  }
  return { lines, debug: () => undefined, info: () => undefined, warn: loud, error: loud }
}
