import type { Gap } from '../model/batch.ts'
import type { HeightRange } from '../model/height.ts'
import { countHeights, subtract } from '../model/height.ts'
import type { UnixSeconds } from '../model/time.ts'
import { instant } from '../model/time.ts'
import type { Database } from './database.ts'
import { getDataVersion } from './database.ts'
import { fromMultirange } from './ranges.ts'

/** Heights that could not be read, and why, lowest first. */
export async function getGaps(db: Database): Promise<Gap[]> {
  const { rows } = await db.pool.query<Gap>(
    'select stream_id as "streamId", from_height as from, to_height as to, code, reason from gap order by stream_id, from_height',
  )
  return rows
}

/** What has been read of every active stream, and what has not. */
export async function getCoverageReport(db: Database, network?: string) {
  const { rows } = await db.pool.query<{
    id: number
    network: string
    name: string
    chain: string
    revision: number
    from_height: number | null
    to_height: number | null
    heights: string
    finalized: number | null
  }>(
    `select s.id, s.network, s.name, s.chain, s.revision, s.from_height, s.to_height,
       coalesce(c.heights, '{}')::text as heights, ch.finalized
     from stream s left join coverage c on c.stream_id = s.id left join chain ch on ch.id = s.chain
     where s.active and ($1::text is null or s.network = $1) order by s.network, s.id`,
    [network ?? null],
  )
  const gaps = await getGaps(db)
  return rows.map((r) => {
    const covered: HeightRange[] = fromMultirange(r.heights)
    const end = Math.min(r.finalized ?? Number.POSITIVE_INFINITY, r.to_height ?? Number.POSITIVE_INFINITY)
    const first = covered[0]?.from
    const last = covered.at(-1)?.to
    const span =
      first !== undefined && Number.isFinite(end) && end >= first ? { from: first, to: end } : undefined
    return {
      network: r.network,
      stream: r.name,
      chain: r.chain,
      revision: r.revision,
      covered,
      gaps: gaps
        .filter((g) => g.streamId === r.id)
        .map(({ from, to, code, reason }) => ({ from, to, code, reason })),
      heightsCovered: countHeights(covered),
      heightsMissing: span === undefined ? 0 : countHeights(subtract(span, covered)),
      behindBy: r.finalized === null || last === undefined ? null : Math.max(0, end - last),
    }
  })
}

/** Chains, stale days and proofs, for people on call and for the API. */
export async function getStatus(db: Database, now: UnixSeconds) {
  const [version, stale, chains, proofs] = await Promise.all([
    getDataVersion(db),
    db.pool.query<{ n: number }>('select count(distinct (stream_id, day)) as n from stale'),
    db.pool.query('select * from chain order by id'),
    db.pool.query(
      `select network, token, proof, min(day)::text as from, max(day)::text as to, sum(expected_raw)::text as expected,
         sum(observed_raw)::text as observed, sum(abs(residual_raw))::text as residual, bool_and(abs(residual_raw) <= tolerance_raw) as ok
       from proof_day where superseded_at = 'infinity' group by 1, 2, 3 order by 1, 2, 3`,
    ),
  ])
  const at = (time: number | null): string | null => (time === null ? null : instant(time as UnixSeconds))
  return {
    dataVersion: version,
    now: instant(now),
    staleDays: stale.rows[0]?.n ?? 0,
    chains: chains.rows.map((c) => ({
      chain: c.id as string,
      origin: c.origin as string | null,
      head: c.head as number | null,
      finalized: c.finalized as number | null,
      headTime: at(c.head_time),
      lastSeenAt: at(c.seen_at),
      lastError: c.error as string | null,
    })),
    proofs: proofs.rows.map((p) => ({
      network: p.network as string,
      token: p.token as string,
      proof: p.proof as string,
      from: p.from as string,
      to: p.to as string,
      expectedRaw: p.expected as string,
      observedRaw: p.observed as string,
      residualRaw: p.residual as string,
      ok: p.ok as boolean,
    })),
  }
}
