import { draw, wander } from '../scenario.ts'
import { denoms, modules, validator } from './accounts.ts'
import type { Bank } from './bank.ts'
import type { Book } from './book.ts'
import { type Coin, dec, one18, sortCoins } from './decimal.ts'
import type { Fact } from './facts.ts'

/** Keys of draws: what a number is drawn for. */
const draws = { inflation: 501, bonded: 502, slash: 503, slashed: 504, veto: 505 } as const

/** From here on the real chain's inflation is at its cap of four percent; earlier values here are invented. */
const capFromHeight = 27_000_000
const cap18 = 4n * 10n ** 16n

/** Inflation, the daily bread of validators, and the coins that misbehaviour and vetoes destroy. */
export class Treasury {
  readonly #seed: number
  readonly #bank: Bank
  readonly #book: Book
  readonly #blocksPerYear: bigint
  inflation18 = 0n
  provisions18 = 0n

  constructor(seed: number, bank: Bank, book: Book, blocksPerYear: number) {
    this.#seed = seed
    this.#bank = bank
    this.#book = book
    this.#blocksPerYear = BigInt(blocksPerYear)
  }

  /** The block begins: what was collected is distributed, then new coins are minted, then the guilty are slashed. */
  begin(height: number): Fact[] {
    return [...this.#distribute(height), ...this.#mint(height), ...this.#slash(height)]
  }

  /** The block ends: now and then a deposit for a vetoed proposal is burned. */
  end(height: number): Fact[] {
    if (draw(this.#seed, draws.veto, height) >= 0.012) return []
    const coin = { denom: denoms.uakt, amount: 1_000_000_000n + BigInt(height % 1_000) }
    if (this.#bank.balance(modules.gov, denoms.uakt) < coin.amount) return []
    this.#book.add('burn gov', coin.denom, coin.amount)
    return [
      ...this.#bank.burn(modules.gov, coin),
      {
        kind: 'plain',
        type: 'inactive_proposal',
        attributes: [
          ['proposal_id', String(height % 400)],
          ['proposal_result', 'proposal_dropped'],
        ],
      },
    ]
  }

  #distribute(height: number): Fact[] {
    const collected = this.#bank.balances(modules.feeCollector)
    const facts = this.#bank.send(modules.feeCollector, modules.distribution, collected)
    if (facts.length === 0) return []
    const shares = [0, 1].map((index) => validator(this.#seed, (height + index) % 2))
    return [
      ...facts,
      ...shares.flatMap((of): Fact[] => [
        {
          kind: 'plain',
          type: 'commission',
          attributes: [
            ['amount', decCoins(collected, 40n)],
            ['validator', of],
          ],
        },
        {
          kind: 'plain',
          type: 'rewards',
          attributes: [
            ['amount', decCoins(collected, 2n)],
            ['validator', of],
          ],
        },
      ]),
    ]
  }

  #mint(height: number): Fact[] {
    const supply = this.#bank.supply(denoms.uakt)
    this.inflation18 = height >= capFromHeight ? cap18 : this.#olderInflation(height)
    this.provisions18 = this.inflation18 * supply
    const amount = this.provisions18 / this.#blocksPerYear / one18
    const coin = { denom: denoms.uakt, amount }
    this.#book.add('inflation', coin.denom, amount)
    const bonded =
      306_700_000_000_000_000n + BigInt(Math.floor(1e15 * draw(this.#seed, draws.bonded, height)))
    return [
      ...this.#bank.mint(modules.mint, coin),
      ...this.#bank.send(modules.mint, modules.feeCollector, [coin]),
      {
        kind: 'plain',
        type: 'mint',
        attributes: [
          ['bonded_ratio', dec(bonded)],
          ['inflation', dec(this.inflation18)],
          ['annual_provisions', dec(this.provisions18)],
          ['amount', String(amount)],
        ],
      },
    ]
  }

  #olderInflation(height: number): bigint {
    const wandering = BigInt(Math.floor(1e9 * wander(this.#seed, draws.inflation, height / 500)))
    return 120_000_000_000_000_000n + wandering * 20_000_000n + BigInt(height % 9_973)
  }

  #slash(height: number): Fact[] {
    if (draw(this.#seed, draws.slash, height) >= 0.005) return []
    const amount = 1n + BigInt(Math.floor(2e9 * draw(this.#seed, draws.slashed, height)))
    const module = height % 2 === 0 ? modules.bonded : modules.notBonded
    this.#book.add('burn slashing', denoms.uakt, amount)
    return [
      {
        kind: 'plain',
        type: 'slash',
        attributes: [
          ['address', validator(this.#seed, 0)],
          ['reason', 'missing_signature'],
        ],
      },
      ...this.#bank.burn(module, { denom: denoms.uakt, amount }),
    ]
  }
}

/** Shares of coins, with 18 places, as rewards are written. */
function decCoins(coins: readonly Coin[], part: bigint): string {
  return sortCoins(coins)
    .map(({ denom, amount }) => `${dec((amount * one18) / part)}${denom}`)
    .join(',')
}
