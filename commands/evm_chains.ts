import type { EvmSourceOptions } from '../indexers/chains/evm/source.ts'

type Facts = Omit<EvmSourceOptions, 'chain' | 'pool' | 'logger' | 'sockets'>

/** What differs between the EVM chains, https://chainid.network and the documentation of each chain's nodes. */
export const evmChains = {
  ethereum: { chainId: 1, finality: 'finalized' },
  /** Nodes before milestones (2024) do not know the tag; 256 blocks is what exchanges waited for then. */
  polygon: { chainId: 137, finality: { finalizedOr: 256 } },
  /**
   * Lotus: at most 2,880 epochs in one `eth_getLogs`; heights without a tipset (null rounds) are answered with error 12;
   * `finalized` is F3 or an estimate, and older nodes lack it: 900 epochs then. The EVM began at the upgrade to network
   * version 18.
   */
  filecoin: {
    chainId: 314,
    finality: { finalizedOr: 900 },
    firstHeight: 2_683_348,
    emptyHeights: true,
    rangeSize: { start: 2_000, max: 2_880 },
  },
} as const satisfies Readonly<Record<string, Facts>>
