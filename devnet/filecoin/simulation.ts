import { FilecoinEvm } from '../filecoin_evm/node.ts'
import type { Simulation, SimulationOptions } from '../simulation.ts'
import { FilecoinNode } from './node.ts'
import { FilecoinScenario } from './scenario.ts'

/** The simulated Filecoin, with its scenario for tests that compare with its book. */
export interface FilecoinSimulation extends Simulation {
  readonly scenario: FilecoinScenario
  /** The payments contract, served by the same node. */
  readonly evm: FilecoinEvm
}

/** A simulated Filecoin node under `/filecoin`. */
export function simulateFilecoin(options: SimulationOptions): FilecoinSimulation {
  const scenario = new FilecoinScenario(options)
  const evm = new FilecoinEvm(options)
  return {
    scenario,
    evm,
    chains: [
      { chain: 'filecoin', first: scenario.first },
      { chain: 'filecoin-evm', first: evm.first },
    ],
    prefix: '/filecoin',
    variable: 'FILECOIN_RPC_URLS',
    node: new FilecoinNode(scenario, [evm]),
    advanceTo: (time) => {
      scenario.advanceTo(time)
      evm.advanceTo(time)
    },
  }
}
