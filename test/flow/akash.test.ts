import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openChain } from '../../commands/chains.ts'
import { readConfig, withSettings } from '../../commands/config.ts'
import { createPriceSources } from '../../commands/price_sources.ts'
import { createReaders } from '../../commands/readers.ts'
import type { Book, Flow } from '../../devnet/cosmos/book.ts'
import type { AkashSimulation } from '../../devnet/cosmos/simulation.ts'
import { type Devnet, startDevnet } from '../../devnet/start.ts'
import type { Api } from '../../graphql/server.ts'
import { sync } from '../../indexers/engine/sync.ts'
import { akash } from '../../indexers/networks/akash.ts'
import { addDays, day, dayStart, unixSeconds } from '../../pipeline/model/time.ts'
import { fillPrices } from '../../pipeline/prices/fill.ts'
import { prove } from '../../pipeline/rollups/prove.ts'
import { recomputeStale } from '../../pipeline/rollups/recompute.ts'
import { saveCatalogue } from '../../pipeline/store/catalogue.ts'
import { PostgresIndexStore } from '../../pipeline/store/index_store.ts'
import { askApi, openApi } from '../support/api.ts'
import { createTestLogger } from '../support/chain.ts'
import { createDatabase } from '../support/database.ts'

const lastDay = day('2026-11-21')
const end = dayStart(addDays(lastDay, 1))
const days = 9
const firstDay = addDays(lastDay, 1 - days)

let opened: Awaited<ReturnType<typeof createDatabase>>
let devnet: Devnet
let api: Api
let book: Book

/** From the simulated node over HTTP into the store, days and prices, and on to the API, as the commands do it. */
beforeAll(async () => {
  opened = await createDatabase()
  // Two hours more than the days, so that the block after the newest that is final belongs to the next day.
  devnet = await startDevnet({ seed: 7, days: days + 1, end: unixSeconds(end + 7_200), only: ['akash'] })
  const { scenario } = devnet.simulation('/akash') as AkashSimulation
  book = scenario.book
  const { db } = opened
  const config = withSettings(readConfig({}), devnet.environment)
  const logger = createTestLogger('no warnings')
  const now = () => unixSeconds(end + 7_200)
  const { source } = openChain('akash', config, logger)
  const streams = await saveCatalogue(db, [akash], now())
  const store = new PostgresIndexStore(db, now)
  await store.claimChain('akash', await source.identify(), source.idEncoding)
  const [head, finalized] = [await source.head(), await source.finalized()]
  await store.noteHead('akash', { height: head.height, finalized, time: head.time })
  const report = await sync({
    source,
    store,
    streams,
    span: { from: scenario.first, to: finalized },
    logger,
    now: () => performance.now(),
    signal: new AbortController().signal,
  })
  // The newest day has not ended; what is summed by the day waits for it.
  expect(report.gaps.filter((gap) => gap.code !== 'not-finalized')).toEqual([])
  await source.close()
  const rollup = { db, priceSources: config.PRICE_SOURCES, now }
  await recomputeStale(rollup)
  expect((await fillPrices(db, createPriceSources(config), now)).errors).toEqual([])
  await recomputeStale(rollup)
  api = await openApi(createReaders(db), { logger, clock: () => now() * 1_000 })
})

afterAll(async () => {
  await api.close()
  await devnet.close()
  await opened.drop()
})

async function ask<T>(query: string, shape: z.ZodType<T>): Promise<T> {
  const { data, errors } = await askApi<unknown>(api, query)
  expect(errors).toBeUndefined()
  return shape.parse(data)
}

/** What the API lists of a stream, summed by day in the token's smallest unit. */
async function listed(stream: string): Promise<Record<string, bigint>> {
  const page = z.object({
    events: z.object({
      nodes: z.array(z.object({ amountRaw: z.string(), happenedAt: z.string() })),
      pageInfo: z.object({ endCursor: z.string().nullable(), hasNextPage: z.boolean() }),
    }),
  })
  const sums: Record<string, bigint> = {}
  for (let after = ''; ; ) {
    const { events } = await ask(
      `{ events(filter: { network: AKASH, stream: "${stream}", from: "${firstDay}", to: "${addDays(lastDay, 1)}" }, first: 500 ${after}) {
        nodes { amountRaw happenedAt } pageInfo { endCursor hasNextPage } } }`,
      page,
    )
    for (const { amountRaw, happenedAt } of events.nodes) {
      const on = happenedAt.slice(0, 10)
      sums[on] = (sums[on] ?? 0n) + BigInt(amountRaw)
    }
    if (!events.pageInfo.hasNextPage) return sums
    after = `, after: "${events.pageInfo.endCursor}"`
  }
}

/** What the scenario's book has of the days asked for. */
function booked(...flows: readonly (readonly [Flow, string])[]): Record<string, bigint> {
  const sums: Record<string, bigint> = {}
  for (const [flow, denom] of flows) {
    for (const [on, amount] of book.days(flow, denom)) {
      if (on >= firstDay && on <= lastDay) sums[on] = (sums[on] ?? 0n) + amount
    }
  }
  return sums
}

describe('Akash, from a simulated node over HTTP to the API', () => {
  it.each<[string, readonly (readonly [Flow, string])[]]>([
    ['inflation', [['inflation', 'uakt']]],
    ['bmeShortfall', [['shortfall', 'uakt']]],
    ['slashed', [['burn slashing', 'uakt']]],
    ['deposits', [['burn gov', 'uakt']]],
    ['leasesAct', [['lease payment', 'uact']]],
    ['txFees', [['transaction fee', 'uakt']]],
    ['actBought', [['credits minted', 'uact']]],
    ['actSpread', [['credits spread', 'uact']]],
    ['actRedeemed', [['burn redeemed credits', 'uact']]],
    ['aktLocked', [['locked', 'uakt']]],
    ['aktReleased', [['released', 'uakt']]],
  ])('%s is to the last unit what happened, day by day', async (stream, flows) => {
    const expected = booked(...flows)
    expect(Object.keys(expected).length).toBeGreaterThan(0)
    expect(await listed(stream)).toEqual(expected)
  })

  it('accrues the prices of funded leases, to what settlements drop', async () => {
    const [found, expected] = [await listed('accruedAct'), booked(['accrued 18', 'uact'])]
    expect(Object.keys(found)).toEqual(Object.keys(found).filter((on) => on in expected))
    expect(Object.keys(found).length).toBe(days)
    for (const [on, amount] of Object.entries(expected)) {
      const gap = amount / 10n ** 18n - (found[on] ?? 0n)
      expect([on, gap >= -100n && gap <= 100n, gap]).toEqual([on, true, gap])
    }
  })

  it('counts no deposit, refund or collateral as a payment of anyone', async () => {
    expect(await listed('leasesAkt')).toEqual({})
    const moved = ['deposit', 'refund', 'collateral in', 'collateral out'] as const
    expect(moved.filter((flow) => book.sum(flow, 'uact') === 0n)).toEqual([])
  })

  it('proves its supply and every second path, with nothing left over', async () => {
    const proofs = await prove(opened.db, { now: unixSeconds(end + 7_200) })
    expect(proofs.filter((proof) => proof.verdict === 'failed')).toEqual([])
    const held = proofs
      .filter((proof) => proof.verdict === 'held' && proof.observedRaw !== 0n)
      .map((proof) => proof.name)
    expect(held).toEqual(expect.arrayContaining(['txFees = feesSwept', 'actBought = actBoughtByBank']))
    expect(held.length).toBeGreaterThan(3)
  })

  it('gives the sums of its days as metrics, complete and said to be simulated', async () => {
    const point = z.object({
      date: z.string(),
      metric: z.string(),
      value: z.string().nullable(),
      quality: z.string(),
      simulated: z.boolean(),
    })
    const { metricSeries } = await ask(
      `{ metricSeries(networks: [AKASH], metrics: [FEES_USD, GROSS_EMISSION_NATIVE, GROSS_BURN_NATIVE, SUBSIDY_RATIO], from: "${lastDay}", to: "${addDays(lastDay, 1)}", granularity: TRAILING_7) {
        nodes { date metric value quality simulated } } }`,
      z.object({ metricSeries: z.object({ nodes: z.array(point) }) }),
    )
    const week = (...flows: readonly (readonly [Flow, string])[]): bigint =>
      Object.entries(booked(...flows))
        .filter(([on]) => on > addDays(lastDay, -7))
        .reduce((all, [, amount]) => all + amount, 0n)
    const values = Object.fromEntries(metricSeries.nodes.map(({ metric, value }) => [metric, value]))
    const whole = (value: string | null | undefined): bigint => {
      const [units = '', fraction = ''] = (value ?? '').split('.')
      return BigInt(units + fraction.padEnd(6, '0'))
    }
    expect(whole(values['GROSS_EMISSION_NATIVE'])).toBe(week(['inflation', 'uakt'], ['shortfall', 'uakt']))
    expect(whole(values['GROSS_BURN_NATIVE'])).toBe(week(['burn slashing', 'uakt'], ['burn gov', 'uakt']))
    expect(Number(values['SUBSIDY_RATIO'])).toBeGreaterThan(1)
    // A credit is a dollar; what transactions pay is a few dollars a week. Deposits and accrued prices are in no sum.
    const leases = week(['lease payment', 'uact'])
    expect(whole(values['FEES_USD'])).toBeGreaterThan(leases)
    expect(whole(values['FEES_USD'])).toBeLessThan(leases + 50_000_000n)
    expect(metricSeries.nodes.map(({ quality, simulated }) => [quality, simulated])).toEqual(
      Array(4).fill(['COMPLETE', true]),
    )
  })
})
