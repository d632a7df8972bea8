import type { EventsQuery, EventView, StreamedEventsQuery } from '../pipeline/model/event_view.ts'
import type { ExplorerPage } from '../pipeline/model/explorer.ts'
import type { DayEventsQuery, FlowsOf, FlowView } from '../pipeline/model/flow_view.ts'
import type { RestatementQuery, RestatementView } from '../pipeline/model/restatement.ts'
import type {
  Definitions,
  Granularity,
  MetricInfo,
  SeriesPoint,
  SeriesQuery,
} from '../pipeline/model/series.ts'
import type { Accrual, Kind, Lens, Scale } from '../pipeline/model/stream.ts'
import type { Day, UnixSeconds } from '../pipeline/model/time.ts'
import type { DayPriceView, PricesQuery, ReconciliationView } from '../pipeline/model/views.ts'

/** What the API asks of the rest. `main.ts` hands in an implementation; the API computes nothing itself. */
export interface ApiReaders {
  readonly metrics: readonly MetricInfo[]
  /** Ids of all networks of the catalogue, for the enum. */
  readonly networkIds: readonly string[]
  /** As declared at an instant; absent: now. */
  getNetworks(asOf?: UnixSeconds): Promise<readonly NetworkView[]>
  /** Metrics with the formulas in use at an instant; absent: now. */
  getMetrics(asOf?: UnixSeconds): Promise<readonly MetricInfo[]>
  /** Values ordered by day, then network, then metric as asked; one row for every combination. */
  getMetricSeries(query: SeriesQuery): Promise<readonly SeriesPoint[]>
  /** The first day that anything is published of some networks; null: nothing is. */
  findFirstDay(networks: readonly string[]): Promise<Day | null>
  /** Newest first: by (happenedAt, streamId, txId, position), after the cursor if given. */
  getEvents(query: EventsQuery): Promise<readonly EventView[]>
  /** Every event that is asked for, some at a time, stream by stream, oldest first. */
  streamEvents(query: StreamedEventsQuery): AsyncIterable<readonly EventView[]>
  /** Pages of public block explorers, by chain. */
  readonly explorers: Readonly<Record<string, readonly ExplorerPage[]>>
  /** The published days behind each value, newest first. */
  getFlowsBehind(values: readonly FlowsOf[]): Promise<readonly (readonly FlowView[])[]>
  /** Events of each day of a stream, newest first. */
  getDayEvents(days: readonly DayEventsQuery[]): Promise<readonly (readonly EventView[])[]>
  /** The other events of each act. */
  getLegs(acts: readonly LegsQuery[]): Promise<readonly (readonly EventView[])[]>
  /** Values of one period with those of the period before, by metric, then rank. */
  getComparison(query: ComparisonQuery): Promise<ComparisonView>
  getCoverage(network?: string): Promise<readonly CoverageView[]>
  getStatus(): Promise<StatusView>
  /** Newest first, at most `first`. */
  getRestatements(query: RestatementQuery): Promise<readonly RestatementView[]>
  /** By day, then basis. */
  getPrices(query: PricesQuery): Promise<readonly DayPriceView[]>
  getReconciliation(query: ReconciliationQuery): Promise<readonly ReconciliationView[]>
  /** Changes whenever any answer may: part of the key of every cached answer. */
  getDataVersion(): Promise<string>
  /** Resolves when the database answers and is migrated. @throws IndexerError otherwise. */
  checkReady(): Promise<void>
}

/** The act of an event of a stream. */
export interface LegsQuery {
  readonly network: string
  /** Lower-case hex. */
  readonly txId: string
  readonly act: string
  /** The stream of the event that asks, which is left out. */
  readonly streamId: number
}

/** Which networks are compared, over the period that holds `date`; absent: the newest one that has ended. */
export interface ComparisonQuery extends Definitions {
  readonly networks: readonly string[]
  readonly metrics: readonly string[]
  readonly date?: Day
  readonly granularity: Granularity
  readonly asOf?: UnixSeconds
}

/** Networks side by side. */
export interface ComparisonView {
  readonly date: Day
  readonly windowEnd: Day
  readonly rows: readonly {
    readonly point: SeriesPoint
    readonly before: SeriesPoint
    readonly change: string | null
    readonly rank: number | null
  }[]
}

/** Which outcomes of proofs are asked for; `to` is left out. */
export interface ReconciliationQuery {
  readonly network?: string
  readonly from: Day
  readonly to: Day
  readonly asOf?: UnixSeconds
}

export interface TokenView {
  readonly symbol: string
  readonly chain: string
  readonly address: string | null
  readonly decimals: number
  /** Id with CoinGecko, which DefiLlama shares; null where it has none. */
  readonly marketId: string | null
}

export interface StreamView {
  readonly id: number
  readonly name: string
  readonly kind: Kind
  readonly class: string
  readonly lens: Lens | null
  readonly role: string
  readonly of: readonly string[]
  /** Chain it is read from; `import` for published series. */
  readonly chain: string
  readonly token: string
  readonly method: string
  readonly revision: number
  readonly since: string | null
  readonly until: string | null
  readonly fromHeight: number | null
  readonly toHeight: number | null
  readonly epochLagDays: number | null
  readonly estimated: string | null
  readonly meaning: string
  readonly evidence: readonly string[]
  /** Who keeps a fee, by date; empty where it is not declared. */
  readonly accrues: readonly Accrual[]
  /** What days' sums are multiplied by, by date; empty: nothing. */
  readonly scale: readonly Scale[]
}

export interface NetworkView {
  readonly id: string
  readonly name: string
  readonly sector: string
  readonly description: string
  /** `live`, `simulated` or `replayed`; null before the first contact with a node. */
  readonly origin: string | null
  readonly primaryToken: string
  readonly tokens: readonly TokenView[]
  readonly streams: readonly StreamView[]
  readonly absences: readonly { readonly what: string; readonly truly: string; readonly why: string }[]
  readonly regimes: readonly { readonly day: string; readonly what: string }[]
  readonly counters: readonly {
    readonly name: string
    readonly token: string
    readonly counter: string
    readonly meaning: string
    readonly evidence: readonly string[]
  }[]
  /** Published series that were brought in, newest first. */
  readonly imports: readonly ImportView[]
}

/** A published series that was brought in, with its source. */
export interface ImportView {
  readonly streams: readonly string[]
  readonly source: string
  readonly licence: string
  readonly retrievedOn: string
  readonly spread: string
  readonly file: string
  readonly sha256: string
  readonly periods: number
  readonly from: string
  readonly to: string
  readonly importedAt: string
}

export interface CoverageView {
  readonly network: string
  readonly stream: string
  readonly chain: string
  readonly revision: number
  /** Heights read, both ends included, lowest first. */
  readonly covered: readonly { readonly from: number; readonly to: number }[]
  readonly gaps: readonly {
    readonly from: number
    readonly to: number
    readonly code: string
    readonly reason: string
  }[]
  readonly heightsCovered: number
  /** Heights between the first covered height and the finalized head that are not read. */
  readonly heightsMissing: number
  /** Finalized heights above the highest covered one; null before the first contact with a node. */
  readonly behindBy: number | null
}

export interface StatusView {
  readonly dataVersion: string
  readonly now: string
  readonly staleDays: number
  readonly chains: readonly {
    readonly chain: string
    readonly origin: string | null
    readonly head: number | null
    readonly finalized: number | null
    readonly headTime: string | null
    readonly lastSeenAt: string | null
    readonly lastError: string | null
  }[]
  readonly proofs: readonly {
    readonly network: string
    readonly token: string
    readonly proof: string
    readonly from: string
    readonly to: string
    readonly expectedRaw: string
    readonly observedRaw: string
    readonly residualRaw: string
    readonly ok: boolean
  }[]
}
