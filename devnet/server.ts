import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { IndexerError, messageOf } from '../pipeline/model/errors.ts'
import type { Faults, Trouble } from './misbehave.ts'
import type { DevnetNode, NodeReply } from './node.ts'

const largestBody = 1_000_000
const silenceMs = 30_000

const page = (title: string): string =>
  `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`

/** A listening devnet. */
export interface DevnetServer {
  /** `http://127.0.0.1:43210`; a node's address is this and its prefix. */
  readonly url: string
  /** Cuts every connection and stops listening. */
  close(): Promise<void>
}

/**
 * Serves nodes over HTTP, each under its prefix (`/arweave`), with the misbehaviour that `faults` draws.
 * @throws IndexerError `port-in-use` if it cannot listen there.
 */
export async function startServer(options: {
  readonly nodes: ReadonlyMap<string, DevnetNode>
  readonly faults: Faults
  readonly host: string
  readonly port: number
}): Promise<DevnetServer> {
  const { nodes, faults, host, port } = options
  const silent = new Set<NodeJS.Timeout>()
  const server = createServer((request, response) => {
    serve(request, response, nodes, faults, silent).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else response.writeHead(500, { 'content-type': 'text/plain' }).end(messageOf(error))
    })
  })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestBody })
  server.on('upgrade', (request, socket: Duplex, head) => {
    const node = nodes.get(prefixOf(request.url))
    if (node?.connect === undefined) socket.destroy()
    else sockets.handleUpgrade(request, socket, head, (connection) => attach(node, connection))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        new IndexerError(
          'port-in-use',
          `devnet cannot listen on ${host}:${port}: ${messageOf(error)}`,
          { port },
          { cause: error },
        ),
      )
    })
    server.listen(port, host, resolve)
  })
  const bound = server.address()
  const boundPort = bound !== null && typeof bound === 'object' ? bound.port : port
  return {
    url: `http://${host}:${boundPort}`,
    close: () =>
      new Promise((resolve, reject) => {
        for (const timer of silent) clearTimeout(timer)
        for (const connection of sockets.clients) connection.terminate()
        server.close((error) => (error === undefined ? resolve() : reject(error)))
        server.closeAllConnections()
      }),
  }
}

const prefixOf = (url: string | undefined): string => /^\/[^/?]*/.exec(url ?? '/')?.[0] ?? '/'

function attach(node: DevnetNode, connection: WebSocket): void {
  const listener = node.connect?.({
    send: (text) => connection.send(text),
    close: () => connection.close(),
  })
  connection.on('message', (data) => listener?.message(String(data)))
  connection.on('close', () => listener?.closed())
  connection.on('error', () => connection.terminate())
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  nodes: ReadonlyMap<string, DevnetNode>,
  faults: Faults,
  silent: Set<NodeJS.Timeout>,
): Promise<void> {
  const body = await readBody(request)
  const method = request.method ?? 'GET'
  const [fullPath = '/', search = ''] = (request.url ?? '/').split('?', 2)
  const prefix = prefixOf(fullPath)
  const node = nodes.get(prefix)
  if (node === undefined || body === undefined) {
    const status = body === undefined ? 413 : 404
    response.writeHead(status, { 'content-type': 'text/plain' })
    response.end(
      body === undefined ? 'Payload too large.' : `Not Found. Here are: ${[...nodes.keys()].join(' ')}`,
    )
    return
  }
  const trouble = faults.meet(fullPath, `${method} ${fullPath}?${search} ${body}`)
  const path = fullPath.slice(prefix.length) || '/'
  const reply = await node.answer({ method, path, query: new URLSearchParams(search), body }, trouble.twist)
  send(response, reply, node.origin, trouble, silent)
}

function send(
  response: ServerResponse,
  reply: NodeReply,
  origin: string,
  trouble: Trouble,
  silent: Set<NodeJS.Timeout>,
): void {
  const write = (
    status: number,
    type: string,
    body: string,
    headers: Readonly<Record<string, string>> = {},
  ): void => {
    const length = Buffer.byteLength(body)
    response.writeHead(status, {
      'content-type': type,
      'content-length': length,
      'x-depindex-origin': origin,
      ...headers,
    })
    response.end(body)
  }
  const fault = trouble.wire(reply.type === 'application/json')
  switch (fault) {
    case undefined:
      write(reply.status, reply.type, reply.body)
      break
    case 'rate-limited':
      write(429, 'text/plain', 'Too Many Requests', { 'retry-after': trouble.chance < 0.5 ? '0' : '1' })
      break
    case 'cut-body':
      write(reply.status, reply.type, reply.body.slice(0, reply.body.length >> 1))
      break
    case 'html-page':
      write(200, 'text/html', page('Checking your browser'))
      break
    case 'bad-gateway':
      write(502, 'text/html', page('502 Bad Gateway'))
      break
    case 'reset':
      response.socket?.resetAndDestroy()
      break
    case 'no-answer': {
      const timer = setTimeout(() => response.destroy(), silenceMs)
      silent.add(timer)
      response.once('close', () => {
        clearTimeout(timer)
        silent.delete(timer)
      })
      break
    }
  }
}

/** The whole body as text; undefined if it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size <= largestBody) parts.push(part)
  }
  return size > largestBody ? undefined : Buffer.concat(parts).toString('utf8')
}
