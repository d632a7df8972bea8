import { createAoSource } from '../indexers/chains/ao/source.ts'
import { createArweaveSource } from '../indexers/chains/arweave/source.ts'
import { createCosmosSource } from '../indexers/chains/cosmos/source.ts'
import type { EvmSourceOptions } from '../indexers/chains/evm/source.ts'
import { createEvmSource } from '../indexers/chains/evm/source.ts'
import { socketUrl } from '../indexers/chains/evm/wake.ts'
import { createFilecoinSource } from '../indexers/chains/filecoin/source.ts'
import { createScheduleSource } from '../indexers/chains/schedule/source.ts'
import { scheduleChain } from '../indexers/chains/schedule/streams.ts'
import { createSolanaSource } from '../indexers/chains/solana/source.ts'
import type { EndpointHealth } from '../indexers/engine/endpoints.ts'
import { EndpointPool } from '../indexers/engine/endpoints.ts'
import type { ChainSource, Logger, RateShare } from '../indexers/engine/ports.ts'
import { akashChain } from '../indexers/networks/akash_chain.ts'
import { IndexerError } from '../pipeline/model/errors.ts'
import type { NetworkDeclaration } from '../pipeline/model/stream.ts'
import { importChain } from '../pipeline/model/stream.ts'
import { now } from './app.ts'
import type { Config } from './config.ts'
import { evmChains } from './evm_chains.ts'

/** A chain's source, and what its endpoints did so far. */
export interface OpenChain {
  readonly source: ChainSource
  readonly health: () => EndpointHealth[]
}

/** What a chain's endpoints did so far, each with the chain's name. */
export function healthOf({ source, health }: OpenChain): (EndpointHealth & { chain: string })[] {
  return health().map((h) => ({ chain: source.chain, ...h }))
}

/** Executing a tipset again for its trace takes a node up to a minute. */
const traceTimeoutMs = 90_000

/** The process that keeps AO's balances, from AO's token documents. */
const aoToken = '0syT13r0s0tgPmIed95bJnuSqaD29HQNN8D3ElLSrsc'

/** Opens every chain of some networks, but those that need endpoints which nobody has named. */
export function openChains(
  networks: readonly NetworkDeclaration[],
  config: Config,
  logger: Logger,
): OpenChain[] {
  return chainsOf(networks).flatMap((chain) => {
    if (chain !== 'ao' || config.AO_URLS !== undefined) return [openChain(chain, config, logger)]
    logger.info('ao is not read: AO_URLS names no HyperBEAM node, so its published plan stands in')
    return []
  })
}

/**
 * Opens a chain on the endpoints that the environment names.
 * @param share What endpoints take, shared with other processes on the same database.
 */
export function openChain(chain: string, config: Config, logger: Logger, share?: RateShare): OpenChain {
  const pool = (variable: string, urls: readonly string[], timeoutMs?: number): EndpointPool =>
    new EndpointPool({
      chain,
      variable,
      urls,
      logger,
      now: () => performance.now(),
      ...(share === undefined ? {} : { share }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    })
  const evm = (
    name: string,
    variable: 'ETHEREUM_RPC_URLS' | 'POLYGON_RPC_URLS' | 'FILECOIN_RPC_URLS',
    facts: Omit<EvmSourceOptions, 'chain' | 'pool' | 'logger' | 'sockets'>,
  ): OpenChain => {
    const endpoints = pool(variable, config[variable])
    const sockets = config[variable].map(socketUrl)
    return {
      source: createEvmSource({ ...facts, chain: name, pool: endpoints, logger, sockets }),
      health: () => endpoints.health(),
    }
  }
  switch (chain) {
    case 'arweave': {
      const endpoints = pool('ARWEAVE_URLS', config.ARWEAVE_URLS)
      return { source: createArweaveSource(endpoints, logger), health: () => endpoints.health() }
    }
    case 'akash': {
      const urls = config.AKASH_RPC_URLS
      const endpoints = pool('AKASH_RPC_URLS', urls)
      return { source: createCosmosSource(endpoints, akashChain, urls), health: () => endpoints.health() }
    }
    case 'ethereum':
      return evm(chain, 'ETHEREUM_RPC_URLS', evmChains.ethereum)
    case 'polygon':
      return evm(chain, 'POLYGON_RPC_URLS', evmChains.polygon)
    case 'filecoin-evm':
      return evm(chain, 'FILECOIN_RPC_URLS', evmChains.filecoin)
    case 'ao': {
      const endpoints = pool('AO_URLS', config.AO_URLS ?? [])
      return { source: createAoSource(endpoints, aoToken), health: () => endpoints.health() }
    }
    case scheduleChain:
      return { source: createScheduleSource(now), health: () => [] }
    case 'solana': {
      const urls = config.SOLANA_RPC_URLS
      const endpoints = pool('SOLANA_RPC_URLS', urls)
      const source = createSolanaSource({ pool: endpoints, urls, logger, now: () => performance.now() })
      return { source, health: () => endpoints.health() }
    }
    case 'filecoin': {
      const endpoints = pool('FILECOIN_RPC_URLS', config.FILECOIN_RPC_URLS, traceTimeoutMs)
      return { source: createFilecoinSource(endpoints, logger), health: () => endpoints.health() }
    }
    default:
      throw new IndexerError('bad-declaration', `no source reads the chain '${chain}'`)
  }
}

/** The chains that the streams of some networks are read from, in the order declared; imports have no nodes. */
export function chainsOf(networks: readonly NetworkDeclaration[]): string[] {
  const all = networks.flatMap((n) =>
    Object.values(n.streams).map((s) => s.chain ?? n.tokens[s.token]?.chain ?? ''),
  )
  return [...new Set(all)].filter((c) => c !== importChain)
}
