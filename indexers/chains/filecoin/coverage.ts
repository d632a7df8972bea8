import type { Gap } from '../../../pipeline/model/batch.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import { normalise } from '../../../pipeline/model/height.ts'
import type { Stream } from '../../../pipeline/model/stream.ts'
import type { Refusal } from './rpc.ts'

/** Collects which heights of each stream were read, and why the others were not. */
export class Coverage {
  readonly #covered = new Map<number, HeightRange[]>()
  readonly #gaps = new Map<number, Gap[]>()

  constructor(streams: readonly Stream[]) {
    for (const { id } of streams) this.#covered.set(id, [])
  }

  cover(stream: Stream, range: HeightRange): void {
    this.#covered.get(stream.id)?.push(...alive(stream, range))
  }

  /** Heights next to each other that were refused in the same way are one gap with the first one's reason. */
  miss(stream: Stream, range: HeightRange, { refused }: Refusal): void {
    for (const { from, to } of alive(stream, range)) {
      const known = this.#gaps.get(stream.id) ?? []
      const last = known.at(-1)
      if (last !== undefined && last.code === refused.code && last.to + 1 === from)
        known[known.length - 1] = { ...last, to }
      else known.push({ streamId: stream.id, from, to, code: refused.code, reason: refused.message })
      this.#gaps.set(stream.id, known)
    }
  }

  get covered(): ReadonlyMap<number, readonly HeightRange[]> {
    return new Map([...this.#covered].map(([id, ranges]) => [id, normalise(ranges)]))
  }

  get gaps(): readonly Gap[] {
    return [...this.#gaps.values()].flat()
  }
}

/** The heights of a range at which a stream can have something: the range, or nothing of it. */
function alive(
  { fromHeight = 0, toHeight = Number.MAX_SAFE_INTEGER }: Stream,
  { from, to }: HeightRange,
): HeightRange[] {
  const cut = { from: Math.max(from, fromHeight), to: Math.min(to, toHeight) }
  return cut.to >= cut.from ? [cut] : []
}
