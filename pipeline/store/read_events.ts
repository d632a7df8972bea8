import { formatScaled } from '../model/amount.ts'
import { decodeId, encodeId } from '../model/encoding.ts'
import type { IdEncoding } from '../model/event.ts'
import type { EventsQuery, EventView } from '../model/event_view.ts'
import type { Kind } from '../model/stream.ts'
import type { UnixSeconds } from '../model/time.ts'
import type { Database } from './database.ts'

interface StreamInfo {
  id: number
  network: string
  name: string
  kind: Kind
  token: string
  decimals: number
  id_encoding: IdEncoding
  origin: string
}

/**
 * A page of events of ledger streams, or of the one stream named, newest first by (time, stream, transaction, position). Each stream's own index gives its
 * newest rows, and the page is the newest of those.
 */
export async function getEvents(db: Database, query: EventsQuery): Promise<EventView[]> {
  const { rows: streams } = await db.pool.query<StreamInfo>(
    `select s.id, s.network, s.name, s.kind, s.token, t.decimals, coalesce(c.id_encoding, 'hex') as id_encoding,
       coalesce(c.origin, 'live') as origin
     from stream s join token t on t.symbol = s.token left join chain c on c.id = s.chain
     where s.active and ($1::text is null or s.network = $1) and (s.name = $2 or ($2::text is null and s.role = 'ledger'))
       and ($3::text is null or s.kind = $3)`,
    [query.network ?? null, query.stream ?? null, query.kind ?? null],
  )
  const infos = new Map(streams.map((s) => [s.id, s]))
  const values: unknown[] = [[...infos.keys()], query.first]
  const where: string[] = []
  const bind = (value: unknown): string => `$${values.push(value)}`
  if (query.from) where.push(`happened_at >= ${bind(query.from)}::date::timestamp at time zone 'UTC'`)
  if (query.to) where.push(`happened_at < ${bind(query.to)}::date::timestamp at time zone 'UTC'`)
  if (query.txId !== undefined) {
    const ids = new Set(
      streams
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
  const { rows } = await db.pool.query(
    `select e.stream_id, encode(e.tx_id, 'hex') as tx, e.position, e.amount_raw::text as raw, e.height, e.from_height,
       e.happened_at, e.act, e.sender, e.recipient, e.detail::text as detail
     from unnest($1::int[]) as s (id) cross join lateral (
       select * from event where stream_id = s.id ${where.map((w) => `and ${w}`).join(' ')}
       order by happened_at desc, tx_id desc, position desc limit $2) e
     order by e.happened_at desc, e.stream_id desc, e.tx_id desc, e.position desc limit $2`,
    values,
  )
  return rows.flatMap((r) => {
    const info = infos.get(r.stream_id)
    return info === undefined ? [] : [toEvent(r, info)]
  })
}

function toEvent(r: Record<string, never>, info: StreamInfo): EventView {
  const row = r as unknown as {
    stream_id: number
    tx: string
    position: number
    raw: string
    height: number
    from_height: number | null
    happened_at: UnixSeconds
    act: string | null
    sender: string | null
    recipient: string | null
    detail: string | null
  }
  return {
    streamId: row.stream_id,
    txId: row.tx,
    position: row.position,
    happenedAt: row.happened_at,
    network: info.network,
    stream: info.name,
    kind: info.kind,
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
    simulated: info.origin === 'simulated',
  }
}
