import { afterAll, beforeAll, expect, it } from 'vitest'
import { openChain } from '../../commands/chains.ts'
import { readConfig, withSettings } from '../../commands/config.ts'
import { createPriceSources } from '../../commands/price_sources.ts'
import type { SolanaSimulation } from '../../devnet/solana/simulation.ts'
import type { Devnet } from '../../devnet/start.ts'
import { startDevnet } from '../../devnet/start.ts'
import { sync } from '../../indexers/engine/sync.ts'
import { helium } from '../../indexers/networks/helium.ts'
import { formatScaled } from '../../pipeline/model/amount.ts'
import { defaultDefinitions } from '../../pipeline/model/series.ts'
import { addDays, day, dayNumber, dayStart, unixSeconds } from '../../pipeline/model/time.ts'
import { fillPrices } from '../../pipeline/prices/fill.ts'
import { readSeries } from '../../pipeline/rollups/read_series.ts'
import { recomputeStale } from '../../pipeline/rollups/recompute.ts'
import { saveCatalogue } from '../../pipeline/store/catalogue.ts'
import { PostgresIndexStore } from '../../pipeline/store/index_store.ts'
import { createTestLogger } from '../support/chain.ts'
import { createDatabase } from '../support/database.ts'

const start = day('2026-10-10')
const last = day('2026-10-19')
const end = dayStart(addDays(last, 1))
const now = () => unixSeconds(end + 3 * 86_400)
const logger = createTestLogger('no warnings')
const signal = new AbortController().signal

let opened: Awaited<ReturnType<typeof createDatabase>>
let devnet: Devnet
let simulation: SolanaSimulation
/** Calls by method, elements of batches counted singly. */
const asked = new Map<string, number>()

beforeAll(async () => {
  opened = await createDatabase()
  const { db } = opened
  const days = dayNumber(last) - dayNumber(start) + 1
  devnet = await startDevnet({ seed: 5, days, end: unixSeconds(end + 3_600), only: ['solana'] })
  simulation = devnet.simulation('/solana') as SolanaSimulation
  const answer = simulation.node.answer.bind(simulation.node)
  Object.assign(simulation.node, {
    answer: (...args: Parameters<typeof answer>) => {
      for (const one of [JSON.parse(args[0].body)].flat())
        asked.set(one.method, (asked.get(one.method) ?? 0) + 1)
      return answer(...args)
    },
  })
  const config = withSettings(readConfig({}), devnet.environment)
  const store = new PostgresIndexStore(db, now)
  const all = await saveCatalogue(db, [helium], now())
  for (const chain of ['solana', 'schedule']) {
    const { source } = openChain(chain, config, logger)
    // What a backfill of the cheap streams alone would read: no transaction.
    const streams = all.filter((s) => s.chain === chain && !s.word.startsWith('solana.spl.'))
    const [head, finalized] = [await source.head(), await source.finalized()]
    await store.claimChain(chain, await source.identify(), source.idEncoding)
    await store.noteHead(chain, { height: head.height, finalized, time: head.time })
    const span =
      chain === 'solana'
        ? { from: simulation.chain.first, to: finalized }
        : { from: dayNumber(start), to: dayNumber(last) }
    await sync({ source, store, streams, span, logger, now: () => performance.now(), signal })
    await source.close()
  }
  const rollup = { db, priceSources: config.PRICE_SOURCES, now }
  await recomputeStale(rollup)
  await fillPrices(db, createPriceSources(config), now)
  await recomputeStale(rollup)
}, 60_000)

afterAll(async () => {
  await devnet.close()
  await opened.drop()
})

it('gives years of daily fees, burns and emission without a transaction, and says what they lack', async () => {
  const of = addDays(last, -1)
  const points = await readSeries(opened.db, {
    ...defaultDefinitions,
    networks: ['helium'],
    metrics: ['fees_usd', 'gross_emission_native', 'gross_burn_native', 'emissions_usd'],
    from: of,
    to: addDays(of, 1),
    granularity: 'DAY',
  })
  const noted = (...entries: string[]): bigint =>
    entries.reduce((sum, e) => sum + (simulation.books.days(`helium ${e}`).get(of) ?? 0n), 0n)
  const rewards = noted('hotspots mobile', 'hotspots iot', 'stakers mobile', 'stakers iot', 'supplement')
  const [fees, emission, burned, dollars] = points
  expect(fees).toMatchObject({
    value: formatScaled(noted('credits mobile', 'credits iot'), 5),
    quality: 'ESTIMATED',
    reason: expect.stringMatching(/traffic alone/),
    methods: ['counter'],
  })
  expect(emission).toMatchObject({
    value: formatScaled(rewards, 8),
    quality: 'ESTIMATED',
    reason: expect.stringMatching(/published schedule/),
    methods: ['counter', 'schedule'],
  })
  const all = noted('purchases', 'other burns', 'no-emit', 'forfeits')
  expect([0n, 1n, 2n].map((bones) => formatScaled(all + bones, 8))).toContain(burned?.value)
  expect(burned).toMatchObject({ quality: 'ESTIMATED', methods: ['counter'] })
  expect(dollars?.value).not.toBeNull()
})

it('asks for a handful of accounts and block times, and for no transaction', () => {
  expect(asked.get('getTransaction')).toBeUndefined()
  expect(asked.get('getSignaturesForAddress')).toBeUndefined()
  expect(asked.get('getMultipleAccounts')).toBeLessThanOrEqual(4)
})
