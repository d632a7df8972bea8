import { metrics } from '../metrics/index.ts'
import { defaultDefinitions } from '../model/series.ts'
import type { UnixSeconds } from '../model/time.ts'
import { addDays } from '../model/time.ts'
import type { Database } from '../store/database.ts'
import type { MetricPeriod } from '../store/metric_table.ts'
import { getMetricGaps, markMetrics, saveMetricValues } from '../store/metric_table.ts'
import { readSeries } from './read_series.ts'

/** Days that are computed and written together. */
const daysAtOnce = 120
const periods: readonly MetricPeriod[] = ['DAY', 'TRAILING_30']

/**
 * Brings the table behind the SQL views up to date: the values that the API gives under the default definitions,
 * for days and for 30-day windows. Days before the first change are left as they are.
 * @returns Rows that changed.
 */
export async function refreshMetricTable(
  db: Database,
  networks: readonly string[],
  now: () => UnixSeconds,
  signal?: AbortSignal,
): Promise<number> {
  let changed = 0
  for (const gap of await getMetricGaps(db, networks, now())) {
    for (let from = gap.from; from <= gap.to; from = addDays(from, daysAtOnce)) {
      if (signal?.aborted) return changed
      const end = addDays(from, daysAtOnce)
      const to = end > gap.to ? addDays(gap.to, 1) : end
      for (const period of periods) {
        const points = await readSeries(db, {
          ...defaultDefinitions,
          networks: [gap.network],
          metrics: metrics.map((m) => m.id),
          from,
          to,
          granularity: period,
        })
        changed += await saveMetricValues(db, period, points, now())
      }
    }
    await markMetrics(db, gap)
  }
  return changed
}
