import { draw } from '../scenario.ts'

/** Heights of a slot: each holds one tipset, or two neighbours; the rest are null rounds, which keeps a simulated day cheap. */
const slot = 240
/** Share of slots whose tipset has a neighbour right above it. */
const twins = 0.3
const roundKey = 41

/** The offset of a slot's tipset, and whether the next height has one too. */
function placesIn(seed: number, at: number): { readonly offset: number; readonly twin: boolean } {
  return {
    offset: Math.floor((slot - 2) * draw(seed, roundKey, at)),
    twin: draw(seed, roundKey, at, 1) < twins,
  }
}

/** Whether no block was made at a height. */
export function isNullRound(seed: number, height: number): boolean {
  const at = Math.floor(height / slot)
  const { offset, twin } = placesIn(seed, at)
  const inSlot = height - at * slot
  return inSlot !== offset && !(twin && inSlot === offset + 1)
}

/** The highest height with a tipset that is not above `height`. */
export function lastTipset(seed: number, height: number): number {
  for (let at = Math.floor(height / slot); ; at -= 1) {
    const { offset, twin } = placesIn(seed, at)
    const first = at * slot + offset
    if (twin && first + 1 <= height) return first + 1
    if (first <= height) return first
  }
}

/** The lowest height with a tipset that is not below `height`. */
export function nextTipset(seed: number, height: number): number {
  for (let at = Math.floor(height / slot); ; at += 1) {
    const { offset, twin } = placesIn(seed, at)
    const first = at * slot + offset
    if (first >= height) return first
    if (twin && first + 1 >= height) return first + 1
  }
}
