import type { ApiReaders } from '../graphql/ports.ts'
import { explorers } from '../indexers/explorers.ts'
import { networks } from '../indexers/networks/index.ts'
import { migrations } from '../migrations/index.ts'
import { metrics } from '../pipeline/metrics/index.ts'
import { metricsAsOf, readSeries } from '../pipeline/rollups/read_series.ts'
import type { Database } from '../pipeline/store/database.ts'
import { checkMigrated, getDataVersion } from '../pipeline/store/database.ts'
import { getDayEvents, getLegs } from '../pipeline/store/read_day_events.ts'
import { getEvents } from '../pipeline/store/read_events.ts'
import { findFirstDay } from '../pipeline/store/read_flows.ts'
import { getNetworks } from '../pipeline/store/read_networks.ts'
import { getChosenPrices, getReconciliation } from '../pipeline/store/read_prices.ts'
import { getRestatements } from '../pipeline/store/read_restatements.ts'
import { getCoverageReport, getStatus } from '../pipeline/store/read_status.ts'
import { streamEvents } from '../pipeline/store/stream_events.ts'
import { now } from './app.ts'
import { readBehind } from './behind.ts'
import { readComparison } from './compare.ts'
import { createFlowReader } from './flow_cache.ts'

/** What the API reads through. */
export function createReaders(db: Database): ApiReaders {
  const readFlows = createFlowReader(db)
  return {
    metrics,
    networkIds: networks.map((n) => n.id),
    getNetworks: (asOf) => getNetworks(db, asOf),
    getMetrics: (asOf) => metricsAsOf(db, asOf),
    getMetricSeries: (query) => readSeries(db, query, readFlows),
    explorers,
    findFirstDay: (ids) => findFirstDay(db, ids),
    getEvents: (query) => getEvents(db, query),
    streamEvents: (query) => streamEvents(db, query),
    getFlowsBehind: (values) => readBehind(db, values),
    getDayEvents: (days) => getDayEvents(db, days),
    getLegs: (acts) => getLegs(db, acts),
    getComparison: (query) => readComparison(db, query),
    getCoverage: (network) => getCoverageReport(db, network),
    getStatus: () => getStatus(db, now()),
    getRestatements: (query) => getRestatements(db, query),
    getPrices: (query) => getChosenPrices(db, query),
    getReconciliation: (query) => getReconciliation(db, query),
    getDataVersion: () => getDataVersion(db),
    checkReady: () => checkMigrated(db, migrations),
  }
}
