/** Requests under way at once at one endpoint. */
const maxInFlight = 32
const lowestPerSecond = 0.5
const highestPerSecond = 5_000

/**
 * Additive increase, multiplicative decrease for one endpoint: without a limit until the endpoint first
 * complains, then half of what it last took, growing by about one request a second each second.
 */
export class AimdRate {
  readonly #now: () => number
  #perSecond = Number.POSITIVE_INFINITY
  #tokens = 1
  #refilledAt: number
  #pausedUntil = 0
  #inFlight = 0
  #window: { startedAt: number; served: number }
  #lastCutAt = Number.NEGATIVE_INFINITY

  /** @param now Milliseconds from any fixed point, never going back. */
  constructor(now: () => number) {
    this.#now = now
    this.#refilledAt = now()
    this.#window = { startedAt: now(), served: 0 }
  }

  get perSecond(): number {
    return this.#perSecond
  }

  /** Keeps to a limit that others set; a lower rate of its own stays. */
  keepUnder(perSecond: number): void {
    if (perSecond >= this.#perSecond) return
    this.#perSecond = Math.max(lowestPerSecond, perSecond)
    this.#tokens = Math.min(this.#tokens, 1)
    this.#refilledAt = this.#now()
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** Milliseconds until a request may start: 0 means now. Infinity while too many are under way. */
  waitMs(): number {
    const now = this.#now()
    if (this.#inFlight >= maxInFlight) return Number.POSITIVE_INFINITY
    if (now < this.#pausedUntil) return this.#pausedUntil - now
    if (this.#perSecond === Number.POSITIVE_INFINITY) return 0
    const burst = Math.max(1, this.#perSecond / 10)
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#refilledAt) * this.#perSecond) / 1000)
    this.#refilledAt = now
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) * 1000) / this.#perSecond)
  }

  /** Takes a place; call only when {@link waitMs} says 0, and {@link done} afterwards. */
  take(): void {
    this.#inFlight += 1
    if (this.#perSecond !== Number.POSITIVE_INFINITY) this.#tokens -= 1
  }

  done(): void {
    this.#inFlight -= 1
  }

  succeeded(): void {
    const now = this.#now()
    this.#window.served += 1
    if (now - this.#window.startedAt > 2_000) this.#window = { startedAt: now, served: 1 }
    if (this.#perSecond !== Number.POSITIVE_INFINITY) {
      this.#perSecond = Math.min(highestPerSecond, this.#perSecond + 1 / this.#perSecond)
    }
  }

  /** Too many requests, or a time-out: halves the rate (once a second at most) and pauses. */
  overloaded(pauseMs: number): void {
    const now = this.#now()
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs)
    if (now - this.#lastCutAt < 1_000) return
    const seconds = Math.max(0.25, (now - this.#window.startedAt) / 1000)
    const current = Math.min(this.#perSecond, Math.max(1, this.#window.served / seconds))
    this.#perSecond = Math.max(lowestPerSecond, current / 2)
    this.#tokens = 0
    this.#refilledAt = now
    this.#lastCutAt = now
  }

  /** Any other failure: leaves the rate, pauses the endpoint so that another one is tried. */
  failed(pauseMs: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#now() + pauseMs)
  }
}
