import { formatScaled, formatUsd } from '../model/amount.ts'
import { decodeId, encodeId } from '../model/encoding.ts'
import type { IdEncoding } from '../model/event.ts'
import type { EventsQuery, EventView } from '../model/event_view.ts'
import type { Kind, Lens } from '../model/stream.ts'
import type { UnixSeconds } from '../model/time.ts'
import { declaredAt } from './as_of.ts'
import { eventColumns } from './copy.ts'
import type { Database } from './database.ts'

/** What every event of a stream has in common. */
export interface StreamInfo {
  readonly id: number
  readonly network: string
  readonly name: string
  readonly kind: Kind
  readonly class: string
  readonly lens: Lens | null
  readonly role: string
  readonly method: string
  readonly chain: string
  readonly token: string
  readonly decimals: number
  readonly id_encoding: IdEncoding
  readonly origin: string
}

/** A stored event as {@link eventFields} selects it. */
export interface EventRow {
  readonly stream_id: number
  readonly tx: string
  readonly position: number
  readonly raw: string
  readonly height: number
  readonly from_height: number | null
  readonly happened_at: UnixSeconds
  readonly act: string | null
  readonly sender: string | null
  readonly recipient: string | null
  readonly detail: string | null
  readonly accrued_from: string | null
  readonly accrued_to: string | null
  readonly usd: string | null
}

/** The columns of an event `e` that {@link toEvent} reads. */
export const eventFields = `e.stream_id, encode(e.tx_id, 'hex') as tx, e.position, e.amount_raw::text as raw, e.height, e.from_height,
  e.happened_at, e.act, e.sender, e.recipient, e.detail::text as detail, e.accrued_from, e.accrued_to, e.usd_micros::text as usd`

/** Which streams: those that readers see of some networks, names or kinds, ledger streams unless named; or those of some ids. */
export interface StreamsQuery {
  readonly networks?: readonly string[]
  readonly stream?: string
  readonly kind?: Kind
  readonly ids?: readonly number[]
  /** As declared at this instant; absent: now. */
  readonly asOf?: UnixSeconds
}

/** The streams that are asked for, by id. */
export async function streamInfos(db: Database, query: StreamsQuery): Promise<Map<number, StreamInfo>> {
  const { rows } = await db.pool.query<StreamInfo>(
    `select s.id, s.network, s.name, coalesce(l.kind, s.kind) as kind, coalesce(l.class, s.class) as class, coalesce(l.lens, s.lens) as lens,
       coalesce(l.role, s.role) as role, coalesce(l.method, s.method) as method, s.chain, s.token, t.decimals,
       coalesce(c.id_encoding, 'hex') as id_encoding, coalesce(c.origin, 'live') as origin
     from stream s left join stream_life l on l.stream_id = s.id and ${declaredAt('l', query.asOf, 5)}
     join token t on t.symbol = s.token left join chain c on c.id = s.chain
     where s.id = any($4) or ($4::int[] is null and l.stream_id is not null and ($1::text[] is null or s.network = any($1))
       and (s.name = $2 or ($2::text is null and l.role = 'ledger')) and ($3::text is null or l.kind = $3))
     order by s.network, s.id`,
    [
      query.networks ?? null,
      query.stream ?? null,
      query.kind ?? null,
      query.ids ?? null,
      ...(query.asOf === undefined ? [] : [query.asOf]),
    ],
  )
  return new Map(rows.map((s) => [s.id, s]))
}

/**
 * A page of events of ledger streams, or of the one stream named, newest first by (time, stream, transaction, position),
 * as they were stored at an instant. Each stream's own index gives its newest rows, and the page is the newest of those.
 * Of a stream that is being read anew those of the revision that its values are made of.
 */
export async function getEvents(db: Database, query: EventsQuery): Promise<EventView[]> {
  const { asOf } = query
  const infos = await streamInfos(db, {
    ...(query.network === undefined ? {} : { networks: [query.network] }),
    ...(query.stream === undefined ? {} : { stream: query.stream }),
    ...(query.kind === undefined ? {} : { kind: query.kind }),
    ...(asOf === undefined ? {} : { asOf }),
  })
  const values: unknown[] = [[...infos.keys()], query.first]
  const where: string[] = []
  const bind = (value: unknown): string => `$${values.push(value)}`
  if (query.from) where.push(`happened_at >= ${bind(query.from)}::date::timestamp at time zone 'UTC'`)
  if (query.to) where.push(`happened_at < ${bind(query.to)}::date::timestamp at time zone 'UTC'`)
  if (query.txId !== undefined) {
    const ids = new Set(
      [...infos.values()]
        .flatMap((s) => decodeId(query.txId ?? '', s.id_encoding))
        .map((b) => b && Buffer.from(b).toString('hex')),
    )
    where.push(
      `tx_id = any(${bind([...ids].filter(Boolean).map((h) => Buffer.from(h ?? '', 'hex')))}::bytea[])`,
    )
  }
  if (query.after) {
    const { happenedAt, streamId, txId, position } = query.after
    const time = `to_timestamp(${bind(happenedAt)})`
    where.push(`happened_at <= ${time} and (happened_at, stream_id, tx_id, position) <
      (${time}, ${bind(streamId)}::int, ${bind(Buffer.from(txId, 'hex'))}::bytea, ${bind(position)}::int)`)
  }
  const known = asOf === undefined ? undefined : bind(asOf)
  const stored = known === undefined ? '' : `and (stored_at is null or stored_at <= to_timestamp(${known}))`
  const order = 'order by happened_at desc, tx_id desc, position desc limit $2'
  const of = (table: string, more: string): string =>
    `(select ${eventColumns} from ${table} where stream_id = s.id ${where.map((w) => `and ${w}`).join(' ')} ${stored} ${more} ${order})`
  // What was taken away since is seen as of the time before.
  const removed =
    known === undefined ? '' : `union all ${of('event_removed', `and removed_at > to_timestamp(${known})`)}`
  const { rows } = await db.pool.query<EventRow>(
    `select ${eventFields}
     from unnest($1::int[]) as s (id) cross join lateral (${of('event', '')} ${removed}) e
     order by e.happened_at desc, e.stream_id desc, e.tx_id desc, e.position desc limit $2`,
    values,
  )
  return rows.flatMap((r) => {
    const info = infos.get(r.stream_id)
    return info === undefined ? [] : [toEvent(r, info)]
  })
}

/** A stored event as readers see it. */
export function toEvent(row: EventRow, info: StreamInfo): EventView {
  return {
    streamId: row.stream_id,
    txId: row.tx,
    position: row.position,
    happenedAt: row.happened_at,
    network: info.network,
    stream: info.name,
    kind: info.kind,
    class: info.class,
    lens: info.lens,
    role: info.role,
    method: info.method,
    chain: info.chain,
    token: info.token,
    txHash: encodeId(Buffer.from(row.tx, 'hex'), info.id_encoding),
    amountRaw: row.raw,
    amount: formatScaled(BigInt(row.raw), info.decimals),
    height: row.height,
    fromHeight: row.from_height,
    act: row.act,
    sender: row.sender,
    recipient: row.recipient,
    detail: row.detail,
    accruedFrom: row.accrued_from,
    accruedTo: row.accrued_to,
    usd: row.usd === null ? null : formatUsd(BigInt(row.usd)),
    simulated: info.origin === 'simulated',
  }
}
