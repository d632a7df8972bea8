import type { ComparisonQuery, ComparisonView } from '../graphql/ports.ts'
import { spanBefore, spanOf } from '../pipeline/metrics/calendar.ts'
import { compareValues } from '../pipeline/metrics/compare.ts'
import { IndexerError } from '../pipeline/model/errors.ts'
import type { Day } from '../pipeline/model/time.ts'
import { addDays } from '../pipeline/model/time.ts'
import { readSeries } from '../pipeline/rollups/read_series.ts'
import type { Database } from '../pipeline/store/database.ts'
import { findLastDay } from '../pipeline/store/read_flows.ts'

/** Networks side by side over the period that holds a day, with the period before it. */
export async function readComparison(db: Database, query: ComparisonQuery): Promise<ComparisonView> {
  const date = query.date ?? (await findLastDay(db, query.networks, query.asOf))
  if (date === null)
    throw new IndexerError(
      'bad-argument',
      'no chain of these networks has been read yet, so that no period has ended; give a date, or start the indexer',
    )
  const span = spanOf(date, query.granularity)
  const values = (label: Day) => readSeries(db, { ...query, from: label, to: addDays(label, 1) })
  const [now, before] = await Promise.all([
    values(span.label),
    values(spanBefore(span, query.granularity).label),
  ])
  return { date: span.label, windowEnd: span.last, rows: compareValues(now, before, query.metrics) }
}
