import { Lru } from '../graphql/lru.ts'
import type { NetworkFlows } from '../pipeline/model/flow.ts'
import { dayNumber } from '../pipeline/model/time.ts'
import type { Database } from '../pipeline/store/database.ts'
import { getDataVersion } from '../pipeline/store/database.ts'
import type { FlowsQuery } from '../pipeline/store/read_flows.ts'
import { getNetworkFlows } from '../pipeline/store/read_flows.ts'

/** Network days that are kept, each with about ten streams: some tens of megabytes. */
const networkDaysKept = 30_000

/**
 * Reads flows, and keeps the current ones until data changes: questions about the same days under other metrics,
 * lenses and windows are computed without asking the database again. Flows as of an instant are not kept.
 */
export function createFlowReader(db: Database): (query: FlowsQuery) => Promise<NetworkFlows[]> {
  const kept = new Lru<Promise<NetworkFlows[]>>(networkDaysKept)
  return async (query) => {
    if (query.asOf !== undefined) return getNetworkFlows(db, query)
    // The version is read first: what is kept under it may be newer than it says, never older.
    const key = JSON.stringify([await getDataVersion(db), query])
    const known = kept.get(key)
    if (known !== undefined) return known
    const reading = getNetworkFlows(db, query)
    const days = dayNumber(query.last) - dayNumber(query.first) + 1
    kept.set(key, reading, days * query.networks.length)
    reading.catch(() => kept.delete(key))
    return reading
  }
}
