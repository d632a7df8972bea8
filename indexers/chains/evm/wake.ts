import { WebSocket } from 'ws'
import { redactUrl } from '../../../pipeline/model/errors.ts'
import type { Logger } from '../../engine/ports.ts'

const shortestPauseMs = 1_000
const longestPauseMs = 600_000

/** The websocket address of a node's HTTP address, as most providers have it. @example 'https://n/x' // 'wss://n/x' */
export function socketUrl(url: string): string {
  return url.replace(/^http/, 'ws')
}

/**
 * Calls `wake` for every new head that a node announces, until the signal. Connects again after growing pauses; a node
 * without websockets is no error.
 */
export function listenForHeads(options: {
  readonly url: string
  readonly chain: string
  readonly logger: Logger
  readonly wake: () => void
  readonly signal: AbortSignal
}): void {
  const { url, chain, logger, wake, signal } = options
  let pause = shortestPauseMs
  const connect = (): void => {
    if (signal.aborted) return
    const socket = new WebSocket(url, { handshakeTimeout: 10_000, maxPayload: 1_000_000 })
    const stop = (): void => socket.terminate()
    signal.addEventListener('abort', stop, { once: true })
    socket.on('open', () => socket.send(subscription))
    socket.on('message', (data) => {
      if (!isHead(String(data))) return
      pause = shortestPauseMs
      wake()
    })
    socket.on('error', (error) =>
      logger.debug('no word of new heads', { chain, endpoint: redactUrl(url), error: error.message }),
    )
    socket.on('close', () => {
      signal.removeEventListener('abort', stop)
      if (signal.aborted) return
      const timer = setTimeout(connect, pause)
      timer.unref()
      pause = Math.min(longestPauseMs, pause * 2)
    })
  }
  connect()
}

const subscription = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] })

/** Whether a message announces a head; anything else a node may send is of no interest. */
function isHead(text: string): boolean {
  return text.includes('"eth_subscription"')
}
