import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { EvmChain, type EvmChainOptions, type ExpectedSort, quantity, type TransferSort } from './chain.ts'

export interface EvmNodeOptions extends EvmChainOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number
  /** Added to every answer. */
  readonly latencyMs?: number
  /** Requests a second, elements of batches included; beyond it the node answers 429. */
  readonly rps?: number
  /** Most blocks of one `eth_getLogs`; 10,000 unless given. */
  readonly rangeLimit?: number
  /** Most logs of one answer; no limit unless given. */
  readonly maxLogs?: number
  /** Most elements of one batch; no limit unless given. */
  readonly maxBatch?: number
}

/** A running simulated node. */
export interface EvmNode {
  readonly url: string
  readonly head: number
  readonly finalized: number
  /** What an indexer that read everything must have found. */
  expected(): Readonly<Record<TransferSort, ExpectedSort>>
  /** Requests answered so far, elements of batches counted singly, by method. */
  requests(): ReadonlyMap<string, number>
  close(): Promise<void>
}

/**
 * Starts a deterministic node of a simulated EVM chain of ERC-20 transfers on 127.0.0.1. It says so in the
 * header `x-depindex-origin`.
 */
export async function startEvmNode(options: EvmNodeOptions): Promise<EvmNode> {
  const served = new Served(options)
  const server = createServer((request, response) => {
    served
      .handle(request, response)
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    head: served.chain.head,
    finalized: served.chain.finalized,
    expected: () => served.chain.expected(),
    requests: () => served.requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Result = { readonly json: string | Buffer } | { readonly error: { code: number; message: string } }

interface Asked {
  readonly id?: unknown
  readonly method?: unknown
  readonly params?: unknown
}

class Served {
  readonly chain: EvmChain
  readonly requests = new Map<string, number>()
  readonly #options: EvmNodeOptions
  #second = { startedAt: 0, taken: 0 }

  constructor(options: EvmNodeOptions) {
    this.#options = options
    this.chain = new EvmChain(options)
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { latencyMs = 0, maxBatch = Number.POSITIVE_INFINITY } = this.#options
    if (latencyMs > 0) await sleep(latencyMs)
    let asked: Asked | readonly Asked[]
    try {
      asked = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    } catch {
      return send(response, 400, [element(null, { error: { code: -32700, message: 'parse error' } })])
    }
    const count = Array.isArray(asked) ? asked.length : 1
    if (!this.#allows(count)) {
      response.setHeader('retry-after', '1')
      return send(response, 429, [element(null, { error: { code: 429, message: 'Too Many Requests' } })])
    }
    if (count > maxBatch) {
      const message = `batch limit ${maxBatch} exceeded`
      return send(response, 200, [element(null, { error: { code: -32600, message } })])
    }
    if (!Array.isArray(asked)) return send(response, 200, [this.#answer(asked as Asked)])
    const parts: Buffer[] = [Buffer.from('[')]
    for (const [index, one] of asked.entries())
      parts.push(Buffer.from(index === 0 ? '' : ','), this.#answer(one))
    send(response, 200, [...parts, Buffer.from(']')])
  }

  #allows(count: number): boolean {
    const { rps } = this.#options
    if (rps === undefined) return true
    const now = Date.now()
    if (now - this.#second.startedAt >= 1_000) this.#second = { startedAt: now, taken: 0 }
    // A batch larger than the limit passes when nothing else was asked in its second.
    if (this.#second.taken > 0 && this.#second.taken + count > rps) return false
    this.#second.taken += count
    return true
  }

  #answer({ id, method, params }: Asked): Buffer {
    const name = String(method)
    this.requests.set(name, (this.requests.get(name) ?? 0) + 1)
    return element(id ?? null, this.#call(name, Array.isArray(params) ? params : []))
  }

  #call(method: string, params: readonly unknown[]): Result {
    switch (method) {
      case 'eth_chainId':
        return { json: `"${quantity(this.#options.chainId)}"` }
      case 'eth_blockNumber':
        return { json: `"${quantity(this.chain.head)}"` }
      case 'web3_clientVersion':
        return { json: '"depindex-devnet/1"' }
      case 'eth_getBlockByNumber': {
        const height = this.#height(params[0])
        return { json: height >= 0 && height <= this.chain.head ? this.chain.header(height) : 'null' }
      }
      case 'eth_getLogs':
        return this.#logs(params[0])
      default:
        return { error: { code: -32601, message: `the method ${method} does not exist/is not available` } }
    }
  }

  #logs(filter: unknown): Result {
    const { fromBlock, toBlock, address, topics } = (filter ?? {}) as Readonly<Record<string, unknown>>
    const from = this.#height(fromBlock)
    const to = this.#height(toBlock)
    const { rangeLimit = 10_000, maxLogs = Number.POSITIVE_INFINITY } = this.#options
    if (!(from >= 0 && to >= from)) return { error: { code: -32602, message: 'invalid block range params' } }
    if (to > this.chain.head)
      return { error: { code: -32602, message: 'block range extends beyond current head block' } }
    if (to - from >= rangeLimit) {
      return { error: { code: -32602, message: `query exceeds max block range ${rangeLimit}` } }
    }
    const found = this.chain.logs(
      from,
      to,
      lowerCased(address),
      Array.isArray(topics) ? topics.map(lowerCased) : [],
    )
    if (found.count > maxLogs) {
      return { error: { code: -32005, message: `query returned more than ${maxLogs} results` } }
    }
    return { json: Buffer.concat([Buffer.from('['), found.text, Buffer.from(']')]) }
  }

  #height(block: unknown): number {
    if (block === 'latest' || block === 'pending' || block === undefined) return this.chain.head
    if (block === 'finalized' || block === 'safe') return this.chain.finalized
    return block === 'earliest' ? 0 : Number(block)
  }
}

function lowerCased(value: unknown): readonly string[] | null {
  if (value === undefined || value === null) return null
  return (Array.isArray(value) ? value : [value]).map((one) => String(one).toLowerCase())
}

function element(id: unknown, result: Result): Buffer {
  const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},`
  if ('error' in result) return Buffer.from(`${head}"error":${JSON.stringify(result.error)}}`)
  if (typeof result.json === 'string') return Buffer.from(`${head}"result":${result.json}}`)
  return Buffer.concat([Buffer.from(`${head}"result":`), result.json, Buffer.from('}')])
}

function send(response: ServerResponse, status: number, parts: readonly Buffer[]): void {
  const body = Buffer.concat(parts)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    'x-depindex-origin': 'simulated',
  })
  response.end(body)
}
