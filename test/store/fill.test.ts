import { afterAll, beforeAll, expect, it } from 'vitest'
import { priceScaled } from '../../pipeline/model/amount.ts'
import { IndexerError } from '../../pipeline/model/errors.ts'
import type { NetworkDeclaration } from '../../pipeline/model/stream.ts'
import type { UnixSeconds } from '../../pipeline/model/time.ts'
import { day, dayOf, dayStart, unixSeconds } from '../../pipeline/model/time.ts'
import { fillPrices } from '../../pipeline/prices/fill.ts'
import type { PriceQuery, PriceSource } from '../../pipeline/prices/source.ts'
import { declaredInstruments, marketInstruments } from '../../pipeline/prices/source.ts'
import { recomputeStale } from '../../pipeline/rollups/recompute.ts'
import { saveCatalogue } from '../../pipeline/store/catalogue.ts'
import { PostgresIndexStore } from '../../pipeline/store/index_store.ts'
import { createTestChain } from '../support/chain.ts'
import { createDatabase, testNetwork } from '../support/database.ts'

let opened: Awaited<ReturnType<typeof createDatabase>>
let clock = dayStart(day('2026-01-06')) + 3_600
const now = (): UnixSeconds => unixSeconds(clock)

beforeAll(async () => {
  opened = await createDatabase()
  const renamed: NetworkDeclaration = {
    ...testNetwork,
    tokens: {
      TST: {
        chain: 'testchain',
        decimals: 6,
        price: {
          market: 'test',
          listedSince: '2026-01-02',
          instruments: {
            exchange: [
              { id: 'OLDUSDT', until: '2026-01-04' },
              { id: 'NEWUSDT', since: '2026-01-04' },
            ],
          },
        },
      },
    },
  }
  const streams = await saveCatalogue(opened.db, [renamed], now())
  const store = new PostgresIndexStore(opened.db, now)
  await store.claimChain('testchain', { network: 'test', origin: 'simulated' }, 'hex')
  const batch = await createTestChain(119).read({ from: 0, to: 119 }, streams, new AbortController().signal)
  await store.saveBatches('testchain', [batch])
  await recomputeStale({ db: opened.db, priceSources: ['market', 'exchange'], now })
})
afterAll(() => opened.drop())

/** A source that says 1 dollar at the end of every step, and remembers what it was asked. */
function source(name: string, instruments: PriceSource['instruments'], hourly: boolean) {
  const asked: string[] = []
  const made: PriceSource & { asked: string[]; failure?: Error; knows: boolean } = {
    name,
    hourly,
    instruments,
    asked,
    knows: true,
    async getPrices(query: PriceQuery) {
      asked.push(`${query.every} ${query.id} ${dayOf(query.since)} ${dayOf(unixSeconds(query.until - 2))}`)
      if (made.failure) throw made.failure
      if (!made.knows) return []
      const step = query.every === 'day' ? 86_400 : 3_600
      const found = []
      for (let at = query.since + step; at < query.until; at += step)
        found.push({
          token: query.token,
          source: name,
          kind: 'close' as const,
          usd: priceScaled('1'),
          observedAt: unixSeconds(at),
        })
      return found
    },
  }
  return made
}

it('asks each source for what it lacks, by the name of the time, and asks again later, sooner for a day that just ended', async () => {
  const { db } = opened
  const market = source('market', marketInstruments('market'), true)
  const exchange = source('exchange', declaredInstruments('exchange'), false)
  market.failure = new IndexerError('price-unavailable', 'down')
  const first = await fillPrices(db, [market, exchange], now)
  expect(first).toEqual({ added: 4, errors: [market.failure] })
  // The first day is before the listing; the name changed in between.
  expect(exchange.asked).toEqual(['day OLDUSDT 2026-01-02 2026-01-03', 'day NEWUSDT 2026-01-04 2026-01-05'])

  delete (market as { failure?: Error }).failure
  market.knows = false
  market.asked.length = 0
  exchange.asked.length = 0
  await fillPrices(db, [market, exchange], now)
  expect([market.asked, exchange.asked]).toEqual([
    ['day test 2026-01-02 2026-01-05', 'hour test 2026-01-02 2026-01-05'],
    [],
  ])
  await fillPrices(db, [market, exchange], now)
  expect(market.asked).toHaveLength(2)
  clock += 2 * 3_600
  await fillPrices(db, [market, exchange], now)
  expect(market.asked.slice(2)).toEqual(['day test 2026-01-04 2026-01-05', 'hour test 2026-01-04 2026-01-05'])

  clock += 2 * 86_400
  market.knows = true
  expect((await fillPrices(db, [market, exchange], now)).added).toBe(4 * 24)
  expect((await fillPrices(db, [market, exchange], now)).added).toBe(0)
  const { rows } = await db.pool.query('select count(*) as n from stale')
  expect(rows[0].n).toBeGreaterThan(0)
})
