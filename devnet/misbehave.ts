import { IndexerError } from '../pipeline/model/errors.ts'
import type { Twist } from './node.ts'
import { draw, textKey } from './scenario.ts'

/** Every way in which a devnet node can misbehave. */
export const faultKinds = [
  'rate-limited',
  'no-answer',
  'reset',
  'cut-body',
  'html-page',
  'bad-gateway',
  'stale-head',
  'missing-block',
  'other-fork',
  'wrong-chain',
  'stripped',
] as const

export type FaultKind = (typeof faultKinds)[number]

interface When {
  /** Chance that a request meets the fault, 0 to 1; 1 if absent. */
  readonly probability?: number
  /** Only requests whose path matches; the path has the node's prefix: `/arweave/block/height/12`. */
  readonly path?: RegExp
  /** At most this many times. */
  readonly times?: number
}

/** Faults on the wire: the node itself would have answered well. */
export type WireFaultKind = 'rate-limited' | 'no-answer' | 'reset' | 'cut-body' | 'html-page' | 'bad-gateway'

/**
 * One way of misbehaving.
 * - `rate-limited`: 429 with `Retry-After` 0 or 1.
 * - `no-answer`: silence; the connection closes after 30 seconds.
 * - `reset`: the connection is reset.
 * - `cut-body`: half of a JSON answer, with status 200.
 * - `html-page`, `bad-gateway`: a page of HTML with status 200 or 502.
 * - `stale-head`: the head is `blocks` behind, and nothing above it is known.
 * - `missing-block`: the `heights`, or without them a share `probability` of all heights, are never known.
 * - `other-fork`: the answer comes from a rival fork with other hashes and transactions.
 * - `wrong-chain`: the node names another network.
 * - `stripped`: a block header lacks `fields`.
 */
export type Fault = When &
  (
    | { readonly kind: WireFaultKind | 'other-fork' | 'wrong-chain' }
    | { readonly kind: 'stale-head'; readonly blocks: number }
    | { readonly kind: 'missing-block'; readonly heights?: readonly number[] }
    | { readonly kind: 'stripped'; readonly fields: readonly string[] }
  )

/** What goes wrong. The first fault on the wire that fires wins; the others add up. */
export type Misbehaviour = readonly Fault[]

/** What one request meets. */
export interface Trouble {
  readonly twist: Twist
  /** Draws the fault on the wire, if any. @param json Whether the answer is JSON, which alone can be cut. */
  wire(json: boolean): WireFaultKind | undefined
  /** A seeded number from 0 to below 1 that belongs to this request. */
  readonly chance: number
}

const wireKinds: ReadonlySet<FaultKind> = new Set<WireFaultKind>([
  'rate-limited',
  'no-answer',
  'reset',
  'cut-body',
  'html-page',
  'bad-gateway',
])

const isWire = (kind: FaultKind): kind is WireFaultKind => wireKinds.has(kind)

/**
 * Decides which request meets which fault, and counts what was done. The chance belongs to the path and to how
 * often it was asked, so that a retry draws anew and the order of concurrent requests changes nothing.
 */
export class Faults {
  readonly #seed: number
  #faults: Misbehaviour
  #fired: number[] = []
  readonly #asked = new Map<string, number>()
  readonly #counts = new Map<FaultKind, number>()

  /** @throws IndexerError `bad-argument` for a chance outside 0 to 1. */
  constructor(seed: number, misbehaviour: Misbehaviour = []) {
    this.#seed = seed
    this.#faults = misbehaviour
    this.set(misbehaviour)
  }

  /** How often each kind was met so far. */
  get counts(): Readonly<Record<FaultKind, number>> {
    const all = faultKinds.map((kind) => [kind, this.#counts.get(kind) ?? 0] as const)
    return Object.fromEntries(all) as Record<FaultKind, number>
  }

  /** Misbehaves like this from now on; an empty list ends all misbehaviour. Counts are kept. */
  set(misbehaviour: Misbehaviour): void {
    for (const { kind, probability = 1 } of misbehaviour) {
      if (probability >= 0 && probability <= 1) continue
      throw new IndexerError(
        'bad-argument',
        `fault ${kind}: probability ${probability} is not between 0 and 1`,
      )
    }
    this.#faults = misbehaviour
    this.#fired = misbehaviour.map(() => 0)
    this.#asked.clear()
  }

  /** @param path With the node's prefix. @param what The request as a whole, so that two bodies differ. */
  meet(path: string, what: string): Trouble {
    const asked = this.#faults.length === 0 ? 0 : (this.#asked.get(what) ?? 0)
    if (this.#faults.length > 0) this.#asked.set(what, asked + 1)
    const key = [textKey(what), asked] as const
    const drawn = new Map<number, boolean>()
    const fires = (fault: Fault, at: number, ownKey: readonly number[] = key): boolean => {
      const before = ownKey === key ? drawn.get(at) : undefined
      if (before !== undefined) return before
      const fired =
        (fault.path === undefined || path.search(fault.path) >= 0) &&
        (this.#fired[at] ?? 0) < (fault.times ?? Number.POSITIVE_INFINITY) &&
        draw(this.#seed, at, ...ownKey) < (fault.probability ?? 1)
      if (ownKey === key) drawn.set(at, fired)
      if (fired) {
        this.#fired[at] = (this.#fired[at] ?? 0) + 1
        this.#counts.set(fault.kind, (this.#counts.get(fault.kind) ?? 0) + 1)
      }
      return fired
    }
    const wire = (json: boolean): WireFaultKind | undefined => {
      for (const [at, fault] of this.#faults.entries()) {
        if (!isWire(fault.kind) || (fault.kind === 'cut-body' && !json)) continue
        if (fires(fault, at)) return fault.kind
      }
      return undefined
    }
    return { twist: this.#twist(fires), wire, chance: draw(this.#seed, ...key) }
  }

  #twist(fires: (fault: Fault, at: number, ownKey?: readonly number[]) => boolean): Twist {
    const faults = this.#faults
    return {
      head: (height) =>
        faults.reduce(
          (head, f, at) => (f.kind === 'stale-head' && fires(f, at) ? head - f.blocks : head),
          height,
        ),
      hides: (height) =>
        faults.some((f, at) => {
          if (f.kind !== 'missing-block') return false
          if (f.heights !== undefined && !f.heights.includes(height)) return false
          return fires(f, at, [height])
        }),
      otherFork: () => faults.some((f, at) => f.kind === 'other-fork' && fires(f, at)),
      network: (name) =>
        faults.some((f, at) => f.kind === 'wrong-chain' && fires(f, at)) ? `${name}.other` : name,
      strip: (record) => {
        const drop = new Set(
          faults.flatMap((f, at) => (f.kind === 'stripped' && fires(f, at) ? f.fields : [])),
        )
        return drop.size === 0
          ? record
          : Object.fromEntries(Object.entries(record).filter(([name]) => !drop.has(name)))
      },
    }
  }
}
