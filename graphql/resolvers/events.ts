import type { EventsQuery, EventView } from '../../pipeline/model/event_view.ts'
import { explorerUrl } from '../../pipeline/model/explorer.ts'
import type { Kind } from '../../pipeline/model/stream.ts'
import { instant } from '../../pipeline/model/time.ts'
import { asOfOf, checkPeriod, readDay, readFirst } from '../arguments.ts'
import type { ApiServices } from '../context.ts'
import { digest, readEventCursor, writeEventCursor } from '../cursor.ts'
import { userError } from '../errors.ts'
import { enumName } from '../names.ts'
import { notFound } from '../suggest.ts'
import type { Connection } from './connection.ts'
import { toConnection } from './connection.ts'

/** Arguments of `events` as the schema lets them through. */
export interface EventArguments {
  readonly filter?: {
    readonly network?: string | null
    readonly stream?: string | null
    readonly kind?: string | null
    readonly txHash?: string | null
    readonly from?: string | null
    readonly to?: string | null
  } | null
  readonly asOf?: string | null
  readonly first?: number | null
  readonly after?: string | null
}

const defaultRows = 100
const longestText = 200
const kinds: Readonly<Record<string, Kind>> = {
  EMISSION: 'emission',
  BURN: 'burn',
  FEE: 'fee',
  LOCK: 'lock',
}

function readText(argument: string, value: string | null | undefined): string | undefined {
  if (value == null) return undefined
  if (value === '' || value.length > longestText) {
    throw userError(argument, `must have 1 to ${longestText} characters`)
  }
  if (value.includes('\0')) throw userError(argument, 'must not contain a zero character')
  return value
}

function readFilter(
  filter: EventArguments['filter'],
  { names, limits }: ApiServices,
): Omit<EventsQuery, 'first'> {
  const stream = readText('filter.stream', filter?.stream)
  const txId = readText('filter.txHash', filter?.txHash)
  const from = filter?.from == null ? undefined : readDay('filter.from', filter.from)
  const to = filter?.to == null ? undefined : readDay('filter.to', filter.to)
  if (from !== undefined && to !== undefined) checkPeriod('filter.', from, to, limits.periodDays)
  const kind = kinds[filter?.kind ?? '']
  return {
    ...(filter?.network == null ? {} : { network: names.networks.idOf(filter.network) }),
    ...(stream === undefined ? {} : { stream }),
    ...(kind === undefined ? {} : { kind }),
    ...(txId === undefined ? {} : { txId }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }
}

/** Answers `events`. The transaction id of the filter reaches the reader as it was written. */
export async function events(args: EventArguments, services: ApiServices): Promise<Connection<unknown>> {
  const { limits, readers } = services
  const filter = { ...readFilter(args.filter, services), ...asOfOf(args) }
  const first = readFirst(args.first, defaultRows, 'eventRows', limits.eventRows)
  const key = digest(filter)
  const after = args.after == null ? undefined : readEventCursor(key, args.after)
  const rows = await readers.getEvents({
    ...filter,
    first: first + 1,
    ...(after === undefined ? {} : { after }),
  })
  if (rows.length === 0 && filter.stream !== undefined) await checkStream(filter, services)
  return toConnection(
    rows,
    first,
    after !== undefined,
    (row) => toEventNode(row, services),
    (row) => writeEventCursor(key, row),
  )
}

/** A name that no stream has is a mistake of the reader, not an empty list. */
async function checkStream(
  { stream = '', network }: Omit<EventsQuery, 'first'>,
  { readers }: ApiServices,
): Promise<void> {
  const networks = (await readers.getNetworks()).filter((n) => network === undefined || n.id === network)
  const known = networks.flatMap((n) => n.streams.map((s) => s.name))
  if (networks.length > 0 && !known.includes(stream))
    throw userError('filter.stream', notFound('stream', stream, [...new Set(known)]))
}

/** An event as the schema shows it; what its own fields ask for later is kept beside. */
export function toEventNode(row: EventView, { names, readers }: ApiServices) {
  return {
    ...row,
    network: names.networks.nameOf(row.network),
    networkId: row.network,
    kind: enumName(row.kind),
    class: enumName(row.class),
    role: enumName(row.role),
    method: enumName(row.method),
    happenedAt: instant(row.happenedAt),
    transactionUrl: explorerUrl(readers.explorers[row.chain], row),
  }
}
