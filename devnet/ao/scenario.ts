import { draw, seededBytes } from '../scenario.ts'
import type { SimulationOptions } from '../simulation.ts'

/** When minting began, and how much of what is left is minted each millisecond, as AO's published implementation has it. */
const mintingStart = 1_709_056_800
const cap = 21_000_000n * 10n ** 12n
const share = 5_492n
const shareScale = 10n ** 15n

const secondsPerDay = 86_400
/** Simulated messages come this far apart; real ones many a minute. */
const slotSeconds = 1_800
/** Slots before the first simulated day that are still held. */
const older = 48
const slotKey = 83

/** A simulated AO token process: one message every half hour, each of which finds what has been minted until then. */
export class AoScenario {
  /** The first slot of the first simulated day. */
  readonly first: number
  readonly #seed: number
  #head: number

  constructor({ seed, days, end }: SimulationOptions) {
    this.#seed = seed
    this.first = Math.floor(((Math.floor(end / secondsPerDay) - days) * secondsPerDay) / slotSeconds)
    this.#head = this.first
    this.advanceTo(end)
  }

  /** The newest slot. */
  get head(): number {
    return this.#head
  }

  /** Whether a slot is still held. */
  holds(slot: number): boolean {
    return Number.isInteger(slot) && slot >= this.first - older && slot <= this.#head
  }

  /** Takes every message up to an instant; an earlier one changes nothing. */
  advanceTo(time: number): void {
    while (this.millisecondsOf(this.#head + 1) < time * 1000) this.#head += 1
  }

  millisecondsOf(slot: number): number {
    return slot * slotSeconds * 1000 + Math.floor((slotSeconds - 1) * 1000 * draw(this.#seed, slotKey, slot))
  }

  messageOf(slot: number): string {
    return seededBytes(this.#seed, `ao message ${slot}`, 32).toString('base64url')
  }

  /** What has been minted after a slot, in smallest units. */
  mintedAt(slot: number): bigint {
    const milliseconds = this.millisecondsOf(slot) - mintingStart * 1000
    return cap - (cap * power(milliseconds)) / one
  }
}

const one = 10n ** 60n

function power(exponent: number): bigint {
  let result = one
  let square = one - (one * share) / shareScale
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = (result * square) / one
    square = (square * square) / one
  }
  return result
}
