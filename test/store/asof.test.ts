import { afterAll, beforeAll, expect, it } from 'vitest'
import { sync } from '../../indexers/engine/sync.ts'
import { priceScaled } from '../../pipeline/model/amount.ts'
import { defaultDefinitions } from '../../pipeline/model/series.ts'
import type { UnixSeconds } from '../../pipeline/model/time.ts'
import { addDays, day, dayStart } from '../../pipeline/model/time.ts'
import { readSeries } from '../../pipeline/rollups/read_series.ts'
import { recomputeStale } from '../../pipeline/rollups/recompute.ts'
import { saveCatalogue } from '../../pipeline/store/catalogue.ts'
import { PostgresIndexStore } from '../../pipeline/store/index_store.ts'
import { savePrices } from '../../pipeline/store/prices.ts'
import { createTestChain, createTestLogger } from '../support/chain.ts'
import { createDatabase, testNetwork } from '../support/database.ts'

let opened: Awaited<ReturnType<typeof createDatabase>>
beforeAll(async () => {
  opened = await createDatabase()
})
afterAll(() => opened.drop())

it('each past instant gives exactly what was served then, and each change says why', async () => {
  const { db } = opened
  let clock = 1_800_000_000
  const now = (): UnixSeconds => clock as UnixSeconds
  const streams = await saveCatalogue(db, [testNetwork], now())
  const store = new PostgresIndexStore(db, now)
  const reading = {
    store,
    streams,
    logger: createTestLogger('no warnings'),
    now: () => performance.now(),
    signal: new AbortController().signal,
  }
  await store.claimChain('testchain', { network: 'test', origin: 'simulated' }, 'hex')
  await store.noteHead('testchain', { height: 120, finalized: 120, time: dayStart(day('2026-01-06')) })
  const ask = (asOf?: UnixSeconds) =>
    readSeries(db, {
      networks: ['testnet'],
      metrics: ['fees_usd', 'emissions_usd', 'gross_emission_native', 'subsidy_ratio'],
      from: day('2026-01-01'),
      to: day('2026-01-07'),
      granularity: 'DAY',
      ...defaultDefinitions,
      ...(asOf === undefined ? {} : { asOf }),
    })
  const price = (of: string, usd: string) => ({
    token: 'TST',
    source: 'manual',
    kind: 'close' as const,
    usd: priceScaled(usd),
    observedAt: dayStart(addDays(day(of), 1)),
    author: 'test',
  })
  const late = createTestChain(120, { gaps: new Map([[30, 'payments']]) })
  const changes: (() => Promise<unknown>)[] = [
    () => sync({ ...reading, source: late, span: { from: 0, to: 60 } }),
    () => savePrices(db, [price('2026-01-01', '2')], now()),
    () => sync({ ...reading, source: late, span: { from: 61, to: 120 } }),
    () =>
      savePrices(
        db,
        ['2026-01-02', '2026-01-03', '2026-01-04', '2026-01-05'].map((d) => price(d, '3')),
        now(),
      ),
    () => sync({ ...reading, source: createTestChain(120), span: { from: 0, to: 120 } }),
    () => savePrices(db, [price('2026-01-01', '2.5')], now()),
    () =>
      db.pool.query(
        "insert into stale (stream_id, day, reason, marked_at) select id, '2026-01-03', 'checked again', now() from stream",
      ),
  ]
  const served: [UnixSeconds, unknown][] = []
  for (const change of changes) {
    clock += 1_000
    await change()
    await recomputeStale({ db, priceSources: ['manual'], now })
    served.push([now(), await ask()])
  }
  const different = new Set(served.map(([, points]) => JSON.stringify(points)))
  expect(different.size).toBe(changes.length - 1)
  for (const [at, points] of served) expect(await ask((at + 500) as UnixSeconds)).toEqual(points)
  const { rows } = await db.pool.query(
    'select day, old_usd::text, new_usd::text, reason from restatement where stream_id = $1 order by available_at, day',
    [streams[0]?.id],
  )
  expect(rows).toContainEqual({
    day: '2026-01-01',
    old_usd: '48000000',
    new_usd: '60000000',
    reason: 'new price; price 2 (manual) became 2.5 (manual)',
  })
})
