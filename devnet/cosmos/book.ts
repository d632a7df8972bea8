import { type Day, dayOf, type UnixSeconds } from '../../pipeline/model/time.ts'

/** What can happen to coins. */
export type Flow =
  /** Minted by inflation. */
  | 'inflation'
  /** Coins minted to pay for redeemed credits when no credit for re-minting is left. */
  | 'shortfall'
  /** Destroyed, by who burned them. */
  | 'burn slashing'
  | 'burn gov'
  | 'burn migration'
  | 'burn redeemed credits'
  | 'burn bridge'
  /** Credits minted for locked coins: the whole amount, and the part that stays in the vault. */
  | 'credits minted'
  | 'credits spread'
  | 'credits migrated'
  /** Locked when credits were minted; released when they were redeemed. */
  | 'locked'
  | 'released'
  /** Asked for or given back, booked apart from what was executed. */
  | 'requested'
  | 'cancelled'
  /** Paid to providers for leases, and the part that the community pool took from the payments. */
  | 'lease payment'
  | 'take'
  | 'transaction fee'
  | 'failed transaction fee'
  /** Never revenue. */
  | 'deposit'
  | 'refund'
  | 'collateral in'
  | 'collateral out'
  | 'community funds'
  /** Prices of open, funded leases, block by block; with 18 places. */
  | 'accrued 18'

/**
 * What the scenario knows it did, summed by flow, denomination and day. It is written where the scenario decides,
 * not from the events, so that what an indexer finds in the events can be held against it.
 */
export class Book {
  readonly #sums = new Map<string, Map<Day, bigint>>()
  #day: Day = dayOf(0 as UnixSeconds)

  /** From here on everything belongs to the day of an instant. */
  turnTo(time: UnixSeconds): void {
    this.#day = dayOf(time)
  }

  /** @param at When it belongs to another day than the present one. */
  add(flow: Flow, denom: string, amount: bigint, at?: UnixSeconds): void {
    if (amount === 0n) return
    const key = `${flow} ${denom}`
    const days = this.#sums.get(key) ?? new Map<Day, bigint>()
    const on = at === undefined ? this.#day : dayOf(at)
    days.set(on, (days.get(on) ?? 0n) + amount)
    this.#sums.set(key, days)
  }

  /** Amounts by day; days without any are absent. */
  days(flow: Flow, denom: string): ReadonlyMap<Day, bigint> {
    return this.#sums.get(`${flow} ${denom}`) ?? new Map()
  }

  /** Over all days. */
  sum(flow: Flow, denom: string): bigint {
    return [...this.days(flow, denom).values()].reduce((all, amount) => all + amount, 0n)
  }

  /** Every flow and denomination that has an amount, as `flow denom`. */
  get keys(): string[] {
    return [...this.#sums.keys()].sort()
  }
}
