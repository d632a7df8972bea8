import { inflationAt } from '../../indexers/chains/arweave/inflation.ts'
import {
  type DevnetNode,
  jsonReply,
  type NodeReply,
  type NodeRequest,
  type Twist,
  textReply,
} from '../node.ts'
import { blockHeader, transactionHeader } from './blocks.ts'
import { answerGraphql, type GatewayView } from './gateway.ts'
import type { ArweaveScenario } from './scenario.ts'

/** The network name that a simulated node gives in `/info`. */
export const simulatedNetwork = 'arweave.simulated'

const rivalBranch = 1_000_000
const blockMissing = textReply('Block not found.', 404)
const missing = textReply('Not Found.', 404)

/** A node and gateway in one: the HTTP API of a 2.9 node, and `/graphql` as gateways offer it. */
export class ArweaveNode implements DevnetNode {
  readonly origin = 'simulated'
  readonly #chain: ArweaveScenario

  constructor(chain: ArweaveScenario) {
    this.#chain = chain
  }

  answer(request: NodeRequest, twist: Twist): NodeReply {
    const chain = this.#chain
    const head = Math.max(twist.head(chain.head), chain.first)
    const sees = (height: number): boolean => chain.has(height) && height <= head && !twist.hides(height)
    const [what = '', name = '', more] = request.path.slice(1).split('/')
    if (request.method === 'POST') {
      if (request.path !== '/graphql') return missing
      const rival = twist.otherFork()
      const view: GatewayView = {
        head,
        hides: (height) => twist.hides(height),
        branchOf: (height) => (rival ? rivalBranch : chain.branchAt(height)),
      }
      return answerGraphql(chain, view, request.body)
    }
    switch (what) {
      case 'info':
        return this.#info(head, twist)
      case 'block': {
        const height =
          name === 'current' ? head : name === 'hash' ? chain.findBlock(more ?? '') : readHeight(more)
        if (height === undefined || !sees(height)) return blockMissing
        const rival = name === 'height' && height > chain.first && twist.otherFork()
        return jsonReply(
          twist.strip(blockHeader(chain, height, rival ? rivalBranch : chain.branchAt(height))),
        )
      }
      case 'tx':
        return this.#transaction(name, more, head, sees)
      case 'inflation': {
        const height = readHeight(name)
        return height === undefined ? missing : textReply(String(inflationAt(height)))
      }
      default:
        return missing
    }
  }

  #info(head: number, twist: Twist): NodeReply {
    return jsonReply({
      network: twist.network(simulatedNetwork),
      version: 5,
      release: 87,
      height: head,
      current: this.#chain.hashOf(head),
      blocks: head - this.#chain.first + 1,
      peers: 0,
      queue_length: 0,
      node_state_latency: 1,
    })
  }

  #transaction(
    id: string,
    more: string | undefined,
    head: number,
    sees: (height: number) => boolean,
  ): NodeReply {
    const found = this.#chain.findTransaction(id)
    if (found === undefined || !sees(found.height)) return missing
    switch (more) {
      case undefined:
        return jsonReply(transactionHeader(this.#chain, found.transaction))
      case 'reward':
        return textReply(String(found.transaction.fee))
      case 'status':
        return jsonReply({
          block_height: found.height,
          block_indep_hash: this.#chain.hashOf(found.height),
          number_of_confirmations: head - found.height + 1,
        })
      default:
        return missing
    }
  }
}

function readHeight(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
