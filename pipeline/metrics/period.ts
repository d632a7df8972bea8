import type { NetworkFlows } from '../model/flow.ts'
import type { Quality } from '../model/quality.ts'
import { isShown, worse } from '../model/quality.ts'
import type { Definitions, Granularity } from '../model/series.ts'
import type { PriceValue, SupplyValue } from '../model/supply.ts'
import { unknownSupply } from '../model/supply.ts'
import { addDays, dayNumber, dayOfNumber } from '../model/time.ts'
import type { Span } from './calendar.ts'
import { spanBefore, spanYearBefore } from './calendar.ts'
import type { DayValue, Ledger, Measure } from './ledger.ts'
import { union } from './ledger.ts'
import type { Selection } from './selections.ts'
import type { Sum } from './sums.ts'

/** The flows of a network over some days, with the questions that formulas ask. */
export class Period {
  /** How many days it has. */
  readonly length: number
  readonly span: Span
  readonly granularity: Granularity
  readonly #ledger: Ledger
  readonly #sums = { usd: new Map<Selection, Sum>(), raw: new Map<Selection, Sum>() }

  constructor(ledger: Ledger, span: Span, granularity: Granularity) {
    this.#ledger = ledger
    this.span = span
    this.granularity = granularity
    this.length = dayNumber(span.last) - dayNumber(span.first) + 1
  }

  get flows(): NetworkFlows {
    return this.#ledger.flows
  }

  get definitions(): Definitions {
    return this.#ledger.definitions
  }

  /** Dollars of a selection: an exact sum of millionths. */
  usd(selection: Selection): Sum {
    return this.#sum(selection, 'usd')
  }

  /** Smallest units of the network's own token. */
  raw(selection: Selection): Sum {
    return this.#sum(selection, 'raw')
  }

  /** The period of the same kind that ends where this one starts. */
  before(): Period {
    return new Period(this.#ledger, spanBefore(this.span, this.granularity), this.granularity)
  }

  /** The same period a year earlier. */
  yearBefore(): Period {
    return new Period(this.#ledger, spanYearBefore(this.span, this.granularity), this.granularity)
  }

  /** Everything from the first day that any stream has to the end of this period. */
  sinceStart(): Period {
    let first = this.span.first
    for (const stream of this.flows.streams)
      for (const day of stream.days.keys()) if (day < first) first = day
    return new Period(this.#ledger, { ...this.span, first }, this.granularity)
  }

  /** A counter of the network's own token when the period began, or at its close. */
  supply(counter: string, at: 'start' | 'end'): SupplyValue {
    const day = at === 'end' ? this.span.last : addDays(this.span.first, -1)
    const found = this.flows.supplies.get(counter)?.get(day)
    if (found !== undefined) return found
    const reason = unknownSupply(counter)
    return { raw: null, quality: 'NO_COVERAGE', reason, availableAt: 0 }
  }

  /** The close of the network's own token on the period's last day. */
  close(): PriceValue {
    const found = this.flows.closes.get(this.span.last)
    if (found !== undefined) return found
    const reason = `no price of ${this.flows.primaryToken} on ${this.span.last}`
    return { usd: null, quality: 'NO_PRICE', reason, availableAt: 0 }
  }

  #sum(selection: Selection, measure: Measure): Sum {
    const sums = this.#sums[measure]
    const known = sums.get(selection)
    if (known !== undefined) return known
    const made = this.#add(selection, measure)
    sums.set(selection, made)
    return made
  }

  #add(selection: Selection, measure: Measure): Sum {
    const { includePartial, maxUnpricedDays } = this.definitions
    const valuesOn = this.#ledger.days(selection, measure)
    const first = dayNumber(this.span.first)
    if (this.length === 1) {
      const [only, other] = valuesOn(first)
      if (only?.quality === 'COMPLETE' && only.span === 1 && other === undefined) return sumOfDay(only, first)
    }
    const tally = new Tally()
    const end = first + this.length
    /** For each token: the first day that a longer published period does not cover; empty where there is none. */
    const free: number[] = []
    for (let number = first; number < end; number += 1) {
      const values = valuesOn(number)
      tally.startDay(number)
      for (let token = 0; token < values.length; token += 1) {
        const value = values[token]
        if (value === undefined || (free.length > 0 && number < (free[token] ?? 0))) continue
        if (value.span > 1) {
          if (number + value.span > end) {
            tally.note(cut(value, number))
            continue
          }
          free[token] = number + value.span
        }
        tally.note(value)
      }
      tally.endDay()
    }
    return tally.sum(this.length, includePartial, maxUnpricedDays)
  }
}

/** The sum of one complete day of one token: most of what is ever asked. */
function sumOfDay({ value, availableAt, version, methods, warning }: DayValue, number: number): Sum {
  return {
    value,
    quality: 'COMPLETE',
    reason: null,
    daysComplete: 1,
    daysPriced: 1,
    availableAt,
    version,
    methods,
    warning: warning === null ? null : `${dayOfNumber(number)}: ${warning}`,
  }
}

/** A longer published period of which the days asked for hold only a part. */
function cut(value: DayValue, number: number): DayValue {
  const reason = `published only as a whole, from ${dayOfNumber(number)} to ${dayOfNumber(number + value.span - 1)}`
  return { ...value, value: 0n, quality: 'PARTIAL', reason }
}

/** Adds up day values, and remembers how good the worst of them is. */
class Tally {
  #value = 0n
  #quality: Quality = 'COMPLETE'
  #reason: string | null = null
  #priceReason: string | null = null
  #daysComplete = 0
  #daysUnpriced = 0
  #availableAt: number | null = null
  #version: number | null = null
  #methods: readonly string[] = []
  #warning: string | null = null
  #day = 0
  #complete = true
  #priced = true

  startDay(number: number): void {
    this.#day = number
    this.#complete = true
    this.#priced = true
  }

  note(day: DayValue): void {
    const { quality } = day
    if (quality === 'COMPLETE') this.#value += day.value
    else this.#noteLess(day)
    if (day.availableAt !== null && day.availableAt > (this.#availableAt ?? 0))
      this.#availableAt = day.availableAt
    if (day.version !== null && day.version > (this.#version ?? 0)) this.#version = day.version
    if (day.warning !== null) this.#warning ??= this.#dated(day.warning)
    if (day.methods !== this.#methods) this.#methods = union(this.#methods, day.methods)
  }

  #noteLess({ quality, reason, value }: DayValue): void {
    if (quality === 'NO_PRICE') {
      this.#priced = false
      this.#priceReason ??= this.#dated(reason)
    } else this.#worsen(quality, reason)
    if (isShown(quality)) this.#value += value
    else this.#complete = false
  }

  endDay(): void {
    if (this.#complete) this.#daysComplete += 1
    if (!this.#priced) this.#daysUnpriced += 1
  }

  sum(days: number, includePartial: boolean, maxUnpricedDays: number): Sum {
    if (this.#daysUnpriced > 0) {
      const left = `${this.#daysUnpriced} of ${days} days have no price and are left out`
      const tolerated = this.#daysUnpriced <= maxUnpricedDays && this.#daysUnpriced < days
      const quality = tolerated ? 'ESTIMATED' : 'NO_PRICE'
      if (this.#isWorse(quality)) this.#reason = tolerated ? left : this.#priceReason
      this.#quality = worse(this.#quality, quality)
    }
    const shown = isShown(this.#quality) || (includePartial && this.#daysComplete > 0)
    return {
      value: shown ? this.#value : null,
      quality: this.#quality,
      reason: this.#quality === 'COMPLETE' ? null : this.#reason,
      daysComplete: this.#daysComplete,
      daysPriced: days - this.#daysUnpriced,
      availableAt: this.#availableAt,
      version: this.#version,
      methods: this.#methods,
      warning: this.#warning,
    }
  }

  /** The reason kept is that of the worst day, the first of its kind. */
  #worsen(quality: Quality, reason: string | null): void {
    if (this.#isWorse(quality)) this.#reason = this.#dated(reason)
    this.#quality = worse(this.#quality, quality)
  }

  #isWorse(quality: Quality): boolean {
    const worst = worse(this.#quality, quality)
    return worst !== this.#quality || (this.#reason === null && quality === this.#quality)
  }

  #dated(reason: string | null): string | null {
    return reason === null ? null : `${dayOfNumber(this.#day)}: ${reason}`
  }
}
