import { type RpcAsked, startScriptedNode } from '../../devnet/evm/scripted.ts'

/** A log as a node gives it, without what its block adds. */
export interface PlainLog {
  readonly height: number
  readonly address: string
  readonly topics: readonly string[]
  readonly data: string
  readonly transactionHash: string
  readonly logIndex: number
}

/** A hand-made EVM chain: blocks at all heights but the empty ones, and the logs that a test put there. */
export interface PlainChain {
  readonly logs: readonly PlainLog[]
  readonly head: number
  readonly timeOf: (height: number) => number
  readonly isEmpty?: (height: number) => boolean
  /** Answers to other methods. */
  readonly answer?: (asked: RpcAsked) => unknown
  /** Most heights of one filter. */
  readonly rangeLimit?: number
}

const hex = (value: number): string => `0x${value.toString(16)}`

/** The hash of a height of a plain chain. */
export function plainHash(height: number): string {
  return `0xeeee${height.toString(16).padStart(60, '0')}`
}

/** Serves a plain chain. @returns Its address, and the filters it was asked for. */
export async function startPlainNode(chain: PlainChain) {
  const filters: { from: number; to: number; filter: Readonly<Record<string, unknown>> }[] = []
  const isEmpty = chain.isEmpty ?? (() => false)
  const header = (height: number): unknown => {
    let parent = height - 1
    while (isEmpty(parent)) parent -= 1
    return {
      number: hex(height),
      hash: plainHash(height),
      parentHash: plainHash(parent),
      timestamp: hex(chain.timeOf(height)),
    }
  }
  const logs = (filter: Readonly<Record<string, unknown>>): object => {
    const [from, to] = [Number(filter['fromBlock']), Number(filter['toBlock'])]
    if (chain.rangeLimit !== undefined && to - from >= chain.rangeLimit)
      return { error: { code: -32005, message: 'block range exceeds the limit' } }
    filters.push({ from, to, filter })
    const address = filter['address'] as readonly string[] | undefined
    const topics = filter['topics'] as readonly (string | readonly string[] | null)[]
    const fits = (log: PlainLog): boolean =>
      log.height >= from &&
      log.height <= to &&
      (address === undefined || address.includes(log.address.toLowerCase())) &&
      topics.every((t, i) => t === null || [t].flat().includes(log.topics[i] ?? ''))
    const result = chain.logs.filter(fits).map(({ height, logIndex, ...log }) => ({
      ...log,
      blockNumber: hex(height),
      blockHash: plainHash(height),
      logIndex: hex(logIndex),
      removed: false,
    }))
    return { result }
  }
  const one = (asked: RpcAsked): unknown => {
    const said = (): object => {
      if (asked.method === 'eth_getLogs') return logs(asked.params[0] as Readonly<Record<string, unknown>>)
      if (asked.method === 'eth_getBlockByNumber') {
        const [block] = asked.params
        const height = typeof block === 'string' && block.startsWith('0x') ? Number(block) : chain.head
        if (isEmpty(height)) return { error: { code: 12, message: 'requested epoch was a null round' } }
        return { result: height > chain.head || height < 0 ? null : header(height) }
      }
      if (asked.method === 'eth_getBlockByHash') {
        const height = Number(`0x${String(asked.params[0]).slice(6)}`)
        return { result: isEmpty(height) ? null : header(height) }
      }
      return chain.answer?.(asked) ?? { error: { code: -32601, message: 'method not found' } }
    }
    return { jsonrpc: '2.0', id: asked.id, ...said() }
  }
  const node = await startScriptedNode((asked) => ('method' in asked ? one(asked) : asked.map(one)))
  return { ...node, filters }
}
