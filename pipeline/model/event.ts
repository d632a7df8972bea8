import type { RawAmount, UsdMicros } from './amount.ts'
import type { Day, UnixSeconds } from './time.ts'

/** One decoded happening, stored once. Its identity is (streamId, txId, position). */
export interface Event {
  readonly streamId: number
  /** Transaction (or block, where a block itself pays) in the chain's own bytes. */
  readonly txId: Uint8Array
  /** Place inside the transaction, so that two happenings of one transaction differ. */
  readonly position: number
  readonly amountRaw: RawAmount
  readonly height: number
  /** First height that the amount covers, for counter differences; absent: `height` alone. */
  readonly fromHeight?: number
  readonly happenedAt: UnixSeconds
  /** Shared by the legs of one act on chain; absent where the act has one leg. */
  readonly act?: string
  readonly sender?: string
  readonly recipient?: string
  /** Where the chain pays by epochs: first and last UTC day that the amount is for, both included. */
  readonly accruedFrom?: Day
  readonly accruedTo?: Day
  /** The dollars that the chain or the source itself says it was worth; absent: it does not say. */
  readonly usdMicros?: UsdMicros
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>
}

/** Written form of a chain's transaction ids. */
export type IdEncoding = 'hex' | 'HEX' | '0x' | 'base58' | 'base64url' | 'utf8'

/** Where a chain's data came from: real nodes, a simulation, or recorded real answers. */
export type Origin = 'live' | 'simulated' | 'replayed'
