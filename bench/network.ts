import { erc20Burns, erc20Mints, erc20Transfers } from '../indexers/chains/evm/streams.ts'
import { defineNetwork } from '../indexers/define.ts'
import type { NetworkDeclaration } from '../pipeline/model/stream.ts'

/** A network of ERC-20 tokens: mints, burns, and payments to a treasury. */
export function benchNetwork(contracts: readonly string[], treasury: string): NetworkDeclaration {
  const common = { token: 'BEN', revision: 1, evidence: ['the benchmark chain'], contracts }
  return defineNetwork({
    id: 'bench',
    name: 'Benchmark',
    sector: 'none',
    description: 'Synthetic ERC-20 traffic.',
    tokens: { BEN: { chain: 'bench', decimals: 18, price: { fixedUsd: '1' } } },
    streams: {
      mints: erc20Mints({ ...common, kind: 'emission', class: 'contributor', meaning: 'Mints.' }),
      burns: erc20Burns({ ...common, kind: 'burn', class: 'usage', meaning: 'Burns.' }),
      fees: erc20Transfers({
        ...common,
        kind: 'fee',
        class: 'payment',
        lens: 'CONSUMPTION',
        to: [treasury],
        meaning: 'Payments to the treasury.',
      }),
    },
  })
}
