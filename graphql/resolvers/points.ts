import type { Denominator, PriceBasis, TimeBasis } from '../../pipeline/model/basis.ts'
import type { FlowsOf } from '../../pipeline/model/flow_view.ts'
import type { Definitions, Granularity, SeriesPoint } from '../../pipeline/model/series.ts'
import { defaultDefinitions as defaults } from '../../pipeline/model/series.ts'
import type { Lens } from '../../pipeline/model/stream.ts'
import type { UnixSeconds } from '../../pipeline/model/time.ts'
import type { ApiServices } from '../context.ts'
import { userError } from '../errors.ts'
import { enumName } from '../names.ts'

/** How the values of one query are made: shared by all of them. */
export interface Making {
  readonly granularity: Granularity
  readonly definitions: Definitions
  readonly asOf?: UnixSeconds
}

/** Arguments of definition, as the schema lets them through. */
export interface DefinitionArguments {
  readonly lens?: Lens | null
  readonly priceBasis?: PriceBasis | null
  readonly by?: TimeBasis | null
  readonly denominator?: Denominator | null
  readonly includePartial?: boolean | null
  readonly maxUnpricedDays?: number | null
}

const mostUnpricedDays = 366

/** The reader's definitions, or what is meant where nothing is chosen. */
export function readDefinitions(args: DefinitionArguments): Definitions {
  const days = args.maxUnpricedDays ?? defaults.maxUnpricedDays
  if (days < 0 || days > mostUnpricedDays)
    throw userError('maxUnpricedDays', `${days} is not from 0 to ${mostUnpricedDays}`)
  return {
    lens: args.lens ?? defaults.lens,
    priceBasis: args.priceBasis ?? defaults.priceBasis,
    by: args.by ?? defaults.by,
    denominator: args.denominator ?? defaults.denominator,
    includePartial: args.includePartial ?? defaults.includePartial,
    maxUnpricedDays: days,
  }
}

/** The ids behind the names of networks and metrics, each once. */
export function readSubjects(
  args: { readonly networks?: readonly string[] | null; readonly metrics: readonly string[] },
  { names }: ApiServices,
): { readonly networks: string[]; readonly metrics: string[] } {
  const networks =
    args.networks == null ? names.networks.ids : args.networks.map((n) => names.networks.idOf(n))
  const metrics = args.metrics.map((m) => names.metrics.idOf(m))
  if (networks.length === 0) throw userError('networks', 'the list is empty; leave it out for all networks')
  if (metrics.length === 0) throw userError('metrics', 'the list is empty; name at least one metric')
  return { networks: [...new Set(networks)], metrics: [...new Set(metrics)] }
}

/** A value as the schema shows it; how it was made is kept beside, for what is asked of it later. */
export interface PointNode {
  readonly row: SeriesPoint
  readonly making: Making
}

/** Property by property: spreading thousands of rows costs more than reading them. */
export function toPointNode(row: SeriesPoint, making: Making, { names }: ApiServices) {
  return {
    row,
    making,
    date: row.date,
    windowEnd: row.windowEnd,
    network: names.networks.nameOf(row.network),
    metric: names.metrics.nameOf(row.metric),
    value: row.value,
    unit: row.unit,
    quality: row.quality,
    reason: row.reason,
    availableAt: row.availableAt,
    revision: row.revision,
    methodologyVersion: row.methodologyVersion,
    methods: row.methods.map(enumName),
    warning: row.warning,
    daysComplete: row.daysComplete,
    daysPriced: row.daysPriced,
    daysExpected: row.daysExpected,
    simulated: row.simulated,
  }
}

/** The question for what a value is made of. */
export function flowsOf({ row, making }: PointNode, first: number): FlowsOf {
  return {
    network: row.network,
    metric: row.metric,
    date: row.date,
    windowEnd: row.windowEnd,
    granularity: making.granularity,
    definitions: making.definitions,
    first,
    ...(making.asOf === undefined ? {} : { asOf: making.asOf }),
  }
}
