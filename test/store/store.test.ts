import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plan } from '../../indexers/engine/plan.ts'
import { sync } from '../../indexers/engine/sync.ts'
import type { UsdMicros } from '../../pipeline/model/amount.ts'
import { rawAmount } from '../../pipeline/model/amount.ts'
import type { Stream } from '../../pipeline/model/stream.ts'
import type { Day, UnixSeconds } from '../../pipeline/model/time.ts'
import { dayOf, secondsPerDay } from '../../pipeline/model/time.ts'
import { prove } from '../../pipeline/rollups/prove.ts'
import { recomputeStale } from '../../pipeline/rollups/recompute.ts'
import { saveCatalogue } from '../../pipeline/store/catalogue.ts'
import type { Database } from '../../pipeline/store/database.ts'
import { forgetFrom } from '../../pipeline/store/forget.ts'
import { PostgresIndexStore } from '../../pipeline/store/index_store.ts'
import { createTestChain, createTestLogger } from '../support/chain.ts'
import { createDatabase, testNetwork } from '../support/database.ts'

const now = (): UnixSeconds => 1_800_000_000 as UnixSeconds
let opened: Awaited<ReturnType<typeof createDatabase>>
let db: Database
let store: PostgresIndexStore
let streams: Stream[]

beforeAll(async () => {
  opened = await createDatabase()
  db = opened.db
  streams = await saveCatalogue(db, [testNetwork], now())
  store = new PostgresIndexStore(db, now)
  await store.claimChain('testchain', { network: 'test', origin: 'simulated' }, 'hex')
})
afterAll(() => opened.drop())

const dayAt = (index: number): Day => dayOf((index * secondsPerDay) as UnixSeconds)

/** Everything ground state holds, in a stable order. */
async function dump(): Promise<unknown> {
  const events = await db.pool.query(
    "select stream_id, encode(tx_id, 'hex') as tx, position, amount_raw::text, height, happened_at from event order by 1, 2, 3",
  )
  const coverage = await db.pool.query('select stream_id, heights::text from coverage order by 1')
  const days = await db.pool.query('select day, first_height, last_height from day_height order by 1')
  return { events: events.rows, coverage: coverage.rows, days: days.rows }
}

const options = (source: ReturnType<typeof createTestChain>) => ({
  source,
  store,
  streams,
  logger: createTestLogger('no warnings'),
  now: () => performance.now(),
  signal: new AbortController().signal,
})

describe('saving', () => {
  it('stores a range once, whatever is replayed, in any order and any split', async () => {
    await sync({ ...options(createTestChain(99)), span: { from: 40, to: 60 } })
    await sync({ ...options(createTestChain(99)), span: { from: 0, to: 99 }, concurrency: 6 })
    const once = await dump()
    await db.pool.query("update coverage set heights = '{}'")
    const replay = await sync({ ...options(createTestChain(99)), span: { from: 0, to: 99 }, concurrency: 3 })
    expect(replay.events).toBe(0)
    expect(await dump()).toEqual(once)
    expect(plan({ from: 0, to: 99 }, streams, await store.getCoverage(streams.map((s) => s.id)))).toEqual([])
  })

  it('splits what a node finds too large', async () => {
    const chain = createTestChain(199, { largest: 3 })
    await sync({ ...options(chain), span: { from: 100, to: 120 } })
    expect(plan({ from: 0, to: 120 }, streams, await store.getCoverage(streams.map((s) => s.id)))).toEqual([])
  })

  it('keeps what was saved before a failure, saves nothing of the failed range, and goes on later', async () => {
    const failing = new Map([[130, 1]])
    const chain = createTestChain(199, { failing })
    await expect(sync({ ...options(chain), span: { from: 121, to: 150 }, concurrency: 1 })).rejects.toThrow(
      'block 130 failed',
    )
    await sync({ ...options(chain), span: { from: 121, to: 150 } })
    expect(plan({ from: 0, to: 150 }, streams, await store.getCoverage(streams.map((s) => s.id)))).toEqual([])
  })

  it('refuses a block that does not follow the stored one, and stores nothing of it', async () => {
    const before = await dump()
    const forked = createTestChain(199, { forkFrom: 140 })
    await expect(sync({ ...options(forked), span: { from: 151, to: 157 } })).rejects.toThrow(
      /testchain block 150 is stored as .* depindex repair testchain/,
    )
    expect(await dump()).toEqual(before)
  })

  it('repairs a chain from a height on', async () => {
    await forgetFrom(db, 'testchain', 140, now())
    const chain = createTestChain(199, { forkFrom: 140 })
    await sync({ ...options(chain), span: { from: 0, to: 199 } })
    const { rows } = await db.pool.query('select count(*) as n from event where stream_id = $1', [
      streams[0]?.id,
    ])
    expect(rows).toEqual([{ n: 200 }])
  })

  it('refuses another chain and other kinds of data', async () => {
    await expect(store.claimChain('testchain', { network: 'test', origin: 'live' }, 'hex')).rejects.toThrow(
      /holds simulated data/,
    )
    await expect(
      store.claimChain('testchain', { network: 'other', origin: 'simulated' }, 'hex'),
    ).rejects.toThrow(/network 'test'/)
  })

  it('gives back every event field exactly, whatever it holds', async () => {
    const stream = streams[0]?.id ?? 0
    const text = fc.option(
      fc.string({ maxLength: 40, unit: 'grapheme' }).filter((s) => !s.includes('\u0000')),
      { nil: undefined },
    )
    const event = fc.record({
      txId: fc.uint8Array({ minLength: 1, maxLength: 64 }),
      position: fc.nat(2 ** 31 - 1),
      amount: fc.bigInt({ min: -(10n ** 78n) + 1n, max: 10n ** 78n - 1n }),
      height: fc.nat(2 ** 50),
      fromHeight: fc.option(fc.nat(2 ** 50), { nil: undefined }),
      accrued: fc.option(fc.integer({ min: 0, max: 50_000 }), { nil: undefined }),
      usd: fc.option(fc.bigInt({ min: -(10n ** 39n), max: 10n ** 39n }), { nil: undefined }),
      time: fc.nat(4_000_000_000),
      act: text,
      sender: text,
      recipient: text,
      detail: fc.option(fc.constant({ note: 'a "quoted" ü', n: 1 }), { nil: undefined }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(event, {
          selector: (e) => `${Buffer.from(e.txId).toString('hex')} ${e.position}`,
          minLength: 1,
          maxLength: 20,
        }),
        async (made) => {
          await db.pool.query('truncate event')
          const events = made.map(
            ({ amount, time, fromHeight, act, sender, recipient, detail, accrued, usd, ...rest }) => ({
              ...rest,
              streamId: stream,
              amountRaw: rawAmount(amount),
              happenedAt: time as UnixSeconds,
              ...(fromHeight === undefined ? {} : { fromHeight: Math.min(fromHeight, rest.height) }),
              ...(act === undefined ? {} : { act }),
              ...(sender === undefined ? {} : { sender }),
              ...(recipient === undefined ? {} : { recipient }),
              ...(detail === undefined ? {} : { detail }),
              ...(accrued === undefined
                ? {}
                : { accruedFrom: dayAt(accrued), accruedTo: dayAt(accrued + 6) }),
              ...(usd === undefined ? {} : { usdMicros: usd as UsdMicros }),
            }),
          )
          await store.saveBatches('testchain', [
            {
              range: { from: 0, to: 0 },
              events,
              covered: new Map(),
              gaps: [],
              edges: [],
              days: [],
              touchedDays: [],
            },
          ])
          const { rows } = await db.pool.query(
            'select *, amount_raw::text as amount_raw, usd_micros::text as usd_micros from event',
          )
          const key = (tx: Uint8Array, position: number): string =>
            `${Buffer.from(tx).toString('hex')} ${position}`
          const stored = new Map(rows.map((r) => [key(r.tx_id, r.position), r]))
          for (const e of made) {
            const row = stored.get(key(e.txId, e.position))
            expect({ ...row, tx_id: undefined }).toEqual({
              tx_id: undefined,
              stream_id: stream,
              position: e.position,
              amount_raw: e.amount.toString(),
              height: e.height,
              from_height: e.fromHeight === undefined ? null : Math.min(e.fromHeight, e.height),
              happened_at: e.time,
              stored_at: now(),
              act: e.act ?? null,
              sender: e.sender ?? null,
              recipient: e.recipient ?? null,
              detail: e.detail ?? null,
              accrued_from: e.accrued === undefined ? null : dayAt(e.accrued),
              accrued_to: e.accrued === undefined ? null : dayAt(e.accrued + 6),
              usd_micros: e.usd === undefined ? null : e.usd.toString(),
            })
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('rolling up', () => {
  it('rebuilding everything gives the same rows', async () => {
    const fresh = await createDatabase()
    const made = await saveCatalogue(fresh.db, [testNetwork], now())
    const target = new PostgresIndexStore(fresh.db, now)
    await target.claimChain('testchain', { network: 'test', origin: 'simulated' }, 'hex')
    const chain = createTestChain(119, { gaps: new Map([[30, 'payments']]) })
    const head = await chain.head()
    await target.noteHead('testchain', { height: head.height, finalized: head.height, time: head.time })
    await sync({ ...options(chain), store: target, streams: made, span: { from: 0, to: 110 } })
    const rollup = { db: fresh.db, priceSources: ['manual'], now }
    await recomputeStale(rollup)
    const rows = async () =>
      (
        await fresh.db.pool.query(
          'select stream_id, day, raw::text, events, heights_expected, heights_covered, quality, reason, usd_quality from flow_day order by 1, 2',
        )
      ).rows
    const first = await rows()
    expect(first.filter((r) => r.stream_id === made[1]?.id).map((r) => [r.day, r.quality, r.raw])).toEqual([
      ['2026-01-01', 'COMPLETE', '46'],
      ['2026-01-02', 'PARTIAL', null],
      ['2026-01-03', 'COMPLETE', '48'],
      ['2026-01-04', 'COMPLETE', '49'],
      ['2026-01-05', 'PENDING', null],
    ])
    await fresh.db.pool.query('truncate flow_day')
    await fresh.db.pool.query(
      "insert into stale (stream_id, day, reason, marked_at) select s.id, d.day, 'all', now() from stream s, day_height d",
    )
    await recomputeStale(rollup)
    expect(await rows()).toEqual(first)
    const proofs = await prove(fresh.db, { now: now() })
    expect(proofs.map((p) => [p.name, p.verdict, p.heights])).toEqual([
      ['payments = counted', 'held', 110],
      ['guard = 0', 'held', 111],
    ])
    await fresh.db.pool.query(
      'update event set amount_raw = amount_raw + 1 where stream_id = $1 and height = 50',
      [made[1]?.id],
    )
    const broken = await prove(fresh.db, { now: now() })
    expect(broken[0]).toMatchObject({ verdict: 'failed', residualRaw: 1n })
    await fresh.drop()
  })
})
