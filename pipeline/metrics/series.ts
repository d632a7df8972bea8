import type { NetworkFlows } from '../model/flow.ts'
import type { SeriesPoint } from '../model/series.ts'
import type { Lens } from '../model/stream.ts'
import type { UnixSeconds } from '../model/time.ts'
import { addDays, daysBetween, instant } from '../model/time.ts'
import type { Span } from './calendar.ts'
import type { Metric } from './define.ts'
import { Ledger, Period } from './period.ts'

/** Applies each metric to each network's flows over each period: by period, then network, then metric. */
export function computeSeries(
  networks: readonly NetworkFlows[],
  metrics: readonly Metric[],
  spans: readonly Span[],
  lens: Lens,
): SeriesPoint[] {
  const points: SeriesPoint[] = []
  const ledgers = networks.map((flows) => new Ledger(flows, lens))
  for (const span of spans) {
    const days = daysBetween(span.first, addDays(span.last, 1))
    for (const ledger of ledgers) {
      const period = new Period(ledger, days)
      for (const metric of metrics) points.push(toPoint(metric, period, span))
    }
  }
  return points
}

/** Written out property by property: spreading costs more than the arithmetic. */
function toPoint(metric: Metric, period: Period, span: Span): SeriesPoint {
  const { flows } = period
  const got = metric.compute(period)
  return {
    date: span.label,
    windowEnd: span.last,
    network: flows.network,
    metric: metric.id,
    value: got.value,
    unit: metric.unit === 'tokens' ? flows.primaryToken : metric.unit,
    quality: got.quality,
    reason: got.reason,
    availableAt: got.availableAt === null ? null : instant(got.availableAt as UnixSeconds),
    revision: got.revision,
    methodologyVersion: metric.revision,
    methods: got.methods,
    daysComplete: got.daysComplete,
    daysExpected: period.days.length,
    simulated: flows.simulated,
  }
}
