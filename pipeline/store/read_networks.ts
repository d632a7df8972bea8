import type { Absence, Absentee, Accrual, Kind, Lens, Scale } from '../model/stream.ts'
import type { UnixSeconds } from '../model/time.ts'
import { instant } from '../model/time.ts'
import { declaredAt } from './as_of.ts'
import type { Database } from './database.ts'

/** Every network of the catalogue with its tokens and streams, as readers saw them at an instant. */
export async function getNetworks(db: Database, asOf?: UnixSeconds) {
  const bound = asOf === undefined ? [] : [asOf]
  const { rows: networks } = await db.pool.query<{
    id: string
    name: string
    sector: string
    description: string
    absent: Partial<Record<Absentee, Absence>>
    regimes: { day: string; what: string }[]
    origin: string | null
    primary_token: string
  }>(
    `select n.id, n.name, n.sector, n.description, l.absent, l.regimes, l.primary_token, c.origin
     from network n join network_life l on l.network = n.id and ${declaredAt('l', asOf, 1)}
     join token t on t.symbol = l.primary_token left join chain c on c.id = t.chain order by n.id`,
    bound,
  )
  const { rows: tokens } = await db.pool.query('select * from token order by symbol')
  const { rows: streams } = await db.pool.query(
    `select s.id, s.network, s.name, s.revision, s.chain, l.* from stream_life l join stream s on s.id = l.stream_id
     where ${declaredAt('l', asOf, 1)} order by s.id`,
    bound,
  )
  const { rows: counters } = await db.pool.query('select * from counter where active order by network, name')
  const { rows: imports } = await db.pool.query(
    `select i.*, s.network, array(select name from stream where id = any(i.stream_ids) order by id) as streams
     from import i join stream s on s.id = i.stream_ids[1]
     ${asOf === undefined ? '' : 'where i.imported_at <= to_timestamp($1)'} order by i.id desc limit 1000`,
    bound,
  )
  return networks.map((n) => ({
    id: n.id,
    name: n.name,
    sector: n.sector,
    description: n.description,
    origin: n.origin,
    primaryToken: n.primary_token,
    tokens: tokens
      .filter((t) => t.network === n.id)
      .map((t) => ({
        symbol: t.symbol as string,
        chain: t.chain as string,
        address: t.address as string | null,
        decimals: t.decimals as number,
        marketId: (t.price as { market?: string }).market ?? null,
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
        chain: s.chain as string,
        token: s.token as string,
        method: s.method as string,
        revision: s.revision as number,
        since: s.since as string | null,
        until: s.until as string | null,
        fromHeight: s.from_height as number | null,
        toHeight: s.to_height as number | null,
        epochLagDays: s.epoch_lag as number | null,
        estimated: s.estimated as string | null,
        meaning: s.meaning as string,
        evidence: s.evidence as string[],
        accrues: (s.accrues ?? []) as Accrual[],
        scale: (s.scale ?? []) as Scale[],
      })),
    absences: Object.entries(n.absent).map(([what, a]) => ({ what, truly: a.truly, why: a.why })),
    regimes: n.regimes,
    counters: counters
      .filter((c) => c.network === n.id)
      .map((c) => ({
        name: c.name as string,
        token: c.token as string,
        counter: c.counter as string,
        meaning: c.meaning as string,
        evidence: c.evidence as string[],
      })),
    imports: imports
      .filter((i) => i.network === n.id)
      .map((i) => ({
        streams: i.streams as string[],
        source: i.source as string,
        licence: i.licence as string,
        retrievedOn: i.retrieved_on as string,
        spread: i.spread as string,
        file: i.file as string,
        sha256: i.file_hash as string,
        periods: i.periods as number,
        from: i.first_day as string,
        to: i.last_day as string,
        importedAt: instant(Math.floor(i.imported_at) as UnixSeconds),
      })),
  }))
}
