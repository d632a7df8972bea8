import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import { rangeLength } from '../../../pipeline/model/height.ts'
import { isRefusal, type LotusRpc, type Refusal } from './rpc.ts'
import { hashOf, type Tipset, tipsetQuestion } from './tipset.ts'

/** Rounds of questions that one search may take; null rounds in a row double what each one covers. */
const mostRounds = 40
/** Times that tipsets which do not fit together are asked for. */
const refetches = 4
/** Below this share of heights with blocks, heights are searched instead of asked one by one. */
const sparse = 0.3

/** The tipsets of a range, lowest first, and the first one above it, in which the last one's effects are seen. */
export interface Stretch {
  readonly inside: readonly Tipset[]
  readonly next: Tipset | Refusal
}

/** Finds tipsets by height, across null rounds. */
export class Timeline {
  readonly #rpc: LotusRpc
  /** Share of the heights seen last that had blocks. */
  #density = 1

  constructor(rpc: LotusRpc) {
    this.#rpc = rpc
  }

  /** Every tipset of a range, lowest first, and the first one above it; or why no node tells. */
  async tipsets(range: HeightRange, highest: number, signal: AbortSignal): Promise<Stretch | Refusal> {
    for (let tries = 1; ; tries += 1) {
      const inside = await this.#inside(range, signal)
      if (isRefusal(inside)) return inside
      const found = (await this.firstFrom([range.to + 1], highest, signal)).get(range.to + 1)
      const next = found ?? refusal(`no tipset above height ${range.to} was found up to ${highest}`)
      const broken = brokenLink(isRefusal(next) ? inside : [...inside, next])
      if (broken === undefined) return { inside, next }
      // An endpoint may have answered from a fork that it left.
      if (tries === refetches) throw broken
    }
  }

  async #inside(range: HeightRange, signal: AbortSignal): Promise<readonly Tipset[] | Refusal> {
    const found = new Map<number, Tipset>()
    let unknown: HeightRange[] = [range]
    for (let round = 0; unknown.length > 0; round += 1) {
      if (round === mostRounds) throw tooManyRounds(range)
      const asked = unknown.flatMap((u) => this.#spread(u, round))
      const answers = await this.#rpc.batch(
        asked.map((height) => tipsetQuestion(height)),
        signal,
      )
      const empty: HeightRange[] = []
      for (const [i, height] of asked.entries()) {
        const answer = answers[i]
        if (answer === undefined || isRefusal(answer)) return answer ?? refusal(`height ${height}`)
        if (answer.height >= range.from) found.set(answer.height, answer)
        empty.push({ from: answer.height, to: height })
      }
      unknown = unknown.flatMap((u) => without(u, empty))
    }
    this.#density = found.size / rangeLength(range)
    return [...found.values()].sort((a, b) => a.height - b.height)
  }

  /** All heights of a range where most have blocks; else a few that halve what is unknown. */
  #spread({ from, to }: HeightRange, round: number): number[] {
    const length = to - from + 1
    const count = this.#density >= sparse ? length : Math.min(length, 4 << Math.min(round, 4))
    return Array.from({ length: count }, (_, i) => to - Math.floor((i * length) / count))
  }

  /**
   * The first tipset at or above each height: the one before whose execution the state is that of all lower heights.
   * @param highest Nothing above it is looked at.
   */
  async firstFrom(
    heights: readonly number[],
    highest: number,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<number, Tipset | Refusal>> {
    const found = new Map<number, Tipset | Refusal>()
    let open = heights.map((height): Search => ({ height, low: height, high: highest, step: 1 }))
    for (let round = 0; open.length > 0; round += 1) {
      if (round === mostRounds) throw tooManyRounds({ from: open[0]?.height ?? 0, to: highest })
      const asked = open.map(({ low, high, step, lowest }) =>
        lowest === undefined ? Math.min(low + step - 1, high) : high,
      )
      const answers = await this.#rpc.batch(
        asked.map((height) => tipsetQuestion(height)),
        signal,
      )
      open = open.flatMap((search, i) => {
        const answer = answers[i]
        if (answer === undefined || isRefusal(answer)) {
          found.set(search.height, answer ?? refusal(`height ${asked[i]}`))
          return []
        }
        const next = narrow(search, asked[i] ?? search.high, answer)
        if (!isDone(next)) return [next]
        const none = `no tipset from height ${search.height} to ${highest}`
        found.set(search.height, next.lowest ?? refusal(none))
        return []
      })
    }
    return found
  }
}

/** The search for the first tipset at or above `height`: it is between `low` and `high`, or `lowest`. */
interface Search {
  readonly height: number
  readonly low: number
  readonly high: number
  /** Heights that the next question jumps over while nothing is found. */
  readonly step: number
  readonly lowest?: Tipset
  /** The last tipset below `low`. */
  readonly below?: Tipset
}

function narrow(search: Search, asked: number, answer: Tipset): Search {
  if (answer.height < search.low) return { ...search, low: asked + 1, step: search.step * 2, below: answer }
  return { ...search, high: answer.height - 1, lowest: answer }
}

function isDone({ low, high, lowest, below }: Search): boolean {
  if (low > high) return true
  return lowest !== undefined && below !== undefined && hashOf(lowest.parents) === hashOf(below.cids)
}

function refusal(what: string): Refusal {
  return { refused: new IndexerError('rpc-not-found', `Filecoin: ${what}`) }
}

function tooManyRounds({ from, to }: HeightRange): IndexerError {
  return new IndexerError(
    'rpc-bad-answer',
    `Filecoin heights ${from} to ${to}: the nodes' answers did not narrow the search for tipsets in ${mostRounds} rounds`,
    { from, to },
  )
}

/** What of a range is in none of some others. */
function without(range: HeightRange, others: readonly HeightRange[]): HeightRange[] {
  let left = [range]
  for (const other of others) {
    left = left.flatMap((l) => {
      if (other.to < l.from || other.from > l.to) return [l]
      const parts = [
        { from: l.from, to: other.from - 1 },
        { from: other.to + 1, to: l.to },
      ]
      return parts.filter((p) => p.to >= p.from)
    })
  }
  return left
}

/** Where a tipset does not name the one before it as its parents: the nodes reorganised, or left one out. */
function brokenLink(tipsets: readonly Tipset[]): IndexerError | undefined {
  for (const [i, tipset] of tipsets.entries()) {
    const before = tipsets[i - 1]
    if (before === undefined || hashOf(before.cids) === hashOf(tipset.parents)) continue
    return new IndexerError(
      'rpc-bad-answer',
      `Filecoin tipset ${tipset.height} has the parents ${hashOf(tipset.parents)}, the tipset before it, ${before.height}, is ` +
        `${hashOf(before.cids)}. The endpoints keep changing their answers`,
      { height: tipset.height },
    )
  }
  return undefined
}
