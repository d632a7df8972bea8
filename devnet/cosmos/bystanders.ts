import { draw, seededBytes } from '../scenario.ts'
import { contract, denoms, modules, person, validator } from './accounts.ts'
import type { Bank } from './bank.ts'
import { coinsText, dec } from './decimal.ts'
import type { Era } from './eras.ts'
import type { Fact, MessageFacts, TransactionFacts } from './facts.ts'
import { otherMessages } from './messages.ts'
import { did, type Senders } from './senders.ts'

const delegators = 4
const holders = 5

/** Keys of draws: what a number is drawn for. */
const draws = { send: 103, amount: 104, claim: 105, packet: 106, granted: 107 } as const

/** Everything on the chain that is neither market nor vault: payments, rewards, bridged coins, prices. */
export class Bystanders {
  readonly #seed: number
  readonly #bank: Bank
  readonly #senders: Senders

  constructor(seed: number, bank: Bank, senders: Senders) {
    this.#seed = seed
    this.#bank = bank
    this.#senders = senders
  }

  /** Accounts that must own coins at the start, with how much uakt and axlUSDC. */
  static endowed(seed: number): { readonly account: string; readonly uakt: bigint; readonly usdc: bigint }[] {
    const list = (part: string, count: number): string[] =>
      Array.from({ length: count }, (_, index) => person(seed, part, index))
    return [...list('delegator', delegators), ...list('holder', holders), person(seed, 'relayer', 0)].map(
      (account, at) => ({ account, uakt: 5_000_000_000n, usdc: at % 3 === 1 ? 500_000_000n : 0n }),
    )
  }

  transactions(height: number, era: Era): TransactionFacts[] {
    return [...this.#payment(height), ...this.#rewards(height), ...this.#bridged(height, era)]
  }

  /** A contract that is told a price passes it on; from the relayer, who sends it one uakt. */
  price(height: number, era: Era, price18: bigint, time: string): TransactionFacts[] {
    if (era.oracle === 'none') return []
    const [relayer, pyth] = [person(this.#seed, 'relayer', 0), contract(this.#seed, 'pyth')]
    const id = { denom: 'akt', base_denom: 'usd' }
    const told = { price: dec(price18), timestamp: time }
    const values = era.oracle === 'v1' ? { source: 1, id, data: told } : { source: 1, id, ...told }
    const vaa = seededBytes(this.#seed, `vaa ${height}`, 60).toString('base64')
    const one = { denom: denoms.uakt, amount: 1n }
    const act = (): MessageFacts[] => [
      did(
        otherMessages.execute(relayer, pyth, JSON.stringify({ update_price_feed: { vaa } }), one),
        relayer,
        [
          ...this.#bank.send(relayer, pyth, [one]),
          { kind: 'plain', type: 'execute', attributes: [['_contract_address', pyth]] },
          { kind: 'typed', type: `akash.oracle.${era.oracle}.EventPriceData`, values },
        ],
      ),
    ]
    const how = { gas: 423_435, memo: 'akash price update', unordered: era.oracle === 'v2' }
    return [this.#senders.send(relayer, height, act, how)]
  }

  #payment(height: number): TransactionFacts[] {
    if (draw(this.#seed, draws.send, height) >= 0.3) return []
    const from = person(this.#seed, 'holder', height % holders)
    const to = person(this.#seed, 'holder', (height + 1) % holders)
    const coins = [
      { denom: denoms.uakt, amount: 1n + BigInt(Math.floor(1e6 * draw(this.#seed, draws.amount, height))) },
    ]
    const granted = draw(this.#seed, draws.granted, height) < 0.2
    const how = granted ? { granter: person(this.#seed, 'holder', (height + 2) % holders) } : {}
    const act = (): MessageFacts[] => [
      did(otherMessages.send(from, to, coins), from, this.#bank.send(from, to, coins)),
    ]
    return [this.#senders.send(from, height, act, how)]
  }

  /** Rewards of a delegator: many coins at once, or none, which leaves an event with an empty amount. */
  #rewards(height: number): TransactionFacts[] {
    const drawn = draw(this.#seed, draws.claim, height)
    if (drawn >= 0.2) return []
    const [to, from] = [
      person(this.#seed, 'delegator', height % delegators),
      validator(this.#seed, height % 2),
    ]
    const coins =
      drawn < 0.05
        ? []
        : [denoms.uakt, denoms.usdc].map((denom) => ({
            denom,
            amount: this.#bank.balance(modules.distribution, denom) / 100_000n,
          }))
    const act = (): MessageFacts[] => {
      const facts = this.#bank.send(modules.distribution, to, coins)
      const [sent] = facts
      const amount = sent?.kind === 'send' ? coinsText(sent.coins) : ''
      const told: Fact = {
        kind: 'plain',
        type: 'withdraw_rewards',
        attributes: [
          ['amount', amount],
          ['validator', from],
        ],
      }
      return [did(otherMessages.claimRewards(to, from), to, [...facts, told])]
    }
    return [this.#senders.send(to, height, act)]
  }

  /** Coins of another chain that arrive are minted as vouchers; some go back and are burned. Neither is emission. */
  #bridged(height: number, era: Era): TransactionFacts[] {
    if (!era.bankEvents || draw(this.#seed, draws.packet, height) >= 0.05) return []
    const to = person(this.#seed, 'holder', 1)
    const coin = { denom: denoms.usdc, amount: 1_000_000n + BigInt(height % 1_000) }
    const home = { denom: denoms.usdc, amount: 400_000n }
    const act = (): MessageFacts[] => [
      did(otherMessages.receivePacket(to), to, [
        ...this.#bank.mint(modules.transfer, coin),
        ...this.#bank.send(modules.transfer, to, [coin]),
        ...this.#bank.send(to, modules.transfer, [home]),
        ...this.#bank.burn(modules.transfer, home),
      ]),
    ]
    return [this.#senders.send(to, height, act)]
  }
}
