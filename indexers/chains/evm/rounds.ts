import { codeOf, IndexerError } from '../../../pipeline/model/errors.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import { unixSeconds } from '../../../pipeline/model/time.ts'
import type { RpcRequest } from '../../engine/json_rpc_answer.ts'
import type { BlockMark } from '../../engine/ports.ts'
import type { EvmClient } from './client.ts'
import { checkParents, headerRequest, parentRequest, roundRequest } from './headers.ts'

/** Neighbouring heights without a block that are passed over before the answers are disbelieved. */
const mostEmpty = 3_000

/** The blocks around a range. */
export interface RangeMarks {
  /** Every block asked for, lowest first: the one before the range too. */
  readonly known: readonly BlockMark[]
  /** Those inside the range: its lowest and its highest block; none where every height is empty. */
  readonly inside: readonly BlockMark[]
  /** What continuity with the stored blocks is checked by. */
  readonly ends: readonly BlockMark[]
}

export interface RoundsOptions {
  readonly chain: string
  readonly client: EvmClient
  readonly first: number
  /** Whether heights may have no block. */
  readonly gaps: boolean
}

/** Finds blocks by height, on chains where a height may have none. */
export class Rounds {
  readonly #options: RoundsOptions

  constructor(options: RoundsOptions) {
    this.#options = options
  }

  /** Heights whose headers frame a range: the one before it, its first and its last. */
  edgeHeights(range: HeightRange): readonly number[] {
    return [...new Set([Math.max(this.#options.first, range.from - 1), range.from, range.to])]
  }

  /** Asks for the header of a height; its value is undefined only where a height may have no block. */
  request(height: number): RpcRequest<BlockMark | undefined> {
    return this.#options.gaps ? roundRequest(height) : headerRequest(height)
  }

  /**
   * The blocks that frame a range, where some of the heights asked for turned out empty.
   * @param answers What {@link Rounds.request} gave for `edges`.
   */
  async resolve(
    range: HeightRange,
    edges: readonly number[],
    answers: readonly (BlockMark | undefined)[],
    signal: AbortSignal,
  ): Promise<RangeMarks> {
    const { first, gaps } = this.#options
    const known = answers.flatMap((mark) => mark ?? [])
    if (gaps && known.length < edges.length) {
      const has = (height: number): boolean => known.some((mark) => mark.height === height)
      const low = has(range.from)
        ? undefined
        : await this.#walk({ from: range.from + 1, to: range.to }, 1, signal)
      if (low !== undefined && !has(low.height)) known.push(low)
      const some = has(range.from) || low !== undefined
      const high =
        has(range.to) || !some
          ? undefined
          : await this.#walk({ from: range.from, to: range.to - 1 }, -1, signal)
      if (high !== undefined && !has(high.height)) known.push(high)
      const below = range.from - 1
      if (below >= first && !has(below)) {
        const lowest = known.find((mark) => mark.height === range.from) ?? low
        const before =
          lowest === undefined
            ? await this.#walk({ from: first, to: below - 1 }, -1, signal)
            : await this.parentOf(lowest, signal)
        if (before !== undefined) known.push(before)
      }
    }
    known.sort((a, b) => a.height - b.height)
    const inside = known.filter((mark) => mark.height >= range.from)
    // Across empty heights only the block before the range tells whether the stored one is still its ancestor.
    const [lowest] = inside
    const ends = gaps && lowest?.height !== range.from ? known : inside
    return { known, inside, ends }
  }

  /** Checks what is known against itself. @param lowest The first block of the range, which follows the one before it. */
  check(known: readonly BlockMark[], lowest: BlockMark | undefined): void {
    checkParents(known, this.#options.chain, this.#options.gaps ? lowest : undefined)
  }

  /** The block before another one. */
  parentOf(mark: BlockMark, signal?: AbortSignal): Promise<BlockMark> {
    return this.#options.client.call(parentRequest(mark), signal)
  }

  /** How {@link Rounds.parentOf} is used in searches: only where heights may be empty. */
  parents(signal?: AbortSignal): ((mark: BlockMark) => Promise<BlockMark>) | undefined {
    return this.#options.gaps ? (mark) => this.parentOf(mark, signal) : undefined
  }

  /** The block of a height, or the next above it. @throws IndexerError `rpc-not-found` if nodes have none. */
  async orNext(height: number, signal?: AbortSignal): Promise<BlockMark> {
    const { client, gaps, chain } = this.#options
    if (!gaps) return client.call(headerRequest(height), signal)
    const found = await this.#walk({ from: height, to: height + mostEmpty }, 1, signal)
    if (found !== undefined) return found
    throw new IndexerError('rpc-bad-answer', `${chain}: no block from ${height} to ${height + mostEmpty}`, {
      chain,
    })
  }

  /** As {@link Rounds.orNext}; a block that no node has any more counts as older than any time. */
  async orEarliest(height: number): Promise<BlockMark> {
    try {
      return await this.orNext(height)
    } catch (error) {
      if (codeOf(error) !== 'rpc-not-found') throw error
      return { height, hash: '', parentHash: '', time: unixSeconds(0) }
    }
  }

  /** The first block met in a range, upwards or downwards; more heights are asked for at once as more are empty. */
  async #walk(range: HeightRange, step: 1 | -1, signal?: AbortSignal): Promise<BlockMark | undefined> {
    const start = step === 1 ? range.from : range.to
    const inRange = (height: number): boolean => height >= range.from && height <= range.to
    for (let at = start, count = 1; inRange(at); at += count * step, count = Math.min(100, count * 4)) {
      const heights = Array.from({ length: count }, (_, i) => at + i * step).filter(inRange)
      for (const mark of await this.#ask(heights, signal)) if (mark !== undefined) return mark
    }
    return undefined
  }

  #ask(heights: readonly number[], signal?: AbortSignal): Promise<readonly (BlockMark | undefined)[]> {
    return this.#options.client.batch(
      heights.map((height) => roundRequest(height)),
      signal,
    )
  }
}
