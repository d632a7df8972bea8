import type { Quality } from '../pipeline/model/quality.ts'
import type { Kind, Lens } from '../pipeline/model/stream.ts'
import type { Day, UnixSeconds } from '../pipeline/model/time.ts'

/** What the API asks of the rest. `main.ts` hands in an implementation; the API computes nothing itself. */
export interface ApiReaders {
  readonly metrics: readonly MetricInfo[]
  /** Ids of all networks of the catalogue, for the enum. */
  readonly networkIds: readonly string[]
  getNetworks(): Promise<readonly NetworkView[]>
  /** Values ordered by day, then network, then metric as asked; one row for every combination. */
  getMetricSeries(query: MetricQuery): Promise<readonly MetricPoint[]>
  /** Newest first: by (happenedAt, streamId, txId, position), after the cursor if given. */
  getEvents(query: EventQuery): Promise<readonly EventView[]>
  getCoverage(network?: string): Promise<readonly CoverageView[]>
  getStatus(): Promise<StatusView>
  /** Changes whenever any answer may: part of the key of every cached answer. */
  getDataVersion(): Promise<string>
  /** Resolves when the database answers and is migrated. @throws IndexerError otherwise. */
  checkReady(): Promise<void>
}

export interface MetricInfo {
  /** `subsidy_ratio` */
  readonly id: string
  readonly unit: string
  readonly window: string
  readonly formula: string
  readonly meaning: string
  readonly revision: number
}

export type Granularity =
  | 'DAY'
  | 'WEEK'
  | 'MONTH'
  | 'QUARTER'
  | 'YEAR'
  | 'TRAILING_7'
  | 'TRAILING_30'
  | 'TRAILING_90'
  | 'TRAILING_365'

export interface MetricQuery {
  readonly networks: readonly string[]
  readonly metrics: readonly string[]
  /** First day, included. */
  readonly from: Day
  /** First day left out. */
  readonly to: Day
  readonly granularity: Granularity
  readonly lens: Lens
  /** Values as they were known then; absent: now. */
  readonly asOf?: UnixSeconds
}

/** One value of a series, with everything that says how far it can be trusted. */
export interface MetricPoint {
  /** First day of the period; for a trailing window its last day. */
  readonly date: Day
  /** Last day of the period, included. */
  readonly windowEnd: Day
  readonly network: string
  readonly metric: string
  /** Exact decimal text, or null with a reason. */
  readonly value: string | null
  readonly unit: string
  readonly quality: Quality
  /** Why the value is null or less than complete; null for a complete value. */
  readonly reason: string | null
  readonly availableAt: string | null
  readonly revision: number | null
  readonly methodologyVersion: number
  readonly methods: readonly string[]
  readonly daysComplete: number
  readonly daysExpected: number
  readonly simulated: boolean
}

export interface TokenView {
  readonly symbol: string
  readonly chain: string
  readonly address: string | null
  readonly decimals: number
}

export interface StreamView {
  readonly id: number
  readonly name: string
  readonly kind: Kind
  readonly class: string
  readonly lens: Lens | null
  readonly role: string
  readonly of: string | null
  readonly token: string
  readonly method: string
  readonly revision: number
  readonly meaning: string
  readonly evidence: readonly string[]
  /** `{"supply":"1/6","protocol":"5/6"}` as JSON text, or null. */
  readonly accrues: string | null
}

export interface NetworkView {
  readonly id: string
  readonly name: string
  readonly sector: string
  readonly description: string
  /** `live`, `simulated` or `replayed`; null before the first contact with a node. */
  readonly origin: string | null
  readonly tokens: readonly TokenView[]
  readonly streams: readonly StreamView[]
  readonly absences: readonly { readonly kind: Kind; readonly truly: string; readonly why: string }[]
}

/** Where a page of events starts: the last event of the page before. */
export interface EventCursor {
  readonly happenedAt: UnixSeconds
  readonly streamId: number
  /** Lower-case hex. */
  readonly txId: string
  readonly position: number
}

export interface EventQuery {
  readonly network?: string
  readonly stream?: string
  readonly kind?: Kind
  readonly txId?: string
  readonly from?: Day
  readonly to?: Day
  readonly first: number
  readonly after?: EventCursor
}

export interface EventView extends EventCursor {
  readonly network: string
  readonly stream: string
  readonly kind: Kind
  readonly token: string
  /** Transaction id in the chain's own writing. */
  readonly txHash: string
  readonly amountRaw: string
  /** Whole tokens, exact decimal text. */
  readonly amount: string
  readonly height: number
  readonly fromHeight: number | null
  readonly act: string | null
  readonly sender: string | null
  readonly recipient: string | null
  readonly detail: string | null
  readonly simulated: boolean
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
