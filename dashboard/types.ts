/** Shapes of answers that the pages ask for; names are those of the API's schema. */

export type Quality =
  | 'COMPLETE'
  | 'ESTIMATED'
  | 'STALE_PRICE'
  | 'PROOF_FAILED'
  | 'ZERO_DENOMINATOR'
  | 'NO_PRICE'
  | 'PENDING'
  | 'PARTIAL'
  | 'NO_COVERAGE'

export interface Point {
  readonly date: string
  readonly network: string
  readonly metric: string
  /** Exact decimal text; null is not known. */
  readonly value: string | null
  readonly unit: string
  readonly quality: Quality
  readonly reason: string | null
  readonly warning: string | null
  readonly availableAt: string | null
}

export interface Regime {
  readonly day: string
  readonly what: string
}

export interface NetworkInfo {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly sector: string
  readonly description: string
  readonly origin: 'LIVE' | 'SIMULATED' | 'REPLAYED' | null
}

export interface StreamInfo {
  readonly name: string
  readonly kind: 'EMISSION' | 'BURN' | 'FEE'
  readonly class: string
  readonly lens: string | null
  readonly role: string
  readonly token: string
  readonly method: string
  readonly since: string | null
  readonly until: string | null
  readonly estimated: string | null
  readonly meaning: string
  readonly evidence: readonly string[]
}

export interface HeightRange {
  readonly from: number
  readonly to: number
}

export interface StreamCoverage {
  readonly stream: string
  readonly chain: string
  readonly covered: readonly HeightRange[]
  readonly gaps: readonly (HeightRange & { readonly code: string; readonly reason: string })[]
  readonly heightsMissing: number
  readonly behindBy: number | null
}

export interface ProofDay {
  readonly token: string
  readonly proof: string
  readonly from: string
  readonly to: string
  readonly residualRaw: string
  readonly shareOfSupply: string | null
  readonly ok: boolean
}

export interface ChainStatus {
  readonly chain: string
  readonly origin: 'LIVE' | 'SIMULATED' | 'REPLAYED' | null
  readonly head: number | null
  readonly headTime: string | null
  readonly lastError: string | null
}
