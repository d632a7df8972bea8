import type { LaneSegment } from './plan.ts'
import type { Lane } from './ports.ts'

/** Reads slower than this make the ranges smaller, quicker ones larger. */
const slowMs = 8_000
const quickMs = 1_500
/** Events of one read beyond which ranges do not grow: about one transaction's worth. */
const manyEvents = 20_000

/** Hands out a plan in ranges whose size follows how the reads of their lane go. */
export class RangeQueue {
  readonly #segments: LaneSegment[]
  readonly #sizes = new Map<Lane, number>()

  constructor(segments: readonly LaneSegment[]) {
    this.#segments = [...segments].reverse()
  }

  /** Heights in the next range of a lane at most. */
  sizeOf(lane: Lane): number {
    return this.#sizes.get(lane) ?? lane.rangeSize.start
  }

  /** The next range to read, lowest of its lane first; undefined when all have been handed out. */
  take(): LaneSegment | undefined {
    const segment = this.#segments.pop()
    if (segment === undefined) return undefined
    const { from, to } = segment.range
    const end = Math.min(to, from + this.sizeOf(segment.lane) - 1)
    if (end < to) this.#segments.push({ ...segment, range: { from: end + 1, to } })
    return { ...segment, range: { from, to: end } }
  }

  /** A read that the node found too large: its halves come next, and later ranges are no larger. */
  split(segment: LaneSegment): void {
    const { from, to } = segment.range
    const middle = Math.floor((from + to) / 2)
    this.#sizes.set(segment.lane, Math.max(1, middle - from + 1))
    this.#segments.push({ ...segment, range: { from: middle + 1, to } })
    this.#segments.push({ ...segment, range: { from, to: middle } })
  }

  /** Adapts the size of a lane to how long a read of some heights took and how much it gave. */
  learn(lane: Lane, heights: number, ms: number, events: number): void {
    const size = this.sizeOf(lane)
    if (ms > slowMs || events > manyEvents) this.#sizes.set(lane, Math.max(1, Math.ceil(size / 2)))
    else if (ms < quickMs && heights >= size && events < manyEvents / 4) {
      this.#sizes.set(lane, Math.min(lane.rangeSize.max, Math.ceil(size * 1.25)))
    }
  }
}
