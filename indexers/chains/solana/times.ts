import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { UnixSeconds } from '../../../pipeline/model/time.ts'
import { unixSeconds } from '../../../pipeline/model/time.ts'
import { badAnswer, type RpcRequest } from '../../engine/json_rpc_answer.ts'
import { countOf } from './answer.ts'
import { nextSlotRequest } from './blocks.ts'
import type { SolanaClient } from './client.ts'
import { notFound, saysSkipped } from './rpc_errors.ts'

/** A slot with a block, and the block's time. */
export interface TimedSlot {
  readonly slot: number
  readonly time: UnixSeconds
}

/** Rounds after which halving every fourth time would have found any instant. */
const mostRounds = 200
/** Instants remembered, the midnights of some years among them. */
const kept = 10_000

/** What is known of the first block that is not before an instant. */
interface Search {
  readonly time: UnixSeconds
  /** A block before the instant. */
  low: TimedSlot
  /** A block that is not, and the lowest slot from which on nothing lies before it. */
  high: TimedSlot
  highFrom: number
}

function timeRequest(slot: number): RpcRequest<UnixSeconds | 'skipped'> {
  return {
    method: 'getBlockTime',
    params: [slot],
    readError: (failure) => (saysSkipped(failure) ? { value: 'skipped' } : undefined),
    read: (result, place) => {
      if (result === null) throw notFound(place, `the block of slot ${slot} has no time there`)
      return unixSeconds(countOf(result, `${place.endpoint} getBlockTime ${slot}`, 'the time'))
    },
  }
}

/** Finds slots by time: block times never go back, so interpolation finds an instant in about seven questions. */
export class Times {
  readonly #client: SolanaClient
  readonly #found = new Map<UnixSeconds, number>()

  constructor(client: SolanaClient) {
    this.#client = client
  }

  /**
   * The lowest slots whose blocks are not before some instants, all searched at once, so that the questions of many days
   * share their batches.
   * @param low A block before all of the instants that are not remembered.
   * @param high A block that is not before any of them.
   */
  async firstAt(
    instants: readonly UnixSeconds[],
    low: TimedSlot,
    high: TimedSlot,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<UnixSeconds, number>> {
    const searches = instants
      .filter((time) => !this.#found.has(time))
      .map((time): Search => ({ time, low, high, highFrom: high.slot }))
    for (let round = 0; ; round += 1) {
      const open = searches.filter((s) => s.highFrom > s.low.slot + 1)
      if (open.length === 0) break
      if (round === mostRounds)
        throw new IndexerError('rpc-bad-answer', 'Solana getBlockTime: the times of blocks never settle', {
          low: open[0]?.low.slot,
        })
      const slots = open.map((s) => guess(s, round))
      const seen = await this.#timesAt(slots, signal)
      // What one search saw narrows the others as well.
      for (const search of open) for (const [asked, timed] of seen) narrow(search, asked, timed)
    }
    const found = new Map<UnixSeconds, number>()
    for (const { time, high: first } of searches) {
      found.set(time, first.slot)
      this.#found.set(time, first.slot)
    }
    for (const time of instants) {
      const known = this.#found.get(time)
      if (known !== undefined) found.set(time, known)
    }
    const [oldest] = this.#found.keys()
    if (this.#found.size > kept && oldest !== undefined) this.#found.delete(oldest)
    return found
  }

  /** The slot of an instant, if it was found before. */
  known(time: UnixSeconds): number | undefined {
    return this.#found.get(time)
  }

  /**
   * A block before an instant, searched downwards from one that is not: undefined where the nodes hold none.
   * @param floor The lowest slot that they hold.
   */
  async before(
    time: UnixSeconds,
    from: TimedSlot,
    floor: number,
    signal?: AbortSignal,
  ): Promise<TimedSlot | undefined> {
    for (let reach = (from.time - time) * slotsPerSecond + 100; ; reach *= 2) {
      const slot = Math.max(floor, from.slot - Math.ceil(reach))
      const found = (await this.#timesAt([slot], signal)).get(slot)
      if (found !== undefined && found.time < time) return found
      if (slot <= floor) return undefined
    }
  }

  /** For each slot the block there, or the next one where the slot is skipped. */
  async #timesAt(slots: readonly number[], signal?: AbortSignal): Promise<ReadonlyMap<number, TimedSlot>> {
    const found = new Map<number, TimedSlot>()
    const direct = await this.#client.batch(slots.map(timeRequest), signal)
    const skipped: number[] = []
    for (const [i, slot] of slots.entries()) {
      const time = direct[i]
      if (typeof time === 'number') found.set(slot, { slot, time })
      else skipped.push(slot)
    }
    const next = await this.#client.batch(skipped.map(nextSlotRequest), signal)
    const held = next.map((slot, i) => slot ?? (skipped[i] ?? 0) + 1)
    const times = await this.#client.batch(held.map(heldTimeRequest), signal)
    for (const [i, slot] of skipped.entries()) {
      const [moved, time] = [held[i], times[i]]
      if (moved !== undefined && time !== undefined) found.set(slot, { slot: moved, time })
    }
    return found
  }
}

/** The pace that slots are meant to have. */
const slotsPerSecond = 2.5

/** Interpolates; every other round a little beyond, so that both sides close in; every fourth halves. */
function guess({ time, low, high, highFrom }: Search, round: number): number {
  const span = highFrom - low.slot
  const clamp = (offset: number): number => low.slot + Math.min(span - 1, Math.max(1, offset))
  if (span <= 4 || round % 4 === 3) return clamp(Math.floor(span / 2))
  const share = (time - low.time) / (high.time - low.time)
  const at = Math.round((high.slot - low.slot) * share)
  if (round % 2 === 0) return clamp(at)
  const margin = Math.max(3, Math.ceil(Math.min(at, span - at) / 50))
  return clamp(at < span / 2 ? at + margin : at - margin)
}

function narrow(search: Search, asked: number, seen: TimedSlot): void {
  if (seen.time < search.time) {
    if (seen.slot > search.low.slot) search.low = seen
  } else if (seen.slot < search.high.slot || (seen.slot === search.high.slot && asked < search.highFrom)) {
    search.high = seen
    search.highFrom = Math.max(asked, search.low.slot + 1)
  }
}

/** The time of a block that the node named itself. */
function heldTimeRequest(slot: number): RpcRequest<UnixSeconds> {
  const { method, params, read } = timeRequest(slot)
  return {
    method,
    params,
    read: (result, place) => {
      const time = read(result, place)
      if (time === 'skipped') throw badAnswer(place, `slot ${slot} has a block and none`)
      return time
    },
  }
}
