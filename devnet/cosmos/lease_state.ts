import type { Coin } from './decimal.ts'
import type { LeaseId } from './facts.ts'

/** What a tenant or, by a grant, another put into a deployment's account; with 18 places. */
export interface Deposit {
  readonly depositor: string
  left: bigint
}

/** A bid whose collateral is locked. */
export interface Bid {
  readonly provider: string
  readonly rate: bigint
  readonly collateral: Coin
}

/** A deployment, its escrow account, its open bids, and its lease once a bid was taken. */
export interface Deployment {
  readonly owner: string
  readonly dseq: number
  readonly createdAt: number
  denom: string
  deposits: Deposit[]
  bids: Bid[]
  lease: Lease | undefined
  /** Its account, as it was. */
  readonly account: AccountRecord
  /** Found without funds by a version that could not close it. */
  stuck: boolean
}

/** What the chain keeps of a lease for ever. */
export interface LeaseRecord {
  readonly id: Required<LeaseId>
  /** Now; leases were priced anew once. */
  price: Coin
  readonly createdAt: number
  /** All that was paid up to heights, the community pool's part included; lowest first. */
  readonly withdrawn: { readonly height: number; readonly amount: bigint }[]
  closed?: { readonly height: number; readonly overdrawn: boolean }
}

/** A bid that was taken: paid by the block, settled when someone touches it. */
export interface Lease {
  readonly record: LeaseRecord
  readonly provider: string
  readonly collateral: Coin
  /** Price a block, with 18 places. */
  rate: bigint
  settledAt: number
  /** Settled but not yet paid, with 18 places. */
  owed: bigint
}

/** An escrow account of a deployment, after each height that changed it; lowest first. */
export interface AccountRecord {
  readonly owner: string
  readonly dseq: number
  readonly states: {
    readonly height: number
    readonly open: boolean
    readonly settledAt: number
    /** With 18 places. */
    readonly funds: Coin
  }[]
}

/** What deposits still hold, with 18 places. */
export const fundsOf = (deposits: readonly Deposit[]): bigint =>
  deposits.reduce((all, { left }) => all + left, 0n)

/** What a lease has earned since it was settled, as far as it is funded; with 18 places. */
export function accruedOf({ lease, deposits }: Deployment, height: number): bigint {
  if (lease === undefined || height <= lease.settledAt) return 0n
  const [due, funds] = [BigInt(height - lease.settledAt) * lease.rate, fundsOf(deposits)]
  return due < funds ? due : funds
}

/** Keeps the account of a deployment as it is after a height. */
export function note(of: Deployment, height: number, open = true): void {
  const funds = { denom: of.denom, amount: fundsOf(of.deposits) }
  of.account.states.push({ height, open, settledAt: of.lease?.settledAt ?? of.createdAt, funds })
}
