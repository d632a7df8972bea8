import type { EventView } from '../model/event_view.ts'
import type { DayEventsQuery } from '../model/flow_view.ts'
import type { UnixSeconds } from '../model/time.ts'
import { eventColumns } from './copy.ts'
import type { Database } from './database.ts'
import type { EventRow, StreamInfo } from './read_events.ts'
import { eventFields, streamInfos, toEvent } from './read_events.ts'

const ofDay = `w.by = 'time' and x.stream_id = w.stream_id
           and x.happened_at >= w.day::timestamp at time zone 'UTC' and x.happened_at < (w.day + 1)::timestamp at time zone 'UTC'`
const storedBy = '(x.stored_at is null or x.stored_at <= to_timestamp(w.as_of))'

/** Longest epoch that an event can be for, in days. */
const longestEpochDays = 400
const ofEpoch = `w.by = 'epoch' and x.stream_id = w.stream_id
           and x.accrued_from between w.day - ${longestEpochDays} and w.day and x.accrued_to >= w.day`

/**
 * Events of many days of streams with one query, newest first, each list at most as long as asked. A day by epoch
 * lists the events that are for it, whole, whenever they happened. As of an instant: those that were stored then.
 */
export async function getDayEvents(
  db: Database,
  wanted: readonly DayEventsQuery[],
): Promise<readonly (readonly EventView[])[]> {
  const ids = [...new Set(wanted.map((w) => w.streamId))]
  const infos = new Map<UnixSeconds | undefined, ReadonlyMap<number, StreamInfo>>()
  for (const asOf of new Set(wanted.map((w) => w.asOf)))
    infos.set(asOf, await streamInfos(db, { ids, ...(asOf === undefined ? {} : { asOf }) }))
  const { rows } = await db.pool.query<EventRow & { n: number }>(
    `select w.n::int, ${eventFields}
     from unnest($1::int[], $2::date[], $3::text[], $4::int[], $5::bigint[], $6::text[], $7::int[],
       $8::bigint[]) with ordinality as w (stream_id, day, by, first, after_time, after_tx, after_position, as_of, n)
     cross join lateral (
       select * from (
         select ${eventColumns} from event x where ${ofDay} and (w.as_of is null or ${storedBy})
         union all
         select ${eventColumns} from event x where ${ofEpoch} and (w.as_of is null or ${storedBy})
         union all
         select ${eventColumns} from event_removed x
         where (${ofDay} or ${ofEpoch}) and x.removed_at > to_timestamp(w.as_of) and ${storedBy}) day_events
       where w.after_time is null or (happened_at, tx_id, position)
         < (to_timestamp(w.after_time), decode(w.after_tx, 'hex'), w.after_position)
       order by happened_at desc, tx_id desc, position desc limit w.first) e
     order by w.n, e.happened_at desc, e.tx_id desc, e.position desc`,
    [
      wanted.map((w) => w.streamId),
      wanted.map((w) => w.day),
      wanted.map((w) => w.by),
      wanted.map((w) => w.first),
      wanted.map((w) => w.after?.happenedAt ?? null),
      wanted.map((w) => w.after?.txId ?? null),
      wanted.map((w) => w.after?.position ?? null),
      wanted.map((w) => w.asOf ?? null),
    ],
  )
  const lists = wanted.map((): EventView[] => [])
  for (const row of rows) {
    const info = infos.get(wanted[row.n - 1]?.asOf)?.get(row.stream_id)
    if (info !== undefined) lists[row.n - 1]?.push(toEvent(row, info))
  }
  return lists
}

/** The other events of acts, each list without the stream that asks; acts are looked up by their transaction. */
export async function getLegs(
  db: Database,
  acts: readonly { network: string; txId: string; act: string; streamId: number }[],
): Promise<readonly (readonly EventView[])[]> {
  const { rows } = await db.pool.query<EventRow & { n: number }>(
    `select w.n::int, ${eventFields}
     from unnest($1::text[], $2::text[], $3::text[], $4::int[]) with ordinality as w (network, tx, act, stream_id, n)
     join stream s on s.network = w.network and s.active and s.id <> w.stream_id
     cross join lateral (
       select * from event x where x.stream_id = s.id and x.tx_id = decode(w.tx, 'hex') and x.act = w.act offset 0) e
     order by w.n, e.stream_id, e.position`,
    [
      acts.map((a) => a.network),
      acts.map((a) => a.txId),
      acts.map((a) => a.act),
      acts.map((a) => a.streamId),
    ],
  )
  const infos = await streamInfos(db, { ids: [...new Set(rows.map((r) => r.stream_id))] })
  const lists = acts.map((): EventView[] => [])
  for (const row of rows) {
    const info = infos.get(row.stream_id)
    if (info !== undefined) lists[row.n - 1]?.push(toEvent(row, info))
  }
  return lists
}
