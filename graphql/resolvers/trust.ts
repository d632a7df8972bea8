import type { RestatementView } from '../../pipeline/model/restatement.ts'
import type { AsOf } from '../arguments.ts'
import { asOfOf, checkPeriod, readDay, readFirst, readInstant } from '../arguments.ts'
import type { ApiServices } from '../context.ts'
import { digest, readRestatementCursor, writeRestatementCursor } from '../cursor.ts'
import { userError } from '../errors.ts'
import { notFound } from '../suggest.ts'
import type { Connection } from './connection.ts'
import { toConnection } from './connection.ts'

/** Arguments of `restatements` as the schema lets them through. */
export interface RestatementArguments {
  readonly network?: string | null
  readonly since?: string | null
  readonly asOf?: string | null
  readonly first?: number | null
  readonly after?: string | null
}

const defaultRows = 100
/** Nothing was published earlier. */
const start = '1970-01-01T00:00:00Z'

/** Answers `restatements`: what changed of what had been published, newest first. */
export async function restatements(
  args: RestatementArguments,
  { names, limits, readers }: ApiServices,
): Promise<Connection<unknown>> {
  const filter = {
    since: readInstant('since', args.since ?? start),
    ...(args.network == null ? {} : { network: names.networks.idOf(args.network) }),
    ...asOfOf(args),
  }
  const first = readFirst(args.first, defaultRows, 'metricRows', limits.metricRows)
  const key = digest(filter)
  const before = args.after == null ? undefined : readRestatementCursor(key, args.after)
  const rows = await readers.getRestatements({
    ...filter,
    first: first + 1,
    ...(before === undefined ? {} : { before }),
  })
  const nameOf = (id: string | null): string | null =>
    id === null || !names.networks.has(id) ? null : names.networks.nameOf(id)
  return toConnection(
    rows,
    first,
    before !== undefined,
    (row: RestatementView) => ({ ...row, network: nameOf(row.network) }),
    (row) => writeRestatementCursor(key, row.id),
  )
}

interface PeriodArguments {
  readonly from: string
  readonly to: string
}

function readPeriod(args: PeriodArguments, { limits }: ApiServices) {
  const [from, to] = [readDay('from', args.from), readDay('to', args.to)]
  checkPeriod('', from, to, limits.periodDays)
  return { from, to }
}

/** Answers `prices`: what days of a token were valued at. */
export async function prices(
  args: PeriodArguments & AsOf & { readonly token: string },
  services: ApiServices,
): Promise<readonly unknown[]> {
  const period = readPeriod(args, services)
  const networks = await services.readers.getNetworks()
  const known = networks.flatMap((n) => n.tokens.map((t) => t.symbol))
  if (!known.includes(args.token)) {
    throw userError('token', notFound('token', args.token, known))
  }
  return services.readers.getPrices({ token: args.token, ...period, ...asOfOf(args) })
}

/** Answers `reconciliation`: what each proof compared on each day, and what it left over. */
export async function reconciliation(
  args: PeriodArguments & AsOf & { readonly network?: string | null },
  services: ApiServices,
): Promise<readonly unknown[]> {
  const { names, readers } = services
  const rows = await readers.getReconciliation({
    ...readPeriod(args, services),
    ...asOfOf(args),
    ...(args.network == null ? {} : { network: names.networks.idOf(args.network) }),
  })
  return rows
    .filter((r) => names.networks.has(r.network))
    .map((r) => ({ ...r, network: names.networks.nameOf(r.network) }))
}
