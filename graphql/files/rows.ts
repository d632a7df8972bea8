import type { EventView, StreamedEventsQuery } from '../../pipeline/model/event_view.ts'
import { explorerUrl } from '../../pipeline/model/explorer.ts'
import type { SeriesPoint, SeriesQuery } from '../../pipeline/model/series.ts'
import { addDays, instant } from '../../pipeline/model/time.ts'
import type { ApiReaders } from '../ports.ts'
import type { Row } from './columns.ts'

/** About so many values are computed at a time. */
const valuesAtOnce = 20_000
const leastDays = 31

/** The values of a series, some days at a time; all of them as known at the same instant. */
async function* pointsOf(readers: ApiReaders, query: SeriesQuery): AsyncGenerator<readonly SeriesPoint[]> {
  const perDay = query.networks.length * query.metrics.length
  const days = Math.max(leastDays, Math.floor(valuesAtOnce / perDay))
  for (let from = query.from; from < query.to; from = addDays(from, days)) {
    const end = addDays(from, days)
    yield await readers.getMetricSeries({ ...query, from, to: end < query.to ? end : query.to })
  }
}

const count = (value: number | null): string | null => (value === null ? null : String(value))

/** Metric values in long shape. */
export async function* longMetricRows(readers: ApiReaders, query: SeriesQuery): AsyncGenerator<Row[]> {
  for await (const points of pointsOf(readers, query)) {
    yield points.map((p) => [
      p.date,
      p.windowEnd,
      p.network,
      p.metric,
      p.value,
      p.unit,
      p.quality,
      p.reason,
      p.warning,
      p.methods.join(' '),
      p.availableAt,
      count(p.revision),
      count(p.methodologyVersion),
      String(p.simulated),
      count(p.daysComplete),
      count(p.daysPriced),
      count(p.daysExpected),
    ])
  }
}

/** Metric values in wide shape: one row a date. A network that the store does not know yet has empty cells. */
export async function* wideMetricRows(
  readers: ApiReaders,
  query: SeriesQuery,
  notes: boolean,
): AsyncGenerator<Row[]> {
  const columns = query.networks.flatMap((n) => query.metrics.map((m) => `${n} ${m}`))
  for await (const points of pointsOf(readers, query)) {
    const days = new Map<string, Map<string, SeriesPoint>>()
    for (const point of points) {
      const day = days.get(point.date) ?? new Map<string, SeriesPoint>()
      days.set(point.date, day.set(`${point.network} ${point.metric}`, point))
    }
    yield [...days].map(([date, day]) => [
      date,
      ...columns.flatMap((column) => {
        const { value = null, quality = null, reason = null } = day.get(column) ?? {}
        return notes ? [value, quality, reason] : [value]
      }),
    ])
  }
}

/** Events, stream by stream, oldest first. */
export async function* eventRows(
  readers: ApiReaders,
  query: StreamedEventsQuery,
  wide: boolean,
): AsyncGenerator<Row[]> {
  for await (const events of readers.streamEvents(query)) {
    yield events.map((e) => (wide ? [...longEvent(e), ...restOfEvent(e, readers)] : longEvent(e)))
  }
}

function longEvent(e: EventView): Row {
  return [
    instant(e.happenedAt),
    e.network,
    e.stream,
    e.kind,
    e.token,
    e.amount,
    e.amountRaw,
    count(e.height),
    e.txHash,
    count(e.position),
    e.sender,
    e.recipient,
    String(e.simulated),
  ]
}

function restOfEvent(e: EventView, { explorers }: ApiReaders): Row {
  return [
    e.chain,
    e.class,
    e.lens,
    e.role,
    e.method,
    count(e.fromHeight),
    e.act,
    e.accruedFrom,
    e.accruedTo,
    e.usd,
    e.detail,
    explorerUrl(explorers[e.chain], e),
  ]
}
