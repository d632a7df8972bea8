import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { totalFields, totalsOf } from '../../graphql/llama/numbers.ts'
import type { Day } from '../../pipeline/model/time.ts'
import { addDays, day } from '../../pipeline/model/time.ts'
import { type GoldenApi, openGoldenApi } from '../support/api.ts'
import { publishedAt } from '../support/golden_store.ts'

let golden: GoldenApi
/** Prices of the token of which the golden store knows none. */
const prepare = async (db: GoldenApi['db']): Promise<void> => {
  await db.pool.query(
    `insert into price_day (token, day, basis, available_at, usd, source, observed_at, observations, quality, change)
     select 'IO', d::date, 'DAY_CLOSE', to_timestamp($1), 1.5 + (d::date - '2026-01-01') * 0.25, 'llama', d::date + interval '1 day', 1, 'COMPLETE', 'new'
     from generate_series('2026-01-01'::date, '2026-01-03'::date, '1 day') d
     on conflict (token, day, basis) where superseded_at = 'infinity' do update set usd = excluded.usd, observed_at = excluded.observed_at, quality = 'COMPLETE'`,
    [publishedAt],
  )
}
beforeAll(async () => {
  golden = await openGoldenApi({
    prepare,
    change: (readers) => ({
      ...readers,
      getNetworks: async () =>
        (await readers.getNetworks()).map((n) => ({
          ...n,
          tokens: n.tokens.map((t) => (t.symbol === 'IO' ? { ...t, marketId: 'io', address: '0xAb' } : t)),
        })),
    }),
  })
})
afterAll(() => golden.close())

const get = async (path: string): Promise<unknown> => (await fetch(`${golden.api.url}${path}`)).json()
const text = async (path: string): Promise<[number, string]> => {
  const answer = await fetch(`${golden.api.url}${path}`)
  return [answer.status, await answer.text()]
}
const seconds = (of: string): number => Date.parse(`${of}T00:00:00Z`) / 1000
/** Fees of Alpha by day, in dollars. */
const chart = [
  [seconds('2026-01-01'), 6.000048],
  [seconds('2026-01-02'), 6.000192],
  [seconds('2026-01-03'), 6.000336],
  [seconds('2026-01-04'), 6.00048],
]

describe('overview', () => {
  it('has the keys of clients in their order, and ours behind them', async () => {
    const answer = (await get('/overview/fees')) as Record<string, unknown> & {
      protocols: Record<string, unknown>[]
    }
    expect(Object.keys(answer)).toEqual([
      'totalDataChart',
      'totalDataChartBreakdown',
      'breakdown24h',
      'breakdown30d',
      'chain',
      'allChains',
      'total24h',
      'total48hto24h',
      'total7d',
      'total14dto7d',
      'total60dto30d',
      'total30d',
      'total1y',
      'average1y',
      'monthlyAverage1y',
      'change_1d',
      'total7DaysAgo',
      'total30DaysAgo',
      'totalAllTime',
      'protocols',
      'asOf',
      'quality',
      'missing',
      'simulated',
    ])
    expect(answer).toMatchObject({
      totalDataChart: chart,
      totalDataChartBreakdown: chart.map(([time, value]) => [time, { Alpha: value }]),
      breakdown24h: null,
      chain: null,
      allChains: ['Alphachain'],
      total24h: 6.00048,
      total48hto24h: 6.000336,
      total7d: null,
      total1y: null,
      change_1d: 0,
      totalAllTime: 24.001056,
      quality: 'PARTIAL',
      simulated: true,
    })
    expect(answer.protocols).toHaveLength(1)
    expect(Object.keys(answer.protocols[0] ?? {})).toEqual([
      'total24h',
      'total48hto24h',
      'total7d',
      'total14dto7d',
      'total60dto30d',
      'total30d',
      'total1y',
      'totalAllTime',
      'average1y',
      'monthlyAverage1y',
      'change_1d',
      'breakdown24h',
      'breakdown30d',
      'total7DaysAgo',
      'total30DaysAgo',
      'defillamaId',
      'name',
      'displayName',
      'module',
      'category',
      'chains',
      'protocolType',
      'methodologyURL',
      'methodology',
      'slug',
      'breakdownMethodology',
      'hasLabelBreakdown',
      'id',
      'lastDay',
    ])
    expect(answer.protocols[0]).toMatchObject({
      defillamaId: 'alpha',
      module: 'alpha',
      chains: ['Alphachain'],
      methodology: { Fees: 'Paid by users.', Incentives: 'New tokens.' },
    })
  })

  it('leaves charts out as clients ask for it, in any case of letters', async () => {
    expect(
      await get('/overview/fees?excludeTotalDataChart=True&excludeTotalDataChartBreakdown=true'),
    ).toMatchObject({ totalDataChart: [], totalDataChartBreakdown: [], total24h: 6.00048 })
  })

  it('is of one chain where one is named, in any way of writing it', async () => {
    expect(await get('/overview/fees/alphachain')).toMatchObject({ chain: 'Alphachain', total24h: 6.00048 })
    expect(await get('/overview/fees/Nowhere')).toMatchObject({
      chain: 'Nowhere',
      protocols: [],
      total24h: null,
    })
  })

  it('is of another kind of dollars by dataType, and names the kinds there are', async () => {
    expect(await get('/overview/fees?dataType=dailyHoldersRevenue')).toMatchObject({ total24h: 6.00048 })
    expect(await get('/overview/fees?dataType=dailySupplySideRevenue')).toMatchObject({ total24h: 0 })
    expect(await text('/overview/fees?dataType=x')).toEqual([
      400,
      "dataType 'x' is none of dailyFees, dailyRevenue, dailyHoldersRevenue, dailySupplySideRevenue, dailyProtocolRevenue",
    ])
  })
})

describe('summary', () => {
  it('has the keys of clients, drops what is empty, and breaks days down by chain', async () => {
    const answer = (await get('/summary/fees/Alpha')) as Record<string, unknown>
    expect(Object.keys(answer)).toEqual([
      'id',
      'name',
      'description',
      'chains',
      'symbol',
      'category',
      'methodology',
      'methodologyURL',
      'slug',
      'protocolType',
      'total24h',
      'total48hto24h',
      'total7d',
      'total30d',
      'totalAllTime',
      'totalDataChart',
      'totalDataChartBreakdown',
      'hasLabelBreakdown',
      'change_1d',
      'lastDay',
      'asOf',
      'quality',
      'missing',
      'simulated',
    ])
    expect(answer).toMatchObject({
      totalDataChart: chart,
      totalDataChartBreakdown: chart.map(([time, value]) => [time, { Alphachain: { Alpha: value } }]),
      missing: { alpha: ['total7d', 'total30d'] },
    })
  })

  it('refuses an unknown protocol with the words that clients look for', async () => {
    expect(await text('/summary/fees/Nobody%20Here')).toEqual([
      400,
      'Fees for nobody here not found, please visit /overview/fees to see available protocols',
    ])
  })

  it('takes a name with spaces by its slug', async () => {
    expect(await get('/summary/fees/io-net')).toMatchObject({
      name: 'Io Net',
      slug: 'io-net',
      gecko_id: 'io',
    })
  })
})

describe('charts and metrics', () => {
  it('are given with and without a key in front', async () => {
    expect(await get('/api/v2/chart/fees')).toEqual(chart)
    expect(await get('/0123456789abcdef/api/v2/chart/fees/protocol/alpha')).toEqual(chart)
    expect(await get('/api/v2/chart/fees/chain/alphachain')).toEqual(chart)
    expect(await get('/api/v2/chart/fees/protocol/alpha/chain-breakdown')).toEqual(
      chart.map(([time, value]) => [time, { Alphachain: value }]),
    )
    expect(await get('/api/v2/chart/fees/protocol/alpha/version-breakdown')).toEqual(
      chart.map(([time, value]) => [time, { Alpha: value }]),
    )
  })

  it('have no charts in metrics', async () => {
    const answer = (await get('/api/v2/metrics/fees/protocol/alpha')) as object
    expect(answer).toMatchObject({ total24h: 6.00048 })
    expect(Object.keys(answer)).not.toContain('totalDataChart')
  })

  it('have a statement by year, quarter and month, without lines that are not known whole', async () => {
    expect(await get('/api/v2/metrics/financial-statement/protocol/alpha')).toMatchObject({
      name: 'Alpha',
      aggregates: { yearly: {}, quarterly: {}, monthly: {} },
    })
  })

  it('give emissions as JSON inside a string', async () => {
    const { body, lastModified } = (await get('/api/emission/alpha')) as {
      body: string
      lastModified: string
    }
    const { data } = JSON.parse(body).documentedData
    expect(lastModified).toBe('2026-01-05T00:10:00Z')
    expect(data[0].data[1]).toEqual({
      timestamp: seconds('2026-01-02'),
      unlocked: 240,
      rawEmission: 120,
      burned: 3.000096,
    })
    expect(await get('/api/emissions')).toMatchObject([{ name: 'Alpha' }, { name: 'Io Net', gecko_id: 'io' }])
  })
})

describe('prices', () => {
  it('are the newest close, by id of CoinGecko or by address', async () => {
    expect(await get('/prices/current/coingecko:io,iochain:0xab,coingecko:none')).toEqual({
      coins: {
        'coingecko:io': { symbol: 'IO', price: 2, timestamp: seconds('2026-01-04'), confidence: 1 },
        'iochain:0xab': {
          decimals: 8,
          symbol: 'IO',
          price: 2,
          timestamp: seconds('2026-01-04'),
          confidence: 1,
        },
      },
    })
  })

  it('are never from after the instant asked for', async () => {
    const at = seconds('2026-01-03') + 3_600
    expect(await get(`/prices/historical/${at}/coingecko:io`)).toEqual({
      coins: {
        'coingecko:io': { symbol: 'IO', price: 1.75, timestamp: seconds('2026-01-03'), confidence: 1 },
      },
    })
    expect(await get(`/prices/historical/${at}/coingecko:io?searchWidth=30m`)).toEqual({ coins: {} })
    expect(await get('/prices/first/coingecko:io')).toEqual({
      coins: { 'coingecko:io': { symbol: 'IO', price: 1.5, timestamp: seconds('2026-01-02') } },
    })
  })

  it('come as charts and in batches', async () => {
    const prices = [
      { timestamp: seconds('2026-01-02'), price: 1.5 },
      { timestamp: seconds('2026-01-03'), price: 1.75 },
    ]
    expect(await get(`/chart/coingecko:io?start=${seconds('2026-01-01')}&span=2&period=1d`)).toEqual({
      coins: { 'coingecko:io': { symbol: 'IO', confidence: 1, prices } },
    })
    expect(
      await get(
        `/batchHistorical?coins=${encodeURIComponent(`{"coingecko:io":[${seconds('2026-01-02')},${seconds('2026-01-03')}]}`)}`,
      ),
    ).toEqual({
      coins: { 'coingecko:io': { symbol: 'IO', prices: prices.map((p) => ({ ...p, confidence: 1 })) } },
    })
    expect((await text('/batchHistorical?coins=x'))[0]).toBe(400)
  })
})

describe('totals', () => {
  const last = day('2026-06-30')
  const days = (count: number, value: (i: number) => bigint): Map<Day, bigint> =>
    new Map(Array.from({ length: count }, (_, i) => [addDays(last, -i), value(i)]))

  it('are sums over whole windows, with percentages to two decimals', () => {
    const fields = totalFields(
      totalsOf(
        days(400, (i) => BigInt(1_000_000 * (i < 7 ? 3 : 2))),
        last,
      ),
    )
    expect(JSON.parse(JSON.stringify(fields, (_, v) => (v?.isLosslessNumber ? Number(v.value) : v)))).toEqual(
      {
        total24h: 3,
        total48hto24h: 3,
        total7d: 21,
        total14dto7d: 14,
        total60dto30d: 60,
        total30d: 67,
        total1y: 737,
        average1y: 2.019178,
        monthlyAverage1y: 61.463781,
        change_1d: 0,
        change_7d: 50,
        change_1m: 50,
        change_7dover7d: 50,
        change_30dover30d: 11.67,
        total7DaysAgo: 2,
        total30DaysAgo: 2,
        totalAllTime: 807,
      },
    )
  })

  it('have no percentage where either side is zero or missing, and no sum with a day missing', () => {
    const zero = totalFields(
      totalsOf(
        days(2, (i) => (i === 0 ? 0n : 5n)),
        last,
      ),
    )
    expect(zero['change_1d']).toBeUndefined()
    const holed = days(7, () => 1n)
    holed.delete(addDays(last, -3))
    expect(totalsOf(holed, last).total7d).toBeNull()
  })
})
