import { createArweaveSource } from '../indexers/chains/arweave/source.ts'
import type { EndpointHealth } from '../indexers/engine/endpoints.ts'
import { EndpointPool } from '../indexers/engine/endpoints.ts'
import type { ChainSource, Logger } from '../indexers/engine/ports.ts'
import { IndexerError } from '../pipeline/model/errors.ts'
import type { NetworkDeclaration } from '../pipeline/model/stream.ts'
import { importChain } from '../pipeline/model/stream.ts'
import type { Config } from './config.ts'

/** A chain's source, and what its endpoints did so far. */
export interface OpenChain {
  readonly source: ChainSource
  readonly health: () => EndpointHealth[]
}

/** Opens a chain on the endpoints that the environment names. */
export function openChain(chain: string, config: Config, logger: Logger): OpenChain {
  const pool = (variable: string, urls: readonly string[]): EndpointPool =>
    new EndpointPool({ chain, variable, urls, logger, now: () => performance.now() })
  switch (chain) {
    case 'arweave': {
      const endpoints = pool('ARWEAVE_URLS', config.ARWEAVE_URLS)
      return { source: createArweaveSource(endpoints, logger), health: () => endpoints.health() }
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
