import type { Segment } from './plan.ts'

/** Reads slower than this make the ranges smaller, quicker ones larger. */
const slowMs = 8_000
const quickMs = 1_500
/** Events of one read beyond which ranges do not grow: about one transaction's worth. */
const manyEvents = 20_000

/** Hands out a plan in ranges whose size follows how the reads go. */
export class RangeQueue {
  readonly #segments: Segment[]
  readonly #max: number
  #size: number

  constructor(segments: readonly Segment[], size: { readonly start: number; readonly max: number }) {
    this.#segments = [...segments].reverse()
    this.#size = size.start
    this.#max = size.max
  }

  /** Heights in the next range at most. */
  get size(): number {
    return this.#size
  }

  /** The next range to read, lowest first; undefined when all have been handed out. */
  take(): Segment | undefined {
    const segment = this.#segments.pop()
    if (segment === undefined) return undefined
    const { from, to } = segment.range
    const end = Math.min(to, from + this.#size - 1)
    if (end < to) this.#segments.push({ range: { from: end + 1, to }, streams: segment.streams })
    return { range: { from, to: end }, streams: segment.streams }
  }

  /** A read that the node found too large: its halves come next, and later ranges are no larger. */
  split(segment: Segment): void {
    const { from, to } = segment.range
    const middle = Math.floor((from + to) / 2)
    this.#size = Math.max(1, middle - from + 1)
    this.#segments.push({ range: { from: middle + 1, to }, streams: segment.streams })
    this.#segments.push({ range: { from, to: middle }, streams: segment.streams })
  }

  /** Adapts the size to how long a read took and how much it gave. */
  learn(heights: number, ms: number, events: number): void {
    if (ms > slowMs || events > manyEvents) this.#size = Math.max(1, Math.ceil(this.#size / 2))
    else if (ms < quickMs && heights >= this.#size && events < manyEvents / 4) {
      this.#size = Math.min(this.#max, Math.ceil(this.#size * 1.25))
    }
  }
}
