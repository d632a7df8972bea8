import { jsonReply } from '../node.ts'
import { answerRpc } from '../rpc.ts'
import type { Simulation, SimulationOptions } from '../simulation.ts'
import { FilecoinEvm } from './node.ts'

/** The simulated payments, with their books for tests that compare with them. */
export interface FilecoinEvmSimulation extends Simulation {
  readonly evm: FilecoinEvm
}

/** A simulated node of Filecoin's Ethereum methods alone, under `/filecoin-evm`. */
export function simulateFilecoinEvm(options: SimulationOptions): FilecoinEvmSimulation {
  const evm = new FilecoinEvm(options)
  return {
    evm,
    chains: [{ chain: 'filecoin-evm', first: evm.first }],
    prefix: '/filecoin-evm',
    variable: 'FILECOIN_RPC_URLS',
    node: {
      origin: 'simulated',
      answer: (request) =>
        request.method === 'POST'
          ? answerRpc(request, (method, params) => JSON.stringify(evm.answer(method, params)))
          : jsonReply({ error: 'POST JSON-RPC here' }, 405),
    },
    advanceTo: (time) => evm.advanceTo(time),
  }
}
