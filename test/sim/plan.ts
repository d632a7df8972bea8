import type { Fault } from '../../devnet/misbehave.ts'
import { seeded } from '../support/random.ts'

/** Processes of a simulated run, which are started again whenever they end. */
export const roles = ['worker', 'worker', 'up', 'backfill'] as const

/** One thing that goes wrong. */
export type Mishap =
  /** The node misbehaves like this from now on. */
  | { readonly kind: 'misbehave'; readonly faults: readonly Fault[] }
  /** The process of this number is killed with SIGKILL. */
  | { readonly kind: 'kill'; readonly role: number }
  /** The database cuts every connection. */
  | { readonly kind: 'disconnect' }
  /** The database server is killed with SIGKILL and started again. */
  | { readonly kind: 'crash' }
  /** The database server says that its disk is full (SQLSTATE 53100) whenever events are to be stored. */
  | { readonly kind: 'disk-full' }
  /** The disk has room again. */
  | { readonly kind: 'disk-free' }

/** What happens in a run, wholly decided by its seed. */
export interface Plan {
  readonly seed: number
  /** Each happens once this share of the events is stored, or a while later where nothing gets on. */
  readonly steps: readonly { readonly share: number; readonly mishap: Mishap }[]
  /** For each process: how far its clock jumps, and how old it is then. */
  readonly clocks: readonly { readonly jumpMs: number; readonly afterMs: number }[]
}

const hourMs = 3_600_000

/** Every kind of {@link Fault}, as rare as real ones are when a node has a bad hour. */
const faults: readonly Fault[] = [
  { kind: 'rate-limited', probability: 0.03 },
  { kind: 'no-answer', probability: 0.002, times: 2 },
  { kind: 'reset', probability: 0.04 },
  { kind: 'cut-body', probability: 0.04 },
  { kind: 'html-page', probability: 0.04 },
  { kind: 'bad-gateway', probability: 0.04 },
  { kind: 'stale-head', probability: 0.3, blocks: 90 },
  { kind: 'missing-block', probability: 0.01 },
  { kind: 'other-fork', probability: 0.01 },
  { kind: 'wrong-chain', probability: 0.5 },
  { kind: 'stripped', probability: 0.05, fields: ['reward_pool', 'txs'] },
]

/** The plan of a seed: between five and seven mishaps, the first a node's, the last a kill. */
export function planOf(seed: number): Plan {
  const random = seeded(seed * 7_919)
  const below = (n: number): number => Math.floor(random() * n)
  const misbehave = (): Mishap => ({
    kind: 'misbehave',
    faults: [
      ...faults.slice(2, 3),
      ...Array.from({ length: 1 + below(3) }, () => faults[below(faults.length)]).flatMap((f) => f ?? []),
    ],
  })
  const kinds: readonly (() => Mishap)[] = [
    misbehave,
    misbehave,
    () => ({ kind: 'kill', role: below(roles.length) }),
    () => ({ kind: 'kill', role: below(roles.length) }),
    () => ({ kind: 'disconnect' }),
    () => ({ kind: 'crash' }),
    () => ({ kind: 'disk-full' }),
    () => ({ kind: 'disk-free' }),
  ]
  const mishaps = [
    misbehave(),
    ...Array.from({ length: 3 + below(3) }, () => (kinds[below(kinds.length)] ?? misbehave)()),
    { kind: 'kill', role: below(roles.length) } as const,
  ]
  return {
    seed,
    // The first before any process starts, the others while they read.
    steps: mishaps.map((mishap, i) => ({ share: (i * (0.5 + random() / 2)) / mishaps.length, mishap })),
    clocks: roles.map(() => ({
      jumpMs: random() < 0.5 ? 0 : Math.round((random() - 0.5) * 12 * hourMs),
      afterMs: 1_000 + below(3_000),
    })),
  }
}
