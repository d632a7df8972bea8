import { IndexerError } from '../../pipeline/model/errors.ts'
import { day, dayStart, secondsPerDay, type UnixSeconds, unixSeconds } from '../../pipeline/model/time.ts'
import { observedPrice } from '../prices/node.ts'
import { draw } from '../scenario.ts'
import { denoms, modules } from './accounts.ts'
import { Bank } from './bank.ts'
import { Book } from './book.ts'
import { Bystanders } from './bystanders.ts'
import { CreditUsers } from './credit_users.ts'
import { Customers } from './customers.ts'
import { dec } from './decimal.ts'
import { endow, lockedBefore } from './endowment.ts'
import { type Era, eraAt, findUpgrade, type UpgradeName, upgradeNamed } from './eras.ts'
import type { BlockFacts, Fact, TransactionFacts } from './facts.ts'
import type { AccountRecord, LeaseRecord } from './lease_state.ts'
import { Market } from './market.ts'
import { drainFacts, upgradeFacts } from './migrations.ts'
import { Senders } from './senders.ts'
import { Treasury } from './treasury.ts'
import { Vault } from './vault.ts'

/** Far fewer than the real chain's 14,600, so that 40 days are read in seconds. */
const blocksPerDay = 48
/** Fewer blocks mint as much a year. */
export const blocksPerYear = Math.round(blocksPerDay * 365.25)
const jitterSeconds = 300
const epochBlocks = 12
const hour = 3_600

/** A height that no real upgrade follows, and its invented time. */
const present = { height: 29_600_000, time: dayStart(day('2026-11-22')) }

export interface AkashOptions {
  readonly seed: number
  readonly days: number
  /** The last simulated instant; with `around` the days lie evenly around the upgrade instead. */
  readonly end?: UnixSeconds
  /** An upgrade of the past, at its real height and time. */
  readonly around?: UpgradeName
}

/**
 * A simulated Akash: every block follows from the seed and the blocks before it, and is kept as the facts that make
 * up its events. All coins are in one bank, so that what is not conserved cannot be simulated.
 */
export class AkashScenario {
  readonly seed: number
  /** The lowest height that exists. */
  readonly first: number
  /** What an indexer that read everything must have found. */
  readonly book = new Book()
  readonly #anchor: { readonly height: number; readonly time: number }
  readonly #blocks: BlockFacts[] = []
  readonly #listeners = new Set<(height: number) => void>()
  readonly #bank = new Bank()
  readonly #market: Market
  readonly #vault: Vault
  readonly #treasury: Treasury
  readonly #customers: Customers
  readonly #bystanders: Bystanders
  readonly #creditUsers: CreditUsers

  /** @throws IndexerError `bad-argument` if the present-day chain would begin before its last upgrade. */
  constructor(options: AkashOptions) {
    const { seed, days, around } = options
    this.seed = seed
    this.#anchor = around === undefined ? present : upgradeNamed(around)
    const end =
      around === undefined ? (options.end ?? present.time) : this.#anchor.time + (days * secondsPerDay) / 2
    this.first = this.#lastBefore(end - days * secondsPerDay)
    if (around === undefined && this.first < upgradeNamed('v2.1.0').height) {
      throw new IndexerError(
        'bad-argument',
        `${days} simulated days of Akash begin before its last upgrade; ask for fewer`,
      )
    }
    const { book } = this
    const bank = this.#bank
    const era = eraAt(this.first)
    endow(bank, seed, this.first, era)
    const senders = new Senders(seed, bank, book)
    this.#market = new Market(bank, book, (height) => this.timeOf(height))
    this.#vault = new Vault(bank, book, era.credits ? lockedBefore : 0n)
    this.#treasury = new Treasury(seed, bank, book, blocksPerYear)
    this.#customers = new Customers(seed, bank, this.#market, senders)
    this.#bystanders = new Bystanders(seed, bank, senders)
    const people = { tenants: Customers.tenants(seed), providers: Customers.providers(seed) }
    this.#creditUsers = new CreditUsers(seed, { bank, vault: this.#vault, senders }, people)
    this.advanceTo(unixSeconds(Math.floor(end)))
  }

  get head(): number {
    return this.first + this.#blocks.length - 1
  }

  /** Makes every block up to an instant; there is always at least one. */
  advanceTo(time: UnixSeconds): void {
    const last = Math.max(this.first, this.#lastBefore(time + 1))
    for (let height = this.head + 1; height <= last; height += 1) {
      this.#blocks.push(this.#make(height))
      for (const listener of this.#listeners) listener(height)
    }
  }

  /** Tells every new block from now on. @returns Ends it. */
  onBlock(listener: (height: number) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** @throws IndexerError `bad-argument` for a height that does not exist. */
  block(height: number): BlockFacts {
    const found = this.#blocks[height - this.first]
    if (found === undefined) throw new IndexerError('bad-argument', `simulated Akash has no block ${height}`)
    return found
  }

  /** Every account of a deployment that was made up to a height, oldest first, with what was known of it later too. */
  accountsAt(height: number): AccountRecord[] {
    return this.#market.accounts.filter(({ dseq }) => dseq <= height)
  }

  /** Every lease that was made up to a height, oldest first, with what was known of it later too. */
  leasesAt(height: number): LeaseRecord[] {
    return this.#market.records.filter(({ createdAt }) => createdAt <= height)
  }

  /** A block every half hour, give or take five minutes. */
  timeOf(height: number): UnixSeconds {
    const { height: at, time } = this.#anchor
    const jitter = height === at ? 0 : Math.floor((2 * draw(this.seed, 601, height) - 1) * jitterSeconds)
    return unixSeconds(time + Math.floor(((height - at) * secondsPerDay) / blocksPerDay) + jitter)
  }

  /** Dollars an AKT with 18 places, as the last oracle update before a block had it. */
  priceAt(height: number): bigint {
    const { price } = observedPrice(
      this.seed,
      'coingecko:akash-network',
      Math.floor(this.timeOf(height) / hour),
    )
    return BigInt(Math.round(price * 1e8)) * 10n ** 10n
  }

  #lastBefore(time: number): number {
    const { height: at, time: anchor } = this.#anchor
    let height = at + Math.ceil(((time - anchor) * blocksPerDay) / secondsPerDay) + 1
    while (this.timeOf(height) >= time) height -= 1
    return height
  }

  #make(height: number): BlockFacts {
    const [era, time, parts] = [
      eraAt(height),
      this.timeOf(height),
      { bank: this.#bank, book: this.book, market: this.#market },
    ]
    this.book.turnTo(time)
    const before = upgradeFacts(height, parts)
    const begin = this.#treasury.begin(height)
    this.#market.accrue(height)
    // The first block of an upgrade is empty: everyone is still restarting.
    const transactions = findUpgrade(height) === undefined ? this.#transactions(height, era, time) : []
    const end = [
      ...this.#credits(height, era),
      ...drainFacts(height, this.priceAt(height - 1), parts),
      ...this.#treasury.end(height),
    ]
    const state = {
      ...this.#bank.state(Object.values(modules)),
      inflation: this.#treasury.inflation18,
      annualProvisions: this.#treasury.provisions18,
    }
    return { height, time, before, begin, transactions, end, state }
  }

  #transactions(height: number, era: Era, time: number): TransactionFacts[] {
    const told = new Date(time * 1000).toISOString()
    return [
      ...this.#bystanders.price(height, era, this.priceAt(height), told),
      ...this.#customers.transactions(height, era),
      ...(era.credits ? this.#creditUsers.transactions(height, this.priceAt(height - 1)) : []),
      ...this.#bystanders.transactions(height, era),
    ]
  }

  /** Minting and redeeming take turns; the price is that of the block before. */
  #credits(height: number, era: Era): Fact[] {
    if (!era.credits || findUpgrade(height) !== undefined) return []
    const price18 = this.priceAt(height - 1)
    const told: Fact[] = era.oracle === 'v2' ? [this.#aggregated(height)] : []
    const turn = height % epochBlocks
    const epoch =
      turn === 0 && !this.#vault.halted
        ? this.#vault.epoch(denoms.uakt, price18)
        : turn === epochBlocks / 2
          ? this.#vault.epoch(denoms.uact, price18)
          : []
    return [...told, ...epoch, ...this.#vault.watch(price18)]
  }

  #aggregated(height: number): Fact {
    const price = dec(this.priceAt(height))
    const values = {
      price: {
        denom: 'akt',
        twap: price,
        median_price: price,
        min_price: price,
        max_price: price,
        timestamp: new Date(this.timeOf(height) * 1000).toISOString(),
        num_sources: 1,
        deviation_bps: '0',
      },
    }
    return { kind: 'typed', type: 'akash.oracle.v2.EventAggregatedPrice', values }
  }
}
