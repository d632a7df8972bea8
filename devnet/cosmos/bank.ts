import { IndexerError } from '../../pipeline/model/errors.ts'
import { type Coin, sortCoins } from './decimal.ts'
import type { Fact } from './facts.ts'

/** Keeps every balance and supply. A scenario that spends what nobody has is refused. */
export class Bank {
  readonly #balances = new Map<string, Map<string, bigint>>()
  readonly #supply = new Map<string, bigint>()

  /** Coins that exist before the first block. */
  endow(to: string, coin: Coin): void {
    this.#change(to, coin.denom, coin.amount)
    this.#supply.set(coin.denom, this.supply(coin.denom) + coin.amount)
  }

  balance(of: string, denom: string): bigint {
    return this.#balances.get(of)?.get(denom) ?? 0n
  }

  balances(of: string): Coin[] {
    return sortCoins([...(this.#balances.get(of) ?? [])].map(([denom, amount]) => ({ denom, amount })))
  }

  supply(denom: string): bigint {
    return this.#supply.get(denom) ?? 0n
  }

  /** Copies of the supplies, and of the balances of some accounts. */
  state(accounts: readonly string[]): {
    supply: Map<string, bigint>
    balances: Map<string, Map<string, bigint>>
  } {
    return {
      supply: new Map(this.#supply),
      balances: new Map(accounts.map((of) => [of, new Map(this.#balances.get(of))])),
    }
  }

  /** Nothing happens, and no fact is made, for coins that are all zero. */
  send(from: string, to: string, coins: readonly Coin[]): Fact[] {
    const moved = sortCoins(coins)
    if (moved.length === 0) return []
    for (const { denom, amount } of moved) {
      this.#change(from, denom, -amount)
      this.#change(to, denom, amount)
    }
    return [{ kind: 'send', from, to, coins: moved }]
  }

  mint(by: string, coin: Coin): Fact[] {
    if (coin.amount === 0n) return []
    this.endow(by, coin)
    return [{ kind: 'mint', by, coin }]
  }

  burn(by: string, coin: Coin): Fact[] {
    if (coin.amount === 0n) return []
    this.#change(by, coin.denom, -coin.amount)
    this.#supply.set(coin.denom, this.supply(coin.denom) - coin.amount)
    return [{ kind: 'burn', by, coin }]
  }

  #change(of: string, denom: string, by: bigint): void {
    const own = this.#balances.get(of) ?? new Map<string, bigint>()
    const left = (own.get(denom) ?? 0n) + by
    if (left < 0n) {
      throw new IndexerError('bad-argument', `simulated account ${of} lacks ${-left} ${denom}`, { denom })
    }
    own.set(denom, left)
    this.#balances.set(of, own)
  }
}
