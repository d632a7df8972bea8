import type { UnixSeconds } from '../model/time.ts'
import { addDays, dayOf } from '../model/time.ts'
import { fillPrices } from '../prices/fill.ts'
import type { PriceSource } from '../prices/source.ts'
import { refreshMetricTable } from '../rollups/metric_table.ts'
import { prove } from '../rollups/prove.ts'
import { recomputeStale } from '../rollups/recompute.ts'
import type { Database } from '../store/database.ts'
import type { Job } from './runner.ts'

export interface ScheduleOptions {
  readonly db: Database
  readonly sources: readonly PriceSource[]
  readonly priceSources: readonly string[]
  readonly now: () => UnixSeconds
  /** Ids of the networks whose metrics are kept for SQL. */
  readonly networks: readonly string[]
}

const minuteMs = 60_000
/** Days that the daily proof looks back over. */
const proofDays = 40

/** The cron table. */
export function schedule({ db, sources, priceSources, now, networks }: ScheduleOptions): Job[] {
  return [
    {
      name: 'rollups',
      schedule: '*/20 * * * * *',
      limitMs: 10 * minuteMs,
      run: async (signal) => recomputeStale({ db, priceSources, now, signal }),
    },
    {
      name: 'metricTable',
      schedule: '25 */5 * * * *',
      limitMs: 30 * minuteMs,
      run: async (signal) => ({ changed: await refreshMetricTable(db, networks, now, signal) }),
    },
    {
      name: 'prices',
      schedule: '10 */5 * * * *',
      limitMs: 5 * minuteMs,
      run: async () => {
        const { added, errors } = await fillPrices(db, sources, now)
        if (errors[0] !== undefined) throw errors[0]
        return { added }
      },
    },
    {
      name: 'proof',
      schedule: '30 20 * * * *',
      limitMs: 10 * minuteMs,
      run: async () => {
        const proofs = await prove(db, { from: addDays(dayOf(now()), -proofDays), now: now() })
        const failed = proofs.filter((p) => p.verdict === 'failed')
        if (failed[0] !== undefined)
          throw new Error(`proof ${failed[0].name} of ${failed[0].network} failed: ${failed[0].note}`)
        return { held: proofs.length }
      },
    },
  ]
}
