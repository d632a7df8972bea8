import type { Simulation, SimulationOptions } from '../simulation.ts'
import { FilecoinNode } from './node.ts'
import { FilecoinScenario } from './scenario.ts'

/** The simulated Filecoin, with its scenario for tests that compare with its book. */
export interface FilecoinSimulation extends Simulation {
  readonly scenario: FilecoinScenario
}

/** A simulated Filecoin node under `/filecoin`. */
export function simulateFilecoin(options: SimulationOptions): FilecoinSimulation {
  const scenario = new FilecoinScenario(options)
  return {
    scenario,
    chains: [{ chain: 'filecoin', first: scenario.first }],
    prefix: '/filecoin',
    variable: 'FILECOIN_RPC_URLS',
    node: new FilecoinNode(scenario),
    advanceTo: (time) => scenario.advanceTo(time),
  }
}
