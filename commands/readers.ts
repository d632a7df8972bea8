import type { ApiReaders } from '../graphql/ports.ts'
import { networks } from '../indexers/networks/index.ts'
import { migrations } from '../migrations/index.ts'
import { spansOf } from '../pipeline/metrics/calendar.ts'
import { metrics } from '../pipeline/metrics/index.ts'
import { computeSeries } from '../pipeline/metrics/series.ts'
import type { SeriesPoint, SeriesQuery } from '../pipeline/model/series.ts'
import type { Database } from '../pipeline/store/database.ts'
import { checkMigrated, getDataVersion } from '../pipeline/store/database.ts'
import { getEvents } from '../pipeline/store/read_events.ts'
import { getNetworkFlows } from '../pipeline/store/read_flows.ts'
import { getCoverageReport, getNetworks, getStatus } from '../pipeline/store/read_status.ts'
import { now } from './app.ts'

/** Metric values from what was published, for the API, the export and the demo's table. */
export async function readSeries(db: Database, query: SeriesQuery): Promise<SeriesPoint[]> {
  const spans = spansOf(query.from, query.to, query.granularity)
  const [first, last] = [spans[0], spans.at(-1)]
  if (first === undefined || last === undefined) return []
  const flows = await getNetworkFlows(db, {
    networks: query.networks,
    first: first.first,
    last: last.last,
    ...(query.asOf === undefined ? {} : { asOf: query.asOf }),
  })
  const wanted = query.metrics.flatMap((id) => metrics.find((m) => m.id === id) ?? [])
  return computeSeries(flows, wanted, spans, query.lens)
}

/** What the API reads through. */
export function createReaders(db: Database): ApiReaders {
  return {
    metrics,
    networkIds: networks.map((n) => n.id),
    getNetworks: () => getNetworks(db),
    getMetricSeries: (query) => readSeries(db, query),
    getEvents: (query) => getEvents(db, query),
    getCoverage: (network) => getCoverageReport(db, network),
    getStatus: () => getStatus(db, now()),
    getDataVersion: () => getDataVersion(db),
    checkReady: () => checkMigrated(db, migrations),
  }
}
