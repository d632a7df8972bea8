import { WebSocket } from 'undici'

/** Between two wake-ups: roots come several times a second, and a look at the head costs some requests. */
const restMs = 4_000
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
 * again, at the next address, with growing pauses and without a word.
 */
export function watchRoots(
  rpcUrls: readonly string[],
  wake: () => void,
  signal: AbortSignal,
  now: () => number,
): void {
  const urls = rpcUrls.flatMap(websocketUrls)
  let woken = Number.NEGATIVE_INFINITY
  let pause = reconnectMs.first
  const connect = (turn: number): void => {
    const url = urls[turn % urls.length]
    if (signal.aborted || url === undefined) return
    const socket = new WebSocket(url)
    const leave = (): void => socket.close()
    signal.addEventListener('abort', leave, { once: true })
    let heard = false
    socket.addEventListener('open', () => {
      for (const [i, method] of ['rootSubscribe', 'slotSubscribe'].entries())
        socket.send(JSON.stringify({ jsonrpc: '2.0', id: i + 1, method, params: [] }))
    })
    socket.addEventListener('message', ({ data }) => {
      if (!isNotification(String(data))) return
      heard = true
      pause = reconnectMs.first
      if (now() - woken < restMs) return
      woken = now()
      wake()
    })
    socket.addEventListener('error', () => socket.close())
    socket.addEventListener('close', () => {
      signal.removeEventListener('abort', leave)
      if (signal.aborted) return
      const again = setTimeout(connect, pause, heard ? turn : turn + 1)
      again.unref()
      pause = Math.min(reconnectMs.most, pause * 2)
    })
  }
  connect(0)
}

function isNotification(text: string): boolean {
  return text.includes('"rootNotification"') || text.includes('"slotNotification"')
}
