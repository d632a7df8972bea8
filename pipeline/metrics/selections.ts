import type { FlowStream } from '../model/flow.ts'
import type { Absentee, BurnClass, EmissionClass, Kind, Lens, LockClass } from '../model/stream.ts'

/** Who keeps a share of a fee. */
export type Keeper = 'supply' | 'protocol' | 'holders'

/** Which amounts a sum adds. Sums are made inside one kind, and for fees inside one lens, only. */
export interface Selection {
  /** Names the selection: the same key always picks the same streams. */
  readonly key: string
  readonly kind: Kind
  /** What must be declared absent for a sum without streams to be zero; absent: it is zero by itself. */
  readonly absentee?: Absentee
  /** Whether a declaration that says nothing of the absentee means zero. */
  readonly silenceIsZero?: boolean
  readonly lens?: Lens
  readonly keeper?: Keeper
  /** Whether streams that are parts of others are meant. */
  readonly parts?: boolean
  readonly picks: (stream: FlowStream) => boolean
}

const made = new Map<string, Selection>()

/** The same object for the same key each time, so that what is worked out for a selection is found by it. */
function once(key: string, make: () => Omit<Selection, 'key'>): Selection {
  const known = made.get(key)
  if (known !== undefined) return known
  const selection = { key, ...make() }
  made.set(key, selection)
  return selection
}

const gross: readonly string[] = ['contributor', 'staker', 'treasury']

/** Newly minted for the network's purpose. */
export const grossEmission: Selection = {
  key: 'emission gross',
  kind: 'emission',
  absentee: 'emission',
  picks: (s) => s.kind === 'emission' && gross.includes(s.class),
}

/** Everything that changes the supply upwards or gives it back. */
export const allMints: Selection = {
  key: 'emission all',
  kind: 'emission',
  absentee: 'emission',
  picks: (s) => s.kind === 'emission' && s.class !== 'vesting' && s.class !== 'credit',
}

/** Emissions of one class; zero where a network has no stream of it, unless it says that one-off mints are not known. */
export function emissionOf(name: EmissionClass): Selection {
  return once(`emission ${name}`, () => ({
    kind: 'emission',
    ...(name === 'oneOff' ? { absentee: name, silenceIsZero: true } : {}),
    picks: (s) => s.kind === 'emission' && s.class === name,
  }))
}

/** A part of emissions, such as what is locked; not known where it is neither declared nor declared absent. */
export function emissionPart(name: 'remint' | 'locked'): Selection {
  return once(`part ${name}`, () => ({
    kind: 'emission',
    parts: true,
    ...(name === 'locked' ? { absentee: name } : {}),
    picks: (s) => s.kind === 'emission' && s.class === name,
  }))
}

/** Tokens minted before that became free. */
export const vesting: Selection = {
  key: 'emission vesting',
  kind: 'emission',
  absentee: 'vesting',
  picks: (s) => s.kind === 'emission' && s.class === 'vesting',
}

/** Everything destroyed; credits used up are not: their tokens were destroyed when they were bought. */
export const allBurns: Selection = {
  key: 'burn all',
  kind: 'burn',
  absentee: 'burn',
  picks: (s) => s.kind === 'burn' && s.class !== 'credit',
}

/** Burns of one class; zero where a network has no stream of it. */
export function burnOf(name: BurnClass): Selection {
  return once(`burn ${name}`, () => ({
    kind: 'burn',
    picks: (s) => s.kind === 'burn' && s.class === name,
  }))
}

/** Tokens taken out of circulation, or given back to it. */
export function lockOf(name: LockClass): Selection {
  return once(`lock ${name}`, () => ({
    kind: 'lock',
    absentee: 'lock',
    picks: (s) => s.kind === 'lock' && s.class === name,
  }))
}

/** Fees of one lens, whole or the share of those who keep it. */
export function feesOf(lens: Lens, keeper?: Keeper): Selection {
  return once(`fee ${lens} ${keeper ?? 'whole'}`, () => ({
    kind: 'fee',
    absentee: 'fee',
    lens,
    ...(keeper === undefined ? {} : { keeper }),
    picks: (s) => s.kind === 'fee' && s.lens === lens,
  }))
}
