import type { UnixSeconds } from '../../pipeline/model/time.ts'
import type { Coin } from './decimal.ts'

/** A group's order, and a provider's bid for it. Groups, orders and bids are numbered from 1. */
export interface LeaseId {
  readonly owner: string
  readonly dseq: number
  readonly provider?: string
}

/** What happens in the market, however an era writes it. */
export interface MarketFact {
  readonly kind: 'market'
  readonly what:
    | 'deployment-created'
    | 'deployment-closed'
    | 'group-closed'
    | 'group-paused'
    | 'order-created'
    | 'order-closed'
    | 'bid-created'
    | 'bid-closed'
    | 'lease-created'
    | 'lease-closed'
  readonly id: LeaseId
  /** Price a block with 18 places, for bids and leases. */
  readonly price?: Coin
  /** Why a lease was closed. */
  readonly reason?: string
  readonly hash?: string
}

/** Anything that leaves an event. */
export type Fact =
  | { readonly kind: 'send'; readonly from: string; readonly to: string; readonly coins: readonly Coin[] }
  | { readonly kind: 'mint'; readonly by: string; readonly coin: Coin }
  | { readonly kind: 'burn'; readonly by: string; readonly coin: Coin }
  | MarketFact
  /** An event with plain texts, the same in every era. */
  | {
      readonly kind: 'plain'
      readonly type: string
      readonly attributes: readonly (readonly [string, string])[]
    }
  /** An event with JSON values. */
  | { readonly kind: 'typed'; readonly type: string; readonly values: Readonly<Record<string, unknown>> }

/** One message of a transaction, and what it did. */
export interface MessageFacts {
  readonly typeUrl: string
  readonly bytes: Uint8Array
  readonly sender: string
  readonly module: string
  readonly facts: readonly Fact[]
  /** Number of the inner message that did it, where the message carries others. */
  readonly nested?: readonly { readonly index: number; readonly facts: readonly Fact[] }[]
}

/** One transaction: its fee is taken even if it fails, its messages then do nothing. */
export interface TransactionFacts {
  readonly signer: string
  /** Who pays the fee, if another allowed it. */
  readonly granter?: string
  readonly fee: readonly Coin[]
  readonly gas: number
  readonly sequence: number
  readonly memo: string
  readonly unordered: boolean
  readonly messages: readonly MessageFacts[]
  /** Why it failed; then only the fee was taken. */
  readonly failed?: { readonly code: number; readonly codespace: string; readonly log: string }
}

/** What a block does, in the order of its events. */
export interface BlockFacts {
  readonly height: number
  readonly time: UnixSeconds
  /** Events of an upgrade, before the block begins. */
  readonly before: readonly Fact[]
  readonly begin: readonly Fact[]
  readonly transactions: readonly TransactionFacts[]
  readonly end: readonly Fact[]
  /** Supplies and balances of modules after the block, by denomination. */
  readonly state: ChainState
}

/** Sums that a node can be asked for. */
export interface ChainState {
  readonly supply: ReadonlyMap<string, bigint>
  /** Balances of module accounts, by address and denomination. */
  readonly balances: ReadonlyMap<string, ReadonlyMap<string, bigint>>
  /** With 18 places. */
  readonly inflation: bigint
  readonly annualProvisions: bigint
}
