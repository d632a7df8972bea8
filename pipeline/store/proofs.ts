import type { Day, UnixSeconds } from '../model/time.ts'
import type { Database } from './database.ts'

/** The two sides of a proof on one day, over the heights that both paths have read. */
export interface ProofDay {
  readonly day: Day
  readonly expectedRaw: bigint
  readonly observedRaw: bigint
  readonly residualRaw: bigint
}

export interface ProofBounds {
  readonly from?: Day
  readonly to?: Day
}

/**
 * Sums two streams day by day over the heights that both have covered, so that what one of them has not read
 * yet is no difference.
 */
export async function compareStreams(
  db: Database,
  expected: number,
  observed: number,
  bounds: ProofBounds,
): Promise<ProofDay[]> {
  const { rows } = await db.pool.query(
    `with shared as (
       select a.heights * b.heights as heights from coverage a, coverage b where a.stream_id = $1 and b.stream_id = $2)
     select (happened_at at time zone 'UTC')::date as day,
       coalesce(sum(amount_raw) filter (where stream_id = $1), 0)::text as expected,
       coalesce(sum(amount_raw) filter (where stream_id = $2), 0)::text as observed
     from event, shared where stream_id in ($1, $2) and height <@ heights
       and ($3::date is null or happened_at >= $3::date::timestamp at time zone 'UTC')
       and ($4::date is null or happened_at < $4::date::timestamp at time zone 'UTC')
     group by 1 order by 1`,
    [expected, observed, bounds.from ?? null, bounds.to ?? null],
  )
  return rows.map((r) => {
    const [expectedRaw, observedRaw] = [BigInt(r.expected), BigInt(r.observed)]
    return { day: r.day, expectedRaw, observedRaw, residualRaw: expectedRaw - observedRaw }
  })
}

/** How many heights both streams have covered. */
export async function countSharedHeights(db: Database, a: number, b: number): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    `select coalesce(sum(upper(r) - lower(r)), 0)::bigint as n from coverage a, coverage b, unnest(a.heights * b.heights) as r
     where a.stream_id = $1 and b.stream_id = $2`,
    [a, b],
  )
  return rows[0]?.n ?? 0
}

/** Events of a stream that should have none: how many, and the lowest height. */
export async function findUnexpected(
  db: Database,
  streamId: number,
): Promise<{ events: number; firstHeight: number | null }> {
  const { rows } = await db.pool.query<{ events: number; first: number | null }>(
    'select count(*) as events, min(height) as first from event where stream_id = $1',
    [streamId],
  )
  return { events: rows[0]?.events ?? 0, firstHeight: rows[0]?.first ?? null }
}

/** Replaces the stored residuals of a proof for the days given. */
export async function saveProof(
  db: Database,
  proof: { network: string; token: string; name: string },
  days: readonly ProofDay[],
  now: UnixSeconds,
): Promise<void> {
  await db.pool.query(
    `insert into proof_day (network, token, proof, day, expected_raw, observed_raw, residual_raw, computed_at)
     select $1, $2, $3, d, e, o, e - o, to_timestamp($7)
     from unnest($4::date[], $5::numeric[], $6::numeric[]) as t (d, e, o)
     on conflict (network, token, proof, day) do update set expected_raw = excluded.expected_raw,
       observed_raw = excluded.observed_raw, residual_raw = excluded.residual_raw, computed_at = excluded.computed_at`,
    [
      proof.network,
      proof.token,
      proof.name,
      days.map((d) => d.day),
      days.map((d) => d.expectedRaw.toString()),
      days.map((d) => d.observedRaw.toString()),
      now,
    ],
  )
}
