import type { NetworkFlows } from '../model/flow.ts'
import type { Definitions, Granularity, SeriesPoint } from '../model/series.ts'
import type { Day, UnixSeconds } from '../model/time.ts'
import { instant } from '../model/time.ts'
import type { Span } from './calendar.ts'
import { spanBefore, spanYearBefore } from './calendar.ts'
import type { Metric } from './define.ts'
import { Ledger } from './ledger.ts'
import { Period } from './period.ts'

/** The metric as it was defined at a revision, where that is not its present one. */
export function atRevision(metric: Metric, revision: number | undefined): Metric {
  const earlier = metric.earlier?.find((e) => e.revision === revision)
  return earlier === undefined ? metric : { ...metric, ...earlier }
}

/** The first day that the metrics look at to value a series that starts with `span`; null: the first there is. */
export function firstDayNeeded(metrics: readonly Metric[], span: Span, granularity: Granularity): Day | null {
  let first = span.first
  for (const { reach } of metrics) {
    if (reach === 'all') return null
    if (reach === undefined) continue
    const needed = (reach === 'year' ? spanYearBefore : spanBefore)(span, granularity).first
    if (needed < first) first = needed
  }
  return first
}

/** Applies each metric to each network's flows over each period: by period, then network, then metric. */
export function computeSeries(
  networks: readonly NetworkFlows[],
  metrics: readonly Metric[],
  spans: readonly Span[],
  granularity: Granularity,
  definitions: Definitions,
): SeriesPoint[] {
  const points: SeriesPoint[] = []
  const ledgers = networks.map((flows) => new Ledger(flows, definitions))
  for (const span of spans) {
    for (const ledger of ledgers) {
      const period = new Period(ledger, span, granularity)
      for (const metric of metrics) points.push(toPoint(metric, period))
    }
  }
  return points
}

let lastWritten: readonly [number, string] = [0, instant(0 as UnixSeconds)]

/** Most values of a series became known at the same few instants. */
function written(time: number | null): string | null {
  if (time === null) return null
  if (lastWritten[0] !== time) lastWritten = [time, instant(time as UnixSeconds)]
  return lastWritten[1]
}

/** Written out property by property: spreading costs more than the arithmetic. */
function toPoint(metric: Metric, period: Period): SeriesPoint {
  const { flows, span } = period
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
    availableAt: written(got.availableAt),
    revision: got.version,
    methodologyVersion: metric.revision,
    methods: got.methods,
    warning: got.warning,
    daysComplete: got.daysComplete,
    daysPriced: got.daysPriced,
    daysExpected: period.length,
    simulated: flows.simulated,
  }
}
