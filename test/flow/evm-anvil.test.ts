import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBreak } from '../../commands/repair.ts'
import { createEvmSource } from '../../indexers/chains/evm/source.ts'
import { erc20Mints, erc20Transfers, transferTopic, zeroAddress } from '../../indexers/chains/evm/streams.ts'
import { socketUrl } from '../../indexers/chains/evm/wake.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import type { ChainSource, Logger } from '../../indexers/engine/ports.ts'
import { sync } from '../../indexers/engine/sync.ts'
import type { NetworkDeclaration, Stream } from '../../pipeline/model/stream.ts'
import { unixSeconds } from '../../pipeline/model/time.ts'
import { saveCatalogue } from '../../pipeline/store/catalogue.ts'
import { forgetFrom } from '../../pipeline/store/forget.ts'
import { PostgresIndexStore } from '../../pipeline/store/index_store.ts'
import { Anvil, logWriter, transferCall } from '../support/anvil.ts'
import { createDatabase } from '../support/database.ts'

/** The code that deploys Multicall3; viem has it, but does not export it. */
const constants: { readonly multicall3Bytecode: string } = await import(
  new URL('../../node_modules/viem/_esm/constants/contracts.js', import.meta.url).href
)

const ignore = (): void => undefined
const logger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }
const token = '0x00000000000000000000000000000000000070c4'
const [alice, bob] = [`0x${'a1'.repeat(20)}`, `0x${'b0'.repeat(20)}`]
const declared = {
  class: 'contributor',
  token: 'TOK',
  revision: 1,
  meaning: 'm',
  evidence: ['e'],
  contracts: [token],
} as const
const network: NetworkDeclaration = {
  id: 'anvilnet',
  name: 'Anvilnet',
  sector: 'test',
  description: 'Exists in tests only.',
  tokens: { TOK: { chain: 'anvil', address: token, decimals: 18, price: { unknown: 'a test' } } },
  streams: {
    mints: erc20Mints({ ...declared, kind: 'emission' }),
    moves: erc20Transfers({ ...declared, kind: 'fee', class: 'payment', lens: 'CONSUMPTION' }),
  },
  absent: { burn: { truly: 'zero', why: 'a test' } },
}

let anvil: Anvil
let database: Awaited<ReturnType<typeof createDatabase>>
let store: PostgresIndexStore
let streams: Stream[]
let source: ChainSource
let sender: string
const now = () => unixSeconds(Math.floor(Date.now() / 1000))
const never = new AbortController()

beforeAll(async () => {
  anvil = await Anvil.start(31_337)
  database = await createDatabase()
  store = new PostgresIndexStore(database.db, now)
  streams = await saveCatalogue(database.db, [network], now())
  const pool = new EndpointPool({
    chain: 'anvil',
    variable: 'A',
    urls: [anvil.url],
    logger,
    now: () => performance.now(),
  })
  source = createEvmSource({
    chain: 'anvil',
    chainId: 31_337,
    pool,
    logger,
    finality: 'finalized',
    firstHeight: 1_001,
    sockets: [socketUrl(anvil.url)],
  })
  await store.claimChain('anvil', await source.identify(), source.idEncoding)
  const [first] = (await anvil.rpc('eth_accounts')) as string[]
  sender = first ?? ''
  await anvil.rpc('anvil_setCode', token, logWriter)
})
afterAll(async () => {
  never.abort()
  await source.close()
  await database.drop()
  await anvil.stop()
})

const transaction = (from: string, to: string, amount: bigint) => ({
  from: sender,
  to: token,
  data: transferCall(transferTopic, from, to, amount),
  gas: '0x30d40',
})

/** Mines a block with a transfer. */
async function move(from: string, to: string, amount: bigint): Promise<void> {
  await anvil.rpc('eth_sendTransaction', transaction(from, to, amount))
  await anvil.mine()
}

async function readOn(): Promise<void> {
  const span = { from: source.firstHeight, to: await source.finalized() }
  await sync({ source, store, streams, span, logger, now: () => performance.now(), signal: never.signal })
}

interface Row {
  readonly height: number
  readonly amount: string
  readonly tx: string
}

async function stored(): Promise<Row[]> {
  const { rows } = await database.db.pool.query(
    `select height::int, amount_raw::text as amount, '0x' || encode(tx_id, 'hex') as tx from event order by height, tx_id`,
  )
  return rows
}

/** What the node itself says up to its finalized block. */
async function onChain(): Promise<Row[]> {
  const toBlock = `0x${(await source.finalized()).toString(16)}`
  const logs = (await anvil.rpc('eth_getLogs', { fromBlock: '0x3e9', toBlock, address: token })) as {
    blockNumber: string
    data: string
    transactionHash: string
  }[]
  return logs
    .map((l) => ({ height: Number(l.blockNumber), amount: String(BigInt(l.data)), tx: l.transactionHash }))
    .sort((a, b) => a.height - b.height || (a.tx < b.tx ? -1 : 1))
}

test('a reorganisation above the finalized block is invisible, one below stops and is repaired', async () => {
  for (let n = 1; n <= 20; n += 1) await move(n % 2 === 0 ? zeroAddress : alice, bob, BigInt(n))
  await readOn()
  const before = await stored()
  expect(before.length).toBeGreaterThan(10)
  expect(before).toEqual(await onChain())

  // The last three blocks are mined again, with one transaction where there were three.
  await anvil.rpc('anvil_reorg', 3, [[transaction(alice, bob, 1_000n), 0]])
  for (let n = 21; n <= 30; n += 1) await move(alice, bob, BigInt(n))
  await readOn()
  const after = await stored()
  expect(after.slice(0, before.length)).toEqual(before)
  expect(after).toEqual(await onChain())
  expect(after.map((row) => row.amount)).toContain('1000')
  expect(after.map((row) => row.amount)).not.toContain('20')

  // Fifteen blocks are dropped, seven of which were final.
  await anvil.rpc('anvil_reorg', 15, [[transaction(zeroAddress, alice, 5_000n), 3]])
  for (let n = 31; n <= 45; n += 1) await move(alice, bob, BigInt(n))
  await expect(readOn()).rejects.toMatchObject({
    code: 'continuity-broken',
    message: expect.stringMatching(/^anvil block \d+ is stored as 0x.*depindex repair anvil$/),
  })
  expect(await stored()).toEqual(after)

  const broken = await findBreak(database.db, source, never.signal)
  expect(broken).toBeGreaterThan(source.firstHeight)
  await forgetFrom(database.db, 'anvil', broken ?? 0, now())
  await readOn()
  const mended = await stored()
  expect(mended).toEqual(await onChain())
  expect(mended.map((row) => row.amount)).toContain('5000')
}, 60_000)

test('counters are read in one call after the finalized block', async () => {
  const deployed = (await anvil.rpc('eth_sendTransaction', {
    from: sender,
    data: constants.multicall3Bytecode,
    gas: '0x4c4b40',
  })) as string
  await anvil.mine()
  const { contractAddress } = (await anvil.rpc('eth_getTransactionReceipt', deployed)) as {
    contractAddress: string
  }
  const code = await anvil.rpc('eth_getCode', contractAddress, 'latest')
  await anvil.rpc('anvil_setCode', '0xcA11bde05977b3631167028862bE2a173976CA11', code)
  await anvil.rpc(
    'anvil_setStorageAt',
    token,
    `0x${'0'.repeat(64)}`,
    `0x${7_777n.toString(16).padStart(64, '0')}`,
  )
  await anvil.rpc('anvil_setBalance', alice, '0x2a')
  await anvil.mine(12)
  const counter = {
    token: 'TOK',
    meaning: 'm',
    evidence: ['e'],
    network: 'anvilnet',
    name: 'c',
    chain: 'anvil',
    decimals: 18,
  }
  const readings = await source.readCounters?.(
    [
      { ...counter, counter: 'supply', word: 'evm.erc20.supply', settings: { contract: token } },
      {
        ...counter,
        counter: 'held',
        word: 'evm.erc20.balance',
        settings: { contract: token, holder: alice },
      },
      { ...counter, counter: 'coins', word: 'evm.coins', settings: { holder: alice } },
    ],
    undefined,
    never.signal,
  )
  expect(readings?.map((r) => [r.counter, r.value])).toEqual([
    ['supply', 7_777n],
    ['held', 7_777n],
    ['coins', 42n],
  ])
  expect(new Set(readings?.map((r) => r.height))).toEqual(new Set([await source.finalized()]))
  await expect(
    source.readCounters?.(
      [{ ...counter, counter: 'supply', word: 'evm.erc20.supply', settings: { contract: alice } }],
      undefined,
      never.signal,
    ),
  ).rejects.toMatchObject({
    code: 'rpc-refused',
    message: expect.stringMatching(/TOK supply could not be read/),
  })
})

test('a new head is announced by the websocket of the node', async () => {
  const stop = new AbortController()
  let heads = 0
  source.wake?.(() => {
    heads += 1
  }, stop.signal)
  await expect
    .poll(
      async () => {
        await anvil.mine()
        return heads
      },
      { timeout: 10_000, interval: 100 },
    )
    .toBeGreaterThan(2)
  stop.abort()
})
