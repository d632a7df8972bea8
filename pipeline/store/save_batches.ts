import type pg from 'pg'
import type { Batch } from '../model/batch.ts'
import { IndexerError } from '../model/errors.ts'
import type { HeightRange } from '../model/height.ts'
import type { Day, UnixSeconds } from '../model/time.ts'
import { dayOf } from '../model/time.ts'
import { copyEvents, EventEncoder, eventColumns } from './copy.ts'
import { insertPrices } from './prices.ts'
import { toMultirange } from './ranges.ts'
import { saveReadings } from './readings.ts'

const stagingTable = `create temp table if not exists event_incoming
  (like event including defaults) on commit delete rows`

/**
 * Rows of heights that no stream has covered are new and go straight into the table; a duplicate among them
 * fails the transaction, which is then done again in the way that takes any rows and leaves out stored ones.
 */
export async function insertEvents(
  client: pg.PoolClient,
  batches: readonly Batch[],
  way: 'fresh' | 'any',
  now: UnixSeconds,
): Promise<number> {
  const count = batches.reduce((sum, b) => sum + b.events.length, 0)
  if (count === 0) return 0
  for (const batch of batches) checkPieces(batch)
  const encoder = new EventEncoder(now)
  for (const batch of batches) for (const event of batch.events) encoder.add(event)
  if (way === 'fresh' && !(await anyCovered(client, batches))) {
    await copyEvents(client, 'event', encoder.take())
    return count
  }
  await client.query(stagingTable)
  await copyEvents(client, 'event_incoming', encoder.take())
  const result = await client.query(
    `insert into event (${eventColumns}) select ${eventColumns} from event_incoming on conflict do nothing`,
  )
  return result.rowCount ?? 0
}

/** An amount that a counter gives for several heights belongs to one day: it must not begin on an earlier one. */
function checkPieces({ events, days }: Batch): void {
  for (const { streamId, height, fromHeight, happenedAt } of events) {
    if (fromHeight === undefined || fromHeight === height) continue
    const day = dayOf(happenedAt)
    const before = days.reduce((last, d) => (d.day < day ? Math.max(last, d.last ?? -1) : last), -1)
    if (fromHeight < height && fromHeight > before) continue
    throw new IndexerError(
      'decode-failed',
      `stream ${streamId}: an amount of the heights ${fromHeight} to ${height} was to be stored on ${day}, ` +
        (fromHeight > height
          ? 'but its heights are turned round'
          : `but height ${before} is of an earlier day: read the counter at every midnight, so that each amount is of one day`),
      { height, fromHeight, before },
    )
  }
}

async function anyCovered(client: pg.PoolClient, batches: readonly Batch[]): Promise<boolean> {
  const reads = batches.flatMap((b) =>
    [...b.covered.keys()].map((id) => ({ id, range: toMultirange([b.range]) })),
  )
  const { rowCount } = await client.query(
    `select 1 from unnest($1::int[], $2::int8multirange[]) as r (id, heights)
     join coverage c on c.stream_id = r.id and c.heights && r.heights limit 1`,
    [reads.map((r) => r.id), reads.map((r) => r.range)],
  )
  return rowCount !== 0
}

/** Everything that several savers may touch at once; kept last so that its locks are short. */
export async function growCoverage(
  client: pg.PoolClient,
  chain: string,
  batches: readonly Batch[],
  now: UnixSeconds,
): Promise<void> {
  const covered = new Map<number, HeightRange[]>()
  const marks = new Map<string, [number, Day]>()
  for (const batch of batches) {
    for (const [streamId, ranges] of batch.covered) {
      covered.set(streamId, [...(covered.get(streamId) ?? []), ...ranges])
    }
    const streams = new Set([...batch.covered.keys(), ...batch.gaps.map((g) => g.streamId)])
    for (const id of streams) for (const day of batch.touchedDays) marks.set(`${id} ${day}`, [id, day])
  }
  const ids = [...covered.keys()].sort((a, b) => a - b)
  const grown = await client.query<{ stream_id: number; fresh: boolean }>(
    `insert into coverage as c (stream_id, heights)
     select * from unnest($1::int[], $2::int8multirange[])
     on conflict (stream_id) do update set heights = c.heights + excluded.heights
     returning stream_id, xmax = 0 as fresh`,
    [ids, ids.map((id) => toMultirange(covered.get(id) ?? []))],
  )
  const fresh = grown.rows.filter((r) => r.fresh).map((r) => r.stream_id)
  await saveBlocks(client, chain, batches)
  await saveDays(client, chain, batches, now)
  // Every day of the chain has a row of every stream that is read: one that just began to be read gets its own.
  if (fresh.length > 0) {
    await client.query(
      `insert into stale (stream_id, day, reason, marked_at)
       select s, d.day, 'the stream is read', to_timestamp($3) from unnest($1::int[]) as s, day_height d where d.chain = $2`,
      [fresh, chain, now],
    )
  }
  await saveGaps(client, batches, now)
  await saveReadings(
    client,
    batches.flatMap((b) => b.readings ?? []),
    now,
  )
  await insertPrices(
    client,
    batches.flatMap((b) => b.prices ?? []),
    now,
  )
  await client.query(
    `insert into stale (stream_id, day, reason, marked_at)
     select s, d, 'events', to_timestamp($3) from unnest($1::int[], $2::date[]) as t (s, d)`,
    [[...marks.values()].map((m) => m[0]), [...marks.values()].map((m) => m[1]), now],
  )
}

async function saveBlocks(client: pg.PoolClient, chain: string, batches: readonly Batch[]): Promise<void> {
  const edges = batches.flatMap((b) => b.edges)
  if (edges.length === 0) return
  await client.query(
    `insert into block (chain, height, hash, parent_hash, time)
     select $1, h, hash, parent, to_timestamp(t)
     from unnest($2::int8[], $3::text[], $4::text[], $5::int8[]) as b (h, hash, parent, t)
     on conflict (chain, height) do nothing`,
    [
      chain,
      edges.map((e) => e.height),
      edges.map((e) => e.hash),
      edges.map((e) => e.parentHash),
      edges.map((e) => e.time),
    ],
  )
  const { rows } = await client.query<{ height: number; stored: string; seen: string }>(
    `with edge as (
       select * from unnest($2::int8[], $3::text[], $4::text[]) as e (height, hash, parent_hash))
     select e.height, b.hash as stored, e.hash as seen from edge e
       join block b on b.chain = $1 and b.height = e.height and b.hash <> e.hash
     union all
     select e.height - 1, b.hash, e.parent_hash from edge e
       join block b on b.chain = $1 and b.height = e.height - 1 and b.hash <> e.parent_hash
     union all
     select e.height, e.hash, b.parent_hash from edge e
       join block b on b.chain = $1 and b.height = e.height + 1 and b.parent_hash <> e.hash
     limit 1`,
    [chain, edges.map((e) => e.height), edges.map((e) => e.hash), edges.map((e) => e.parentHash)],
  )
  const broken = rows[0]
  if (broken === undefined) return
  throw new IndexerError(
    'continuity-broken',
    `${chain} block ${broken.height} is stored as ${broken.stored}, the chain now says ${broken.seen}: it was ` +
      `reorganised below its declared depth. Nothing of this range was saved; to forget what the chain dropped and read it again run: ` +
      `depindex repair ${chain}`,
    { chain, height: broken.height },
  )
}

const noBounds: { readonly first: number | null; readonly last: number | null } = { first: null, last: null }

/** Remembers every day that a height was of, and its bounds as far as they were seen. */
async function saveDays(
  client: pg.PoolClient,
  chain: string,
  batches: readonly Batch[],
  now: UnixSeconds,
): Promise<void> {
  const touched = batches.flatMap((b) => b.touchedDays)
  const days = new Map(touched.map((day) => [day, noBounds]))
  for (const bounds of batches.flatMap((b) => b.days)) {
    const known = days.get(bounds.day)
    days.set(bounds.day, {
      first: least(known?.first, bounds.first),
      last: greatest(known?.last, bounds.last),
    })
  }
  if (days.size === 0) return
  const names = [...days.keys()].sort()
  const { rows } = await client.query<{ day: Day }>(
    `insert into day_height as d (chain, day, first_height, last_height)
     select $1, day, f, l from unnest($2::date[], $3::int8[], $4::int8[]) as t (day, f, l)
     on conflict (chain, day) do update set
       first_height = least(d.first_height, excluded.first_height),
       last_height = greatest(d.last_height, excluded.last_height)
     where (least(d.first_height, excluded.first_height), greatest(d.last_height, excluded.last_height))
       is distinct from (d.first_height, d.last_height)
     returning day`,
    [chain, names, names.map((n) => days.get(n)?.first), names.map((n) => days.get(n)?.last)],
  )
  // A bound that was not known may make a day complete for streams that another batch read, and a new day is theirs too.
  await client.query(
    `insert into stale (stream_id, day, reason, marked_at)
     select c.stream_id, d, 'day bounds', to_timestamp($3)
     from unnest($2::date[]) as d, stream s join coverage c on c.stream_id = s.id where s.chain = $1`,
    [chain, rows.map((r) => r.day), now],
  )
}

async function saveGaps(client: pg.PoolClient, batches: readonly Batch[], now: UnixSeconds): Promise<void> {
  const reads = batches.flatMap((b) =>
    [...new Set([...b.covered.keys(), ...b.gaps.map((g) => g.streamId)])].map((id) => ({ id, ...b.range })),
  )
  await client.query(
    `delete from gap using unnest($1::int[], $2::int8[], $3::int8[]) as r (id, f, t)
     where gap.stream_id = r.id and gap.from_height >= r.f and gap.to_height <= r.t`,
    [reads.map((r) => r.id), reads.map((r) => r.from), reads.map((r) => r.to)],
  )
  const gaps = batches.flatMap((b) => b.gaps)
  if (gaps.length === 0) return
  await client.query(
    `insert into gap as g (stream_id, from_height, to_height, code, reason, seen_at)
     select id, f, t, code, reason, to_timestamp($6)
     from unnest($1::int[], $2::int8[], $3::int8[], $4::text[], $5::text[]) as x (id, f, t, code, reason)
     on conflict (stream_id, from_height) do update set
       to_height = excluded.to_height, code = excluded.code, reason = excluded.reason, seen_at = excluded.seen_at`,
    [
      gaps.map((g) => g.streamId),
      gaps.map((g) => g.from),
      gaps.map((g) => g.to),
      gaps.map((g) => g.code),
      gaps.map((g) => g.reason),
      now,
    ],
  )
}

function least(a: number | null | undefined, b: number | undefined): number | null {
  return a == null ? (b ?? null) : b === undefined ? a : Math.min(a, b)
}

function greatest(a: number | null | undefined, b: number | undefined): number | null {
  return a == null ? (b ?? null) : b === undefined ? a : Math.max(a, b)
}
