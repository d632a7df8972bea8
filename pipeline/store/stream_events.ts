import Cursor from 'pg-cursor'
import type { EventView, StreamedEventsQuery } from '../model/event_view.ts'
import { eventColumns } from './copy.ts'
import type { Database } from './database.ts'
import { storeError } from './database.ts'
import type { EventRow, StreamInfo } from './read_events.ts'
import { eventFields, streamInfos, toEvent } from './read_events.ts'

/** Rows that are fetched at a time: what a reader of any number of events holds in memory. */
const rowsAtOnce = 2_000

/**
 * Every event that is asked for, stream by stream (by network, then number of the stream), oldest first, from one
 * snapshot of the database, as stored at the instant asked for. The connection is given back when the reader ends or leaves.
 */
export async function* streamEvents(
  db: Database,
  query: StreamedEventsQuery,
): AsyncGenerator<readonly EventView[]> {
  const infos = await streamInfos(db, query)
  const known = '(stored_at is null or stored_at <= to_timestamp($4))'
  const stored =
    query.asOf === undefined
      ? 'event'
      : `(select ${eventColumns} from event where ${known}
          union all select ${eventColumns} from event_removed where ${known} and removed_at > to_timestamp($4))`
  const client = await db.pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin isolation level repeatable read read only')
    for (const info of infos.values()) {
      const cursor = client.query(
        new Cursor<EventRow>(
          `select ${eventFields} from ${stored} e where e.stream_id = $1
             and ($2::date is null or e.happened_at >= $2::date::timestamp at time zone 'UTC')
             and ($3::date is null or e.happened_at < $3::date::timestamp at time zone 'UTC')
           order by e.happened_at, e.tx_id, e.position`,
          [info.id, query.from ?? null, query.to ?? null, ...(query.asOf === undefined ? [] : [query.asOf])],
        ),
      )
      try {
        yield* pages(cursor, info)
      } finally {
        await cursor.close()
      }
    }
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error))
    throw storeError(error, 'reading events')
  } finally {
    if (broken === undefined) await client.query('rollback')
    client.release(broken)
  }
}

async function* pages(cursor: Cursor<EventRow>, info: StreamInfo): AsyncGenerator<readonly EventView[]> {
  for (;;) {
    const rows = await cursor.read(rowsAtOnce)
    if (rows.length > 0) yield rows.map((row) => toEvent(row, info))
    if (rows.length < rowsAtOnce) return
  }
}
