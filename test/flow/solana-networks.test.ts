import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openChain } from '../../commands/chains.ts'
import { readConfig, withSettings } from '../../commands/config.ts'
import { createPriceSources } from '../../commands/price_sources.ts'
import { createReaders } from '../../commands/readers.ts'
import type { SolanaSimulation } from '../../devnet/solana/simulation.ts'
import type { Devnet } from '../../devnet/start.ts'
import { startDevnet } from '../../devnet/start.ts'
import type { Api } from '../../graphql/server.ts'
import { countersOf } from '../../indexers/define.ts'
import type { ChainSource } from '../../indexers/engine/ports.ts'
import { sync } from '../../indexers/engine/sync.ts'
import { helium } from '../../indexers/networks/helium.ts'
import { ionet } from '../../indexers/networks/ionet.ts'
import { render } from '../../indexers/networks/render.ts'
import type { Stream } from '../../pipeline/model/stream.ts'
import type { Day } from '../../pipeline/model/time.ts'
import { addDays, day, dayStart, unixSeconds } from '../../pipeline/model/time.ts'
import { fillPrices } from '../../pipeline/prices/fill.ts'
import { prove } from '../../pipeline/rollups/prove.ts'
import { recomputeStale } from '../../pipeline/rollups/recompute.ts'
import { saveCatalogue } from '../../pipeline/store/catalogue.ts'
import { PostgresIndexStore } from '../../pipeline/store/index_store.ts'
import { askApi, openApi } from '../support/api.ts'
import { createTestLogger } from '../support/chain.ts'
import { createDatabase } from '../support/database.ts'

const networks = [helium, render, ionet]
/** The simulation runs from a monthly mint of Render's to the day before the last one. */
const start = day('2026-10-19')
const last = day('2026-10-25')
const end = dayStart(addDays(last, 1))
const signal = new AbortController().signal
const logger = createTestLogger('no warnings')
const now = () => unixSeconds(end + 3 * 86_400)

/** Simulated time: two days before the end, until the first reading of supplies has been taken. */
let clock = end - 2 * 86_400

let opened: Awaited<ReturnType<typeof createDatabase>>
let devnet: Devnet
let simulation: SolanaSimulation
let source: ChainSource
let store: PostgresIndexStore
let streams: readonly Stream[]
let api: Api

/** Reads all that is final. */
async function read(): Promise<void> {
  const finalized = await source.finalized()
  const head = await source.head()
  await store.noteHead('solana', { height: head.height, finalized, time: head.time })
  const span = { from: simulation.chain.first, to: finalized }
  const report = await sync({
    source,
    store,
    streams,
    span,
    logger,
    now: () => performance.now(),
    signal,
  })
  // The first accounts of days are of days before the simulated ones.
  expect(report.gaps.filter((g) => g.from > simulation.chain.first + 10)).toEqual([])
}

/** What the chain says of supplies now, which is newer than what was read. */
async function readSupplies(): Promise<void> {
  await store.saveReadings((await source.readCounters?.(countersOf(networks), undefined, signal)) ?? [])
}

beforeAll(async () => {
  opened = await createDatabase()
  const { db } = opened
  devnet = await startDevnet({
    seed: 11,
    days: (clock - dayStart(start)) / 86_400,
    end: unixSeconds(clock),
    live: true,
    now: () => clock * 1_000,
    only: ['solana'],
  })
  simulation = devnet.simulation('/solana') as SolanaSimulation
  const config = withSettings(readConfig({}), devnet.environment)
  source = openChain('solana', config, logger).source
  store = new PostgresIndexStore(db, now)
  const all = await saveCatalogue(db, networks, now())
  streams = all.filter((s) => s.chain === 'solana')
  await store.claimChain('solana', await source.identify(), source.idEncoding)
  await read()
  await readSupplies()
  clock = end + 3_600
  await read()
  await readSupplies()
  clock += 3_600
  await read()
  const rollup = { db, priceSources: config.PRICE_SOURCES, now }
  await recomputeStale(rollup)
  expect((await fillPrices(db, createPriceSources(config), now)).errors).toEqual([])
  await recomputeStale(rollup)
  api = await openApi(createReaders(db), { logger })
}, 120_000)

afterAll(async () => {
  await api.close()
  await source.close()
  await devnet.close()
  await opened.drop()
})

const streamId = (network: string, name: string): number => {
  const found = streams.find((s) => s.network === network && s.name === name)
  if (found === undefined) throw new Error(`no stream ${name}`)
  return found.id
}

/** What was stored of a stream, by UTC day, or by the day that it is for. */
async function stored(
  network: string,
  name: string,
  by: 'event' | 'epoch' = 'event',
): Promise<Record<string, string>> {
  const when = by === 'event' ? `(happened_at at time zone 'UTC')::date` : 'accrued_from'
  const { rows } = await opened.db.pool.query<{ day: string; sum: string }>(
    `select ${when}::text as day, sum(amount_raw)::text as sum from event
     where stream_id = $1 and happened_at < $2::date group by 1 order by 1`,
    [streamId(network, name), addDays(last, 1)],
  )
  return Object.fromEntries(rows.map((r) => [r.day, r.sum]))
}

function noted(entry: string, sign = 1n, from: Day = start): Record<string, string> {
  const days = [...simulation.books.days(entry)].filter(([d]) => d >= from && d <= last)
  return Object.fromEntries(days.sort().map(([d, amount]) => [d, `${sign * amount}`]))
}

async function ask<T>(query: string): Promise<T> {
  const { data, errors } = await askApi<T>(api, query)
  expect(errors).toBeUndefined()
  return data
}

interface Point {
  readonly date: string
  readonly metric: string
  readonly value: string | null
  readonly quality: string
  readonly reason: string | null
}

async function metrics(network: string, names: string, more = ''): Promise<Record<string, Point>> {
  const { metricSeries } = await ask<{ metricSeries: { nodes: Point[] } }>(
    `{ metricSeries(networks: [${network}], metrics: [${names}], from: "${addDays(last, 0)}", to: "${addDays(last, 1)}", granularity: TRAILING_7 ${more}) { nodes { date metric value quality reason } } }`,
  )
  return Object.fromEntries(metricSeries.nodes.map((p) => [p.metric, p]))
}

const week = (...entries: string[]): bigint =>
  entries.reduce((sum, e) => sum + simulation.books.total(e, start, addDays(last, 1)), 0n)

/** Whole tokens as decimal text. */
function tokens(raw: bigint, decimals: number): string {
  const text = `${raw}`.padStart(decimals + 1, '0')
  const fraction = text.slice(-decimals).replace(/0+$/, '')
  return `${text.slice(0, -decimals)}${fraction === '' ? '' : `.${fraction}`}`
}

describe('Helium, read from a simulated node', () => {
  it.each([
    ['creditsSpentMobile', 'helium credits mobile'],
    ['creditsSpentIot', 'helium credits iot'],
    ['creditsSpentOther', 'helium credits other'],
    ['creditsBought', 'helium purchases'],
    ['creditsPurchased', 'helium purchases'],
    ['creditsPurchasedByOperator', 'helium purchases discretionary'],
    ['creditsMinted', 'helium credits minted'],
    ['hotspotsMobile', 'helium hotspots mobile'],
    ['hotspotsIot', 'helium hotspots iot'],
    ['stakersMobile', 'helium stakers mobile'],
    ['stakersIot', 'helium stakers iot'],
    ['supplement', 'helium supplement'],
    ['otherBurns', 'helium other burns'],
  ])('books %s as the scenario meant it, day by day', async (name, entry) => {
    const expected = noted(entry)
    expect(Object.keys(expected).length).toBeGreaterThan(0)
    expect(await stored('helium', name)).toEqual(expected)
  })

  it.each([
    ['notEmitted', 'helium no-emit'],
    ['forfeited', 'helium forfeits'],
  ])('books %s as emission given back: negative', async (name, entry) => {
    expect(await stored('helium', name)).toEqual(noted(entry, -1n))
  })

  it.each([
    ['hotspotsMobile', 'helium hotspots mobile by epoch'],
    ['stakersIot', 'helium stakers iot by epoch'],
    ['supplement', 'helium supplement by epoch'],
  ])('names the day that %s are for beside the day of the mint', async (name, entry) => {
    const from = addDays(start, -1)
    const expected = noted(entry, 1n, from)
    delete expected[last]
    expect(await stored('helium', name, 'epoch')).toEqual(expected)
  })

  it('finds the same in the accounts of each day, without reading a transaction', async () => {
    for (const name of ['creditsSpentMobile', 'creditsSpentIot', 'hotspotsMobile', 'stakersIot'])
      expect(await stored('helium', `${name}Daily`)).toEqual(await stored('helium', name))
  })

  it('finds all burns in the supplies that the accounts of two days state, to two bones', async () => {
    const counted = await stored('helium', 'burnedDailySupplement')
    const all = ['purchases', 'other burns', 'no-emit', 'forfeits'].map((e) => noted(`helium ${e}`))
    const days = Object.keys(counted)
    expect(days).toHaveLength(7)
    for (const of of days) {
      const burned = all.reduce((sum, e) => sum + BigInt(e[of] ?? 0), 0n)
      const off = BigInt(counted[of] ?? 0) - burned
      expect(off >= 0n && off <= 2n).toBe(true)
    }
  })

  it('serves fees, burns and emission that are the sums of the books', async () => {
    const made = await metrics(
      'HELIUM',
      'FEES_USD, GROSS_BURN_NATIVE, GROSS_EMISSION_NATIVE, NET_EMISSION_NATIVE, HOLDERS_REVENUE_USD',
    )
    const credits = week('helium credits mobile', 'helium credits iot', 'helium credits other')
    const rewards = ['mobile', 'iot'].flatMap((of) => [`helium hotspots ${of}`, `helium stakers ${of}`])
    const gross = week(...rewards, 'helium supplement')
    const burned = week('helium purchases', 'helium other burns')
    const returned = week('helium no-emit', 'helium forfeits')
    expect(Object.values(made).map((p) => [p.metric, p.value, p.quality])).toEqual([
      ['FEES_USD', tokens(credits, 5), 'COMPLETE'],
      ['GROSS_BURN_NATIVE', tokens(burned, 8), 'COMPLETE'],
      ['GROSS_EMISSION_NATIVE', tokens(gross, 8), 'COMPLETE'],
      ['NET_EMISSION_NATIVE', tokens(gross - returned - burned, 8), 'COMPLETE'],
      ['HOLDERS_REVENUE_USD', tokens(credits, 5), 'COMPLETE'],
    ])
  })

  it('serves emission by the day that it is for, beside the day of its mint', async () => {
    const of = addDays(last, -2)
    const { metricSeries } = await ask<{ metricSeries: { nodes: Point[] } }>(
      `{ metricSeries(networks: [HELIUM], metrics: [GROSS_EMISSION_NATIVE], from: "${of}", to: "${addDays(of, 1)}", by: EPOCH) { nodes { date metric value quality reason } } }`,
    )
    const entries = ['hotspots mobile', 'hotspots iot', 'stakers mobile', 'stakers iot', 'supplement']
    const earned = entries.reduce(
      (sum, e) => sum + (simulation.books.days(`helium ${e} by epoch`).get(of) ?? 0n),
      0n,
    )
    expect(metricSeries.nodes).toMatchObject([{ date: of, value: tokens(earned, 8), quality: 'COMPLETE' }])
  })

  it('keeps purchases and those of the operator in lenses of their own', async () => {
    const [used, bought, operators] = await Promise.all(
      ['', ', lens: PURCHASE', ', lens: DISCRETIONARY'].map(
        async (lens) => (await metrics('HELIUM', 'FEES_USD', lens))['FEES_USD']?.value,
      ),
    )
    expect(new Set([used, bought, operators]).size).toBe(3)
    expect(Number(operators)).toBeGreaterThan(0)
    expect(Number(operators)).toBeLessThan(Number(bought))
  })

  it('gives a purchase and its payment as two legs of one act', async () => {
    const { rows } = await opened.db.pool.query<{ legs: number; acts: number }>(
      `select count(*)::int as legs, count(distinct act)::int as acts from event where stream_id = any($1)`,
      [[streamId('helium', 'creditsBought'), streamId('helium', 'creditsPurchased')]],
    )
    expect(rows[0]?.acts).toBeGreaterThan(20)
    expect(rows[0]?.legs).toBe((rows[0]?.acts ?? 0) * 2)
  })
})

describe('Render, read from a simulated node', () => {
  it.each([
    ['jobsBurned', 'render jobs burned'],
    ['jobsPaid', 'render jobs burned'],
    ['otherBurned', 'render other burns'],
    ['minted', 'render minted'],
  ])('books %s as the scenario meant it, day by day', async (name, entry) => {
    expect(await stored('render', name)).toEqual(noted(entry))
  })

  it('serves the whole price of jobs, estimated from the part that is burned', async () => {
    const { stream } = await ask<{ stream: { nodes: { amount: string }[] } }>(
      `{ stream: events(filter: { network: RENDER, stream: "jobsPaid" }, first: 50) { nodes { amount } } }`,
    )
    expect(stream.nodes.length).toBeGreaterThanOrEqual(7)
    const { rows } = await opened.db.pool.query<{ paid: string; burned: string }>(
      `select p.raw::text as paid, b.raw::text as burned from flow_day p join flow_day b using (day, by)
       where p.stream_id = $1 and b.stream_id = $2 and by = 'time' and p.superseded_at = 'infinity' and b.superseded_at = 'infinity'
         and p.quality = 'ESTIMATED' and day >= $3 and day <= $4`,
      [streamId('render', 'jobsPaid'), streamId('render', 'jobsBurned'), start, last],
    )
    expect(rows).toHaveLength(7)
    // To the nearest unit: off by at most half of one, times 0.95.
    for (const { paid, burned } of rows) {
      const off = BigInt(paid) * 95n - BigInt(burned) * 100n
      expect(off <= 48n && off >= -48n).toBe(true)
    }
    const made = await metrics('RENDER', 'FEES_USD, HOLDERS_REVENUE_USD, PROTOCOL_REVENUE_USD')
    expect(made['FEES_USD']).toMatchObject({ quality: 'ESTIMATED' })
    const shares = Number(made['HOLDERS_REVENUE_USD']?.value) / Number(made['FEES_USD']?.value)
    expect(shares).toBeCloseTo(0.95, 6)
  })

  it('has no emission as long as nobody knows which mints are, and says so', async () => {
    expect(week('render emitted')).toBeGreaterThan(0n)
    const made = await metrics(
      'RENDER',
      'EMISSIONS_USD, SUBSIDY_RATIO, NET_EMISSION_NATIVE, GROSS_BURN_NATIVE',
    )
    for (const name of ['EMISSIONS_USD', 'SUBSIDY_RATIO'])
      expect(made[name]).toMatchObject({
        value: null,
        quality: 'NO_COVERAGE',
        reason: expect.stringMatching(/mint authority of RENDER was not found/),
      })
    const burned = week('render jobs burned', 'render other burns')
    expect(made['GROSS_BURN_NATIVE']?.value).toBe(tokens(burned, 8))
    expect(made['NET_EMISSION_NATIVE']?.value).toBe(tokens(week('render minted') - burned, 8))
  })
})

describe('io.net, read from a simulated node', () => {
  it('books burns, no mint, and knows neither fees nor emission of these days, with reasons', async () => {
    expect(await stored('ionet', 'burned')).toEqual(noted('io burned'))
    expect(await stored('ionet', 'minted')).toEqual({})
    const made = await metrics('IONET', 'FEES_USD, EMISSIONS_USD, GROSS_BURN_NATIVE')
    expect(made['GROSS_BURN_NATIVE']).toMatchObject({
      value: tokens(week('io burned'), 8),
      quality: 'COMPLETE',
    })
    expect(made['FEES_USD']).toMatchObject({
      value: null,
      quality: 'NO_COVERAGE',
      reason: expect.stringMatching(/off chain/),
    })
    expect(made['EMISSIONS_USD']).toMatchObject({
      value: null,
      quality: 'NO_COVERAGE',
      reason: expect.stringMatching(/Incentive Dynamic Engine/),
    })
  })
})

describe('inspect', () => {
  it('finds every address of the declarations on the simulated node, and what is to be filled in', async () => {
    const missing: Record<string, string[]> = {
      helium: [],
      render: ['RENDER mint authority', 'emission'],
      ionet: ['IO mint authority', 'fee', 'emission'],
    }
    for (const network of networks) {
      const findings = (await source.inspect?.(network, signal)) ?? []
      expect(findings.length).toBeGreaterThan(3)
      expect(findings.filter((f) => f.verdict === 'differs')).toEqual([])
      const open = findings.filter((f) => f.verdict === 'fillIn').map((f) => f.subject)
      expect([network.id, open]).toEqual([network.id, expect.arrayContaining(missing[network.id] ?? ['?'])])
    }
  })
})

describe('verify', () => {
  const verdicts = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await prove(opened.db, { now: now() })).map((p) => [`${p.network} ${p.token} ${p.name}`, p.verdict]),
    )

  it('holds: supplies, daily accounts, all burns, pairs of purchases and every guard', async () => {
    const all = await verdicts()
    expect(Object.entries(all).filter(([, verdict]) => verdict !== 'held')).toEqual([])
    expect(Object.keys(all)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^helium HNT .*supply/),
        expect.stringMatching(/^helium DC .*supply/),
        expect.stringMatching(/^render RENDER .*supply/),
        expect.stringMatching(/^ionet IO .*supply/),
        'helium DC creditsSpentMobile = creditsSpentMobileDaily',
        'helium HNT creditsBoughtUnpaired = 0',
        'helium HNT creditsBought + otherBurns - notEmitted - forfeited = allBurns',
      ]),
    )
  })

  it('publishes what rounding leaves over of a day’s rewards, and holds up to what is declared', async () => {
    await prove(opened.db, { now: now() })
    const { reconciliation } = await ask<{
      reconciliation: { proof: string; residualRaw: string; toleranceRaw: string; ok: boolean }[]
    }>(
      `{ reconciliation(network: HELIUM, from: "${start}", to: "${addDays(last, 1)}") { proof residualRaw toleranceRaw ok } }`,
    )
    const rewards = reconciliation.filter((r) => r.proof.endsWith('= totalRewards'))
    expect(rewards).toHaveLength(7)
    for (const { residualRaw, toleranceRaw, ok } of rewards) {
      expect([toleranceRaw, ok]).toEqual(['2', true])
      expect(['0', '-1', '-2']).toContain(residualRaw)
    }
    expect(rewards.some((r) => r.residualRaw !== '0')).toBe(true)
    expect(reconciliation.filter((r) => !rewards.includes(r)).every((r) => r.residualRaw === '0')).toBe(true)
  })

  it('fails where a mint was dropped, and names the token and the stream', async () => {
    const dropped = async (network: string, name: string): Promise<void> => {
      const { rowCount } = await opened.db.pool.query(
        `delete from event where (stream_id, tx_id, position) = (
           select stream_id, tx_id, position from event where stream_id = $1
             and (happened_at at time zone 'UTC')::date = $2 order by height limit 1)`,
        [streamId(network, name), last],
      )
      expect(rowCount).toBe(1)
    }
    await dropped('helium', 'hotspotsMobile')
    await dropped('render', 'minted')
    const failed = Object.entries(await verdicts()).flatMap(([name, verdict]) =>
      verdict === 'failed' ? [name] : [],
    )
    expect(failed).toEqual([
      expect.stringMatching(/^helium HNT .*supply/),
      expect.stringMatching(/^render RENDER .*supply/),
      'helium HNT hotspotsMobile = hotspotsMobileDaily',
      'helium HNT hotspotsMobile + hotspotsIot + stakersMobile + stakersIot = totalRewards',
    ])
    await recomputeStale({ db: opened.db, priceSources: ['llama'], now })
    const made = await metrics('HELIUM', 'GROSS_EMISSION_NATIVE')
    expect(made['GROSS_EMISSION_NATIVE']).toMatchObject({ quality: 'PROOF_FAILED' })
  })
})
