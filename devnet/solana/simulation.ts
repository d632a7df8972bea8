import type { Simulation, SimulationOptions } from '../simulation.ts'
import type { Books } from './books.ts'
import { SolanaChain } from './chain.ts'
import { HeliumScenario } from './helium/scenario.ts'
import { IonetScenario } from './ionet.ts'
import { SolanaNode } from './node.ts'
import { RenderScenario } from './render.ts'

/** A simulated Solana, and what its scenarios meant to happen. */
export interface SolanaSimulation extends Simulation {
  readonly chain: SolanaChain
  readonly books: Books
}

/** Solana with Helium, Render and io.net on it. */
export function simulateSolana(options: SimulationOptions): SolanaSimulation {
  const chain = new SolanaChain(options, [new HeliumScenario(), new RenderScenario(), new IonetScenario()])
  const node = new SolanaNode(chain)
  return {
    chains: [{ chain: 'solana', first: chain.first }],
    prefix: '/solana',
    variable: 'SOLANA_RPC_URLS',
    node,
    advanceTo: (time) => {
      chain.advanceTo(time)
      node.announce()
    },
    chain,
    books: chain.books,
  }
}
