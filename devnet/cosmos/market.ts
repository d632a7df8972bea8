import type { UnixSeconds } from '../../pipeline/model/time.ts'
import { modules } from './accounts.ts'
import type { Bank } from './bank.ts'
import type { Book } from './book.ts'
import { type Coin, one18 } from './decimal.ts'
import type { Era } from './eras.ts'
import type { Fact, LeaseId, MarketFact } from './facts.ts'
import {
  type AccountRecord,
  accruedOf,
  type Deployment,
  fundsOf,
  type Lease,
  type LeaseRecord,
  note,
} from './lease_state.ts'

/** Parts of a payment that the community pool took, by denomination: in hundredths. Invented for lack of live values. */
const takePercent: Readonly<Record<string, bigint>> = { uakt: 4n }
const otherTakePercent = 20n

/**
 * The escrow and the market of one chain: what each message does, in the order in which the real keepers do it
 * (akash-network/node: x/escrow/keeper, x/market/handler, x/market/hooks).
 */
export class Market {
  readonly deployments = new Map<string, Deployment>()
  /** Every account of a deployment there ever was, oldest first. */
  readonly accounts: AccountRecord[] = []
  /** Every lease there ever was, oldest first. */
  readonly records: LeaseRecord[] = []
  readonly #bank: Bank
  readonly #book: Book
  readonly #timeOf: (height: number) => UnixSeconds

  /** @param timeOf When a block is, for what is known only later. */
  constructor(bank: Bank, book: Book, timeOf: (height: number) => UnixSeconds) {
    this.#bank = bank
    this.#book = book
    this.#timeOf = timeOf
  }

  create(owner: string, dseq: number, hash: string, depositor: string, funds: Coin): Fact[] {
    const id = { owner, dseq }
    const of: Deployment = {
      owner,
      dseq,
      createdAt: dseq,
      denom: funds.denom,
      deposits: [{ depositor, left: funds.amount * one18 }],
      bids: [],
      lease: undefined,
      account: { owner, dseq, states: [] },
      stuck: false,
    }
    this.deployments.set(keyOf(id), of)
    this.accounts.push(of.account)
    note(of, dseq)
    return [
      market('deployment-created', id, { hash }),
      market('order-created', id),
      ...this.#deposited(depositor, funds),
    ]
  }

  /** An account that ran dry unnoticed is not settled by it, but the blocks since then will be paid after all. */
  deposit(of: Deployment, depositor: string, funds: Coin, height: number): Fact[] {
    const from = of.lease?.settledAt ?? height
    const unpaid = (): bigint[] =>
      Array.from({ length: height - from + 1 }, (_, at) => accruedOf(of, from + at))
    const before = unpaid()
    of.deposits.push({ depositor, left: funds.amount * one18 })
    note(of, height)
    let known = 0n
    for (const [at, accrued] of unpaid().entries()) {
      const more = accrued - (before[at] ?? 0n)
      this.#book.add('accrued 18', of.denom, more - known, this.#timeOf(from + at))
      known = more
    }
    return this.#deposited(depositor, funds)
  }

  bid(of: Deployment, provider: string, rate: bigint, collateral: Coin): Fact[] {
    of.bids.push({ provider, rate, collateral })
    this.#book.add('collateral in', collateral.denom, collateral.amount)
    return [
      market('bid-created', { ...of, provider }, { price: { denom: of.denom, amount: rate } }),
      ...this.#bank.send(provider, modules.escrow, [collateral]),
    ]
  }

  /** Takes the bid of a provider. The others' collateral goes back without any event of theirs. */
  lease(of: Deployment, provider: string, height: number): Fact[] {
    const bid = of.bids.find((one) => one.provider === provider)
    if (bid === undefined) return []
    const lost = of.bids.filter((one) => one !== bid)
    of.bids = []
    const record: LeaseRecord = {
      id: { owner: of.owner, dseq: of.dseq, provider },
      price: { denom: of.denom, amount: bid.rate },
      createdAt: height,
      withdrawn: [],
    }
    this.records.push(record)
    of.lease = { record, provider, collateral: bid.collateral, rate: bid.rate, settledAt: height, owed: 0n }
    note(of, height)
    return [
      market('lease-created', { ...of, provider }, { price: { denom: of.denom, amount: bid.rate } }),
      ...lost.flatMap((one) => this.#collateralBack(one)),
    ]
  }

  /** Pays a lease up to a height; one that is found without funds is closed with its deployment. */
  withdraw(of: Deployment, height: number, era: Era): Fact[] {
    const { lease } = of
    if (lease === undefined || of.stuck) return []
    const overdrawn = this.#settle(of, lease, height, era)
    const paid = this.#pay(of, lease, era)
    if (!overdrawn) return paid
    if (era.settles === 'fractions') {
      of.stuck = true
      return paid
    }
    return [...paid, ...this.#closed(of, lease, 'insufficient_funds', height)]
  }

  /** MsgCloseDeployment. Refunds come before payments until version 1.0, after them since. */
  close(of: Deployment, height: number, era: Era): Fact[] {
    const { lease } = of
    const overdrawn = lease !== undefined && this.#settle(of, lease, height, era)
    const payments = lease === undefined ? [] : this.#pay(of, lease, era)
    const refunds = this.#refund(of)
    return [
      ...(era.typed ? [...payments, ...refunds] : [...refunds, ...payments]),
      ...this.#closed(of, lease, overdrawn ? 'insufficient_funds' : 'owner', height),
    ]
  }

  /** MsgCloseLease: the market closes first, then the payment is made, and the order is opened anew. */
  closeLease(of: Deployment, height: number, era: Era): Fact[] {
    return [...this.#endLease(of, height, era, 'owner'), market('order-created', of)]
  }

  /** MsgCloseBid by the provider: the group is paused, the payment comes last. */
  closeBid(of: Deployment, height: number, era: Era): Fact[] {
    return [market('group-paused', of), ...this.#endLease(of, height, era, 'unstable')]
  }

  /** What an upgrade does to deployments that an earlier version left stuck. */
  closeStuck(height: number, era: Era): Fact[] {
    return [...this.deployments.values()]
      .filter(({ stuck }) => stuck)
      .flatMap((of) => [
        ...(of.lease === undefined ? [] : this.#pay(of, of.lease, era)),
        ...this.#closed(of, of.lease, 'insufficient_funds', height),
      ])
  }

  /** Prices all leases and accounts of a denomination anew. @returns Coins taken from escrow, and made for it. */
  convert(
    from: string,
    to: string,
    rate18: bigint,
    height: number,
  ): { readonly taken: bigint; readonly made: bigint } {
    let [taken, made] = [0n, 0n]
    for (const of of this.deployments.values()) {
      if (of.denom !== from) continue
      of.denom = to
      for (const deposit of of.deposits) {
        const whole = deposit.left / one18
        const converted = (whole * rate18) / one18
        deposit.left = converted * one18
        taken += whole
        made += converted
      }
      if (of.lease !== undefined) {
        of.lease.rate = (of.lease.rate * rate18) / one18
        of.lease.owed = 0n
        of.lease.record.price = { denom: to, amount: of.lease.rate }
        of.lease.record.withdrawn.push({ height, amount: 0n })
      }
      note(of, height)
    }
    return { taken, made }
  }

  /** Adds the prices of the leases that are open and funded to the book; before the block's transactions. */
  accrue(height: number): void {
    for (const of of this.deployments.values()) {
      if (of.lease === undefined || of.stuck) continue
      this.#book.add('accrued 18', of.denom, accruedOf(of, height) - accruedOf(of, height - 1))
    }
  }

  #deposited(depositor: string, funds: Coin): Fact[] {
    this.#book.add('deposit', funds.denom, funds.amount)
    return this.#bank.send(depositor, modules.escrow, [funds])
  }

  /** Moves what a lease has earned from the deposits to the payment. @returns Whether the funds did not suffice. */
  #settle(of: Deployment, lease: Lease, height: number, era: Era): boolean {
    const blocks = BigInt(height - lease.settledAt)
    lease.settledAt = height
    const due = era.settles === 'whole units' ? ((lease.rate * blocks) / one18) * one18 : lease.rate * blocks
    const funds = fundsOf(of.deposits)
    const paid = due < funds ? due : funds
    let left = paid
    for (const deposit of of.deposits) {
      const part = deposit.left < left ? deposit.left : left
      deposit.left -= part
      left -= part
    }
    lease.owed += paid
    note(of, height)
    return due > funds
  }

  /** Pays the whole units that are owed; while a part is taken, that part first. */
  #pay({ denom }: Deployment, lease: Lease, era: Era): Fact[] {
    const amount = lease.owed / one18
    if (amount === 0n) return []
    lease.owed -= amount * one18
    const { withdrawn } = lease.record
    withdrawn.push({ height: lease.settledAt, amount: (withdrawn.at(-1)?.amount ?? 0n) + amount })
    const take = era.takes ? (amount * (takePercent[denom] ?? otherTakePercent)) / 100n : 0n
    this.#book.add('take', denom, take)
    this.#book.add('lease payment', denom, amount - take)
    return [
      ...this.#bank.send(modules.escrow, modules.distribution, [{ denom, amount: take }]),
      ...this.#bank.send(modules.escrow, lease.provider, [{ denom, amount: amount - take }]),
    ]
  }

  #refund(of: Deployment): Fact[] {
    return of.deposits.splice(0).flatMap(({ depositor, left }) => {
      const coin = { denom: of.denom, amount: left / one18 }
      this.#book.add('refund', coin.denom, coin.amount)
      return this.#bank.send(modules.escrow, depositor, [coin])
    })
  }

  #collateralBack({ provider, collateral }: { provider: string; collateral: Coin }): Fact[] {
    this.#book.add('collateral out', collateral.denom, collateral.amount)
    return this.#bank.send(modules.escrow, provider, [collateral])
  }

  /** The hooks of a closed account: deployment, group and order, then the lease and the bids still open. */
  #closed(of: Deployment, lease: Lease | undefined, reason: string, height: number): Fact[] {
    note(of, height, false)
    this.deployments.delete(keyOf(of))
    const ended = (bid: { provider: string; collateral: Coin }): Fact[] => [
      ...this.#collateralBack(bid),
      market('bid-closed', { ...of, provider: bid.provider }),
    ]
    const open = of.bids.splice(0).flatMap(ended)
    const closing = (['deployment-closed', 'group-closed', 'order-closed'] as const).map((what) =>
      market(what, of),
    )
    if (lease === undefined) return [...closing, ...open]
    const id = { ...of, provider: lease.provider }
    lease.record.closed = { height, overdrawn: reason === 'insufficient_funds' }
    return [
      ...closing,
      ...this.#collateralBack(lease),
      market('bid-closed', id, { price: { denom: of.denom, amount: lease.rate } }),
      market('lease-closed', id, { price: { denom: of.denom, amount: lease.rate }, reason }),
    ]
  }

  #endLease(of: Deployment, height: number, era: Era, reason: string): Fact[] {
    const { lease } = of
    if (lease === undefined) return []
    const id = { ...of, provider: lease.provider }
    const rate = { price: { denom: of.denom, amount: lease.rate } }
    const facts: Fact[] = [
      market('lease-closed', id, { ...rate, reason }),
      ...this.#collateralBack(lease),
      market('bid-closed', id, rate),
      market('order-closed', of),
    ]
    this.#settle(of, lease, height, era)
    facts.push(...this.#pay(of, lease, era))
    lease.record.closed = { height, overdrawn: false }
    of.lease = undefined
    return facts
  }
}

const keyOf = ({ owner, dseq }: LeaseId): string => `${owner}/${dseq}`

function market(what: MarketFact['what'], id: LeaseId, more: Partial<MarketFact> = {}): MarketFact {
  const { owner, dseq, provider } = id
  return {
    kind: 'market',
    what,
    id: { owner, dseq, ...(provider === undefined ? {} : { provider }) },
    ...more,
  }
}
