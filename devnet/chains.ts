import { simulateAo } from './ao/node.ts'
import { simulateArweave } from './arweave/simulation.ts'
import { simulateAkash } from './cosmos/simulation.ts'
import { simulateFilecoin } from './filecoin/simulation.ts'
import { ArweaveReplay } from './replay/arweave.ts'
import { CosmosReplay } from './replay/cosmos.ts'
import { FilecoinReplay } from './replay/filecoin.ts'
import { SolanaReplay } from './replay/solana.ts'
import type { Replay, Simulation, SimulationOptions } from './simulation.ts'
import { simulateSolana } from './solana/simulation.ts'

/** Every simulated chain, by its prefix on the devnet's port. */
export const simulations: Readonly<Record<string, (options: SimulationOptions) => Simulation>> = {
  '/arweave': simulateArweave,
  '/solana': simulateSolana,
  '/akash': simulateAkash,
  '/filecoin': simulateFilecoin,
  '/ao': simulateAo,
}

/** Every chain whose recordings can be replayed; undefined where a folder has none of it. */
export const replays: readonly ((folder: string) => Replay | undefined)[] = [
  ArweaveReplay.open,
  CosmosReplay.open,
  FilecoinReplay.open,
  SolanaReplay.open,
]
