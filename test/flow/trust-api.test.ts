import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { now } from '../../commands/app.ts'
import { readConfig } from '../../commands/config.ts'
import { importPrices } from '../../commands/prices.ts'
import { createReaders } from '../../commands/readers.ts'
import { importSeries } from '../../commands/series.ts'
import type { Api } from '../../graphql/server.ts'
import { day } from '../../pipeline/model/time.ts'
import { saveProof } from '../../pipeline/store/proofs.ts'
import { askApi, openApi } from '../support/api.ts'
import { createDatabase } from '../support/database.ts'

let opened: Awaited<ReturnType<typeof createDatabase>>
let folder: string
let api: Api
const quiet = { text: () => undefined, json: () => undefined, note: () => undefined }

beforeAll(async () => {
  opened = await createDatabase()
  folder = mkdtempSync(join(tmpdir(), 'depindex-trust-'))
  const config = { ...readConfig({}), DATABASE_URL: opened.url }
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const weeks =
    'week_start,hnt_minted,usd_minted,hnt_burned,usd_burned\n2024-03-04,700,1400,70,140\n2024-03-11,700,2100,140,420\n'
  const series = {
    stream: 'publishedMints,publishedBurns',
    source: 'a file',
    licence: 'CC0',
    retrieved: '2024-04-01',
  }
  await importSeries(file('w.csv', weeks), { ...series, spread: 'even' }, config, quiet)
  const prices = (usd: string): string => `token,date,usd,author,note\nHNT,2024-03-05,${usd},me,from a book\n`
  await importPrices(file('p.csv', prices('2')), config, quiet)
  await importPrices(file('q.csv', prices('2.5')), config, quiet)
  await saveProof(
    opened.db,
    { network: 'helium', token: 'HNT', name: 'minted = counted', streams: [] },
    [
      {
        from: day('2024-03-05'),
        day: day('2024-03-05'),
        heights: 1,
        expectedRaw: 5n,
        observedRaw: 3n,
        residualRaw: 2n,
      },
    ],
    now(),
  )
  api = await openApi(createReaders(opened.db), { simulated: async () => false })
})
afterAll(async () => {
  await api.close()
  await opened.drop()
  rmSync(folder, { recursive: true })
})

const ask = (query: string) => askApi(api, query)

describe('the API', () => {
  it('gives two honest definitions side by side', async () => {
    const series = (name: string, args: string): string =>
      `${name}: metricSeries(networks: [HELIUM], metrics: [SUBSIDY_RATIO, NET_SUBSIDY_USD], from: "2024-03-04", to: "2024-03-18", granularity: WEEK, ${args}) { nodes { date metric value quality methods daysPriced } }`
    const { data, errors } = await ask(
      `{ ${series('own', 'lens: PURCHASE, priceBasis: EVENT')} ${series('close', 'lens: PURCHASE')} ${series('used', 'priceBasis: EVENT')} }`,
    )
    expect(errors).toBeUndefined()
    const point = (date: string, metric: string, value: string) => ({
      date,
      metric,
      value,
      quality: 'ESTIMATED',
      methods: ['IMPORT'],
      daysPriced: 7,
    })
    expect(data).toMatchObject({
      own: {
        nodes: [
          point('2024-03-04', 'SUBSIDY_RATIO', '10'),
          point('2024-03-04', 'NET_SUBSIDY_USD', '1260'),
          point('2024-03-11', 'SUBSIDY_RATIO', '5'),
          point('2024-03-11', 'NET_SUBSIDY_USD', '1680'),
        ],
      },
      close: { nodes: [{ value: null, quality: 'NO_PRICE', daysPriced: 2 }, {}, {}, {}] },
      used: { nodes: [{ value: null, quality: 'NO_COVERAGE' }, {}, {}, {}] },
    })
  })

  it('lists what was restated, page by page, newest first, with the reason', async () => {
    const page = async (
      after: string,
    ): Promise<{ nodes: Record<string, string>[]; pageInfo: { endCursor: string; hasNextPage: boolean } }> =>
      (
        await ask(
          `{ restatements(network: HELIUM, since: "2020-01-01T00:00:00Z", first: 2 ${after}) { nodes { network subject token date priceBasis oldUsd newUsd oldQuality newQuality reason } pageInfo { endCursor hasNextPage } } }`,
        )
      ).data['restatements'] as never
    const first = await page('')
    expect(first.nodes).toHaveLength(2)
    expect(first.pageInfo.hasNextPage).toBe(true)
    const all = [...first.nodes]
    for (let at = first; at.pageInfo.hasNextPage; ) {
      at = await page(`after: "${at.pageInfo.endCursor}"`)
      all.push(...at.nodes)
    }
    expect(all).toContainEqual({
      network: 'HELIUM',
      subject: 'publishedMints',
      token: 'HNT',
      date: '2024-03-05',
      priceBasis: 'DAY_CLOSE',
      oldUsd: '200',
      newUsd: '250',
      oldQuality: 'ESTIMATED',
      newQuality: 'ESTIMATED',
      reason: 'new price; price 2 (manual) became 2.5 (manual)',
    })
  })

  it('says what a day was priced at, and what it had been priced at', async () => {
    const { data } = await ask(
      '{ prices(token: "HNT", from: "2024-03-05", to: "2024-03-06") { date priceBasis usd source quality reason observedAt } }',
    )
    expect(data['prices']).toEqual([
      {
        date: '2024-03-05',
        priceBasis: 'DAY_AVG',
        usd: null,
        source: null,
        quality: 'NO_PRICE',
        reason: 'fewer than 20 hours of 2024-03-05 have a price of HNT',
        observedAt: null,
      },
      {
        date: '2024-03-05',
        priceBasis: 'DAY_CLOSE',
        usd: '2.5',
        source: 'manual',
        quality: 'COMPLETE',
        reason: null,
        observedAt: '2024-03-06T00:00:00Z',
      },
    ])
    const wrong = await ask('{ prices(token: "XX", from: "2024-03-05", to: "2024-03-06") { usd } }')
    expect(wrong.errors?.[0]?.message).toMatch(/^token: there is no token 'XX'\. Known: .*AR, .*HNT/)
  })

  it('says how the numbers of a network are made', async () => {
    const { data, errors } = await ask(
      '{ methodology(network: HELIUM) { network streams { name role method class lens since meaning evidence accrues { holders } } regimes { day what } imports { source licence retrievedOn spread periods streams } metrics { id nullRule } absences { what } counters { name } } }',
    )
    expect(errors).toBeUndefined()
    expect(data['methodology']).toMatchObject({
      network: 'HELIUM',
      imports: [
        { source: 'a file', licence: 'CC0', retrievedOn: '2024-04-01', spread: 'even', periods: 2 },
        { streams: ['publishedMints', 'publishedOneOffMints'] },
      ],
    })
    const { streams, regimes } = data['methodology'] as unknown as {
      streams: { name: string }[]
      regimes: { day: string }[]
    }
    expect(streams.find((s) => s.name === 'publishedPurchases')).toMatchObject({
      role: 'STAND_IN',
      method: 'IMPORT',
      lens: 'PURCHASE',
      since: '2023-04-17',
      accrues: [{ holders: '1' }],
    })
    expect(regimes[0]).toEqual({ day: '2023-04-18', what: 'Move to Solana' })
  })

  it('gives the outcome of every proof by day', async () => {
    const { data } = await ask(
      '{ reconciliation(network: HELIUM, from: "2024-03-01", to: "2024-04-01") { proof from to expectedRaw observedRaw residualRaw ok shareOfSupply } }',
    )
    expect(data['reconciliation']).toEqual([
      {
        proof: 'minted = counted',
        from: '2024-03-05',
        to: '2024-03-05',
        expectedRaw: '5',
        observedRaw: '3',
        residualRaw: '2',
        ok: false,
        shareOfSupply: null,
      },
    ])
  })

  it('refuses a tolerance that makes no sense', async () => {
    const { errors } = await ask(
      '{ metricSeries(metrics: [FEES_USD], from: "2024-03-04", to: "2024-03-05", maxUnpricedDays: -1) { nodes { value } } }',
    )
    expect(errors?.[0]?.message).toBe('maxUnpricedDays: -1 is not from 0 to 366')
  })
})
