import type { NetworkFlows } from '../model/flow.ts'
import type { SeriesPoint } from '../model/series.ts'
import type { Lens } from '../model/stream.ts'
import type { UnixSeconds } from '../model/time.ts'
import { addDays, daysBetween, instant } from '../model/time.ts'
import type { Span } from './calendar.ts'
import type { Metric } from './define.ts'
import { Period } from './period.ts'

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
