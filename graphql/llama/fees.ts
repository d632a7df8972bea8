import type { LosslessNumber } from 'lossless-json'
import type { Day } from '../../pipeline/model/time.ts'
import { dayStart, instant } from '../../pipeline/model/time.ts'
import type { ApiServices } from '../context.ts'
import type { DayValues } from './numbers.ts'
import { addTotals, missingOf, totalFields, totalsOf, usd } from './numbers.ts'
import type { Instant, Protocol } from './protocols.ts'
import { getDayValues, lastDayOf, slugOf } from './protocols.ts'

/** `[unix seconds, value]`, oldest first. */
export type Chart<Value> = readonly (readonly [number, Value])[]

/** What charts are left out of an answer. */
export interface Excluded {
  readonly chart: boolean
  readonly breakdown: boolean
}

/** Values of each protocol, whole or on one chain. */
export interface ProtocolValues {
  readonly protocol: Protocol
  readonly values: DayValues
}

/** Reads the values of protocols; on one chain only where it is named. */
export async function readValues(
  services: ApiServices,
  protocols: readonly Protocol[],
  metric: string,
  at: Instant,
  chain?: string,
): Promise<ProtocolValues[]> {
  const wanted = chain === undefined ? protocols : protocols.filter((p) => p.chains.has(chain))
  const chains = chain === undefined ? undefined : wanted.flatMap((p) => p.chains.get(chain) ?? [])
  const values = await getDayValues(
    services,
    wanted.map((p) => p.network.id),
    metric,
    at,
    chains,
  )
  return wanted.map((protocol) => ({ protocol, values: values.get(protocol.network.id) ?? new Map() }))
}

/** Sums over protocols by day: of those that have a value. */
export function totalChart(all: readonly ProtocolValues[]): Chart<LosslessNumber | null> {
  const sums = new Map<Day, bigint>()
  for (const { values } of all)
    for (const [day, value] of values) sums.set(day, (sums.get(day) ?? 0n) + value)
  return sorted(sums).map(([time, value]) => [time, usd(value)])
}

/** What each name has by day; a name without a value on a day is not there. */
export function breakdownChart(
  all: readonly { readonly name: string; readonly values: DayValues }[],
): Chart<Record<string, LosslessNumber | null>> {
  const days = new Map<Day, Record<string, LosslessNumber | null>>()
  for (const { name, values } of all) {
    for (const [day, value] of values) {
      const entry = days.get(day) ?? {}
      entry[name] = usd(value)
      days.set(day, entry)
    }
  }
  return sorted(days)
}

function sorted<Value>(days: ReadonlyMap<Day, Value>): [number, Value][] {
  return [...days].map(([day, value]): [number, Value] => [dayStart(day), value]).sort(([a], [b]) => a - b)
}

/** What ours adds to an answer of theirs: only under new names. */
function extras(at: Instant, missing: Record<string, readonly string[]>, all: readonly Protocol[]) {
  return {
    asOf: instant(at.asOf ?? at.now),
    quality: Object.values(missing).every((m) => m.length === 0) ? 'COMPLETE' : 'PARTIAL',
    missing,
    simulated: all.some((p) => p.network.origin === 'simulated'),
  }
}

const methodologyUrl = (id: string): string => `/network/${id}`

function protocolFields({ network, chains }: Protocol) {
  return {
    defillamaId: network.id,
    name: network.name,
    displayName: network.name,
    module: network.id,
    category: network.sector,
    chains: [...chains.keys()],
    protocolType: 'protocol',
    methodologyURL: methodologyUrl(network.id),
    methodology: methodologyOf({ network }),
    slug: slugOf(network.name),
    breakdownMethodology: {},
    hasLabelBreakdown: false,
    id: network.id,
  }
}

/** What counts as fees, in the words of the streams. */
function methodologyOf({ network }: Pick<Protocol, 'network'>): Record<string, string> {
  const fees = network.streams.filter(
    (s) => s.kind === 'fee' && s.lens === 'CONSUMPTION' && s.role === 'ledger',
  )
  const incentives = network.streams.filter((s) => s.kind === 'emission' && s.role === 'ledger')
  const words = (streams: typeof fees): string => streams.map((s) => s.meaning).join(' ')
  return {
    ...(fees.length === 0 ? {} : { Fees: words(fees) }),
    ...(incentives.length === 0 ? {} : { Incentives: words(incentives) }),
  }
}

/** The answer of `/overview/fees`. */
export function overview(
  all: readonly ProtocolValues[],
  everything: readonly Protocol[],
  chain: string | undefined,
  excluded: Excluded,
  at: Instant,
): Record<string, unknown> {
  const shown = all.filter(({ values }) => values.size > 0)
  const totals = shown.map(({ values }) => totalsOf(values, lastDayOf(values, at)))
  const missing: Record<string, readonly string[]> = {}
  shown.forEach(({ protocol }, i) => {
    const own = totals[i]
    if (own !== undefined) missing[protocol.network.id] = missingOf(own)
  })
  for (const { protocol, values } of all) if (values.size === 0) missing[protocol.network.id] = ['everything']
  return {
    totalDataChart: excluded.chart ? [] : totalChart(shown),
    totalDataChartBreakdown: excluded.breakdown
      ? []
      : breakdownChart(shown.map(({ protocol, values }) => ({ name: protocol.network.name, values }))),
    breakdown24h: null,
    breakdown30d: null,
    chain: chain ?? null,
    allChains: [...new Set(everything.flatMap((p) => [...p.chains.keys()]))].sort(),
    ...totalFields(addTotals(totals)),
    protocols: shown.map(({ protocol, values }) => {
      const last = lastDayOf(values, at)
      const { totalAllTime, average1y, monthlyAverage1y, total7DaysAgo, total30DaysAgo, ...rest } =
        totalFields(totalsOf(values, last))
      const { change_1d, change_7d, change_1m, change_7dover7d, change_30dover30d, ...sums } = rest
      return {
        ...sums,
        totalAllTime,
        average1y,
        monthlyAverage1y,
        ...{ change_1d, change_7d, change_1m, change_7dover7d, change_30dover30d },
        breakdown24h: null,
        breakdown30d: null,
        total7DaysAgo,
        total30DaysAgo,
        ...protocolFields(protocol),
        lastDay: last,
      }
    }),
    ...extras(at, missing, everything),
  }
}

/** The answer of `/summary/fees/{protocol}`. */
export function summary(
  { protocol, values }: ProtocolValues,
  byChain: Chart<Record<string, Record<string, LosslessNumber | null>>>,
  excluded: Excluded,
  at: Instant,
): Record<string, unknown> {
  const { network, chains } = protocol
  const totals = totalsOf(values, lastDayOf(values, at))
  const { total24h, total48hto24h, total7d, total30d, totalAllTime, change_1d } = totalFields(totals)
  const primary = network.tokens.find((t) => t.symbol === network.primaryToken)
  const only = (keys: readonly string[]): string[] => missingOf(totals).filter((k) => keys.includes(k))
  return {
    id: network.id,
    name: network.name,
    description: network.description,
    ...(primary?.marketId == null ? {} : { gecko_id: primary.marketId }),
    chains: [...chains.keys()],
    symbol: network.primaryToken,
    ...(primary?.address == null ? {} : { address: primary.address }),
    category: network.sector,
    methodology: methodologyOf(protocol),
    methodologyURL: methodologyUrl(network.id),
    slug: slugOf(network.name),
    protocolType: 'protocol',
    ...{ total24h, total48hto24h, total7d, total30d, totalAllTime },
    totalDataChart: excluded.chart ? [] : totalChart([{ protocol, values }]),
    totalDataChartBreakdown: excluded.breakdown ? [] : byChain,
    hasLabelBreakdown: false,
    change_1d,
    lastDay: lastDayOf(values, at),
    ...extras(
      at,
      { [network.id]: only(['total24h', 'total48hto24h', 'total7d', 'total30d', 'totalAllTime']) },
      [protocol],
    ),
  }
}

/** What a protocol has on each of its chains, by day: `{ Solana: { Helium: 12.5 } }`. */
export async function chainBreakdown(
  services: ApiServices,
  whole: ProtocolValues,
  metric: string,
  at: Instant,
): Promise<{ readonly name: string; readonly values: DayValues }[]> {
  const { protocol, values } = whole
  const chains = [...protocol.chains.keys()]
  const [only] = chains
  if (chains.length === 1 && only !== undefined) return [{ name: only, values }]
  return Promise.all(
    chains.map(async (name) => {
      const [own] = await readValues(services, [protocol], metric, at, name)
      return { name, values: own?.values ?? new Map() }
    }),
  )
}

/** That breakdown as charts of a summary hold it. */
export function nestedBreakdown(
  parts: readonly { readonly name: string; readonly values: DayValues }[],
  protocolName: string,
): Chart<Record<string, Record<string, LosslessNumber | null>>> {
  return breakdownChart(parts).map(([time, entry]) => [
    time,
    Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, { [protocolName]: value }])),
  ])
}
