import type { Day, UnixSeconds } from '../model/time.ts'
import { knownAt } from './as_of.ts'
import type { Database } from './database.ts'

/** What is published of a stream's day beside its amounts. */
export interface FlowFacts {
  readonly events: number
  readonly price: string | null
  readonly priceSource: string | null
  readonly priceObservedAt: number | null
}

/** A day of a stream, by event time or by epoch. */
export interface FlowKey {
  readonly streamId: number
  readonly day: Day
  readonly by: 'time' | 'epoch'
}

/** One text for a {@link FlowKey}. */
export const flowKey = ({ streamId, day, by }: FlowKey): string => `${streamId} ${day} ${by}`

/** Event counts and closes of days of streams, as known at an instant, by {@link flowKey}. */
export async function getFlowFacts(
  db: Database,
  keys: readonly FlowKey[],
  asOf?: UnixSeconds,
): Promise<Map<string, FlowFacts>> {
  const { rows } = await db.pool.query(
    `select f.stream_id as "streamId", f.day, f.by, f.events, f.price::text, f.price_source as "priceSource",
       extract(epoch from f.price_observed_at)::bigint as "priceObservedAt"
     from unnest($1::int[], $2::date[], $3::text[]) as w (stream_id, day, by)
     cross join lateral (
       select * from flow_day f where f.stream_id = w.stream_id and f.day = w.day and f.by = w.by and ${knownAt('f', asOf, 4)} offset 0) f`,
    [
      keys.map((k) => k.streamId),
      keys.map((k) => k.day),
      keys.map((k) => k.by),
      ...(asOf === undefined ? [] : [asOf]),
    ],
  )
  return new Map(rows.map((r) => [flowKey(r), r]))
}
