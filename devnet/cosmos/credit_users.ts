import { draw } from '../scenario.ts'
import { denoms } from './accounts.ts'
import type { Bank } from './bank.ts'
import { one18 } from './decimal.ts'
import type { MessageFacts, TransactionFacts } from './facts.ts'
import { otherMessages } from './messages.ts'
import { did, type Senders } from './senders.ts'
import type { Vault } from './vault.ts'

/** Tenants buy credits when they have less. */
const buyBelow = 1_300_000_000n
/** Providers redeem credits when they have more. */
const redeemAbove = 2_500_000_000n

/** Keys of draws: what a number is drawn for. */
const draws = { buys: 301, amount: 302, redeems: 303, part: 304, tooLittle: 305 } as const

/** Tenants who lock AKT for credits, and providers who redeem what they earned. */
export class CreditUsers {
  readonly #seed: number
  readonly #bank: Bank
  readonly #vault: Vault
  readonly #senders: Senders
  readonly #tenants: readonly string[]
  readonly #providers: readonly string[]

  constructor(
    seed: number,
    parts: { readonly bank: Bank; readonly vault: Vault; readonly senders: Senders },
    people: { readonly tenants: readonly string[]; readonly providers: readonly string[] },
  ) {
    this.#seed = seed
    this.#bank = parts.bank
    this.#vault = parts.vault
    this.#senders = parts.senders
    this.#tenants = people.tenants
    this.#providers = people.providers
  }

  transactions(height: number, price18: bigint): TransactionFacts[] {
    const buys = this.#vault.halted
      ? []
      : this.#tenants.flatMap((who, at) => this.#buy(who, at, height, price18))
    return [...buys, ...this.#providers.flatMap((who, at) => this.#redeem(who, at, height))]
  }

  #buy(who: string, at: number, height: number, price18: bigint): TransactionFacts[] {
    const tooLittle = draw(this.#seed, draws.tooLittle, at, height) < 0.0008
    const poor = this.#bank.balance(who, denoms.uact) < buyBelow
    if (!tooLittle && (!poor || draw(this.#seed, draws.buys, at, height) >= 0.05)) return []
    const credits = tooLittle
      ? 3_000_000n
      : 1_000_000_000n + BigInt(Math.floor(1.6e9 * draw(this.#seed, draws.amount, at, height)))
    const coin = { denom: denoms.uakt, amount: (credits * one18) / price18 }
    if (this.#bank.balance(who, denoms.uakt) < coin.amount + 1_000_000n) return []
    const act = (): MessageFacts[] => [
      did(otherMessages.credits('MsgMintACT', who, coin), who, this.#vault.request(who, coin, height)),
    ]
    return [this.#senders.send(who, height, act)]
  }

  #redeem(who: string, at: number, height: number): TransactionFacts[] {
    const owned = this.#bank.balance(who, denoms.uact)
    if (owned < redeemAbove || draw(this.#seed, draws.redeems, at, height) >= 0.1) return []
    const percent = BigInt(50 + Math.floor(45 * draw(this.#seed, draws.part, at, height)))
    const coin = { denom: denoms.uact, amount: (owned * percent) / 100n + BigInt(height % 7) }
    const act = (): MessageFacts[] => [
      did(otherMessages.credits('MsgBurnACT', who, coin), who, this.#vault.request(who, coin, height)),
    ]
    return [this.#senders.send(who, height, act)]
  }
}
