import { setMaxListeners } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { devContracts, devTreasury, EvmChain } from '../../devnet/evm/chain.ts'
import { type EvmNodeOptions, startEvmNode } from '../../devnet/evm/node.ts'
import type { RpcAsked } from '../../devnet/evm/scripted.ts'
import { createEvmSource, type Finality } from '../../indexers/chains/evm/source.ts'
import { erc20Burns, erc20Mints, erc20Transfers } from '../../indexers/chains/evm/streams.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import type { HeightRange } from '../../pipeline/model/height.ts'
import type { Stream } from '../../pipeline/model/stream.ts'
import { unixSeconds } from '../../pipeline/model/time.ts'
import { scripted } from '../support/scripted.ts'
import { silentLogger as logger } from '../support/streams.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const declared = {
  class: 'payment',
  token: 'T',
  revision: 1,
  meaning: 'm',
  evidence: ['e'],
  contracts: devContracts,
} as const
const streams: Stream[] = [
  erc20Mints({ ...declared, kind: 'emission' }),
  erc20Burns({ ...declared, kind: 'burn' }),
  erc20Transfers({ ...declared, kind: 'fee', lens: 'PURCHASE', to: [devTreasury] }),
  erc20Transfers({ ...declared, kind: 'fee', lens: 'CONSUMPTION' }),
].map((stream, index) => ({
  ...stream,
  id: index + 1,
  name: stream.word,
  network: 'n',
  chain: 'c',
  role: 'ledger',
  decimals: 18,
}))

const small = { seed: 5, blocks: 3_000, logsPerBlock: 3, chainId: 777 }
const never = new AbortController().signal
setMaxListeners(0, never)

function pooled(url: string, attempts = 2): EndpointPool {
  const pool = new EndpointPool({
    chain: 'c',
    variable: 'C_RPC_URLS',
    urls: [url],
    logger,
    now: () => performance.now(),
    attempts,
  })
  closing.push(() => pool.close())
  return pool
}

function sourceOf(url: string, more: { chainId?: number; finality?: Finality; attempts?: number } = {}) {
  const { chainId = 777, finality = 'finalized', attempts } = more
  return createEvmSource({ chain: 'c', chainId, pool: pooled(url, attempts), logger, finality })
}

async function started(options: Partial<EvmNodeOptions> = {}) {
  const node = await startEvmNode({ ...small, ...options })
  closing.push(node.close)
  return node
}

/** A node whose answers a test writes itself. */
/** A node of the simulated chain whose results a test changes. */
function changing(change: (asked: RpcAsked, result: Record<string, unknown>) => unknown): Promise<string> {
  const chain = new EvmChain(small)
  const logs = `[${chain.logs(1, 40, null, []).text}]`
  const one = (rpc: RpcAsked): unknown => {
    const text = rpc.method === 'eth_getLogs' ? logs : chain.header(Number(rpc.params[0]))
    return { jsonrpc: '2.0', id: rpc.id, result: change(rpc, JSON.parse(text)) }
  }
  return scripted((asked) => ('method' in asked ? one(asked) : asked.map(one)))
}

describe('reading a simulated chain', () => {
  test.each([
    ['with times from headers', {}],
    ['with times from logs', { logTimestamps: true }],
    ['with small batches', { maxBatch: 30 }],
    ['one request at a time', { maxBatch: 1, blocks: 150 }],
  ])('finds every transfer %s', async (_, options) => {
    const node = await started(options)
    const source = sourceOf(node.url)
    const found: Record<number, { count: number; amountRaw: bigint; seconds: number }> = {}
    for (let from = 1; from <= node.finalized; from += 1_000) {
      const range = { from, to: Math.min(node.finalized, from + 999) }
      const batch = await source.read(range, streams, never)
      expect(batch.edges.map((edge) => edge.height)).toEqual([range.from, range.to])
      expect([...batch.covered]).toEqual(streams.map((stream) => [stream.id, [range]]))
      for (const event of batch.events) {
        const was = found[event.streamId] ?? { count: 0, amountRaw: 0n, seconds: 0 }
        was.count += 1
        was.amountRaw += event.amountRaw
        was.seconds += event.happenedAt
        found[event.streamId] = was
      }
    }
    const { mint, burn, payment, move } = node.expected()
    const any = {
      count: payment.count + move.count,
      amountRaw: payment.amountRaw + move.amountRaw,
      seconds: payment.seconds + move.seconds,
    }
    expect(found).toEqual({ 1: mint, 2: burn, 3: payment, 4: any })
  })

  test('takes no header but the edges where logs carry times', async () => {
    const node = await started({ logTimestamps: true })
    await sourceOf(node.url).read({ from: 1_001, to: 1_400 }, streams, never)
    expect(Object.fromEntries(node.requests())).toEqual({ eth_getBlockByNumber: 3, eth_getLogs: 1 })
  })

  test('knows the blocks around each midnight, also where it falls between two ranges', async () => {
    const node = await started()
    // 22:00 plus 12 seconds a block: block 600 is the first of 2 January.
    const source = sourceOf(node.url)
    const days = async (range: HeightRange) => {
      const { days, touchedDays } = await source.read(range, streams.slice(0, 1), never)
      return { days, touchedDays }
    }
    const boundary = [
      { day: '2024-01-01', last: 599 },
      { day: '2024-01-02', first: 600 },
    ]
    expect(await days({ from: 500, to: 700 })).toEqual({
      days: boundary,
      touchedDays: ['2024-01-01', '2024-01-02'],
    })
    expect(await days({ from: 600, to: 700 })).toEqual({ days: boundary, touchedDays: ['2024-01-02'] })
    expect(await days({ from: 601, to: 700 })).toEqual({ days: [], touchedDays: ['2024-01-02'] })
    expect((await days({ from: 1, to: 599 })).days).toEqual([{ day: '2024-01-01', first: 1 }])
    const sparse = await started({ blocks: 10, blockSeconds: 50_000 })
    expect((await sourceOf(sparse.url).read({ from: 1, to: 4 }, streams, never)).days).toEqual([
      { day: '2024-01-02', first: 1, last: 1 },
      { day: '2024-01-03', first: 2, last: 3 },
      { day: '2024-01-04', first: 4 },
    ])
  })

  test('finds heights by time', async () => {
    const node = await started()
    const source = sourceOf(node.url)
    const midnight = 1_704_153_600
    const times = [midnight, midnight + 1, midnight + 12, 0, midnight * 2].map(unixSeconds)
    expect(await Promise.all(times.map((time) => source.heightAt(time)))).toEqual([
      600,
      601,
      601,
      1,
      node.head + 1,
    ])
  })

  test('knows head, finalized height and identity', async () => {
    const node = await started()
    const source = sourceOf(node.url)
    expect(await source.identify()).toEqual({ network: 'eip155:777', origin: 'simulated' })
    expect((await source.head()).height).toBe(3_064)
    expect(await source.finalized()).toBe(3_000)
    expect(await sourceOf(node.url, { finality: { depth: 100 } }).finalized()).toBe(2_964)
    await expect(sourceOf(node.url, { chainId: 1 }).identify()).rejects.toMatchObject({ code: 'wrong-chain' })
  })

  test('says so when a range must be split', async () => {
    const node = await started({ maxLogs: 100, rangeLimit: 500 })
    const source = sourceOf(node.url)
    await expect(source.read({ from: 1, to: 400 }, streams, never)).rejects.toMatchObject({
      code: 'rpc-too-large',
    })
    await expect(source.read({ from: 1, to: 900 }, streams, never)).rejects.toMatchObject({
      code: 'rpc-too-large',
    })
    expect((await source.read({ from: 1, to: 30 }, streams, never)).range).toEqual({ from: 1, to: 30 })
  })

  test('stops when told to', async () => {
    const node = await started({ latencyMs: 200 })
    const stop = new AbortController()
    const reading = sourceOf(node.url).read({ from: 1, to: 100 }, streams, stop.signal)
    stop.abort()
    await expect(reading).rejects.toMatchObject({ code: 'interrupted' })
  })
})

describe('a node that contradicts itself', () => {
  const range = { from: 1, to: 40 }
  const other = `0x${'99'.repeat(32)}`

  test('is refused when logs and header disagree on a hash', async () => {
    const url = await changing((rpc, result) =>
      rpc.method === 'eth_getLogs'
        ? Object.values(result).map((log) => ({ ...(log as object), ...at(log, 20) }))
        : result,
    )
    const reading = sourceOf(url).read(range, streams, never)
    await expect(reading).rejects.toMatchObject({
      code: 'rpc-bad-answer',
      message: expect.stringContaining('block 20'),
    })
  })

  test('is refused when a header does not follow the one before it', async () => {
    const url = await changing((_, header) =>
      header.number === '0x15' ? { ...header, parentHash: other } : header,
    )
    const reading = sourceOf(url).read(range, streams, never)
    await expect(reading).rejects.toMatchObject({
      code: 'rpc-bad-answer',
      message: expect.stringContaining('block 21'),
    })
  })

  test('is refused when it lags behind the range', async () => {
    const url = await changing((_, header) => (header.number === '0x28' ? null : header))
    await expect(sourceOf(url).read(range, streams, never)).rejects.toMatchObject({ code: 'rpc-not-found' })
  })

  const at = (log: unknown, height: number): object =>
    (log as { blockNumber: string }).blockNumber === `0x${height.toString(16)}` ? { blockHash: other } : {}
})
