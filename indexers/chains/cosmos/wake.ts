import { WebSocket } from 'undici'

const shortestPauseMs = 1_000
const longestPauseMs = 60_000

/**
 * Calls `wake` whenever a node says on its websocket that there is a new block, until the signal. Only a hint: what is said
 * is not read, and a connection that fails or ends is opened again after a growing pause, of one endpoint after the other.
 * @param urls Addresses of the endpoints, `http` or `https`.
 */
export function wakeOnBlocks(urls: readonly string[], wake: () => void, signal: AbortSignal): void {
  let pauseMs = shortestPauseMs
  let turn = 0
  const connect = (): void => {
    if (signal.aborted) return
    const url = urls[turn % urls.length]
    turn += 1
    if (url === undefined) return
    const socket = new WebSocket(`${url.replace(/^http/, 'ws').replace(/\/$/, '')}/websocket`)
    let confirmed = false
    let over = false
    const end = (): void => {
      if (over) return
      over = true
      signal.removeEventListener('abort', stop)
      if (signal.aborted) return
      setTimeout(connect, pauseMs).unref()
      pauseMs = Math.min(longestPauseMs, pauseMs * 2)
    }
    const stop = (): void => socket.close()
    signal.addEventListener('abort', stop, { once: true })
    socket.addEventListener('open', () => {
      const params = { query: "tm.event='NewBlock'" }
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscribe', params }))
    })
    socket.addEventListener('message', () => {
      // The first message only confirms the subscription.
      if (confirmed) wake()
      confirmed = true
      pauseMs = shortestPauseMs
    })
    socket.addEventListener('close', end)
    socket.addEventListener('error', end)
  }
  connect()
}
