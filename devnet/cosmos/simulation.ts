import type { Simulation, SimulationOptions } from '../simulation.ts'
import { AkashNode } from './node.ts'
import { AkashScenario } from './scenario.ts'

/** A simulated Akash, and what it knows it did. */
export interface AkashSimulation extends Simulation {
  readonly scenario: AkashScenario
}

/** The days to `options.end` of a chain at its last upgrade: credits, leases, prices. */
export function simulateAkash(options: SimulationOptions): AkashSimulation {
  const scenario = new AkashScenario(options)
  return {
    chains: [{ chain: 'akash', first: scenario.first }],
    prefix: '/akash',
    variable: 'AKASH_RPC_URLS',
    node: new AkashNode(scenario),
    advanceTo: (time) => scenario.advanceTo(time),
    scenario,
  }
}
