import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readHeader } from '../../indexers/chains/arweave/header.ts'
import { inflationAt } from '../../indexers/chains/arweave/inflation.ts'
import { createArweaveSource } from '../../indexers/chains/arweave/source.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import { parseExact } from '../../indexers/engine/json.ts'
import type { ChainSource, Logger } from '../../indexers/engine/ports.ts'
import { arweave } from '../../indexers/networks/arweave.ts'
import type { Stream } from '../../pipeline/model/stream.ts'

const root = join(import.meta.dirname, '../..')
const recordings = join(root, '../shared/recordings/arweave')
const absent = !existsSync(recordings)

test.runIf(absent && process.env.CI !== undefined)('the recordings are there', () => {
  expect.fail('recordings of Arweave are absent; in CI they must be at ../shared/recordings/arweave')
})

const refuseWarnings = (message: string, facts?: object): void => {
  throw new Error(`${message} ${JSON.stringify(facts)}`)
}
const ignore = (): void => undefined
const logger: Logger = { debug: ignore, info: ignore, warn: refuseWarnings, error: refuseWarnings }

const streams: readonly Stream[] = Object.entries(arweave.streams).map(([name, declared], i) => ({
  ...declared,
  id: i + 1,
  network: 'arweave',
  name,
  chain: 'arweave',
  role: declared.role ?? 'ledger',
  decimals: 12,
}))
const only = (...names: string[]): Stream[] => streams.filter((s) => names.includes(s.name))
const idOf = (name: string): number => only(name)[0]?.id ?? 0

/** Height, transactions, pool and inflation of each recorded block, from the manifest of the recordings. */
const manifest: readonly [string, number, number, bigint, bigint][] = [
  ['docs_269512.json', 269_512, 2, 0n, 14_251_953_042_434n],
  ['docs_422250.json', 422_250, 1, 3_026_104_059_201_252n, 9_526_147_618_666n],
  ['goar_585635.json', 585_635, 57, 9_019_520_522_830_221n, 6_191_051_161_765n],
  ['goar_633719.json', 633_719, 10, 14_778_529_747_494_998n, 5_453_628_187_969n],
  ['goar_633720.json', 633_720, 3, 14_778_531_278_774_860n, 5_453_613_803_791n],
  ['js_711150.json', 711_150, 145, 17_615_931_334_739_845n, 4_446_215_382_080n],
  ['goar_812969.json', 812_969, 74, 27_384_501_975_998_871n, 3_399_066_811_203n],
  ['ario_982575.json', 982_575, 3, 38_906_967_173_395_672n, 2_173_105_478_427n],
]

describe.skipIf(absent)('recorded Arweave (../shared/recordings/arweave; skipped where it is absent)', () => {
  let server: Server
  let source: ChainSource
  const asked: string[] = []
  const answers = new Map<string, string>()

  beforeAll(async () => {
    for (const line of readFileSync(join(recordings, 'blocks-early/blocks_1-200.ndjson'), 'utf8').split(
      '\n',
    )) {
      const height = /"height":(\d+)/.exec(line)?.[1]
      if (height !== undefined) answers.set(`/block/height/${height}`, line)
    }
    for (const [file, height] of manifest) {
      answers.set(`/block/height/${height}`, readFileSync(join(recordings, 'blocks-json', file), 'utf8'))
    }
    for (const file of readdirSync(join(recordings, 'txs'))) {
      const text = readFileSync(join(recordings, 'txs', file), 'utf8')
      answers.set(`/tx/${/"id":\s*"([\w-]{43})"/.exec(text)?.[1]}`, text)
    }
    answers.set('/info', JSON.stringify({ network: 'arweave.N.1', height: 250, blocks: 251 }))
    server = createServer((request, response) => {
      asked.push(request.url ?? '')
      const answer = answers.get(request.url ?? '')
      response.writeHead(answer === undefined ? 404 : 200, { 'x-depindex-origin': 'replayed' })
      response.end(answer ?? 'Not Found.')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const pool = new EndpointPool({
      chain: 'arweave',
      variable: 'ARWEAVE_URLS',
      urls: [url],
      logger,
      now: () => performance.now(),
    })
    source = createArweaveSource(pool, logger)
  })

  afterAll(async () => {
    await source.close()
    await new Promise((resolve) => server.close(resolve))
  })

  const read = (from: number, to: number, wanted: readonly Stream[]) =>
    source.read({ from, to }, wanted, new AbortController().signal)

  test('says what it is, and stays 50 blocks below the head', async () => {
    expect(await source.identify()).toEqual({ network: 'arweave.N.1', origin: 'replayed' })
    expect(await source.finalized()).toBe(200)
  })

  test('blocks 1 to 200 mint one winston each, read without asking for a transaction', async () => {
    asked.length = 0
    const batch = await read(1, 200, only('inflation'))
    expect(batch.events.map((e) => [e.height, e.amountRaw])).toEqual(
      Array.from({ length: 200 }, (_, i) => [i + 1, 1n]),
    )
    expect(batch.covered).toEqual(new Map([[idOf('inflation'), [{ from: 1, to: 200 }]]]))
    expect(batch.gaps).toEqual([])
    expect(batch.edges.map((e) => e.height)).toEqual([1, 200])
    expect(batch.days).toEqual([
      { day: '2018-06-08', first: 1, last: expect.any(Number) },
      { day: '2018-06-09', first: expect.any(Number) },
    ])
    expect(batch.touchedDays).toEqual(['2018-06-08', '2018-06-09'])
    expect(asked.filter((url) => !url.startsWith('/block/height/'))).toEqual([])
  })

  test('fees are gaps exactly at blocks whose transactions are not recorded, and never covered there', async () => {
    const batch = await read(1, 200, only('fees'))
    const unrecorded = [54, 61, 65, 75, 82, 100, 107, 114, 138, 145, 151, 153, 167, 176, 185]
    expect(batch.gaps.map((g) => [g.from, g.to, g.code])).toEqual(
      unrecorded.map((h) => [h, h, 'rpc-not-found']),
    )
    expect(batch.gaps[0]?.reason).toContain('fjKUmMl67VahJqR-6oYYMQB_LSUxeXOWb-oM_JRrG5k (1 of 1 missing)')
    expect(batch.events.map((e) => [e.height, e.amountRaw])).toEqual([
      [34, 1_000_000_000_000n],
      [42, 1_000_000_000_000n],
    ])
    const covered = batch.covered.get(idOf('fees')) ?? []
    expect(unrecorded.filter((h) => covered.some((r) => r.from <= h && h <= r.to))).toEqual([])
    expect(covered.reduce((sum, r) => sum + r.to - r.from + 1, 0)).toBe(200 - unrecorded.length)
  })

  test('parts of early fees follow the pool; block 1 lacks the block before it', async () => {
    const batch = await read(1, 50, only('feesMiner', 'feesEndowment'))
    expect(batch.gaps.map((g) => [g.streamId, g.from])).toEqual([
      [idOf('feesMiner'), 1],
      [idOf('feesEndowment'), 1],
    ])
    expect(batch.events.map((e) => [e.streamId, e.height, e.amountRaw])).toEqual([
      [idOf('feesMiner'), 34, 999_999_999_767n],
      [idOf('feesEndowment'), 34, 233n],
      [idOf('feesMiner'), 42, 999_999_999_999n],
      [idOf('feesEndowment'), 42, 1n],
    ])
  })

  test.each(manifest)('%s decodes to its row of the manifest', async (file, height, txs, pool, inflation) => {
    const text = readFileSync(join(recordings, 'blocks-json', file), 'utf8')
    const header = readHeader(parseExact(text, 'file', file), { height, endpoint: file })
    expect([header.height, header.txs.length, header.rewardPool, header.debtSupply]).toEqual([
      height,
      txs,
      pool,
      0n,
    ])
    expect(inflationAt(height)).toBe(inflation)
    const batch = await read(height, height, only('inflation'))
    expect(batch.events.map((e) => [e.height, e.amountRaw])).toEqual([[height, inflation]])
  })
})
