import { encodeAbiParameters, pad } from 'viem'
import { afterEach, expect, it } from 'vitest'
import { evmChains } from '../../commands/evm_chains.ts'
import { createEvmSource } from '../../indexers/chains/evm/source.ts'
import { transferTopic, zeroAddress } from '../../indexers/chains/evm/streams.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import { render } from '../../indexers/networks/render.ts'
import type { Stream } from '../../pipeline/model/stream.ts'
import { createTestLogger } from '../support/chain.ts'
import { startPlainNode } from '../support/evm_node.ts'

/** Topic 0 of TokensEscrowed, as published beside the contracts' source. */
const escrowedTopic = '0xd25cf0decfa32e171787ff892bef2e16ce72fd045887ea9af9bd7f105ecd7162'
const customer = `0x${'c5'.repeat(20)}` as const
const contracts = {
  ethereum: '0x6de037ef9ad2725eb40118bb1702ebb27e4aeb24',
  polygon: '0x61299774020da444af134c82fa83e3810b309991',
} as const
const logger = createTestLogger('no warnings')
const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

/** Reads what a chain with one escrow, one burn and one transfer gives Render. */
async function read(chain: 'ethereum' | 'polygon') {
  const address = contracts[chain]
  const amount = (units: bigint) => encodeAbiParameters([{ type: 'uint256' }], [units])
  const log = (logIndex: number, topics: readonly string[], data: string) => ({
    height: 5,
    address,
    topics,
    data,
    transactionHash: `0x${'1'.padStart(64, '0')}`,
    logIndex,
  })
  const node = await startPlainNode({
    head: 400,
    timeOf: (height) => 1_690_000_000 + height,
    logs: [
      log(
        1,
        [escrowedTopic, pad(customer)],
        encodeAbiParameters([{ type: 'string' }, { type: 'uint256' }], ['job 7', 25n * 10n ** 17n]),
      ),
      log(2, [transferTopic, pad(customer), pad(zeroAddress as `0x${string}`)], amount(3n)),
      log(3, [transferTopic, pad(customer), pad(address)], amount(4n)),
    ],
    answer: ({ method }) =>
      method === 'eth_chainId' ? `0x${evmChains[chain].chainId.toString(16)}` : undefined,
  })
  const pool = new EndpointPool({
    chain,
    variable: 'X_URLS',
    urls: [node.url],
    logger,
    now: () => performance.now(),
  })
  const source = createEvmSource({ ...evmChains[chain], chain, pool, logger })
  open.push({ close: node.close }, source)
  const names = Object.entries(render.streams).filter(([, s]) => s.chain === chain)
  const streams = names.map(
    ([name, s], i): Stream => ({
      ...s,
      id: i,
      name,
      network: 'render',
      chain,
      role: s.role ?? 'ledger',
      decimals: 18,
    }),
  )
  const { events } = await source.read({ from: 1, to: 9 }, streams, new AbortController().signal)
  return events.map((e) => [streams[e.streamId]?.name, e.amountRaw, e.sender, e.detail ?? null])
}

it('books what customers escrowed on Ethereum, and what was burned there beside it', async () => {
  expect(await read('ethereum')).toEqual([
    ['legacyBurned', 3n, customer, null],
    ['escrowedEthereum', 2_500_000_000_000_000_000n, customer, { jobId: 'job 7' }],
  ])
})

it('books what customers escrowed on Polygon', async () => {
  expect(await read('polygon')).toEqual([
    ['escrowedPolygon', 2_500_000_000_000_000_000n, customer, { userId: 'job 7' }],
  ])
})
