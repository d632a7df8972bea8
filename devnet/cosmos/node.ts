import type { DevnetNode, NodeListener, NodeReply, NodeRequest, NodeSocket, Twist } from '../node.ts'
import { jsonReply, textReply } from '../node.ts'
import { BlockWriter, type Branch } from './blocks.ts'
import { eraAt } from './eras.ts'
import { accountsPath, leasesPath, queryAccounts, queryLeases } from './leases.ts'
import { answerRest } from './rest.ts'
import {
  answerJson,
  callOfQuery,
  type RpcCall,
  RpcRefusal,
  readHex,
  readSubscription,
  readWhole,
  refusal,
  respond,
} from './rpc.ts'
import type { AkashScenario } from './scenario.ts'
import { queryState } from './state.ts'

/** The chain's name at a simulated node. */
const simulatedChainId = 'akashnet-2.simulated'

const mostHeaders = 20

export interface AkashNodeOptions {
  /** Blocks and states below it were pruned; the first block if absent. */
  readonly lowest?: number
  /** A node that discards what blocks did: it has blocks, but no results. */
  readonly discardsResults?: boolean
}

/** A CometBFT node with the application's queries: RPC by path and by JSON-RPC, websocket, and some REST routes. */
export class AkashNode implements DevnetNode {
  readonly origin = 'simulated'
  readonly #chain: AkashScenario
  readonly #writer: BlockWriter
  readonly #options: AkashNodeOptions

  constructor(chain: AkashScenario, options: AkashNodeOptions = {}) {
    this.#chain = chain
    this.#writer = new BlockWriter(chain, simulatedChainId)
    this.#options = options
  }

  answer(request: NodeRequest, twist: Twist): NodeReply {
    const { method, path } = request
    const handle = (call: RpcCall): unknown => this.#call(call, twist)
    if (method === 'POST')
      return path === '/' ? answerJson(request.body, handle) : textReply('404 page not found', 404)
    if (path.startsWith('/cosmos/')) return answerRest(request, this.#chain.block(this.#head(twist)).state)
    const call = callOfQuery(path, request.query)
    if (!methods.has(call.method)) return textReply('404 page not found', 404)
    const { body, failed } = respond(-1, call, handle)
    return jsonReply(body, failed ? 500 : 200)
  }

  /** A client may subscribe to new blocks; what it asks for besides is not given. */
  connect(socket: NodeSocket): NodeListener {
    const stops: (() => void)[] = []
    return {
      message: (text) => {
        const { id, method, query } = readSubscription(text)
        if (method === 'subscribe') {
          stops.push(
            this.#chain.onBlock((height) => socket.send(JSON.stringify(this.#newBlock(id, query, height)))),
          )
        }
        const known = method === 'subscribe' || method === 'unsubscribe' || method === 'unsubscribe_all'
        socket.send(
          JSON.stringify(
            known ? { jsonrpc: '2.0', id, result: {} } : refusal(id, new RpcRefusal(method, 'method')),
          ),
        )
      },
      closed: () => {
        for (const stop of stops) stop()
      },
    }
  }

  #newBlock(id: unknown, query: string, height: number): object {
    const value = { block: { header: this.#writer.header(height) } }
    const data = { type: 'tendermint/event/NewBlock', value }
    return { jsonrpc: '2.0', id, result: { query, data, events: { 'tm.event': ['NewBlock'] } } }
  }

  #head(twist: Twist): number {
    return Math.max(twist.head(this.#chain.head), this.#lowest)
  }

  get #lowest(): number {
    return this.#options.lowest ?? this.#chain.first
  }

  #call(call: RpcCall, twist: Twist): unknown {
    switch (call.method) {
      case 'health':
        return {}
      case 'status':
        return this.#status(twist)
      case 'block': {
        const height = this.#height(call, twist)
        const rival = branchAt(height, this.#chain.first, twist)
        const { block_id, block } = this.#writer.block(height, rival)
        return { block_id, block: { ...(block as object), header: this.#header(height, rival, twist) } }
      }
      case 'header': {
        const height = this.#height(call, twist)
        return { header: this.#header(height, branchAt(height, this.#chain.first, twist), twist) }
      }
      case 'block_results': {
        const height = this.#height(call, twist)
        if (this.#options.discardsResults === true)
          throw new RpcRefusal('node is not persisting finalize block responses')
        return twist.strip(this.#writer.results(height))
      }
      case 'blockchain':
        return this.#headers(call, twist)
      case 'tx':
        return this.#transaction(call, twist)
      case 'abci_query':
        return { response: this.#query(call, twist) }
      case 'abci_info':
        return {
          response: { data: 'akash', version: 'devnet', last_block_height: String(this.#head(twist)) },
        }
      case 'genesis':
        throw new RpcRefusal('genesis response is large, please use the genesis_chunked API instead')
      default:
        throw new RpcRefusal(call.method, 'method')
    }
  }

  /** The height that a call names, the head without one. */
  #height(call: RpcCall, twist: Twist): number {
    const [text, head] = [call.text('height'), this.#head(twist)]
    if (text === undefined || text === '0') return head
    const height = readWhole(text, 'height')
    if (height <= 0) throw new RpcRefusal(`height must be greater than 0, but got ${height}`)
    if (height > head)
      throw new RpcRefusal(
        `height ${height} must be less than or equal to the current blockchain height ${head}`,
      )
    const lowest = twist.hides(height) ? height + 1 : this.#lowest
    if (height < lowest) throw new RpcRefusal(`height ${height} is not available, lowest height is ${lowest}`)
    return height
  }

  #header(height: number, branch: Branch, twist: Twist): Readonly<Record<string, unknown>> {
    const header = this.#writer.header(height, branch)
    return twist.strip({ ...header, chain_id: twist.network(simulatedChainId) })
  }

  #headers(call: RpcCall, twist: Twist): object {
    const head = this.#head(twist)
    const [least, most] = [
      readWhole(call.text('minHeight') ?? '0', 'minHeight'),
      readWhole(call.text('maxHeight') ?? '0', 'maxHeight'),
    ]
    const to = most === 0 ? head : Math.min(most, head)
    const from = Math.max(least, this.#lowest, to - mostHeaders + 1)
    if (from > to) throw new RpcRefusal(`min height ${from} can't be greater than max height ${to}`)
    const metas: object[] = []
    for (let height = to; height >= from; height -= 1) {
      if (twist.hides(height)) continue
      const branch = branchAt(height, this.#chain.first, twist)
      metas.push({ ...this.#writer.meta(height, branch), header: this.#header(height, branch, twist) })
    }
    return { last_height: String(head), block_metas: metas }
  }

  #transaction(call: RpcCall, twist: Twist): object {
    const asked = call.text('hash') ?? ''
    const hash = /^0x/i.test(asked)
      ? asked.slice(2).toUpperCase()
      : Buffer.from(asked, 'base64').toString('hex').toUpperCase()
    const place = this.#writer.find(hash)
    if (place === undefined || place.height > this.#head(twist) || place.height < this.#lowest)
      throw new RpcRefusal(`tx (${hash}) not found`)
    const { height, index } = place
    const results = this.#writer.results(height)['txs_results']
    return {
      hash,
      height: String(height),
      index,
      tx_result: Array.isArray(results) ? results[index] : null,
      tx: this.#writer.transactions(height)[index]?.toString('base64'),
    }
  }

  #query(call: RpcCall, twist: Twist): object {
    const head = this.#head(twist)
    const asked = readWhole(call.text('height') ?? '0', 'height')
    const height = asked === 0 ? head : asked
    const answered = (more: object): object => ({
      code: 0,
      log: '',
      info: '',
      index: '0',
      key: null,
      value: null,
      proofOps: null,
      height: String(height),
      codespace: '',
      ...more,
    })
    if (height < this.#lowest || height > head || twist.hides(height)) {
      const log = `failed to load state at height ${height}; version does not exist (latest height: ${head}): invalid height`
      return answered({ code: 26, codespace: 'sdk', log, height: '0' })
    }
    const path = call.text('path') ?? ''
    const data = readHex(call.text('data') ?? '')
    const value = this.#state(path, height, data)
    if (value === undefined) {
      return answered({
        code: 6,
        codespace: 'sdk',
        log: `unknown query path: ${path}: unknown request`,
        height: '0',
      })
    }
    return answered({ value: value.toString('base64') })
  }

  #state(path: string, height: number, data: Buffer): Buffer | undefined {
    switch (path) {
      case leasesPath:
        return queryLeases(this.#chain.leasesAt(height), height, data)
      case accountsPath:
        return queryAccounts(this.#chain.accountsAt(height), height, data)
      default:
        return queryState(this.#chain.block(height).state, path, data)
    }
  }

  #status(twist: Twist): object {
    const [head, lowest] = [this.#head(twist), this.#lowest]
    const [newest, oldest] = [this.#writer.header(head), this.#writer.header(lowest)]
    return {
      node_info: {
        protocol_version: { p2p: '8', block: '11', app: '0' },
        id: '0'.repeat(40),
        listen_addr: 'tcp://0.0.0.0:26656',
        network: twist.network(simulatedChainId),
        version: eraAt(head).lists === 'one' ? '0.38.21' : '0.34.27',
        channels: '40202122233038606100',
        moniker: 'depindex devnet',
        other: { tx_index: 'on', rpc_address: 'tcp://0.0.0.0:26657' },
      },
      sync_info: {
        latest_block_hash: this.#writer.hash(head),
        latest_app_hash: newest['app_hash'],
        latest_block_height: String(head),
        latest_block_time: newest['time'],
        earliest_block_hash: this.#writer.hash(lowest),
        earliest_app_hash: oldest['app_hash'],
        earliest_block_height: String(lowest),
        earliest_block_time: oldest['time'],
        catching_up: false,
      },
      validator_info: { address: '', pub_key: null, voting_power: '0' },
    }
  }
}

const methods: ReadonlySet<string> = new Set([
  'health',
  'status',
  'block',
  'header',
  'block_results',
  'blockchain',
  'tx',
  'abci_query',
  'abci_info',
  'genesis',
])

function branchAt(height: number, first: number, twist: Twist): Branch {
  return height > first && twist.otherFork() ? 1 : 0
}
