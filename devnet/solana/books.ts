import type { Day } from '../../pipeline/model/time.ts'

/**
 * What the scenarios meant to happen, noted when it is planned and never read from transactions: what an indexer
 * must find, added up independently of it.
 */
export class Books {
  readonly #sums = new Map<string, Map<Day, bigint>>()

  note(entry: string, day: Day, amount: bigint): void {
    const days = this.#sums.get(entry) ?? new Map<Day, bigint>()
    days.set(day, (days.get(day) ?? 0n) + amount)
    this.#sums.set(entry, days)
  }

  /** Everything noted under a name, by UTC day, earliest first. */
  days(entry: string): ReadonlyMap<Day, bigint> {
    return this.#sums.get(entry) ?? new Map()
  }

  /** The sum over some days, `from` included, `to` left out. */
  total(entry: string, from: Day, to: Day): bigint {
    let sum = 0n
    for (const [day, amount] of this.days(entry)) if (day >= from && day < to) sum += amount
    return sum
  }
}
