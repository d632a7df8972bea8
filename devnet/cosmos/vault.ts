import { denoms, modules } from './accounts.ts'
import type { Bank } from './bank.ts'
import type { Book } from './book.ts'
import { type Coin, dec, one18, quotient18 } from './decimal.ts'
import type { Fact } from './facts.ts'

interface Request {
  readonly owner: string
  readonly coin: Coin
  readonly height: number
  readonly sequence: number
}

const mintSpreadBps = 25n
const leastMinted = 10_000_000n
const mostPerEpoch = 50
const haltBelow = 9_000n
const warnBelow = 9_500n

/**
 * The vault that locks AKT and mints credits for it, and redeems credits (akash-network/node: x/bme/keeper).
 * A request only moves coins to the vault; an epoch executes it at the end of a later block.
 */
export class Vault {
  readonly #bank: Bank
  readonly #book: Book
  #queue: Request[] = []
  #sequence = 1
  /** AKT that may be paid out for redeemed credits without minting. */
  #credit: bigint
  #status = 'mint_status_healthy'

  /** @param credit AKT locked before the first block. */
  constructor(bank: Bank, book: Book, credit: bigint) {
    this.#bank = bank
    this.#book = book
    this.#credit = credit
  }

  /** Minting is refused while too little is locked. */
  get halted(): boolean {
    return this.#status === 'mint_status_halt_cr'
  }

  /** MsgMintACT for uakt, MsgBurnACT for uact. */
  request(owner: string, coin: Coin, height: number): Fact[] {
    this.#queue.push({ owner, coin, height, sequence: this.#sequence })
    this.#sequence += 1
    this.#book.add('requested', coin.denom, coin.amount)
    return this.#bank.send(owner, modules.bme, [coin])
  }

  /** Executes the requests that burn one denomination, at the price of the previous block. */
  epoch(denom: string, price18: bigint): Fact[] {
    const due = this.#queue.filter(({ coin }) => coin.denom === denom).slice(0, mostPerEpoch)
    this.#queue = this.#queue.filter((one) => !due.includes(one))
    return due.flatMap((one) =>
      denom === denoms.uakt ? this.#mint(one, price18) : this.#redeem(one, price18),
    )
  }

  /** The state of the circuit breaker, told when it changes. */
  watch(price18: bigint): Fact[] {
    const supply = this.#bank.supply(denoms.uact)
    if (supply === 0n) return []
    const pending = this.#queue
      .filter(({ coin }) => coin.denom === denoms.uakt)
      .reduce((all, { coin }) => all + coin.amount, 0n)
    const ratio18 = ((this.#bank.balance(modules.bme, denoms.uakt) - pending) * price18) / supply
    const bps = (ratio18 * 10_000n) / one18
    const status =
      bps > warnBelow
        ? 'mint_status_healthy'
        : bps > haltBelow
          ? 'mint_status_warning'
          : 'mint_status_halt_cr'
    if (status === this.#status) return []
    const previous = this.#status
    this.#status = status
    return [
      {
        kind: 'typed',
        type: 'akash.bme.v1.EventMintStatusChange',
        values: { collateral_ratio: dec(ratio18), new_status: status, previous_status: previous },
      },
    ]
  }

  #mint(request: Request, price18: bigint): Fact[] {
    const { owner, coin } = request
    const minted = (coin.amount * price18) / one18
    if (minted < leastMinted) return this.#cancel(request)
    const spread = (coin.amount * price18 * mintSpreadBps) / (10_000n * one18)
    this.#credit += coin.amount
    this.#book.add('credits minted', denoms.uact, minted)
    this.#book.add('credits spread', denoms.uact, spread)
    this.#book.add('locked', denoms.uakt, coin.amount)
    return [
      ...this.#bank.mint(modules.bme, { denom: denoms.uact, amount: minted }),
      ...this.#bank.send(modules.bme, owner, [{ denom: denoms.uact, amount: minted - spread }]),
      this.#executed(request, {
        burned: null,
        minted: priced(denoms.uact, minted, one18),
        remint_credit_accrued: priced(denoms.uakt, coin.amount, price18),
        remint_credit_issued: null,
        spread: { denom: denoms.uact, amount: String(spread) },
      }),
    ]
  }

  #redeem(request: Request, price18: bigint): Fact[] {
    const { owner, coin } = request
    const amount = (coin.amount * quotient18(one18, price18)) / one18
    if (amount === 0n) return this.#cancel(request)
    const issued = this.#credit >= amount ? amount : this.#credit
    const shortfall = amount - issued
    this.#credit -= issued
    this.#book.add('burn redeemed credits', denoms.uact, coin.amount)
    this.#book.add('released', denoms.uakt, issued)
    this.#book.add('shortfall', denoms.uakt, shortfall)
    return [
      ...this.#bank.burn(modules.bme, coin),
      ...this.#bank.mint(modules.bme, { denom: denoms.uakt, amount: shortfall }),
      ...this.#bank.send(modules.bme, owner, [{ denom: denoms.uakt, amount }]),
      this.#executed(request, {
        burned: priced(denoms.uact, coin.amount, one18),
        minted: shortfall === 0n ? null : priced(denoms.uakt, shortfall, price18),
        remint_credit_accrued: null,
        remint_credit_issued: issued === 0n ? null : priced(denoms.uakt, issued, price18),
        spread: { denom: denoms.uakt, amount: '0' },
      }),
    ]
  }

  #cancel(request: Request): Fact[] {
    const { owner, coin } = request
    this.#book.add('cancelled', coin.denom, coin.amount)
    return [
      ...this.#bank.send(modules.bme, owner, [coin]),
      {
        kind: 'typed',
        type: 'akash.bme.v1.EventLedgerRecordCanceled',
        values: {
          cancel_reason: 'bm_cancel_reason_unknown',
          coins_to_burn: { denom: coin.denom, amount: String(coin.amount) },
          denom_to_mint: otherDenom(coin.denom),
          id: recordId(request),
          owner,
          to: owner,
        },
      },
    ]
  }

  #executed(request: Request, amounts: Readonly<Record<string, unknown>>): Fact {
    const { owner } = request
    const values = {
      ...amounts,
      burned_from: owner,
      burner: 'bme',
      id: recordId(request),
      minted_to: owner,
      minter: 'bme',
    }
    return { kind: 'typed', type: 'akash.bme.v1.EventLedgerRecordExecuted', values }
  }
}

const otherDenom = (denom: string): string => (denom === denoms.uakt ? denoms.uact : denoms.uakt)

const priced = (denom: string, amount: bigint, price18: bigint): object => ({
  coin: { denom, amount: String(amount) },
  price: dec(price18),
})

/** 64-bit numbers are texts in the chain's JSON. */
const recordId = ({ owner, coin, height, sequence }: Request): object => ({
  denom: coin.denom,
  to_denom: otherDenom(coin.denom),
  source: owner,
  height: String(height),
  sequence: String(sequence),
})
