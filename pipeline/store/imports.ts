import { createHash } from 'node:crypto'
import { IndexerError } from '../model/errors.ts'
import type { Event } from '../model/event.ts'
import { importChain } from '../model/stream.ts'
import type { Day, UnixSeconds } from '../model/time.ts'
import type { Database } from './database.ts'
import { bumpDataVersion, storeError } from './database.ts'
import { removeEvents } from './remove_events.ts'
import { growCoverage, insertEvents } from './save_batches.ts'

/** A published series to be stored: where it came from, and what it gives. */
export interface SeriesImport {
  readonly streams: readonly number[]
  readonly source: string
  readonly licence: string
  readonly retrievedOn: Day
  readonly spread: string
  readonly file: string
  readonly text: string
  readonly periods: number
  readonly events: readonly Event[]
  /** Every day that the series speaks of, with its number (days since 1970), in order. */
  readonly days: readonly { readonly day: Day; readonly number: number }[]
  /** Whether other amounts stored for the same days may be replaced. */
  readonly replace: boolean
}

/**
 * Stores a series in one transaction: events, coverage, provenance and stale marks. The same series again
 * changes nothing.
 * @returns How many events were new.
 * @throws IndexerError `store-conflict` if other amounts are stored for the same days, unless they are to be
 *   replaced; what was published of them stays readable as of its time.
 */
export async function saveImport(db: Database, series: SeriesImport, now: UnixSeconds): Promise<number> {
  const [first, last] = [series.days[0], series.days.at(-1)]
  if (first === undefined || last === undefined) return 0
  const client = await db.pool.connect()
  try {
    await client.query('begin')
    await client.query("select pg_advisory_xact_lock(hashtext('depindex import'))")
    await client.query(
      `insert into chain (id, network, origin, id_encoding, head, finalized, head_time, seen_at)
       values ($1, 'published series', 'live', 'utf8', $2, $2, to_timestamp($3), to_timestamp($4))
       on conflict (id) do update set head = greatest(chain.head, excluded.head), finalized = greatest(chain.finalized, excluded.finalized),
         head_time = greatest(chain.head_time, excluded.head_time), seen_at = excluded.seen_at`,
      [importChain, last.number, (last.number + 1) * 86_400, now],
    )
    const numbers = series.days.map((d) => d.number)
    const stored = await client.query<{ key: string; raw: string; usd: string | null }>(
      `select stream_id || ' ' || encode(tx_id, 'hex') || ' ' || position as key, amount_raw::text as raw, usd_micros::text as usd
       from event where stream_id = any($1) and height = any($2)`,
      [series.streams, numbers],
    )
    const incoming = new Map(
      series.events.map((e) => [
        `${e.streamId} ${Buffer.from(e.txId).toString('hex')} ${e.position}`,
        `${e.amountRaw} ${e.usdMicros ?? null}`,
      ]),
    )
    const differ = stored.rows.filter((r) => incoming.get(r.key) !== `${r.raw} ${r.usd}`)
    if (differ.length > 0 && !series.replace) {
      throw new IndexerError(
        'store-conflict',
        `${series.file}: ${differ.length} amounts differ from those already imported for the same days. Nothing was imported; ` +
          'to replace them (what was published stays readable as of its time) add --replace',
      )
    }
    if (differ.length > 0) {
      await removeEvents(
        client,
        'event.stream_id = any($2) and event.height = any($3)',
        [series.streams, numbers],
        now,
      )
    }
    const batch = {
      range: { from: first.number, to: last.number },
      events: series.events,
      covered: new Map(series.streams.map((id) => [id, numbers.map((n) => ({ from: n, to: n }))] as const)),
      gaps: [],
      edges: [],
      days: series.days.map((d) => ({ day: d.day, first: d.number, last: d.number })),
      touchedDays: series.days.map((d) => d.day),
    }
    const inserted = await insertEvents(client, [batch], 'any', now)
    await growCoverage(client, importChain, [batch], now)
    if (inserted > 0) await noteImport(client, series, first.day, last.day, now)
    await client.query('commit')
    await bumpDataVersion(db)
    return inserted
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw storeError(error, 'importing a series')
  } finally {
    client.release()
  }
}

async function noteImport(
  client: { query(text: string, values: unknown[]): Promise<unknown> },
  series: SeriesImport,
  firstDay: Day,
  lastDay: Day,
  now: UnixSeconds,
): Promise<void> {
  await client.query(
    `insert into import (stream_ids, source, licence, retrieved_on, spread, file, file_hash, periods, first_day, last_day, imported_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, to_timestamp($11))`,
    [
      series.streams,
      series.source,
      series.licence,
      series.retrievedOn,
      series.spread,
      series.file,
      createHash('sha256').update(series.text).digest('hex'),
      series.periods,
      firstDay,
      lastDay,
      now,
    ],
  )
}
