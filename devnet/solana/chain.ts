import { encodeId } from '../../pipeline/model/encoding.ts'
import {
  type Day,
  dayNumber,
  dayOf,
  dayOfNumber,
  dayStart,
  secondsPerDay,
  type UnixSeconds,
  unixSeconds,
} from '../../pipeline/model/time.ts'
import { draw, seededBytes } from '../scenario.ts'
import { Books } from './books.ts'
import { effectsOf, type Instruction } from './instructions.ts'
import { SolanaLedger } from './ledger.ts'
import { allKeys, compile, type LookupTable } from './message.ts'
import { blockHash, hasBlock, parentOf, slotAt, timeOf, withBlock } from './slots.ts'
import type { SolanaTransaction } from './transaction.ts'

/** A transaction that a scenario wants in a block. */
export interface Draft {
  readonly payer: string
  readonly instructions: readonly Instruction[]
  /** Makes it a version 0 transaction that looks addresses up. */
  readonly table?: LookupTable
  /** What it fails with: it is in its block, and changes nothing. */
  readonly error?: unknown
}

/** One act of a day: made when all earlier ones have been. */
export interface Act {
  /** Seconds after midnight. */
  readonly second: number
  /** Undefined: nothing happens after all. */
  make(at: { readonly slot: number; readonly time: UnixSeconds; readonly day: Day }): Draft | undefined
}

/** What a scenario works with. */
export interface World {
  readonly seed: number
  readonly ledger: SolanaLedger
  readonly books: Books
  /** The slot in which everything that is older than the simulation lies. */
  readonly genesis: number
  /** An address of the scenario's own, the same for the same name. */
  address(name: string): string
  /** Chance that belongs to a name and numbers: from 0 to below 1. */
  chance(...key: readonly number[]): number
}

/** What happens on the simulated chain for one network. */
export interface SolanaScenario {
  /** Opens mints and accounts. */
  open(world: World): void
  /** The acts of a day, in any order; none in its last minute. */
  day(world: World, dayNumber: number): readonly Act[]
}

interface Options {
  readonly seed: number
  readonly days: number
  readonly end: UnixSeconds
}

/**
 * A simulated Solana with few, slow blocks. Slots, times and hashes follow from the seed; transactions are made day
 * by day from the first day on and kept, because each changes the balances that the next one finds. It starts at the
 * last block before a midnight, so that its first day is whole.
 */
export class SolanaChain {
  readonly seed: number
  /** The lowest slot that exists. */
  readonly first: number
  readonly ledger = new SolanaLedger()
  readonly books = new Books()
  readonly #scenarios: readonly SolanaScenario[]
  readonly #world: World
  readonly #bySignature = new Map<string, SolanaTransaction>()
  readonly #bySlot = new Map<number, SolanaTransaction[]>()
  readonly #byAddress = new Map<string, SolanaTransaction[]>()
  #nextDay: number
  #head: number

  constructor({ seed, days, end }: Options, scenarios: readonly SolanaScenario[]) {
    this.seed = seed
    this.#nextDay = Math.floor((end - days * secondsPerDay) / secondsPerDay)
    this.first = parentOf(seed, slotAt(dayStart(dayOfNumber(this.#nextDay)) + 3))
    this.#head = this.first
    this.#scenarios = scenarios
    const named = new Map<string, string>()
    this.#world = {
      seed,
      ledger: this.ledger,
      books: this.books,
      genesis: this.first,
      address: (name) => {
        const known = named.get(name)
        if (known !== undefined) return known
        const made = encodeId(seededBytes(seed, `solana address ${name}`, 32), 'base58')
        named.set(name, made)
        return made
      },
      chance: (...key) => draw(seed, ...key),
    }
    for (const scenario of scenarios) scenario.open(this.#world)
    this.advanceTo(end)
  }

  /** The newest slot, with or without a block. */
  get head(): number {
    return this.#head
  }

  /** Makes every block up to an instant. Never goes back. */
  advanceTo(time: UnixSeconds): void {
    this.#head = Math.max(this.#head, slotAt(time))
    while (timeOf(this.#head) >= dayStart(dayOfNumber(this.#nextDay))) {
      this.#makeDay(this.#nextDay)
      this.#nextDay += 1
    }
  }

  has(slot: number): boolean {
    return Number.isInteger(slot) && slot >= this.first && slot <= this.#head && hasBlock(this.seed, slot)
  }

  /** The transactions of a block that the scenarios made; votes are not among them. */
  transactionsAt(slot: number): readonly SolanaTransaction[] {
    return this.#bySlot.get(slot) ?? []
  }

  findTransaction(signature: string): SolanaTransaction | undefined {
    return this.#bySignature.get(signature)
  }

  /** Every transaction that names an address, oldest first; some may be above the head. */
  transactionsOf(address: string): readonly SolanaTransaction[] {
    return this.#byAddress.get(address) ?? []
  }

  #makeDay(number: number): void {
    const acts = this.#scenarios
      .flatMap((s) => s.day(this.#world, number))
      .sort((a, b) => a.second - b.second)
    const midnight = number * secondsPerDay
    for (const act of acts) {
      const slot = withBlock(this.seed, slotAt(midnight + act.second + 3))
      const time = timeOf(slot)
      const day = dayOf(time)
      if (dayNumber(day) !== number) throw new TypeError(`an act at second ${act.second} leaves its day`)
      const draft = act.make({ slot, time: unixSeconds(time), day })
      if (draft !== undefined) this.#add(slot, draft)
    }
  }

  #add(slot: number, { payer, instructions, table, error = null }: Draft): void {
    const own = this.#bySlot.get(slot) ?? []
    const index = own.length + 1
    const message = compile(payer, instructions, blockHash(this.seed, parentOf(this.seed, slot)), table)
    const keys = allKeys(message)
    const pre = this.ledger.balancesOf(keys)
    if (error === null) for (const effect of effectsOf(instructions)) this.ledger.apply(slot, effect)
    const signatures = Array.from({ length: message.header.numRequiredSignatures }, (_, i) =>
      seededBytes(this.seed, `solana signature ${slot} ${index} ${i}`, 64),
    )
    const made: SolanaTransaction = {
      slot,
      index,
      time: timeOf(slot),
      signatures,
      signature: encodeId(signatures[0] ?? Buffer.alloc(64), 'base58'),
      message,
      error,
      pre,
      post: error === null ? this.ledger.balancesOf(keys) : pre,
    }
    own.push(made)
    this.#bySlot.set(slot, own)
    this.#bySignature.set(made.signature, made)
    for (const key of keys) {
      const listed = this.#byAddress.get(key) ?? []
      listed.push(made)
      this.#byAddress.set(key, listed)
    }
  }
}
