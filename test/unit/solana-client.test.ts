import { createServer } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import type { RpcAsked } from '../../devnet/evm/scripted.ts'
import { SolanaClient } from '../../indexers/chains/solana/client.ts'
import { createSolanaSource } from '../../indexers/chains/solana/source.ts'
import { watchRoots, websocketUrls } from '../../indexers/chains/solana/wake.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import type { RpcRequest } from '../../indexers/engine/json_rpc_answer.ts'
import type { Counter } from '../../pipeline/model/stream.ts'
import { createTestLogger } from '../support/chain.ts'
import { answered, echo, scripted, spoiledBatches } from '../support/scripted.ts'
import { idOf, Ledger } from '../support/solana_ledger.ts'

const logger = createTestLogger('warnings')
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function pooled(urls: readonly string[], attempts = 1): EndpointPool {
  const now = () => performance.now()
  const pool = new EndpointPool({ chain: 'solana', variable: 'V', urls, logger, now, attempts })
  closing.push(() => pool.close())
  return pool
}

describe('the JSON-RPC client', () => {
  test('takes the answers of a batch in any order, and an error that is an answer', async () => {
    const url = await scripted((asked) => {
      if ('method' in asked) return answered(asked)
      return asked
        .map((a) => (a.id === 1 ? { id: 1, error: { code: -32009, message: 'skipped' } } : answered(a)))
        .reverse()
    })
    const requests = echo.map((e) => ({ ...e, readError: () => ({ value: 'skipped' }) }))
    expect(await new SolanaClient(pooled([url])).batch(requests)).toEqual([[1], 'skipped', [3]])
  })

  test('makes its batches smaller when a node refuses them, whole or in part', async () => {
    for (const refusal of [
      (asked: readonly RpcAsked[]) => ({ error: { code: -32600, message: `no batch of ${asked.length}` } }),
      (asked: readonly RpcAsked[]) =>
        asked.map((a, i) =>
          i === 0 ? answered(a) : { id: a.id, error: { code: 429, message: 'slow down' } },
        ),
    ]) {
      const url = await scripted((asked) => ('method' in asked ? answered(asked) : refusal(asked)))
      const client = new SolanaClient(pooled([url]))
      expect(await client.batch(echo)).toEqual([[1], [2], [3]])
      expect(client.batchSize).toBeLessThan(3)
    }
  })

  test('has questions that belong together answered by one endpoint, also where it takes no batches', async () => {
    const url = await scripted((asked) =>
      'method' in asked ? answered(asked) : { error: { code: -32600, message: 'no' } },
    )
    const client = new SolanaClient(pooled([url]))
    expect(await client.together<[unknown, unknown]>([echo[0] as never, echo[1] as never])).toEqual([
      [1],
      [2],
    ])
  })

  test.each(spoiledBatches)('refuses a batch answered with %s', async (_, answer, message) => {
    const url = await scripted((asked) => answer('method' in asked ? [asked] : asked))
    await expect(new SolanaClient(pooled([url])).batch(echo)).rejects.toThrow(message)
  })

  test.each([
    [-32001, 'Block 5 cleaned up', 'rpc-not-found'],
    [-32004, 'Block not available for slot 5', 'rpc-not-found'],
    [-32005, 'Node is behind by 42 slots', 'rpc-unavailable'],
    [-32007, 'Slot 5 was skipped, or missing due to ledger jump to recent snapshot', 'rpc-not-found'],
    [-32009, 'Slot 5 was skipped, or missing in long-term storage', 'rpc-not-found'],
    [-32011, 'Transaction history is not available from this node', 'rpc-not-found'],
    [-32014, 'Block status not yet available for slot 5', 'rpc-unavailable'],
    [-32015, 'Transaction version (0) is not supported by the requesting client', 'rpc-refused'],
    [-32016, 'Minimum context slot has not been reached', 'rpc-unavailable'],
    [-32601, 'Method not found', 'rpc-refused'],
    [429, 'Too many requests for a specific RPC call', 'rpc-unavailable'],
    [403, 'Access forbidden', 'rpc-unavailable'],
  ])('maps error %i "%s" to %s', async (code, message, expected) => {
    const url = await scripted(() => ({ id: 0, error: { code, message } }))
    const asking = new SolanaClient(pooled([url])).call(echo[0] as RpcRequest<unknown>)
    await expect(asking).rejects.toMatchObject({ code: expected, message: expect.stringContaining(message) })
  })

  test('serves the typed reads of web3.js, whose errors keep their meaning', async () => {
    const url = await scripted((asked) => {
      const { method, id } = asked as RpcAsked
      return method === 'getSlot'
        ? { jsonrpc: '2.0', id, result: 7 }
        : { jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } }
    })
    const { connection } = new SolanaClient(pooled([url]))
    expect(await connection.getSlot()).toBe(7)
    await expect(connection.getBlockHeight()).rejects.toMatchObject({ code: 'rpc-refused' })
  })
})

describe('counters', () => {
  const mint = idOf('mint')
  const counterOf = (word: string, settings: Record<string, unknown>, counter = 'supply'): Counter => ({
    token: 'T',
    counter,
    name: counter,
    network: 'test',
    chain: 'solana',
    decimals: 8,
    meaning: 'For a test.',
    evidence: ['tests'],
    word,
    settings,
  })
  async function read(...counters: Counter[]) {
    const ledger = new Ledger({ first: 1_000, head: 2_000, time: 1_750_000_000 })
    ledger.supplies.set(mint, { amount: '18446744073709551615', decimals: 8 })
    const data = Buffer.alloc(40)
    data.write('2df9b114aafb2525', 'hex')
    data.writeBigUInt64LE(3n, 16)
    data.writeBigUInt64LE(1n, 24)
    ledger.accounts.set(idOf('kept'), { owner: idOf('program'), data })
    await ledger.start()
    closing.push(() => ledger.close())
    const source = createSolanaSource({
      pool: pooled([ledger.url]),
      urls: [],
      logger,
      now: () => performance.now(),
    })
    return source.readCounters?.(counters, undefined, new AbortController().signal)
  }

  test('give supplies and numbers of accounts, with the slot after which the node said so', async () => {
    const place = { chain: 'solana', token: 'T', height: 2_000, time: 1_750_000_400 }
    expect(
      await read(
        counterOf('solana.supply', { mint }),
        counterOf(
          'solana.account',
          { account: idOf('kept'), at: 16, discriminator: '2df9b114aafb2525' },
          'small',
        ),
        counterOf('solana.account', { account: idOf('kept'), at: 16, type: 'u128' }, 'large'),
      ),
    ).toEqual([
      { ...place, counter: 'supply', value: 18_446_744_073_709_551_615n },
      { ...place, counter: 'small', value: 3n },
      { ...place, counter: 'large', value: 3n + (1n << 64n) },
    ])
  })

  test.each<[string, Counter, RegExp]>([
    [
      'an unknown word',
      counterOf('solana.x', {}),
      /Solana knows solana.supply, solana.account, not 'solana.x'/,
    ],
    [
      'a malformed setting',
      counterOf('solana.supply', { mint: 'x' }),
      /counter supply: setting 'mint': must be base58/,
    ],
    [
      'other decimals',
      { ...counterOf('solana.supply', { mint }), decimals: 6 },
      /has 8 decimals, declared are 6/,
    ],
    [
      'another kind of account',
      counterOf('solana.account', { account: idOf('kept'), at: 0, discriminator: 'ffffffffffffffff' }),
      /is of the kind 2df9b114aafb2525/,
    ],
    [
      'an account that ends',
      counterOf('solana.account', { account: idOf('kept'), at: 33 }),
      /has 40 bytes, none at 33/,
    ],
    [
      'no account',
      counterOf('solana.account', { account: idOf('gone'), at: 0 }),
      /does not exist at slot 2000/,
    ],
  ])('refuse %s', async (_, counter, message) => {
    await expect(read(counter)).rejects.toThrow(message)
  })
})

describe('word of new slots', () => {
  test('is looked for where web3.js looks, then at the same address', () => {
    expect(websocketUrls('https://api.example.com/key')).toEqual(['wss://api.example.com/key'])
    expect(websocketUrls('http://127.0.0.1:8899')).toEqual(['ws://127.0.0.1:8900/', 'ws://127.0.0.1:8899/'])
  })

  test('wakes at once, then seldom, and ends with the signal', async () => {
    const server = createServer()
    const sockets = new WebSocketServer({ server })
    const subscribed: string[] = []
    sockets.on('connection', (socket) => {
      socket.on('message', (data) => {
        subscribed.push((JSON.parse(String(data)) as { method: string }).method)
        if (subscribed.length < 2) return
        socket.send('{"jsonrpc":"2.0","result":1,"id":0}')
        for (let i = 0; i < 5; i += 1)
          socket.send(`{"jsonrpc":"2.0","method":"rootNotification","params":{"result":${i}}}`)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.push(() => new Promise((resolve) => sockets.close(() => server.close(() => resolve()))))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const stop = new AbortController()
    let woken = 0
    // The port above is not listened on: the same address is tried next.
    await new Promise<void>((resolve) =>
      watchRoots({
        urls: [`http://127.0.0.1:${port}`],
        logger,
        wake: () => {
          woken += 1
          setTimeout(resolve, 100)
        },
        signal: stop.signal,
        now: () => performance.now(),
      }),
    )
    expect(woken).toBe(1)
    expect(subscribed).toEqual(['rootSubscribe', 'slotSubscribe'])
    const closed = new Promise<void>((resolve) => {
      for (const client of sockets.clients) client.once('close', () => resolve())
    })
    stop.abort()
    await closed
  })
})
