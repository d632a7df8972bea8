import type { HeightRange } from '../model/height.ts'
import { countHeights, subtract } from '../model/height.ts'
import type { Absence, Accrual, Kind, Lens } from '../model/stream.ts'
import type { UnixSeconds } from '../model/time.ts'
import { instant } from '../model/time.ts'
import type { Database } from './database.ts'
import { getDataVersion } from './database.ts'
import { fromMultirange } from './ranges.ts'

/** Every network of the catalogue with its tokens and active streams. */
export async function getNetworks(db: Database) {
  const { rows: networks } = await db.pool.query<{
    id: string
    name: string
    sector: string
    description: string
    absent: Partial<Record<Kind, Absence>>
    origin: string | null
  }>(
    `select n.id, n.name, n.sector, n.description, n.absent, c.origin
     from network n join token t on t.symbol = n.primary_token left join chain c on c.id = t.chain order by n.id`,
  )
  const { rows: tokens } = await db.pool.query('select * from token order by symbol')
  const { rows: streams } = await db.pool.query('select * from stream where active order by id')
  return networks.map((n) => ({
    id: n.id,
    name: n.name,
    sector: n.sector,
    description: n.description,
    origin: n.origin,
    tokens: tokens
      .filter((t) => t.network === n.id)
      .map((t) => ({
        symbol: t.symbol as string,
        chain: t.chain as string,
        address: t.address as string | null,
        decimals: t.decimals as number,
      })),
    streams: streams
      .filter((s) => s.network === n.id)
      .map((s) => ({
        id: s.id as number,
        name: s.name as string,
        kind: s.kind as Kind,
        class: s.class as string,
        lens: s.lens as Lens | null,
        role: s.role as string,
        of: s.of_streams as string[],
        token: s.token as string,
        method: s.method as string,
        revision: s.revision as number,
        meaning: s.meaning as string,
        evidence: s.evidence as string[],
        accrues: (s.accrues ?? []) as Accrual[],
      })),
    absences: Object.entries(n.absent).map(([kind, a]) => ({
      kind: kind as Kind,
      truly: a.truly,
      why: a.why,
    })),
  }))
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
  const { rows: gaps } = await db.pool.query<{
    stream_id: number
    from: number
    to: number
    code: string
    reason: string
  }>(
    'select stream_id, from_height as from, to_height as to, code, reason from gap order by stream_id, from_height',
  )
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
        .filter((g) => g.stream_id === r.id)
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
         sum(observed_raw)::text as observed, sum(abs(residual_raw))::text as residual, bool_and(residual_raw = 0) as ok
       from proof_day group by 1, 2, 3 order by 1, 2, 3`,
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
