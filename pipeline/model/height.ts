/** Heights, both ends included. */
export interface HeightRange {
  readonly from: number
  readonly to: number
}

/** How many heights a range holds. */
export function rangeLength(range: HeightRange): number {
  return range.to - range.from + 1
}

/**
 * Sorts, and joins ranges that touch or overlap, so that two sets of the same heights compare equal.
 * @example normalise([{ from: 5, to: 9 }, { from: 1, to: 4 }]) // [{ from: 1, to: 9 }]
 */
export function normalise(ranges: readonly HeightRange[]): HeightRange[] {
  const sorted = [...ranges].filter((r) => r.to >= r.from).sort((a, b) => a.from - b.from)
  const joined: HeightRange[] = []
  for (const range of sorted) {
    const last = joined.at(-1)
    if (last !== undefined && range.from <= last.to + 1) {
      joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, range.to) }
    } else joined.push(range)
  }
  return joined
}

/** The heights of `span` that are in none of `covered`, lowest first. */
export function subtract(span: HeightRange, covered: readonly HeightRange[]): HeightRange[] {
  const left: HeightRange[] = []
  let next = span.from
  for (const range of normalise(covered)) {
    if (range.to < next) continue
    if (range.from > span.to) break
    if (range.from > next) left.push({ from: next, to: range.from - 1 })
    next = Math.max(next, range.to + 1)
  }
  if (next <= span.to) left.push({ from: next, to: span.to })
  return left
}

/** The heights that are in both sets, lowest first. */
export function intersect(span: HeightRange, ranges: readonly HeightRange[]): HeightRange[] {
  return normalise(ranges)
    .map((r) => ({ from: Math.max(r.from, span.from), to: Math.min(r.to, span.to) }))
    .filter((r) => r.to >= r.from)
}

/** How many heights a normalised set holds. */
export function countHeights(ranges: readonly HeightRange[]): number {
  return ranges.reduce((sum, range) => sum + rangeLength(range), 0)
}
