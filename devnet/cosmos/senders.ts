import { draw, textKey } from '../scenario.ts'
import { denoms, modules } from './accounts.ts'
import type { Bank } from './bank.ts'
import type { Book } from './book.ts'
import type { Coin } from './decimal.ts'
import type { Fact, MessageFacts, TransactionFacts } from './facts.ts'
import type { EncodedMessage } from './messages.ts'

const gasPriceThousandths = 25

/** Keys of draws: what a number is drawn for. */
const draws = { gas: 101, coins: 102 } as const

/** What a transaction may differ in. */
interface Sending {
  readonly gas?: number
  readonly granter?: string
  readonly memo?: string
  readonly unordered?: boolean
  readonly failed?: TransactionFacts['failed']
}

/** Sends transactions: takes the fee first, as the chain does, and counts each signer's. */
export class Senders {
  readonly #seed: number
  readonly #bank: Bank
  readonly #book: Book
  readonly #sequences = new Map<string, number>()

  constructor(seed: number, bank: Bank, book: Book) {
    this.#seed = seed
    this.#bank = bank
    this.#book = book
  }

  /** @param act What the messages do, asked after the fee is taken; for a failed transaction it only gives their bytes. */
  send(
    signer: string,
    height: number,
    act: () => readonly MessageFacts[],
    how: Sending = {},
  ): TransactionFacts {
    const {
      gas = 150_000 + Math.floor(200_000 * draw(this.#seed, draws.gas, height, textKey(signer))),
      failed,
    } = how
    const payer = how.granter ?? signer
    const fee = this.#fee(payer, gas, height)
    this.#bank.send(payer, modules.feeCollector, fee)
    for (const { denom, amount } of fee) {
      this.#book.add('transaction fee', denom, amount)
      if (failed !== undefined) this.#book.add('failed transaction fee', denom, amount)
    }
    const sequence = how.unordered === true ? 0 : (this.#sequences.get(signer) ?? 0)
    if (how.unordered !== true) this.#sequences.set(signer, sequence + 1)
    return {
      signer,
      ...(how.granter === undefined ? {} : { granter: how.granter }),
      fee,
      gas,
      sequence,
      memo: how.memo ?? '',
      unordered: how.unordered ?? false,
      messages: act(),
      ...(failed === undefined ? {} : { failed }),
    }
  }

  /** Some pay a part in another coin. */
  #fee(payer: string, gas: number, height: number): Coin[] {
    const due = BigInt(Math.ceil((gas * gasPriceThousandths) / 1_000))
    const other = this.#bank.balance(payer, denoms.usdc) > 1_000n
    if (!other || draw(this.#seed, draws.coins, height, textKey(payer)) >= 0.08)
      return [{ denom: denoms.uakt, amount: due }]
    return [
      { denom: denoms.usdc, amount: due / 4n },
      { denom: denoms.uakt, amount: due },
    ]
  }
}

/** What one message did. */
export function did(encoded: EncodedMessage, sender: string, facts: readonly Fact[]): MessageFacts {
  const [, module = 'unknown'] = /\.?(\w+)\.v\w+\.Msg/.exec(encoded.typeUrl) ?? []
  return { ...encoded, sender, module, facts }
}
