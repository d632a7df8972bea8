import type { HeightRange } from '../pipeline/model/height.ts'
import type { UnixSeconds } from '../pipeline/model/time.ts'
import type { DevnetNode } from './node.ts'

export interface SimulationOptions {
  /** The same seed, days and end give the same bytes. */
  readonly seed: number
  /** Days of blocks before `end`. */
  readonly days: number
  /** No block is later, until {@link Simulation.advanceTo} says so. */
  readonly end: UnixSeconds
}

/** One simulated node, and the chains behind it. */
export interface Simulation {
  /** Names as sources have them, and the lowest height of each. */
  readonly chains: readonly { readonly chain: string; readonly first: number }[]
  /** The node's place on the devnet's port: `/akash`. */
  readonly prefix: string
  /** The setting that makes depindex use the node: `AKASH_RPC_URLS`. */
  readonly variable: string
  readonly node: DevnetNode
  /** Makes every block up to an instant; an earlier one changes nothing. */
  advanceTo(time: UnixSeconds): void
}

/** Recorded real answers of one chain, served as a node would. */
export interface Replay {
  readonly chain: string
  readonly prefix: string
  readonly variable: string
  readonly node: DevnetNode
  /** Heights that can be read whole. */
  readonly recorded: readonly HeightRange[]
}
