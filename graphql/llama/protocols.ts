import { parseScaled } from '../../pipeline/model/amount.ts'
import { IndexerError } from '../../pipeline/model/errors.ts'
import type { SeriesPoint } from '../../pipeline/model/series.ts'
import { defaultDefinitions } from '../../pipeline/model/series.ts'
import { paperChains } from '../../pipeline/model/stream.ts'
import type { Day, UnixSeconds } from '../../pipeline/model/time.ts'
import { addDays, dayOf, unixSeconds } from '../../pipeline/model/time.ts'
import type { ApiServices } from '../context.ts'
import type { NetworkView } from '../ports.ts'
import type { DayValues } from './numbers.ts'

/** What `dataType` may be, and the metric that it is. The first is the default. */
const dataTypes: Readonly<Record<string, string>> = {
  dailyFees: 'fees_usd',
  dailyRevenue: 'revenue_usd',
  dailyHoldersRevenue: 'holders_revenue_usd',
  dailySupplySideRevenue: 'supply_side_usd',
  dailyProtocolRevenue: 'protocol_revenue_usd',
}

/** A network as clients of DefiLlama know protocols. */
export interface Protocol {
  readonly network: NetworkView
  /** Display names of the chains that its fees are paid on, with our names of each. */
  readonly chains: ReadonlyMap<string, readonly string[]>
}

/** The present, and the instant as of which values are asked for; absent: now. */
export interface Instant {
  readonly now: UnixSeconds
  readonly asOf?: UnixSeconds
}

const shownNames: Readonly<Record<string, string>> = { 'filecoin-evm': 'Filecoin', ao: 'AO' }

/** A chain as clients know it. @example chainName('solana') // 'Solana' */
export function chainName(chain: string): string {
  return (
    shownNames[chain] ??
    chain
      .split('-')
      .map((w) => `${w.charAt(0).toUpperCase()}${w.slice(1)}`)
      .join(' ')
  )
}

/** Lower case, spaces as hyphens: how names are written in addresses. */
export const slugOf = (text: string): string => text.toLowerCase().trim().replaceAll(/\s+/g, '-')

/** All networks that fees are read of. */
export async function getProtocols({ readers, names }: ApiServices): Promise<Protocol[]> {
  const networks = await readers.getNetworks()
  return names.networks.ids.flatMap((id) => {
    const network = networks.find((n) => n.id === id)
    if (network === undefined) return []
    const chains = new Map<string, string[]>()
    for (const stream of network.streams) {
      if (stream.kind !== 'fee' || !['ledger', 'standIn'].includes(stream.role)) continue
      const chain = chainOf(stream.chain, stream.token, network)
      const known = chains.get(chainName(chain)) ?? []
      if (!known.includes(chain)) chains.set(chainName(chain), [...known, chain])
    }
    return [{ network, chains }]
  })
}

/** Published series and plans happen on the chain of their token. */
function chainOf(chain: string, token: string, network: NetworkView): string {
  return paperChains.includes(chain)
    ? (network.tokens.find((t) => t.symbol === token)?.chain ?? chain)
    : chain
}

/** The network of a name or slug; undefined: there is none. */
export function findProtocol(protocols: readonly Protocol[], name: string): Protocol | undefined {
  const slug = slugOf(decodeURIComponent(name))
  return protocols.find((p) => slugOf(p.network.name) === slug || p.network.id === slug)
}

/** When a list of values begins that has every day there is. */
const earliest = '2015-01-01' as Day
/** Days that the newest value may be old before the last day is the last one that ended. */
const patienceDays = 3

/** Values of one metric by day, of networks or of what happened of them on some chains. */
export async function getDayValues(
  services: ApiServices,
  networks: readonly string[],
  metric: string,
  { now, asOf }: Instant,
  chains?: readonly string[],
): Promise<Map<string, DayValues>> {
  const first = (await services.readers.findFirstDay(networks)) ?? earliest
  const to = dayOf(asOf ?? now)
  const points: readonly SeriesPoint[] =
    first >= to
      ? []
      : await services.readers.getMetricSeries({
          ...defaultDefinitions,
          networks,
          metrics: [metric],
          from: first,
          to,
          granularity: 'DAY',
          ...(asOf === undefined ? {} : { asOf }),
          ...(chains === undefined ? {} : { chains }),
        })
  const values = new Map<string, Map<Day, bigint>>(networks.map((n) => [n, new Map()]))
  for (const { network, date, value } of points)
    if (value !== null) values.get(network)?.set(date, parseScaled(value, 6))
  return values
}

/** The day that totals end with: the newest one with a value, or the last one that ended where that is old. */
export function lastDayOf(values: DayValues, { now, asOf }: Instant): Day {
  const ended = addDays(dayOf(asOf ?? now), -1)
  let newest: Day | undefined
  for (const day of values.keys()) if (newest === undefined || day > newest) newest = day
  return newest !== undefined && newest >= addDays(ended, -patienceDays) ? newest : ended
}

/** The instant of a request. @throws IndexerError `bad-argument` for an unknown data type. */
export function readMetric(search: URLSearchParams): string {
  const type = search.get('dataType') ?? 'dailyFees'
  const metric = dataTypes[type]
  if (metric === undefined)
    throw new IndexerError(
      'bad-argument',
      `dataType '${type.slice(0, 60)}' is none of ${Object.keys(dataTypes).join(', ')}`,
    )
  return metric
}

/** The present of the server's clock, in whole seconds. */
export const presentOf = ({ clock }: ApiServices): UnixSeconds => unixSeconds(Math.ceil(clock() / 1000))
