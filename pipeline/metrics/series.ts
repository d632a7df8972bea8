import type { NetworkFlows } from '../model/flow.ts'
import type { Quality } from '../model/quality.ts'
import type { Lens } from '../model/stream.ts'
import type { Day, UnixSeconds } from '../model/time.ts'
import { addDays, daysBetween, instant } from '../model/time.ts'
import type { Span } from './calendar.ts'
import type { Metric } from './define.ts'
import { Period } from './period.ts'

/** One value of a series, with everything that says how far it can be trusted. */
export interface SeriesPoint {
  readonly date: Day
  readonly windowEnd: Day
  readonly network: string
  readonly metric: string
  readonly value: string | null
  readonly unit: string
  readonly quality: Quality
  readonly reason: string | null
  readonly availableAt: string | null
  readonly revision: number | null
  readonly methodologyVersion: number
  readonly methods: readonly string[]
  readonly daysComplete: number
  readonly daysExpected: number
  readonly simulated: boolean
}

/** Applies each metric to each network's flows over each period: by period, then network, then metric. */
export function computeSeries(
  networks: readonly NetworkFlows[],
  metrics: readonly Metric[],
  spans: readonly Span[],
  lens: Lens,
): SeriesPoint[] {
  const points: SeriesPoint[] = []
  for (const span of spans) {
    const days = daysBetween(span.first, addDays(span.last, 1))
    for (const flows of networks) {
      const period = new Period(flows, days, lens)
      for (const metric of metrics) {
        const { value, availableAt, ...rest } = metric.compute(period)
        points.push({
          ...rest,
          date: span.label,
          windowEnd: span.last,
          network: flows.network,
          metric: metric.id,
          value,
          unit: metric.unit === 'tokens' ? flows.primaryToken : metric.unit,
          availableAt: availableAt === null ? null : instant(availableAt as UnixSeconds),
          methodologyVersion: metric.revision,
          daysExpected: days.length,
          simulated: flows.simulated,
        })
      }
    }
  }
  return points
}
