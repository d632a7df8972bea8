import { spansOf } from '../metrics/calendar.ts'
import type { Metric } from '../metrics/define.ts'
import { metrics } from '../metrics/index.ts'
import { atRevision, computeSeries, firstDayNeeded } from '../metrics/series.ts'
import type { NetworkFlows } from '../model/flow.ts'
import type { SeriesPoint, SeriesQuery } from '../model/series.ts'
import type { UnixSeconds } from '../model/time.ts'
import type { Database } from '../store/database.ts'
import type { FlowsQuery } from '../store/read_flows.ts'
import { findFirstDay, getNetworkFlows } from '../store/read_flows.ts'
import { getMetricRevisions } from '../store/stream_life.ts'

/** Every metric with the formula that was in use at an instant; absent: now. */
export async function metricsAsOf(db: Database, asOf: UnixSeconds | undefined): Promise<readonly Metric[]> {
  if (asOf === undefined) return metrics
  const revisions = await getMetricRevisions(db, asOf)
  return metrics.map((m) => atRevision(m, revisions.get(m.id)))
}

/**
 * Metric values from what was published, for the API, the export and the demo's table.
 * @param readFlows Reads the flows; absent: from the database each time.
 */
export async function readSeries(
  db: Database,
  query: SeriesQuery,
  readFlows: (query: FlowsQuery) => Promise<NetworkFlows[]> = (wanted) => getNetworkFlows(db, wanted),
): Promise<SeriesPoint[]> {
  const { granularity, asOf } = query
  const spans = spansOf(query.from, query.to, granularity)
  const [first, last] = [spans[0], spans.at(-1)]
  if (first === undefined || last === undefined) return []
  const defined = await metricsAsOf(db, asOf)
  const wanted = query.metrics.flatMap((id) => defined.find((m) => m.id === id) ?? [])
  const needed = firstDayNeeded(wanted, first, granularity) ?? (await findFirstDay(db, query.networks))
  const flows = await readFlows({
    networks: query.networks,
    first: needed === null || needed > first.first ? first.first : needed,
    last: last.last,
    priceBasis: query.priceBasis,
    by: query.by,
    market: wanted.some((m) => m.market === true),
    ...(query.chains === undefined ? {} : { chains: query.chains }),
    ...(asOf === undefined ? {} : { asOf }),
  })
  return computeSeries(flows, wanted, spans, granularity, query)
}
