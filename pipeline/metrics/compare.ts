import { parseScaled, ratio } from '../model/amount.ts'
import type { SeriesPoint } from '../model/series.ts'

/** More fraction digits than any value has. */
const digits = 36

/** A value beside the one of the period before it. */
export interface Compared {
  readonly point: SeriesPoint
  readonly before: SeriesPoint
  /** As a fraction; null where either is null or the earlier one is not above zero. */
  readonly change: string | null
  /** Place by value among the values of the metric, the greatest first; equal values share one. */
  readonly rank: number | null
}

/** Ranks the values of each metric, and holds each against the period before. By metric as asked, then rank. */
export function compareValues(
  now: readonly SeriesPoint[],
  earlier: readonly SeriesPoint[],
  metrics: readonly string[],
): Compared[] {
  return metrics.flatMap((metric) => {
    const own = now.filter((p) => p.metric === metric)
    const values = own.flatMap((p) => (p.value === null ? [] : [parseScaled(p.value, digits)]))
    const rows = own.flatMap((point) => {
      const before = earlier.find((p) => p.metric === metric && p.network === point.network)
      if (before === undefined) return []
      const value = point.value === null ? null : parseScaled(point.value, digits)
      const rank = value === null ? null : values.filter((v) => v > value).length + 1
      return [{ point, before, change: changeOf(value, before.value), rank }]
    })
    return rows.sort((a, b) => (a.rank ?? rows.length + 1) - (b.rank ?? rows.length + 1))
  })
}

function changeOf(value: bigint | null, before: string | null): string | null {
  if (value === null || before === null) return null
  const base = parseScaled(before, digits)
  return ratio(value - base, base) ?? null
}
