import { spansOf } from '../pipeline/metrics/calendar.ts'
import { metrics } from '../pipeline/metrics/index.ts'
import { atRevision, computeSeries, firstDayNeeded } from '../pipeline/metrics/series.ts'
import type { SeriesPoint, SeriesQuery } from '../pipeline/model/series.ts'
import type { Database } from '../pipeline/store/database.ts'
import { findFirstDay, getNetworkFlows } from '../pipeline/store/read_flows.ts'
import { getMetricRevisions } from '../pipeline/store/stream_life.ts'

/** Metric values from what was published, for the API, the export and the demo's table. */
export async function readSeries(db: Database, query: SeriesQuery): Promise<SeriesPoint[]> {
  const { granularity, asOf } = query
  const spans = spansOf(query.from, query.to, granularity)
  const [first, last] = [spans[0], spans.at(-1)]
  if (first === undefined || last === undefined) return []
  const revisions = asOf === undefined ? new Map<string, number>() : await getMetricRevisions(db, asOf)
  const wanted = query.metrics.flatMap((id) => {
    const found = metrics.find((m) => m.id === id)
    return found === undefined ? [] : [atRevision(found, revisions.get(id))]
  })
  const needed = firstDayNeeded(wanted, first, granularity) ?? (await findFirstDay(db, query.networks))
  const flows = await getNetworkFlows(db, {
    networks: query.networks,
    first: needed === null || needed > first.first ? first.first : needed,
    last: last.last,
    priceBasis: query.priceBasis,
    by: query.by,
    market: wanted.some((m) => m.market === true),
    ...(query.chain === undefined ? {} : { chain: query.chain }),
    ...(asOf === undefined ? {} : { asOf }),
  })
  return computeSeries(flows, wanted, spans, granularity, query)
}
