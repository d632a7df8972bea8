import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest'
import { z } from 'zod'
import { AkashNode } from '../../devnet/cosmos/node.ts'
import { AkashScenario } from '../../devnet/cosmos/scenario.ts'
import type { DevnetNode } from '../../devnet/node.ts'
import { CosmosReplay } from '../../devnet/replay/cosmos.ts'
import { CosmosClient } from '../../indexers/chains/cosmos/client.ts'
import { parseCoins } from '../../indexers/chains/cosmos/coins.ts'
import { type BlockResults, everyEvent } from '../../indexers/chains/cosmos/events.ts'
import { akashChain } from '../../indexers/networks/akash_chain.ts'
import { akashPool, akashSource, akashStreams, serveAkash } from '../support/akash.ts'
import { pick } from '../support/streams.ts'
import { tampered } from '../support/tampered.ts'

const streams = pick(akashStreams, 'leasesAkt', 'txFees')
const recordings = join(import.meta.dirname, '../../../shared/recordings')

/** The recordings are not part of the repository. Without them CI fails, and a laptop skips. */
function present(context: TestContext): boolean {
  if (existsSync(recordings)) return true
  if (process.env['CI'] !== undefined)
    throw new Error('no recordings beside the project, in ../shared/recordings')
  context.skip('no recordings beside the project, in ../shared/recordings')
  return false
}

async function clientOver(node: DevnetNode): Promise<CosmosClient> {
  const { pool } = await akashPool([node])
  return new CosmosClient(pool, akashChain)
}

/** Rows of the manifest: file, transactions (failed), mint, coinbase, burn, fees. */
function manifest(): { readonly file: string; readonly cells: readonly string[] }[] {
  return readFileSync(join(recordings, 'akash/MANIFEST.md'), 'utf8')
    .split('\n')
    .filter((line) => /^\| (tm034|comet)/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, file = '', , , , ...cells]) => ({ file, cells: cells.slice(0, 5) }))
}

function summed(results: BlockResults, type: string, key: string): string {
  const sums = new Map<string, bigint>()
  for (const event of everyEvent(results)) {
    if (event.type !== type) continue
    for (const { denom, amount } of parseCoins(event.get(key) ?? '') ?? [])
      sums.set(denom, (sums.get(denom) ?? 0n) + amount)
  }
  return [...sums].map(([denom, amount]) => `${amount} ${denom}`).join('; ') || '-'
}

describe('recorded answers of CometBFT nodes, read over the wire', () => {
  it('give what the manifest says of each, whatever the shape of the answer', async (context) => {
    if (!present(context)) return
    const replay = new CosmosReplay(join(recordings, 'akash'))
    const client = await clientOver(replay)
    const rows = manifest()
    expect(rows.length).toBe(18)
    // One answer of Akash itself is recorded, cut by its publisher.
    expect(replay.heights.length).toBe(19)
    for (const { file, cells } of rows) {
      const height = Number(/_h(\d+)/.exec(file)?.[1])
      const [results] = await client.results([height])
      if (results === undefined) throw new Error(`no results of ${height}`)
      const failed = results.txs.filter((tx) => tx.code !== 0).length
      const mint = [...everyEvent(results)].find((event) => event.type === 'mint')?.get('amount') ?? '-'
      expect([file, `${results.txs.length} (${failed})`, mint, ...sums(results)]).toEqual([file, ...cells])
    }
  })

  it('give the balance of the fee collector, and nothing that was not recorded', async (context) => {
    if (!present(context)) return
    const client = await clientOver(new CosmosReplay(join(recordings, 'akash')))
    const asked = Buffer.from('akash17xpfvakm2amg962yls6f84z3kell8c5lazw8j8')
    const data = Buffer.concat([Buffer.of(10, asked.length), asked])
    const { height, value } = await client.query('/cosmos.bank.v1beta1.Query/AllBalances', data, 28_742_443)
    expect([height, Buffer.from(value).toString('base64')]).toEqual([
      28_742_443,
      'Cg8KBHVha3QSBzIzMDA3NTYSAhAB',
    ])
    await expect(client.results([5])).rejects.toMatchObject({ code: 'rpc-not-found' })
    await expect(client.blocks([28_742_282])).rejects.toMatchObject({ code: 'rpc-not-found' })
  })

  it('offer the demo only heights that were recorded whole', async (context) => {
    if (!present(context)) return
    expect(CosmosReplay.open(recordings)).toBeUndefined()
    const folder = mkdtempSync(join(tmpdir(), 'depindex-replay-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const scenario = new AkashScenario({ seed: 7, days: 1 })
    const save = await recorder(scenario, join(folder, 'akash', 'rpc'))
    for (const height of [scenario.head - 2, scenario.head - 1]) {
      await save('block', height)
      await save('block_results', height)
    }
    await save('block', scenario.head)
    const replay = CosmosReplay.open(folder)
    expect(replay?.recorded).toEqual([{ from: scenario.head - 2, to: scenario.head - 1 }])
    if (replay === undefined) throw new Error('nothing is replayed')
    const client = await clientOver(replay)
    expect(await client.status()).toMatchObject({ network: 'akashnet-2', height: scenario.head })
    expect((await client.headers(scenario.head - 1, scenario.head)).map((mark) => mark.height)).toEqual([
      scenario.head - 1,
      scenario.head,
    ])
  })
})

const sums = (results: BlockResults): string[] => [
  summed(results, 'coinbase', 'amount'),
  summed(results, 'burn', 'amount'),
  summed(results, 'tx', 'fee'),
]

/** Writes answers of a simulated node as files of a recording, under the name of the real chain. */
async function recorder(scenario: AkashScenario, folder: string) {
  mkdirSync(folder, { recursive: true })
  const [url = ''] = await serveAkash([new AkashNode(scenario)])
  return async (method: string, height: number): Promise<void> => {
    const text = await (await fetch(`${url}/${method}?height=${height}`)).text()
    writeFileSync(
      join(folder, `${method}_${height}.json`),
      text.replaceAll('akashnet-2.simulated', 'akashnet-2'),
    )
  }
}

describe('a recorded transaction of Akash in a block', () => {
  it('books 1,993 uakt for its lease and 8,605 for its fee, not the collateral that it gives back', async (context) => {
    if (!present(context)) return
    const scenario = new AkashScenario({ seed: 5, days: 2, around: 'v0.24' })
    const height = scenario.first + 10
    const file = join(recordings, 'akash/akash-chain/tx_mainnet_7509217_close_deployment.json')
    const { tx, timestamp, txhash, ...result } = z
      .looseObject({ events: z.array(z.unknown()) })
      .parse(JSON.parse(readFileSync(file, 'utf8')))
    const spliced = tampered(new AkashNode(scenario), (method, at, answer) => {
      if (at !== height) return answer
      if (method === 'block_results') {
        const own = z.array(z.unknown()).nullable().parse(answer['txs_results']) ?? []
        return { ...answer, txs_results: [...own, { ...result, log: '' }] }
      }
      if (method !== 'block') return answer
      const { block } = z
        .looseObject({ block: z.looseObject({ data: z.object({ txs: z.array(z.string()) }) }) })
        .parse(answer)
      return { ...answer, block: { ...block, data: { txs: [...block.data.txs, closeDeployment] } } }
    })
    const read = async (node: DevnetNode): Promise<bigint[]> => {
      const source = await akashSource([node])
      const batch = await source.read({ from: height, to: height }, streams, new AbortController().signal)
      expect(batch.gaps).toEqual([])
      return streams.map(({ id }) =>
        batch.events
          .filter((event) => event.streamId === id)
          .reduce((sum, event) => sum + event.amountRaw, 0n),
      )
    }
    const [without, withIt] = [await read(new AkashNode(scenario)), await read(spliced)]
    expect(withIt.map((sum, at) => sum - (without[at] ?? 0n))).toEqual([1_993n, 8_605n])
  })
})

/** A transaction of one message, its name only: what is booked comes from the events. */
const closeDeployment = ((): string => {
  const field = (bytes: Buffer): Buffer => Buffer.concat([Buffer.of(10, bytes.length), bytes])
  return field(field(field(Buffer.from('/akash.deployment.v1beta2.MsgCloseDeployment')))).toString('base64')
})()
