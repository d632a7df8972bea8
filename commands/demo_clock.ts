/** Milliseconds before the end of the simulation at which supplies are read, so that two readings can be compared. */
const stopsMs = [2 * 86_400_000, 3_600_000] as const
/** Days that a simulation needs to have something between two readings. */
const fewestDays = 4

/**
 * Simulated time that stops twice before its end: most nodes state only what exists now, so that a supply can be proved only
 * between two of its nows.
 */
export class DemoClock {
  /** Days of blocks that the simulation starts with. */
  readonly days: number
  /** Seconds between the start of the simulation and the end that was asked for. */
  readonly behind: number
  readonly #running: boolean
  readonly #stops: readonly number[]
  #at = 0
  #releasedAt: number | undefined

  /** @param running Whether time runs on from the end. */
  constructor(days: number, running: boolean) {
    this.#stops = days < fewestDays ? [] : stopsMs
    this.#running = running
    this.behind = (this.#stops[0] ?? 0) / 1000
    this.days = days - this.behind / 86_400
  }

  /** How often time stops. */
  get stops(): number {
    return this.#stops.length
  }

  /** For the devnet: milliseconds since the simulation was started. */
  readonly now = (): number =>
    this.#at + (this.#releasedAt === undefined || !this.#running ? 0 : Date.now() - this.#releasedAt)

  /** Goes on to a stop, counted from 0; past the last one to the end, from where time may run on. */
  moveTo(stop: number): void {
    const left = this.#stops[stop] ?? 0
    this.#at = (this.#stops[0] ?? 0) - left
    if (stop >= this.#stops.length) this.#releasedAt ??= Date.now()
  }
}
