import { isLimit, isRefusal, type Refusal } from './rpc.ts'

/** What nodes limit apart from each other. */
export type Sort = 'headers' | 'state' | 'messages' | 'trace'

const rememberMs = 600_000

/**
 * Remembers for ten minutes below which height the nodes refuse to answer, so that a year beyond their look-back takes one
 * refusal and not a million. Only refusals that say so themselves count.
 */
export class Horizon {
  readonly #now: () => number
  readonly #limits = new Map<
    Sort,
    { readonly height: number; readonly refusal: Refusal; readonly until: number }
  >()

  /** @param now Milliseconds of any clock. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** The refusal to expect at a height; undefined: ask. */
  refuses(sort: Sort, height: number): Refusal | undefined {
    const limit = this.#limits.get(sort)
    return limit !== undefined && height <= limit.height && this.#now() < limit.until
      ? limit.refusal
      : undefined
  }

  /** Learns from an answer at a height, and gives it back. */
  note<T>(sort: Sort, height: number, answer: T | Refusal): T | Refusal {
    if (!isRefusal(answer) || !isLimit(answer)) return answer
    const unserved = answer.refused.facts.rpcCode === -32_601
    const known = this.#limits.get(sort)
    const reached = unserved ? Number.POSITIVE_INFINITY : Math.max(height, known?.height ?? 0)
    this.#limits.set(sort, { height: reached, refusal: answer, until: this.#now() + rememberMs })
    return answer
  }
}
