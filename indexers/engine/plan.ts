import type { HeightRange } from '../../pipeline/model/height.ts'
import { countHeights, intersect, rangeLength, subtract } from '../../pipeline/model/height.ts'
import type { Stream } from '../../pipeline/model/stream.ts'
import type { ChainSource, Lane } from './ports.ts'

/** Heights that the same streams lack, so that one read serves them all. */
export interface Segment {
  readonly range: HeightRange
  readonly streams: readonly Stream[]
}

/** The heights of `span` at which a stream can happen. */
function lifetime(stream: Stream, span: HeightRange): HeightRange {
  return {
    from: Math.max(span.from, stream.fromHeight ?? span.from),
    to: Math.min(span.to, stream.toHeight ?? span.to),
  }
}

/**
 * What is still to be read: `span` less what each stream has covered, lowest first, cut where the set of
 * lacking streams changes. Pure: the same input gives the same plan. Empty when nothing is missing.
 */
export function plan(
  span: HeightRange,
  streams: readonly Stream[],
  coverage: ReadonlyMap<number, readonly HeightRange[]>,
): Segment[] {
  const missing = streams.map((stream) => ({
    stream,
    ranges: subtract(lifetime(stream, span), coverage.get(stream.id) ?? []),
  }))
  const cuts = new Set<number>()
  for (const { ranges } of missing) {
    for (const range of ranges) cuts.add(range.from).add(range.to + 1)
  }
  const starts = [...cuts].sort((a, b) => a - b)
  const segments: Segment[] = []
  const cursors = missing.map(() => 0)
  for (let i = 0; i + 1 < starts.length; i += 1) {
    const from = starts[i] ?? 0
    const to = (starts[i + 1] ?? 0) - 1
    const lacking = missing.filter(({ ranges }, index) => {
      let at = cursors[index] ?? 0
      while (at < ranges.length && (ranges[at]?.to ?? 0) < from) at += 1
      cursors[index] = at
      const range = ranges[at]
      return range !== undefined && range.from <= from && range.to >= to
    })
    if (lacking.length > 0) segments.push({ range: { from, to }, streams: lacking.map((m) => m.stream) })
  }
  return segments
}

/** A segment, and the lane that it is read in. */
export interface LaneSegment extends Segment {
  readonly lane: Lane
}

/** The plan of every lane of a source, cheapest lane first. */
export function planLanes(
  source: Pick<ChainSource, 'lanes'>,
  span: HeightRange,
  streams: readonly Stream[],
  coverage: ReadonlyMap<number, readonly HeightRange[]>,
): LaneSegment[] {
  return source
    .lanes(streams)
    .flatMap((lane) => plan(span, lane.streams, coverage).map((segment) => ({ ...segment, lane })))
}

/** How many heights are to be read, each counted once a lane. */
export function plannedHeights(segments: readonly Segment[]): number {
  return segments.reduce((sum, s) => sum + rangeLength(s.range), 0)
}

/** Heights of `span` a stream has read, and those it could have and has not. */
export function tally(
  stream: Stream,
  span: HeightRange,
  covered: readonly HeightRange[],
): { read: number; missing: number } {
  const life = lifetime(stream, span)
  if (life.to < life.from) return { read: 0, missing: 0 }
  return { read: countHeights(intersect(life, covered)), missing: countHeights(subtract(life, covered)) }
}
