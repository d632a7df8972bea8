import { onTestFinished } from 'vitest'
import { Faults, type Misbehaviour } from '../../devnet/misbehave.ts'
import type { DevnetNode } from '../../devnet/node.ts'
import { startServer } from '../../devnet/server.ts'
import { createCosmosSource } from '../../indexers/chains/cosmos/source.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import type { ChainSource } from '../../indexers/engine/ports.ts'
import { akash } from '../../indexers/networks/akash.ts'
import { akashChain } from '../../indexers/networks/akash_chain.ts'
import { createTestLogger } from './chain.ts'
import { streamsOf } from './streams.ts'

/** The streams of Akash, numbered as a catalogue would. */
export const akashStreams = streamsOf(akash, 'akash')

/** How a test's nodes are served and asked. */
export interface ServedOptions {
  /** How often a request is tried; 2 unless told. */
  readonly attempts?: number
  readonly misbehave?: Misbehaviour
}

/** Serves nodes over HTTP until the test ends, each by itself, at the address given back. */
export async function serveAkash(
  nodes: readonly DevnetNode[],
  misbehave: Misbehaviour = [],
): Promise<string[]> {
  const urls: string[] = []
  for (const node of nodes) {
    const server = await startServer({
      nodes: new Map([['/akash', node]]),
      faults: new Faults(7, misbehave),
      host: '127.0.0.1',
      port: 0,
    })
    onTestFinished(() => server.close())
    urls.push(`${server.url}/akash`)
  }
  return urls
}

/** The endpoints of nodes that are served until the test ends, and their addresses. */
export async function akashPool(
  nodes: readonly DevnetNode[],
  { attempts = 2, misbehave }: ServedOptions = {},
): Promise<{ readonly pool: EndpointPool; readonly urls: readonly string[] }> {
  const urls = await serveAkash(nodes, misbehave)
  const pool = new EndpointPool({
    chain: 'akash',
    variable: 'AKASH_RPC_URLS',
    urls,
    logger: createTestLogger('warnings'),
    now: () => performance.now(),
    attempts,
  })
  onTestFinished(() => pool.close())
  return { pool, urls }
}

/** Akash as it is read from nodes that are served until the test ends. */
export async function akashSource(
  nodes: readonly DevnetNode[],
  options: ServedOptions = {},
): Promise<ChainSource> {
  const { pool, urls } = await akashPool(nodes, options)
  return createCosmosSource(pool, akashChain, urls)
}
