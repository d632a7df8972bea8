import {
  type DevnetNode,
  jsonReply,
  type NodeListener,
  type NodeReply,
  type NodeRequest,
  type NodeSocket,
  type Twist,
  textReply,
} from '../node.ts'
import { getBlock, getBlocks, getBlocksWithLimit, getBlockTime } from './blocks.ts'
import type { SolanaChain } from './chain.ts'
import { getSignatureStatuses, getSignaturesForAddress, getTransaction } from './history.ts'
import { optionsAt, RpcFault } from './rpc.ts'
import { blockHeight, genesisHash } from './slots.ts'
import { Subscriptions } from './socket.ts'
import { getAccountInfo, getMultipleAccounts, getTokenLargestAccounts, getTokenSupply } from './state.ts'
import { View } from './view.ts'

/** What the genesis hash of the simulated cluster is made from. */
const cluster = 'solana.simulated'
const slotsPerEpoch = 432_000

const methods: Readonly<Record<string, (view: View, params: readonly unknown[]) => unknown>> = {
  getHealth: () => 'ok',
  getVersion: () => ({ 'solana-core': '3.0.6-simulated', 'feature-set': 0 }),
  getGenesisHash: ({ twist }) => genesisHash(twist.network(cluster)),
  getFirstAvailableBlock: ({ chain }) => chain.first,
  minimumLedgerSlot: ({ chain }) => chain.first,
  getSlot: (view, params) => view.newest(optionsAt(params, 0)),
  getBlockHeight: (view, params) => blockHeight(view.chain.seed, view.newest(optionsAt(params, 0))),
  getEpochInfo: (view, params) => {
    const slot = view.newest(optionsAt(params, 0))
    return {
      absoluteSlot: slot,
      blockHeight: blockHeight(view.chain.seed, slot),
      epoch: Math.floor(slot / slotsPerEpoch),
      slotIndex: slot % slotsPerEpoch,
      slotsInEpoch: slotsPerEpoch,
    }
  },
  getBlock,
  getBlocks,
  getBlocksWithLimit,
  getBlockTime,
  getSignaturesForAddress,
  getSignatureStatuses,
  getTransaction,
  getAccountInfo,
  getMultipleAccounts,
  getTokenSupply,
  getTokenLargestAccounts,
}

interface Asked {
  readonly id?: unknown
  readonly method?: unknown
  readonly params?: unknown
}

/** A node of the simulated Solana: JSON-RPC 2.0 over POST, single or in batches, and subscriptions to new slots. */
export class SolanaNode implements DevnetNode {
  readonly origin = 'simulated'
  readonly #chain: SolanaChain
  readonly #subscriptions = new Subscriptions()

  constructor(chain: SolanaChain) {
    this.#chain = chain
  }

  answer(request: NodeRequest, twist: Twist): NodeReply {
    if (request.method !== 'POST')
      return textReply('Used HTTP Method is not allowed. POST or OPTIONS is required', 405)
    let asked: unknown
    try {
      asked = JSON.parse(request.body)
    } catch {
      return jsonReply({ jsonrpc: '2.0', error: { code: -32700, message: 'Parse error' }, id: null })
    }
    const view = new View(this.#chain, twist)
    return jsonReply(Array.isArray(asked) ? asked.map((a) => this.#one(a, view)) : this.#one(asked, view))
  }

  connect(socket: NodeSocket): NodeListener {
    return this.#subscriptions.open(socket)
  }

  /** Tells subscribers of the newest slot. */
  announce(): void {
    this.#subscriptions.announce(this.#chain)
  }

  #one(asked: unknown, view: View): unknown {
    const { id = null, method, params }: Asked = typeof asked === 'object' && asked !== null ? asked : {}
    const found = typeof method === 'string' ? methods[method] : undefined
    const error = (code: number, message: string, data?: unknown): unknown => ({
      jsonrpc: '2.0',
      error: { code, message, ...(data === undefined ? {} : { data }) },
      id,
    })
    if (typeof method !== 'string') return error(-32600, 'Invalid request')
    if (found === undefined) return error(-32601, 'Method not found')
    try {
      return { jsonrpc: '2.0', result: found(view, Array.isArray(params) ? params : []), id }
    } catch (thrown) {
      if (thrown instanceof RpcFault) return error(thrown.code, thrown.message, thrown.data)
      throw thrown
    }
  }
}
