import type { PriceBasis, TimeBasis } from '../model/basis.ts'
import type { Flow, FlowStream, NetworkFlows } from '../model/flow.ts'
import type { Quality } from '../model/quality.ts'
import { paperChains } from '../model/stream.ts'
import type { Day, UnixSeconds } from '../model/time.ts'
import { addDays, dayOf } from '../model/time.ts'
import { declaredAt, knownAt } from './as_of.ts'
import type { Database } from './database.ts'
import { getMarketFacts } from './read_market.ts'

export interface FlowsQuery {
  readonly networks: readonly string[]
  /** Both days included. */
  readonly first: Day
  readonly last: Day
  readonly priceBasis: PriceBasis
  readonly by: TimeBasis
  /** Whether supplies, prices and proofs are wanted too. */
  readonly market: boolean
  /** Only streams of these chains; absent: all. */
  readonly chains?: readonly string[]
  /** As known then; absent: now. */
  readonly asOf?: UnixSeconds
}

/** What most days have nothing to say of: quality, reason, those of the dollars, version, span, warning, fixed price. */
type FlowRest = [Quality, string | null, Quality, string | null, number, number, string | null, boolean]

/** Stream, day, amount, dollars, when it became known, and the rest as JSON; null: complete, first of its day, nothing to say. */
type FlowTuple = [number, Day, string | null, string | null, number, string | null]

const plainRest: FlowRest = ['COMPLETE', null, 'COMPLETE', null, 1, 1, null, false]

interface StreamTuple extends FlowStream {
  readonly network: string
}

/** Columns of the dollars, their quality and its reason. */
const usdColumns: Readonly<Record<PriceBasis, readonly [string, string, string]>> = {
  DAY_CLOSE: ['f.usd_close', 'f.usd_quality', 'f.usd_reason'],
  DAY_AVG: ['f.usd_avg', 'f.usd_avg_quality', 'f.usd_avg_reason'],
  EVENT: ['f.usd_event', 'f.usd_event_quality', 'f.usd_event_reason'],
  PEG: ['f.usd_close', 'f.usd_quality', 'f.usd_reason'],
}

/** Most rows are plain: what they have in common is not sent, because reading cells costs more than everything else. */
function flowColumns(basis: PriceBasis): string {
  const [usd, quality, reason] = usdColumns[basis]
  const warning = basis === 'DAY_CLOSE' ? 'f.warning' : 'null::text'
  const pegged = basis === 'PEG' ? "f.price_source is not distinct from 'peg'" : 'false'
  return `f.stream_id, f.day, f.raw::text, ${usd}::text, extract(epoch from f.available_at)::bigint,
    case when f.quality <> 'COMPLETE' or ${quality} <> 'COMPLETE' or f.version <> 1 or f.span <> 1 or ${warning} is not null or ${pegged}
        or f.reason is not null or ${reason} is not null
      then json_build_array(f.quality, f.reason, ${quality}, ${reason}, f.version, f.span, ${warning}, ${pegged})::text end`
}

/** The flows of networks over some days, as they were published at one instant. */
export async function getNetworkFlows(db: Database, query: FlowsQuery): Promise<NetworkFlows[]> {
  const { asOf } = query
  const bound = asOf === undefined ? [] : [asOf]
  const networks = db.pool.query(
    `select n.id, l.primary_token, t.decimals, l.absent, coalesce(c.origin, 'live') as origin,
       (select max(day) from head_day h where h.chain = t.chain ${asOf === undefined ? '' : 'and h.seen_at <= to_timestamp($2)'}) as head_day
     from network n join network_life l on l.network = n.id and ${declaredAt('l', asOf, 2)}
     join token t on t.symbol = l.primary_token left join chain c on c.id = t.chain
     where n.id = any($1)`,
    [query.networks, ...bound],
  )
  const { rows: streams } = await db.pool.query<StreamTuple>(
    `select s.id, s.network, s.name, l.kind, l.class, l.lens, l.role, l.of_streams as of, l.token, t.decimals,
       case when s.chain in (${paperChains.map((c) => `'${c}'`).join(', ')}) then t.chain else s.chain end as chain, l.method,
       coalesce(l.accrues, '[]') as accrues, l.epoch_lag is not null as epoch,
       greatest(l.since, sp.alive_from) as "aliveFrom", least(l.until - 1, sp.alive_to) as "aliveTo"
     from stream_life l join stream s on s.id = l.stream_id join token t on t.symbol = l.token
       left join stream_span sp on sp.stream_id = s.id and ${knownAt('sp', asOf, 2)}
     where ${declaredAt('l', asOf, 2)} and l.role in ('ledger', 'standIn', 'part') and s.network = any($1) order by s.id`,
    [query.networks, ...bound],
  )
  const byEpoch = streams.filter((s) => query.by === 'EPOCH' && s.epoch).map((s) => s.id)
  const [{ rows: found }, flows, market] = await Promise.all([
    networks,
    db.pool.query<FlowTuple>({
      rowMode: 'array',
      text: `select ${flowColumns(query.priceBasis)}
        from flow_day f
        where f.stream_id = any($1) and f.by = case when f.stream_id = any($4) then 'epoch' else 'time' end
          and f.day between $2 and $3 and ${knownAt('f', asOf, 5)}`,
      values: [streams.map((s) => s.id), query.first, query.last, byEpoch, ...bound],
    }),
    query.market ? getMarketFacts(db, query) : undefined,
  ])
  const days = daysOf(flows.rows, new Map(streams.map((s) => [s.id, s])), query.priceBasis)
  const byId = new Map<string, NetworkFlows>(
    found.map((n) => [
      n.id,
      {
        network: n.id,
        primaryToken: n.primary_token,
        primaryDecimals: n.decimals,
        simulated: n.origin === 'simulated',
        headDay: earlier(n.head_day, asOf),
        absent: n.absent,
        streams: streams
          .filter((s) => s.network === n.id && (query.chains === undefined || query.chains.includes(s.chain)))
          .map((s) => ({ ...s, days: days.get(s.id) ?? new Map() })),
        supplies: market?.supplies.get(n.primary_token) ?? new Map(),
        closes: market?.closes.get(n.primary_token) ?? new Map(),
        residuals: market?.residuals.get(n.primary_token) ?? new Map(),
      },
    ]),
  )
  return query.networks.flatMap((id) => byId.get(id) ?? [])
}

function daysOf(
  rows: readonly FlowTuple[],
  streams: ReadonlyMap<number, StreamTuple>,
  basis: PriceBasis,
): ReadonlyMap<number, ReadonlyMap<Day, Flow>> {
  const days = new Map<number, Map<Day, Flow>>()
  for (const [id, day, raw, usd, availableAt, rest] of rows) {
    const [quality, reason, usdQuality, usdReason, version, span, warning, pegged] =
      rest === null ? plainRest : (JSON.parse(rest) as FlowRest)
    const known = days.get(id) ?? new Map<Day, Flow>()
    if (known.size === 0) days.set(id, known)
    const unpegged = basis === 'PEG' && !pegged && raw !== null && raw !== '0'
    known.set(day, {
      raw: raw === null ? null : BigInt(raw),
      usdMicros: usd === null || unpegged ? null : BigInt(usd),
      quality,
      reason,
      usdQuality: unpegged ? 'NO_PRICE' : usdQuality,
      usdReason: unpegged ? `${streams.get(id)?.token} has no fixed price` : usdReason,
      version,
      availableAt,
      span,
      warning,
    })
  }
  return days
}

/** The first day that anything is published of some networks; null: nothing is. */
export async function findFirstDay(db: Database, networks: readonly string[]): Promise<Day | null> {
  const { rows } = await db.pool.query<{ day: Day | null }>(
    `select min(f.day)::date as day from stream s cross join lateral (
       select min(day) as day from flow_day where stream_id = s.id) f where s.network = any($1)`,
    [networks],
  )
  return rows[0]?.day ?? null
}

/** The newest day that has ended on the chains of all of some networks, as known at an instant; null: none is read. */
export async function findLastDay(
  db: Database,
  networks: readonly string[],
  asOf?: UnixSeconds,
): Promise<Day | null> {
  const { rows } = await db.pool.query<{ day: Day | null }>(
    `select min(h.day - 1)::date as day from network n join token t on t.symbol = n.primary_token
     cross join lateral (select max(day) as day from head_day where chain = t.chain ${asOf === undefined ? '' : 'and seen_at <= to_timestamp($2)'}) h
     where n.id = any($1)`,
    [networks, ...(asOf === undefined ? [] : [asOf])],
  )
  const day = rows[0]?.day ?? null
  if (day === null || asOf === undefined) return day
  const then = addDays(dayOf(asOf), -1)
  return then < day ? then : day
}

/** The newest day as far as it was known at `asOf`. */
function earlier(headDay: Day | null, asOf: UnixSeconds | undefined): Day | null {
  if (headDay === null || asOf === undefined) return headDay
  const then = dayOf(asOf)
  return then < headDay ? then : headDay
}
