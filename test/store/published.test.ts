import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { metrics } from '../../pipeline/metrics/index.ts'
import { priceScaled } from '../../pipeline/model/amount.ts'
import type { HeightRange } from '../../pipeline/model/height.ts'
import type { PriceObservation } from '../../pipeline/model/price.ts'
import type { Granularity } from '../../pipeline/model/series.ts'
import { defaultDefinitions } from '../../pipeline/model/series.ts'
import type { Stream } from '../../pipeline/model/stream.ts'
import type { UnixSeconds } from '../../pipeline/model/time.ts'
import { addDays, day, dayStart, unixSeconds } from '../../pipeline/model/time.ts'
import { readSeries } from '../../pipeline/rollups/read_series.ts'
import { recomputeStale } from '../../pipeline/rollups/recompute.ts'
import { saveCatalogue } from '../../pipeline/store/catalogue.ts'
import { PostgresIndexStore } from '../../pipeline/store/index_store.ts'
import { savePrices } from '../../pipeline/store/prices.ts'
import { markAllStale } from '../../pipeline/store/stale_days.ts'
import { createTestChain } from '../support/chain.ts'
import { createDatabase, testNetwork } from '../support/database.ts'

const last = 119
const start = day('2026-01-01')
let clock = 1_800_000_000
const now = (): UnixSeconds => unixSeconds(clock)
let opened: Awaited<ReturnType<typeof createDatabase>>
let streams: Stream[]
const chain = createTestChain(last + 1)

beforeAll(async () => {
  opened = await createDatabase()
  streams = await saveCatalogue(opened.db, [testNetwork], now())
})
afterAll(() => opened.drop())

const prices: readonly PriceObservation[] = Array.from({ length: 120 }, (_, hour) => ({
  token: 'TST',
  source: hour % 3 === 0 ? 'manual' : 'llama',
  kind: 'spot' as const,
  usd: priceScaled(`${1 + (hour % 7)}.${hour}`),
  observedAt: unixSeconds(dayStart(start) + hour * 3_600),
}))

type Step = { readonly read: HeightRange } | { readonly price: number } | 'rollup'

/** Forgets everything, takes the steps in their order, and gives what is published in the end. */
async function replay(steps: readonly Step[]): Promise<unknown> {
  const { db } = opened
  await db.pool.query(
    'truncate event, coverage, gap, block, day_height, price, stale, flow_day, price_day, supply_day, restatement, chain',
  )
  const store = new PostgresIndexStore(db, now)
  await store.claimChain('testchain', { network: 'test', origin: 'simulated' }, 'hex')
  await store.noteHead('testchain', {
    height: last + 1,
    finalized: last + 1,
    time: dayStart(addDays(start, 5)),
  })
  for (const step of [...steps, 'rollup'] as const) {
    clock += 1
    if (step === 'rollup') await recomputeStale({ db, priceSources: ['llama', 'manual'], now })
    else if ('price' in step) await savePrices(db, prices.slice(step.price, step.price + 1), now())
    else {
      const batch = await chain.read(step.read, streams, new AbortController().signal)
      await store.saveBatches('testchain', [batch])
    }
  }
  return published()
}

/** Every current row of every derived table, without the times at which they became known, and every metric. */
async function published(): Promise<unknown> {
  const { db } = opened
  const flows = await db.pool.query(
    `select (to_jsonb(f) - 'available_at' - 'change' - 'version')::text as row from flow_day f
     where superseded_at = 'infinity' order by stream_id, day, by`,
  )
  const chosen = await db.pool.query(
    `select (to_jsonb(p) - 'available_at' - 'change')::text as row from price_day p
     where superseded_at = 'infinity' order by token, day, basis`,
  )
  return { flows: flows.rows, prices: chosen.rows, metrics: await everyMetric() }
}

async function everyMetric(): Promise<unknown> {
  const made = []
  for (const granularity of ['DAY', 'TRAILING_7', 'MONTH'] satisfies Granularity[]) {
    for (const priceBasis of ['DAY_CLOSE', 'DAY_AVG', 'EVENT'] as const) {
      const points = await readSeries(opened.db, {
        ...defaultDefinitions,
        priceBasis,
        networks: ['testnet'],
        metrics: metrics.map((m) => m.id),
        from: start,
        to: addDays(start, 6),
        granularity,
      })
      made.push(points.map((p) => [p.date, p.metric, p.value, p.quality, p.reason, p.daysComplete]))
    }
  }
  return made
}

const whole: readonly Step[] = [{ read: { from: 0, to: last } }, ...prices.map((_, price) => ({ price }))]

/** Any cut of the heights into ranges, some of them read twice, and every price, in any order. */
const anyOrder = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: last }), { maxLength: 8 }),
    fc.array(fc.tuple(fc.integer({ min: 0, max: last }), fc.integer({ min: 0, max: 40 })), { maxLength: 3 }),
    fc.integer({ min: 0, max: 3 }),
  )
  .chain(([cuts, again, rollups]) => {
    const edges = [0, ...[...cuts].sort((a, b) => a - b), last + 1]
    const ranges = edges.slice(0, -1).map((from, i) => ({ from, to: (edges[i + 1] ?? 0) - 1 }))
    const repeated = again.map(([from, more]) => ({ from, to: Math.min(last, from + more) }))
    const steps: Step[] = [
      ...[...ranges, ...repeated].map((read) => ({ read })),
      ...prices.map((_, price) => ({ price })),
      ...Array.from({ length: rollups }, () => 'rollup' as const),
    ]
    return fc.shuffledSubarray(steps, { minLength: steps.length, maxLength: steps.length })
  })

describe('what is published', () => {
  it('is the same for any order of arrival, any split of ranges and any replay', async () => {
    const expected = await replay(whole)
    expect(JSON.stringify(expected)).toContain('COMPLETE')
    await fc.assert(
      fc.asyncProperty(anyOrder, async (steps) => {
        expect(await replay(steps)).toEqual(expected)
      }),
      { numRuns: Number(process.env['RUNS'] ?? 8) },
    )
  })

  it('is the same, all metrics and all days, after every derived row was dropped and rebuilt', async () => {
    const before = await replay(whole)
    await opened.db.pool.query('truncate flow_day, price_day, supply_day, stale')
    await markAllStale(opened.db, now())
    await recomputeStale({ db: opened.db, priceSources: ['llama', 'manual'], now })
    expect(await published()).toEqual(before)
  })
})
