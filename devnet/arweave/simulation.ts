import type { Simulation, SimulationOptions } from '../simulation.ts'
import { ArweaveNode } from './node.ts'
import { ArweaveScenario } from './scenario.ts'

/** A simulated Arweave, and what steers it. */
export interface ArweaveSimulation extends Simulation {
  readonly scenario: ArweaveScenario
}

/** @throws IndexerError `bad-argument` if the chain would begin before the 2.9 rules. */
export function simulateArweave(options: SimulationOptions): ArweaveSimulation {
  const scenario = new ArweaveScenario(options)
  return {
    chains: [{ chain: 'arweave', first: scenario.first }],
    prefix: '/arweave',
    variable: 'ARWEAVE_URLS',
    node: new ArweaveNode(scenario),
    advanceTo: (time) => scenario.advanceTo(time),
    scenario,
  }
}
