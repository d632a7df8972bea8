import { draw, seededBytes, textKey } from '../scenario.ts'
import { denoms, person } from './accounts.ts'
import type { Bank } from './bank.ts'
import { type Coin, one18 } from './decimal.ts'
import type { Era } from './eras.ts'
import type { MessageFacts, TransactionFacts } from './facts.ts'
import type { Deployment } from './lease_state.ts'
import type { Market } from './market.ts'
import { type EncodedMessage, leastDeposit, marketMessages, otherMessages } from './messages.ts'
import { did, type Senders } from './senders.ts'

const tenants = 24
const providers = 8
const sponsors = 2
/** A price that makes payments of exactly a collateral possible. */
const roundRate = 250_000n * one18

/** Keys of draws: what a number is drawn for. */
const draws = {
  created: 201,
  tenant: 202,
  rate: 203,
  funds: 204,
  bids: 205,
  provider: 206,
  life: 207,
  end: 208,
  withdraw: 209,
  operator: 210,
  topUp: 211,
  sponsored: 212,
  failed: 213,
  denom: 214,
} as const

/** Tenants who deploy, providers who bid and are paid: the transactions of the market. */
export class Customers {
  readonly #seed: number
  readonly #bank: Bank
  readonly #market: Market
  readonly #senders: Senders

  constructor(seed: number, bank: Bank, market: Market, senders: Senders) {
    this.#seed = seed
    this.#bank = bank
    this.#market = market
    this.#senders = senders
  }

  static tenants(seed: number): string[] {
    return Array.from({ length: tenants }, (_, index) => person(seed, 'tenant', index))
  }

  static providers(seed: number): string[] {
    return Array.from({ length: providers }, (_, index) => person(seed, 'provider', index))
  }

  /** Others who allow tenants to deposit from their balance, and operators who act for providers. */
  static helpers(seed: number): string[] {
    const list = (part: string, count: number): string[] =>
      Array.from({ length: count }, (_, index) => person(seed, part, index))
    return [...list('sponsor', sponsors), ...list('operator', providers)]
  }

  transactions(height: number, era: Era): TransactionFacts[] {
    const made = [...this.#failures(height, era), ...this.#created(height, era)]
    for (const of of [...this.#market.deployments.values()]) {
      if (of.createdAt < height) made.push(...this.#lives(of, height, era))
    }
    made.push(...this.#withdrawals(height, era))
    return made
  }

  #draw(what: keyof typeof draws, ...key: number[]): number {
    return draw(this.#seed, draws[what], ...key)
  }

  /** The coin that leases are paid in. */
  #denom(height: number, era: Era): string {
    if (era.credits) return denoms.uact
    return era.takes && this.#draw('denom', height) < 0.4 ? denoms.usdc : denoms.uakt
  }

  #created(height: number, era: Era): TransactionFacts[] {
    if (this.#draw('created', height) >= 0.25) return []
    const owner = person(this.#seed, 'tenant', Math.floor(tenants * this.#draw('tenant', height)))
    const denom = this.#denom(height, era)
    const blocks = BigInt(40 + Math.floor(120 * this.#draw('funds', height)))
    const funds = { denom, amount: (this.#rate(height) / one18) * blocks + BigInt(height % 97) }
    const sponsor =
      era.typed && this.#draw('sponsored', height) < 0.25
        ? person(this.#seed, 'sponsor', height % sponsors)
        : owner
    if (this.#bank.balance(sponsor, denom) < funds.amount) return []
    const [id, hash] = [{ owner, dseq: height }, seededBytes(this.#seed, `manifest ${height}`, 32)]
    const message = marketMessages.createDeployment(era, id, hash, funds, sponsor !== owner)
    const act = (): MessageFacts[] => [
      did(message, owner, this.#market.create(owner, height, hash.toString('hex'), sponsor, funds)),
    ]
    return [this.#senders.send(owner, height, act)]
  }

  /** Price of a deployment's lease a block, from two to ten whole coins; some are round. */
  #rate(dseq: number): bigint {
    const drawn = this.#draw('rate', dseq)
    return drawn < 0.1 ? roundRate : BigInt(Math.floor(1.6e12 * (1 + 5 * drawn))) * 10n ** 12n
  }

  #lives(of: Deployment, height: number, era: Era): TransactionFacts[] {
    const age = height - of.createdAt
    const [life, end] = [24 + Math.floor(200 * this.#draw('life', of.dseq)), this.#draw('end', of.dseq)]
    if (age === 1) return this.#bids(of, height, era)
    if (age === 2 && end >= 0.06) return this.#lease(of, height, era)
    if (of.lease === undefined) return age >= 5 ? [this.#close(of, height, era)] : []
    if (of.stuck) return []
    if (age >= life && end < 0.9) return [this.#end(of, height, era, end)]
    // One in ten is never topped up, and is found without funds one day.
    return end < 0.9 && this.#draw('topUp', of.dseq, height) < 0.04 ? this.#topUp(of, height, era) : []
  }

  #bids(of: Deployment, height: number, era: Era): TransactionFacts[] {
    const count = Math.floor(4 * this.#draw('bids', of.dseq))
    const first = Math.floor(providers * this.#draw('provider', of.dseq))
    return Array.from({ length: count }, (_, at) => {
      const provider = person(this.#seed, 'provider', (first + at * 3) % providers)
      const rate = this.#rate(of.dseq) + BigInt(at) * 10n ** 16n
      const collateral = this.#collateral(provider, height, era)
      const price = { denom: of.denom, amount: rate }
      const message = marketMessages.createBid(era, { ...of, provider }, price, collateral)
      const act = (): MessageFacts[] => [
        did(message, provider, this.#market.bid(of, provider, rate, collateral)),
      ]
      return this.#senders.send(provider, height, act)
    })
  }

  #collateral(provider: string, height: number, era: Era): Coin {
    if (!era.credits) return { denom: denoms.uakt, amount: 5_000_000n }
    const enough = this.#bank.balance(provider, denoms.uact) > leastDeposit
    const denom = enough && height % 3 !== 0 ? denoms.uact : denoms.uakt
    return { denom, amount: leastDeposit }
  }

  #lease(of: Deployment, height: number, era: Era): TransactionFacts[] {
    const [bid] = of.bids
    if (bid === undefined) return []
    const message = marketMessages.ofLease(era, 'MsgCreateLease', { ...of, provider: bid.provider })
    const act = (): MessageFacts[] => [did(message, of.owner, this.#market.lease(of, bid.provider, height))]
    return [this.#senders.send(of.owner, height, act)]
  }

  #close(of: Deployment, height: number, era: Era): TransactionFacts {
    const message = marketMessages.closeDeployment(era, of)
    return this.#senders.send(of.owner, height, () => [
      did(message, of.owner, this.#market.close(of, height, era)),
    ])
  }

  /** By the tenant; by the tenant in two messages, lease first; or by the provider. */
  #end(of: Deployment, height: number, era: Era, drawn: number): TransactionFacts {
    const provider = of.lease?.provider ?? ''
    const id = { ...of, provider }
    if (drawn < 0.6) return this.#close(of, height, era)
    if (drawn < 0.75) {
      const act = (): MessageFacts[] => [
        did(
          marketMessages.ofLease(era, 'MsgCloseLease', id),
          of.owner,
          this.#market.closeLease(of, height, era),
        ),
        did(marketMessages.closeDeployment(era, of), of.owner, this.#market.close(of, height, era)),
      ]
      return this.#senders.send(of.owner, height, act)
    }
    const message = marketMessages.ofLease(era, 'MsgCloseBid', id)
    return this.#senders.send(provider, height, () => [
      did(message, provider, this.#market.closeBid(of, height, era)),
    ])
  }

  #topUp(of: Deployment, height: number, era: Era): TransactionFacts[] {
    const rate = of.lease?.rate ?? 0n
    const funds = { denom: of.denom, amount: (rate / one18) * 30n + BigInt(height % 89) }
    const sponsored = era.typed && this.#draw('sponsored', of.dseq, height) < 0.25
    const depositor = sponsored ? person(this.#seed, 'sponsor', height % sponsors) : of.owner
    if (this.#bank.balance(depositor, of.denom) < funds.amount) return []
    const message = marketMessages.deposit(era, of, funds, sponsored)
    const act = (): MessageFacts[] => [
      did(message, of.owner, this.#market.deposit(of, depositor, funds, height)),
    ]
    return [this.#senders.send(of.owner, height, act)]
  }

  /** Providers withdraw several leases in one transaction; some let an operator do it. */
  #withdrawals(height: number, era: Era): TransactionFacts[] {
    const due = new Map<string, Deployment[]>()
    for (const of of this.#market.deployments.values()) {
      const { lease } = of
      if (lease === undefined || of.stuck || lease.settledAt >= height) continue
      const round = lease.rate === roundRate && height - lease.settledAt === 2
      if (this.#draw('withdraw', of.dseq, height) < (round ? 0.3 : 0.03)) {
        due.set(lease.provider, [...(due.get(lease.provider) ?? []), of])
      }
    }
    return [...due].map(([provider, all]) => {
      const index = Customers.providers(this.#seed).indexOf(provider)
      const encoded = all.map((of) => marketMessages.ofLease(era, 'MsgWithdrawLease', { ...of, provider }))
      const pay = (of: Deployment) => this.#market.withdraw(of, height, era)
      if (this.#draw('operator', height, index) >= 0.3) {
        const act = (): MessageFacts[] => all.map((of, at) => did(encoded[at] ?? nothing, provider, pay(of)))
        return this.#senders.send(provider, height, act)
      }
      const operator = person(this.#seed, 'operator', index)
      const act = (): MessageFacts[] => [
        {
          ...did(otherMessages.exec(operator, encoded), operator, []),
          nested: all.map((of, at) => ({ index: at, facts: pay(of) })),
        },
      ]
      return this.#senders.send(operator, height, act)
    })
  }

  /** A provider who bids too late: only the fee is taken. */
  #failures(height: number, era: Era): TransactionFacts[] {
    if (this.#draw('failed', height) >= 0.2) return []
    const provider = person(this.#seed, 'provider', height % providers)
    const id = { owner: person(this.#seed, 'tenant', height % tenants), dseq: height - 40, provider }
    const price = { denom: this.#denom(height, era), amount: roundRate }
    const message = marketMessages.createBid(era, id, price, { denom: denoms.uakt, amount: leastDeposit })
    const failed = {
      code: 12,
      codespace: 'market',
      log: `failed to execute message; message index: 0: ${textKey(String(height)) % 2 === 0 ? 'order not open' : 'bid not open'}`,
    }
    return [this.#senders.send(provider, height, () => [did(message, provider, [])], { failed })]
  }
}

const nothing: EncodedMessage = { typeUrl: '', bytes: Buffer.alloc(0) }
