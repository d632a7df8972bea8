import { spansOf } from '../../pipeline/metrics/calendar.ts'
import { metrics } from '../../pipeline/metrics/index.ts'
import { computeSeries } from '../../pipeline/metrics/series.ts'
import type { Flow, FlowStream, NetworkFlows } from '../../pipeline/model/flow.ts'
import type { Definitions, Granularity, SeriesPoint } from '../../pipeline/model/series.ts'
import { defaultDefinitions } from '../../pipeline/model/series.ts'
import { addDays, day, daysBetween } from '../../pipeline/model/time.ts'

/** A complete day of a stream; without dollars there is no price. */
export const flow = (raw: bigint, usd: bigint | null = raw, more: Partial<Flow> = {}): Flow => ({
  raw,
  usdMicros: usd,
  quality: 'COMPLETE',
  reason: null,
  usdQuality: usd === null ? 'NO_PRICE' : 'COMPLETE',
  usdReason: usd === null ? 'no price' : null,
  version: 1,
  availableAt: 1_700_000_000,
  span: 1,
  warning: null,
  ...more,
})

/** A stream with days by date. */
export const stream = (
  kind: FlowStream['kind'],
  days: Readonly<Record<string, Flow>>,
  more: Partial<FlowStream> = {},
): FlowStream => ({
  id: 0,
  chain: 'testchain',
  epoch: false,
  name: kind,
  kind,
  class: kind === 'fee' ? 'payment' : kind === 'burn' ? 'other' : 'contributor',
  lens: kind === 'fee' ? 'CONSUMPTION' : null,
  role: 'ledger',
  of: [],
  token: 'TST',
  decimals: 6,
  method: 'events',
  accrues: [],
  aliveFrom: null,
  aliveTo: null,
  days: new Map(Object.entries(days).map(([d, f]) => [day(d), f])),
  ...more,
})

/** A network whose chain has reached 2026-01-10. */
export const network = (streams: readonly FlowStream[], more: Partial<NetworkFlows> = {}): NetworkFlows => ({
  network: 'testnet',
  primaryToken: 'TST',
  primaryDecimals: 6,
  simulated: false,
  headDay: day('2026-01-10'),
  absent: { burn: { truly: 'zero', why: 'nothing burns' } },
  streams,
  supplies: new Map(),
  closes: new Map(),
  residuals: new Map(),
  ...more,
})

/** The same flow, or one by index, on each of some days. */
export const daysOf = (from: string, count: number, make: (index: number) => Flow): Record<string, Flow> =>
  Object.fromEntries(daysBetween(day(from), addDays(day(from), count)).map((d, i) => [d, make(i)] as const))

/** The first week of 2026. */
export const week = (make: (index: number) => Flow): Record<string, Flow> => daysOf('2026-01-01', 7, make)

/** Every metric of one period, by id: by default the seven days to 2026-01-07. */
export function points(
  flows: NetworkFlows,
  definitions: Partial<Definitions> = {},
  granularity: Granularity = 'TRAILING_7',
  at = '2026-01-07',
): Readonly<Record<string, SeriesPoint>> {
  const spans = spansOf(day(at), addDays(day(at), 1), granularity).slice(0, 1)
  const series = computeSeries([flows], metrics, spans, granularity, {
    ...defaultDefinitions,
    ...definitions,
  })
  return Object.fromEntries(series.map((p) => [p.metric, p]))
}

/** Value, quality and complete days of every metric. */
export function values(
  ...args: Parameters<typeof points>
): Readonly<Record<string, readonly [string | null, string, number]>> {
  return Object.fromEntries(
    Object.entries(points(...args)).map(([id, p]) => [id, [p.value, p.quality, p.daysComplete]]),
  )
}
