import type { Flow, FlowStream, NetworkFlows } from '../model/flow.ts'
import type { Quality } from '../model/quality.ts'
import type { Day, UnixSeconds } from '../model/time.ts'
import { dayOf } from '../model/time.ts'
import type { Database } from './database.ts'

export interface FlowsQuery {
  readonly networks: readonly string[]
  /** Both days included. */
  readonly first: Day
  readonly last: Day
  /** As known then; absent: now. */
  readonly asOf?: UnixSeconds
}

type FlowTuple = [
  number,
  Day,
  string | null,
  string | null,
  Quality,
  string | null,
  Quality,
  string | null,
  number,
  number,
]

/** The ledger flows of networks over some days, as they were published at one instant. */
export async function getNetworkFlows(db: Database, query: FlowsQuery): Promise<NetworkFlows[]> {
  const [networks, streams, flows] = await Promise.all([
    db.pool.query(
      `select n.id, n.primary_token, t.decimals, n.absent, coalesce(c.origin, 'live') as origin,
         (c.head_time at time zone 'UTC')::date as head_day
       from network n join token t on t.symbol = n.primary_token left join chain c on c.id = t.chain
       where n.id = any($1)`,
      [query.networks],
    ),
    db.pool.query(
      `select s.id, s.network, s.kind, s.class, s.lens, s.token, t.decimals, s.method,
         case when s.from_height is not null then coalesce((select min(day) from day_height d
           where d.chain = s.chain and d.last_height >= s.from_height),
           (select max(day) + 1 from day_height d where d.chain = s.chain and coalesce(d.last_height, d.first_height) < s.from_height)) end as alive_from,
         case when s.to_height is not null then (select max(day) from day_height d
           where d.chain = s.chain and d.first_height <= s.to_height) end as alive_to
       from stream s join token t on t.symbol = s.token
       where s.active and s.role = 'ledger' and s.network = any($1) order by s.id`,
      [query.networks],
    ),
    db.pool.query<FlowTuple>({
      rowMode: 'array',
      text: `select f.stream_id, f.day, f.raw::text, f.usd_close::text, f.quality, f.reason, f.usd_quality, f.usd_reason,
          f.revision, extract(epoch from f.available_at)::bigint
        from flow_day f
        where f.stream_id = any(array(select id from stream where active and role = 'ledger' and network = any($1)))
          and f.day between $2 and $3 and ${query.asOf === undefined ? "f.superseded_at = 'infinity'" : 'f.available_at <= to_timestamp($4) and f.superseded_at > to_timestamp($4)'}`,
      values: [query.networks, query.first, query.last, ...(query.asOf === undefined ? [] : [query.asOf])],
    }),
  ])
  const days = new Map<number, Map<Day, Flow>>()
  for (const [
    id,
    day,
    raw,
    usd,
    quality,
    reason,
    usdQuality,
    usdReason,
    revision,
    availableAt,
  ] of flows.rows) {
    const known = days.get(id) ?? new Map<Day, Flow>()
    days.set(id, known)
    known.set(day, {
      raw: raw === null ? null : BigInt(raw),
      usdMicros: usd === null ? null : BigInt(usd),
      quality,
      reason,
      usdQuality,
      usdReason,
      revision,
      availableAt,
    })
  }
  const byId = new Map<string, NetworkFlows>(
    networks.rows.map((n) => [
      n.id,
      {
        network: n.id,
        primaryToken: n.primary_token,
        primaryDecimals: n.decimals,
        simulated: n.origin === 'simulated',
        headDay: earlier(n.head_day, query.asOf),
        absent: n.absent,
        streams: streams.rows
          .filter((s) => s.network === n.id)
          .map(
            (s): FlowStream => ({
              kind: s.kind,
              class: s.class,
              lens: s.lens,
              token: s.token,
              decimals: s.decimals,
              method: s.method,
              aliveFrom: s.alive_from,
              aliveTo: s.alive_to,
              days: days.get(s.id) ?? new Map(),
            }),
          ),
      },
    ]),
  )
  return query.networks.flatMap((id) => byId.get(id) ?? [])
}

/** The newest day as far as it was known at `asOf`. */
function earlier(headDay: Day | null, asOf: UnixSeconds | undefined): Day | null {
  if (headDay === null || asOf === undefined) return headDay
  const then = dayOf(asOf)
  return then < headDay ? then : headDay
}
