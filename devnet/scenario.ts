import { createHash } from 'node:crypto'

const wholeDraws = 2 ** 32

function mix(state: number, value: number): number {
  let mixed = Math.imul(state ^ value, 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}

/**
 * Chance without memory: the same seed and key always give the same number, so that any height of a
 * simulated chain can be computed on its own.
 * @param key Whole numbers that name what is drawn; only their low 32 bits count.
 * @returns From 0 to below 1, in steps of 2^-32.
 */
export function draw(seed: number, ...key: readonly number[]): number {
  let state = mix(0x9e3779b9, seed | 0)
  for (const part of key) state = mix(state, (part | 0) + 0x7f4a7c15)
  return (mix(state, key.length) >>> 0) / wholeDraws
}

/** A 32-bit number that stands for a text, as a key of {@link draw} (FNV-1a). */
export function textKey(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}

/** Bytes that look random and depend on nothing but the seed and what they are for. */
export function seededBytes(seed: number, what: string, length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(`depindex devnet ${seed} ${what}`).digest()
}

/**
 * A curve that wanders between 0 and 1 and meets a new drawn value at every whole `at`.
 * @param key Names the curve.
 */
export function wander(seed: number, key: number, at: number): number {
  const left = Math.floor(at)
  const part = at - left
  const eased = part * part * (3 - 2 * part)
  return draw(seed, key, left) * (1 - eased) + draw(seed, key, left + 1) * eased
}
