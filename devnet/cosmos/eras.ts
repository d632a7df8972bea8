import type { Day } from '../../pipeline/model/time.ts'
import { day, dayStart } from '../../pipeline/model/time.ts'

/** What the blocks of a time look like on the wire, and what the chain does in it. */
export interface Era {
  /** How attribute keys and values are written. */
  readonly encoding: 'base64' | 'plain'
  /** Block events in two lists (`begin_block_events`, `end_block_events`) or in one (`finalize_block_events`). */
  readonly lists: 'two' | 'one'
  /** Whether banks say `coin_spent`, `coin_received`, `coinbase` and `burn`; without, failed transactions say nothing. */
  readonly bankEvents: boolean
  /** Market events as one type each with JSON values, and `msg_index`; else `akash.v1` with plain attributes. */
  readonly typed: boolean
  /** Settlement of a lease: whole blocks with fractions kept, fractions kept, or whole units only. */
  readonly settles: 'full blocks' | 'fractions' | 'whole units'
  /** A part of each payment goes to the community pool. */
  readonly takes: boolean
  /** Compute credits are minted for locked coins, leases are priced in them. */
  readonly credits: boolean
  /** Shape of the price events. */
  readonly oracle: 'none' | 'v1' | 'v2'
  /** Versions in the names of messages. */
  readonly versions: { readonly deployment: string; readonly market: string }
}

/** An upgrade of the real chain: the first block of the new software, and its day. */
export interface Upgrade {
  readonly name: UpgradeName
  readonly height: number
  readonly day: Day
  /** Second of the day, where it is known; noon otherwise. */
  readonly second: number
  readonly changes: Partial<Era>
}

export type UpgradeName = 'mainnet3' | 'v0.24' | 'v1.0.0' | 'v1.1.0' | 'v2.0.0' | 'v2.1.0'

const genesis: Era = {
  encoding: 'base64',
  lists: 'two',
  bankEvents: false,
  typed: false,
  settles: 'full blocks',
  takes: false,
  credits: false,
  oracle: 'none',
  versions: { deployment: 'v1beta1', market: 'v1beta1' },
}

const noon = 43_200

/**
 * The upgrades that change what a reader must understand, at their real heights: cosmos/chain-registry
 * akash/versions.json, and go.mod at the tags of akash-network/node.
 */
export const upgrades: readonly Upgrade[] = [
  {
    name: 'mainnet3',
    height: 5_629_650,
    day: day('2022-04-27'),
    second: noon,
    changes: { bankEvents: true, versions: { deployment: 'v1beta2', market: 'v1beta2' } },
  },
  {
    name: 'v0.24',
    height: 12_606_074,
    day: day('2023-08-31'),
    second: noon,
    changes: { takes: true, versions: { deployment: 'v1beta3', market: 'v1beta3' } },
  },
  {
    name: 'v1.0.0',
    height: 23_939_793,
    day: day('2025-10-28'),
    second: 48_180,
    changes: {
      encoding: 'plain',
      lists: 'one',
      typed: true,
      settles: 'fractions',
      versions: { deployment: 'v1beta4', market: 'v1beta5' },
    },
  },
  {
    name: 'v1.1.0',
    height: 24_332_547,
    day: day('2025-11-24'),
    second: noon,
    changes: { settles: 'whole units' },
  },
  {
    name: 'v2.0.0',
    height: 26_063_777,
    day: day('2026-03-23'),
    second: 50_400,
    changes: { takes: false, credits: true, oracle: 'v1' },
  },
  {
    name: 'v2.1.0',
    height: 27_230_465,
    day: day('2026-06-11'),
    second: 50_400,
    changes: { oracle: 'v2' },
  },
]

const eras: { readonly from: number; readonly era: Era }[] = [{ from: 0, era: genesis }]
for (const { height, changes } of upgrades) {
  eras.push({ from: height, era: { ...(eras.at(-1)?.era ?? genesis), ...changes } })
}

/** The rules that hold at a height. */
export function eraAt(height: number): Era {
  return eras.findLast(({ from }) => from <= height)?.era ?? genesis
}

/** The upgrade whose first block a height is. */
export function findUpgrade(height: number): Upgrade | undefined {
  return upgrades.find((u) => u.height === height)
}

/** The real height and time of an upgrade. */
export function upgradeNamed(name: UpgradeName): { readonly height: number; readonly time: number } {
  const { height, day: of, second } = upgrades.find((u) => u.name === name) ?? latest
  return { height, time: dayStart(of) + second }
}

const latest: Upgrade = upgrades.at(-1) ?? {
  name: 'v2.1.0',
  height: 0,
  day: day('2026-06-11'),
  second: noon,
  changes: {},
}
