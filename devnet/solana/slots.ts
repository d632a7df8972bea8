import { encodeId } from '../../pipeline/model/encoding.ts'
import { day, dayStart, type UnixSeconds, unixSeconds } from '../../pipeline/model/time.ts'
import { draw, seededBytes } from '../scenario.ts'

/** Seconds between simulated slots: ten times as long as a real one, so that a day has 21,600. */
export const slotSeconds = 4
const anchorSlot = 460_000_000
const anchorTime = dayStart(day('2026-11-22'))
/** One slot of so many has no block, at a drawn place. */
const group = 32
const skipKey = 21

/** The last slot that starts before or at an instant. */
export function slotAt(time: number): number {
  return anchorSlot + Math.floor((time - anchorTime) / slotSeconds)
}

/** When a slot starts. */
export function timeOf(slot: number): UnixSeconds {
  return unixSeconds(anchorTime + (slot - anchorSlot) * slotSeconds)
}

function skippedIn(seed: number, of: number): number {
  return Math.floor(group * draw(seed, skipKey, of))
}

/** Whether a slot's leader made a block. */
export function hasBlock(seed: number, slot: number): boolean {
  return slot % group !== skippedIn(seed, Math.floor(slot / group))
}

/** The slot itself, or the next one that has a block. */
export function withBlock(seed: number, slot: number): number {
  let at = slot
  while (!hasBlock(seed, at)) at += 1
  return at
}

/** The last slot before one that has a block. */
export function parentOf(seed: number, slot: number): number {
  let at = slot - 1
  while (!hasBlock(seed, at)) at -= 1
  return at
}

/** How many blocks the chain has below a slot that has one. */
export function blockHeight(seed: number, slot: number): number {
  const full = Math.floor(slot / group)
  return slot - full - (slot % group > skippedIn(seed, full) ? 1 : 0)
}

/** A block's hash in base58; a `rival` block of the same slot has another. */
export function blockHash(seed: number, slot: number, rival = false): string {
  return encodeId(seededBytes(seed, `solana block ${rival ? 'rival ' : ''}${slot}`, 32), 'base58')
}

/** The hash that names the simulated cluster: no real one has it. */
export function genesisHash(name: string): string {
  return encodeId(seededBytes(0, name, 32), 'base58')
}
