import type { Granularity, SeriesPoint, SeriesQuery } from '../../pipeline/model/series.ts'
import type { Day, UnixSeconds } from '../../pipeline/model/time.ts'
import { addDays, dayStart, secondsPerDay, unixSeconds } from '../../pipeline/model/time.ts'
import { checkPeriod, readDay, readFirst, readInstant } from '../arguments.ts'
import type { ApiServices } from '../context.ts'
import type { SeriesCursor } from '../cursor.ts'
import { digest, readSeriesCursor, writeSeriesCursor } from '../cursor.ts'
import { userError } from '../errors.ts'
import type { ApiReaders } from '../ports.ts'
import type { Connection } from './connection.ts'
import { toConnection } from './connection.ts'
import type { DefinitionArguments } from './points.ts'
import { readDefinitions, readSubjects, toPointNode } from './points.ts'

/** Arguments of `metricSeries` as the schema lets them through. */
export interface SeriesArguments extends DefinitionArguments {
  readonly networks?: readonly string[] | null
  readonly metrics: readonly string[]
  readonly from: string
  readonly to: string
  readonly granularity?: Granularity | null
  readonly asOf?: string | null
  readonly first?: number | null
  readonly after?: string | null
}

const defaultRows = 500

/** Any stretch of so many days holds the start of at least one period. */
const longestPeriodDays: Readonly<Record<Granularity, number>> = {
  DAY: 1,
  WEEK: 7,
  MONTH: 31,
  QUARTER: 92,
  YEAR: 366,
  TRAILING_7: 1,
  TRAILING_30: 1,
  TRAILING_90: 1,
  TRAILING_365: 1,
}

function readQuery(args: SeriesArguments, services: ApiServices): SeriesQuery {
  const from = readDay('from', args.from)
  const to = readDay('to', args.to)
  checkPeriod('', from, to, services.limits.periodDays)
  return {
    ...readSubjects(args, services),
    from,
    to,
    granularity: args.granularity ?? 'DAY',
    ...readDefinitions(args),
  }
}

/** The first day behind enough periods for a page, or the query's own end. */
function pageEnd(from: Day, query: SeriesQuery, first: number): Day {
  const rowsPerPeriod = query.networks.length * query.metrics.length
  // One row more tells whether there is a next page; one period more, because a page may start inside one.
  const periods = Math.ceil((first + 1) / rowsPerPeriod) + 1
  const days = periods * longestPeriodDays[query.granularity]
  return dayStart(from) + days * secondsPerDay >= dayStart(query.to) ? query.to : addDays(from, days)
}

/**
 * Reads the rows of a page and at least one more if there is one. Only the periods that the page needs are
 * asked for, so that a page costs what it shows and not what the whole series holds.
 */
async function readRows(
  readers: ApiReaders,
  query: SeriesQuery,
  after: SeriesCursor | undefined,
  first: number,
): Promise<readonly SeriesPoint[]> {
  const from = after === undefined ? query.from : readDay('after', after.date)
  const end = pageEnd(from, query, first)
  const readTo = async (to: Day): Promise<readonly SeriesPoint[]> =>
    rowsAfter(await readers.getMetricSeries({ ...query, from, to }), after)
  const rows = await readTo(end)
  return rows.length > first || end === query.to ? rows : readTo(query.to)
}

function rowsAfter(rows: readonly SeriesPoint[], after: SeriesCursor | undefined): readonly SeriesPoint[] {
  if (after === undefined) return rows
  const { date, network, metric } = after
  const at = rows.findIndex((r) => r.date === date && r.network === network && r.metric === metric)
  if (at === -1) {
    throw userError('after', 'the series no longer has the row of this cursor; start again without a cursor')
  }
  return rows.slice(at + 1)
}

/**
 * Answers `metricSeries`. Cursors carry the instant as of which the first page was read (the next whole
 * second, so that what was published just before the first page is on the later ones too).
 */
export async function metricSeries(
  args: SeriesArguments,
  services: ApiServices,
): Promise<Connection<unknown>> {
  const { limits, readers } = services
  const query = readQuery(args, services)
  const first = readFirst(args.first, defaultRows, 'metricRows', limits.metricRows)
  const asked = args.asOf == null ? undefined : readInstant('asOf', args.asOf)
  const key = digest([query, asked ?? null])
  const after = args.after == null ? undefined : readSeriesCursor(key, args.after)
  const now = unixSeconds(Math.ceil(services.clock() / 1000))
  const known: UnixSeconds | undefined = after?.asOf ?? asked
  const pinned = known === undefined || known > now ? now : known
  const past = known === undefined ? {} : { asOf: pinned }
  const rows = await readRows(readers, { ...query, ...past }, after, first)
  const { granularity, networks: _n, metrics: _m, from: _f, to: _t, ...definitions } = query
  const making = { granularity, definitions, ...past }
  return toConnection(
    rows,
    first,
    after !== undefined,
    (row) => toPointNode(row, making, services),
    ({ date, network, metric }) => writeSeriesCursor(key, { date, network, metric, asOf: pinned }),
  )
}
