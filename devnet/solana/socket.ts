import type { NodeListener, NodeSocket } from '../node.ts'
import type { SolanaChain } from './chain.ts'
import { finalizedLag } from './view.ts'

const kinds = { slotSubscribe: 'slotNotification', rootSubscribe: 'rootNotification' } as const
type Kind = keyof typeof kinds

interface Subscriber {
  readonly socket: NodeSocket
  readonly kind: Kind
}

function isKind(method: unknown): method is Kind {
  return typeof method === 'string' && Object.hasOwn(kinds, method)
}

/** Who wants to be told of new slots, over websockets. */
export class Subscriptions {
  readonly #open = new Map<number, Subscriber>()
  #next = 1
  #told = 0

  /** Takes a connection; what it subscribes to ends with it. */
  open(socket: NodeSocket): NodeListener {
    const own = new Set<number>()
    return {
      message: (text) => socket.send(JSON.stringify(this.#answer(text, socket, own))),
      closed: () => {
        for (const id of own) this.#open.delete(id)
      },
    }
  }

  /** Sends what is new since the last time. */
  announce(chain: SolanaChain): void {
    const { head } = chain
    if (head === this.#told) return
    this.#told = head
    const root = head - finalizedLag
    const results = { slotSubscribe: { slot: head, parent: head - 1, root }, rootSubscribe: root }
    for (const [subscription, { socket, kind }] of this.#open) {
      const params = { result: results[kind], subscription }
      socket.send(JSON.stringify({ jsonrpc: '2.0', method: kinds[kind], params }))
    }
  }

  #answer(text: string, socket: NodeSocket, own: Set<number>): unknown {
    let asked: { id?: unknown; method?: unknown; params?: unknown }
    try {
      asked = Object(JSON.parse(text))
    } catch {
      return { jsonrpc: '2.0', error: { code: -32700, message: 'Parse error' }, id: null }
    }
    const { id = null, method, params } = asked
    if (isKind(method)) {
      const subscription = this.#next
      this.#next += 1
      own.add(subscription)
      this.#open.set(subscription, { socket, kind: method })
      return { jsonrpc: '2.0', result: subscription, id }
    }
    if (method === 'slotUnsubscribe' || method === 'rootUnsubscribe') {
      const subscription = Array.isArray(params) ? Number(params[0]) : Number.NaN
      own.delete(subscription)
      return { jsonrpc: '2.0', result: this.#open.delete(subscription), id }
    }
    return { jsonrpc: '2.0', error: { code: -32601, message: 'Method not found' }, id }
  }
}
