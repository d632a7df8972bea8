import { afterEach, describe, expect, test } from 'vitest'
import { startEvmNode } from '../../devnet/evm/node.ts'
import { EvmClient } from '../../indexers/chains/evm/client.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import { answered, echo, scripted, spoiledBatches } from '../support/scripted.ts'
import { silentLogger as logger } from '../support/streams.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function pooled(url: string, attempts = 2): EndpointPool {
  const now = () => performance.now()
  const pool = new EndpointPool({ chain: 'c', variable: 'C_RPC_URLS', urls: [url], logger, now, attempts })
  closing.push(() => pool.close())
  return pool
}

describe('the JSON-RPC client', () => {
  test('takes the answers of a batch in any order', async () => {
    const url = await scripted((asked) =>
      'method' in asked ? answered(asked) : asked.map(answered).reverse(),
    )
    expect(await new EvmClient(pooled(url)).batch(echo)).toEqual([[1], [2], [3]])
  })

  test('halves its batches when a node refuses them', async () => {
    const url = await scripted((asked) =>
      'method' in asked ? answered(asked) : { error: { code: -32600, message: 'no batches' } },
    )
    const client = new EvmClient(pooled(url))
    expect(await client.batch(echo)).toEqual([[1], [2], [3]])
    expect(client.batchSize).toBe(1)
  })

  test.each(spoiledBatches)('refuses a batch answered with %s', async (_, answer, message) => {
    const url = await scripted((asked) => answer('method' in asked ? [asked] : asked))
    const asking = new EvmClient(pooled(url, 1)).batch(echo)
    await expect(asking).rejects.toThrow(message)
  })

  test.each([
    ['eth_getLogs', -32005, 'query returned more than 10000 results', 'rpc-too-large'],
    ['eth_getLogs', -32602, 'query exceeds max block range 2000', 'rpc-too-large'],
    ['eth_getLogs', -32000, 'response size too large', 'rpc-too-large'],
    ['eth_getLogs', -32000, 'block range extends beyond current head block', 'rpc-not-found'],
    [
      'eth_getBlockByNumber',
      1,
      'bad tipset height: lookbacks of more than 24h0m0s are disallowed',
      'rpc-not-found',
    ],
    ['eth_getBlockByNumber', 1, "requested a future epoch (beyond 'latest')", 'rpc-not-found'],
    ['eth_getLogs', 429, 'slow down', 'rpc-unavailable'],
    ['eth_call', 3, 'execution reverted: transfer amount exceeds balance', 'rpc-refused'],
    ['eth_feeHistory', -32601, 'the method does not exist', 'rpc-refused'],
    ['eth_getBlockByNumber', -32000, 'header not found', 'rpc-not-found'],
    ['eth_getBlockByNumber', -32603, 'internal error', 'rpc-unavailable'],
  ])('maps %s error %i "%s" to %s', async (method, code, message, expected) => {
    const url = await scripted(() => ({ id: 0, error: { code, message } }))
    const asking = new EvmClient(pooled(url, 1)).call({ method, params: [], read: (result) => result })
    await expect(asking).rejects.toMatchObject({ code: expected, message: expect.stringContaining(message) })
  })

  test('serves typed reads through viem', async () => {
    const node = await startEvmNode({ seed: 5, blocks: 3_000, logsPerBlock: 1, chainId: 777 })
    closing.push(node.close)
    const block = await new EvmClient(pooled(node.url)).viem.getBlock({ blockTag: 'finalized' })
    expect([block.number, block.timestamp]).toEqual([3_000n, 1_704_182_400n])
  })
})
