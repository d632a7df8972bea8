import { WebSocket } from 'ws'
import { redactUrl } from '../../../pipeline/model/errors.ts'
import type { Logger } from '../../engine/ports.ts'

/** Between two wake-ups: roots come several times a second, and a look at the head costs some requests. */
const restMs = 10_000
const reconnectMs = { first: 1_000, most: 60_000 }

/**
 * Where a node takes subscriptions, by the conventions of web3.js: a validator's own at the port above its RPC, a proxy's at
 * the same address.
 */
export function websocketUrls(rpcUrl: string): string[] {
  const url = new URL(rpcUrl)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const same = url.toString()
  if (url.port === '') return [same]
  url.port = String(Number(url.port) + 1)
  return [url.toString(), same]
}

/**
 * Calls `wake` when a node says that slots were finalized, until the signal. Only a hint: a connection that fails is tried
 * again, at the next address, with growing pauses.
 */
export function watchRoots(options: {
  /** Addresses of the endpoints. */
  readonly urls: readonly string[]
  readonly logger: Logger
  readonly wake: () => void
  readonly signal: AbortSignal
  /** Milliseconds from any fixed point, never going back. */
  readonly now: () => number
}): void {
  const { logger, wake, signal, now } = options
  const urls = options.urls.flatMap(websocketUrls)
  let woken = Number.NEGATIVE_INFINITY
  let pause = reconnectMs.first
  const connect = (turn: number): void => {
    const url = urls[turn % urls.length]
    if (signal.aborted || url === undefined) return
    const socket = new WebSocket(url, { handshakeTimeout: 10_000, maxPayload: 100_000 })
    const stop = (): void => socket.terminate()
    signal.addEventListener('abort', stop, { once: true })
    let heard = false
    socket.on('open', () => {
      for (const [id, method] of ['rootSubscribe', 'slotSubscribe'].entries())
        socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params: [] }))
    })
    socket.on('message', (data) => {
      if (!isNotification(String(data))) return
      heard = true
      pause = reconnectMs.first
      if (now() - woken < restMs) return
      woken = now()
      wake()
    })
    socket.on('error', (error) =>
      logger.debug('no word of new slots', {
        chain: 'solana',
        endpoint: redactUrl(url),
        error: error.message,
      }),
    )
    socket.on('close', () => {
      signal.removeEventListener('abort', stop)
      if (signal.aborted) return
      setTimeout(connect, pause, heard ? turn : turn + 1).unref()
      pause = Math.min(reconnectMs.most, pause * 2)
    })
  }
  connect(0)
}

/** Whether a message announces a slot; anything else a node may send is of no interest. */
function isNotification(text: string): boolean {
  return text.includes('"rootNotification"') || text.includes('"slotNotification"')
}
