import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { priceScaled, rawAmount } from '../../pipeline/model/amount.ts'
import type { Batch } from '../../pipeline/model/batch.ts'
import type { Event } from '../../pipeline/model/event.ts'
import type { PriceObservation } from '../../pipeline/model/price.ts'
import type { SeriesQuery } from '../../pipeline/model/series.ts'
import { defaultDefinitions } from '../../pipeline/model/series.ts'
import type { NetworkDeclaration, Stream, StreamDeclaration } from '../../pipeline/model/stream.ts'
import type { Day, UnixSeconds } from '../../pipeline/model/time.ts'
import { addDays, day, dayOf, dayStart, daysBetween, unixSeconds } from '../../pipeline/model/time.ts'
import { prove } from '../../pipeline/rollups/prove.ts'
import { readSeries } from '../../pipeline/rollups/read_series.ts'
import { recomputeStale } from '../../pipeline/rollups/recompute.ts'
import { saveCatalogue } from '../../pipeline/store/catalogue.ts'
import type { Database } from '../../pipeline/store/database.ts'
import { PostgresIndexStore } from '../../pipeline/store/index_store.ts'
import { savePrices } from '../../pipeline/store/prices.ts'
import { getRestatements } from '../../pipeline/store/read_restatements.ts'
import { getMetricRevisions, recordMetrics } from '../../pipeline/store/stream_life.ts'
import { createDatabase, testNetwork } from '../support/database.ts'

const blocksPerDay = 24
const start = day('2026-01-01')
let clock = 1_800_000_000
const now = (): UnixSeconds => unixSeconds(clock)
let opened: Awaited<ReturnType<typeof createDatabase>>
let db: Database
let store: PostgresIndexStore

beforeEach(async () => {
  clock = 1_800_000_000
  opened = await createDatabase()
  db = opened.db
  store = new PostgresIndexStore(db, now)
})
afterEach(() => opened.drop())

const base = testNetwork.streams['rewards'] as StreamDeclaration
/** The test network with other streams. */
const declare = (
  streams: Record<string, Partial<StreamDeclaration>>,
  more: Partial<NetworkDeclaration> = {},
): NetworkDeclaration => ({
  ...testNetwork,
  streams: Object.fromEntries(Object.entries(streams).map(([name, s]) => [name, { ...base, ...s }])),
  absent: { burn: { truly: 'zero', why: '' }, fee: { truly: 'zero', why: '' } },
  ...more,
})

/** Declares, and says that the chain has reached the tenth day. */
async function open(network: NetworkDeclaration): Promise<Stream[]> {
  const streams = await saveCatalogue(db, [network], now())
  await store.claimChain('testchain', { network: 'test', origin: 'simulated' }, 'hex')
  await store.noteHead('testchain', {
    height: 240,
    finalized: 240,
    time: dayStart(addDays(start, 10)),
  })
  return streams
}

/** A whole range of hourly blocks from midnight, with events. */
function batch(streams: readonly Stream[], days: readonly [number, number], events: readonly Event[]): Batch {
  const range = { from: days[0] * blocksPerDay, to: (days[1] + 1) * blocksPerDay - 1 }
  const touched = daysBetween(addDays(start, days[0]), addDays(start, days[1] + 1))
  return {
    range,
    events,
    covered: new Map(streams.map((s) => [s.id, [range]])),
    gaps: [],
    edges: [],
    days: touched.map((of, i) => ({
      day: of,
      first: (days[0] + i) * blocksPerDay,
      last: (days[0] + i + 1) * blocksPerDay - 1,
    })),
    touchedDays: touched,
  }
}
const timeOf = (height: number): UnixSeconds => unixSeconds(dayStart(start) + height * 3_600)
let counter = 0
const next = (): number => {
  counter += 1
  return counter
}
const event = (
  stream: Stream | undefined,
  height: number,
  tokens: number,
  more: Partial<Event> = {},
): Event => ({
  streamId: stream?.id ?? 0,
  txId: Buffer.from(`tx ${next()}`),
  position: 0,
  amountRaw: rawAmount(BigInt(Math.round(tokens * 1e6))),
  height,
  happenedAt: timeOf(height),
  ...more,
})
const price = (usd: string, at: number, more: Partial<PriceObservation> = {}): PriceObservation => ({
  token: 'TST',
  source: 'manual',
  kind: 'close',
  usd: priceScaled(usd),
  observedAt: unixSeconds(at),
  author: 'test',
  ...more,
})
const closes = (usd: string, count: number): PriceObservation[] =>
  Array.from({ length: count }, (_, i) => price(usd, dayStart(addDays(start, i + 1))))
const rebuild = () => recomputeStale({ db, priceSources: ['manual'], now })
const ask = async (metric: string, more: Partial<SeriesQuery> = {}, to: Day = addDays(start, 3)) =>
  (
    await readSeries(db, {
      ...defaultDefinitions,
      networks: ['testnet'],
      metrics: [metric],
      from: start,
      to,
      granularity: 'DAY',
      ...more,
    })
  ).map((p) => [p.value, p.quality])

describe('epochs', () => {
  it('give days by event time, and by the days that were paid for once the payment must have come', async () => {
    const [rewards] = await open(declare({ rewards: { epoch: { lagDays: 1 } } }))
    const paid = (height: number, tokens: number, from: number, to: number): Event =>
      event(rewards, height, tokens, { accruedFrom: addDays(start, from), accruedTo: addDays(start, to) })
    await store.saveBatches('testchain', [
      batch(
        [rewards as Stream],
        [0, 2],
        [paid(24, 5, 0, 0), paid(48, 0.000007, 0, 2), paid(49, -0.000002, 0, 2)],
      ),
    ])
    await rebuild()
    expect(await ask('gross_emission_native')).toEqual([
      ['0', 'COMPLETE'],
      ['5', 'COMPLETE'],
      ['0.000005', 'COMPLETE'],
    ])
    expect(await ask('gross_emission_native', { by: 'EPOCH' })).toEqual([
      ['5.000002', 'COMPLETE'],
      ['0.000001', 'COMPLETE'],
      [null, 'PARTIAL'],
    ])
  })
})

describe('price bases', () => {
  it('value the same day by close, mean, event and peg', async () => {
    const network = declare(
      { rewards: {}, credits: { kind: 'fee', class: 'payment', lens: 'CONSUMPTION', token: 'DC' } },
      {
        tokens: {
          ...testNetwork.tokens,
          DC: { chain: 'testchain', decimals: 6, price: { fixedUsd: '0.5' } },
        },
      },
    )
    const streams = await open(network)
    const [rewards, credits] = streams
    const stated = event(rewards, 12, 100, { usdMicros: 7_000_000n as never })
    await store.saveBatches('testchain', [
      batch(streams, [0, 0], [event(rewards, 10, 2), stated, event(credits, 3, 4)]),
    ])
    const hourly = Array.from({ length: 24 }, (_, i) =>
      price(String(i + 1), dayStart(start) + (i + 1) * 3_600),
    )
    await savePrices(db, hourly, now())
    await rebuild()
    const one = addDays(start, 1)
    expect(await ask('emissions_usd', {}, one)).toEqual([['2448', 'COMPLETE']])
    expect(await ask('emissions_usd', { priceBasis: 'DAY_AVG' }, one)).toEqual([['1275', 'COMPLETE']])
    expect(await ask('emissions_usd', { priceBasis: 'EVENT' }, one)).toEqual([['27', 'COMPLETE']])
    expect(await ask('emissions_usd', { priceBasis: 'PEG' }, one)).toEqual([[null, 'NO_PRICE']])
    for (const priceBasis of ['DAY_CLOSE', 'DAY_AVG', 'EVENT', 'PEG'] as const)
      expect(await ask('fees_usd', { priceBasis }, one)).toEqual([['2', 'COMPLETE']])
  })

  it('warn on the value where two sources are more than 3 % apart', async () => {
    const [rewards] = await open(declare({ rewards: {} }))
    await store.saveBatches('testchain', [batch([rewards as Stream], [0, 1], [event(rewards, 1, 1)])])
    const end = dayStart(addDays(start, 1))
    await savePrices(db, [price('2', end), price('1.9', end, { source: 'second' })], now())
    await recomputeStale({ db, priceSources: ['manual', 'second'], now })
    const points = await readSeries(db, {
      ...defaultDefinitions,
      networks: ['testnet'],
      metrics: ['emissions_usd'],
      from: start,
      to: addDays(start, 1),
      granularity: 'DAY',
    })
    expect(points[0]).toMatchObject({
      value: '2',
      quality: 'COMPLETE',
      warning: '2026-01-01: manual says 2, second says 1.9: 5.3 % apart',
    })
  })

  it('follow every correction, even back to an earlier value, even within one second', async () => {
    const [rewards] = await open(declare({ rewards: {} }))
    await store.saveBatches('testchain', [batch([rewards as Stream], [0, 0], [event(rewards, 1, 1)])])
    for (const usd of ['2', '2.5', '2']) {
      await savePrices(db, [price(usd, dayStart(addDays(start, 1)))], now())
      await rebuild()
      expect(await ask('emissions_usd', {}, addDays(start, 1))).toEqual([[usd, 'COMPLETE']])
    }
    const noted = await getRestatements(db, { network: 'testnet', since: unixSeconds(0), first: 10 })
    expect(noted.map((r) => [r.oldUsd, r.newUsd])).toEqual([
      ['2.5', '2'],
      ['2', '2.5'],
    ])
  })

  it('never take a price from the future', async () => {
    const [rewards] = await open(declare({ rewards: {} }))
    await store.saveBatches('testchain', [
      batch([rewards as Stream], [0, 1], [event(rewards, 1, 1), event(rewards, 30, 1)]),
    ])
    await savePrices(db, [price('3', dayStart(addDays(start, 1)) + 1)], now())
    await rebuild()
    expect(await ask('emissions_usd', {}, addDays(start, 2))).toEqual([
      [null, 'NO_PRICE'],
      ['3', 'COMPLETE'],
    ])
  })
})

describe('the supply proof', () => {
  const read = (height: number, tokens: number) => ({
    chain: 'testchain',
    token: 'TST',
    counter: 'supply',
    height,
    time: timeOf(height),
    value: BigInt(tokens) * 1_000_000n,
  })

  it('holds, carries the supply to the close of every day, and a failure marks the days it covers', async () => {
    const streams = await open(declare({ rewards: {}, burns: { kind: 'burn', class: 'other' } }))
    const [rewards, burns] = streams
    await store.saveBatches('testchain', [
      batch(
        streams,
        [0, 3],
        [event(rewards, 20, 10), event(rewards, 30, 10), event(burns, 60, 4), event(burns, 90, 1)],
      ),
    ])
    await savePrices(db, closes('1', 4), now())
    await store.saveReadings([read(12, 1_000), read(48, 1_020)])
    await rebuild()
    const proofs = await prove(db, { now: now() })
    expect(proofs.map((p) => [p.name, p.verdict, p.residualRaw, p.heights])).toEqual([
      ['emissions - burns = change of supply', 'held', 0n, 36],
    ])
    expect(await ask('supply_native', {}, addDays(start, 4))).toEqual([
      ['1010', 'COMPLETE'],
      ['1020', 'COMPLETE'],
      ['1016', 'COMPLETE'],
      ['1015', 'COMPLETE'],
    ])
    expect(await ask('inflation_annualised', {}, addDays(start, 4))).toEqual([
      [null, 'NO_COVERAGE'],
      ['3.613861', 'COMPLETE'],
      ['-1.431373', 'COMPLETE'],
      ['-0.359252', 'COMPLETE'],
    ])

    clock += 100
    await store.saveReadings([read(80, 1_015)])
    const failed = await prove(db, { now: now() })
    expect(failed.map((p) => [p.verdict, p.residualRaw, p.failedDays.map((d) => [d.from, d.day])])).toEqual([
      ['failed', 1_000_000n, [['2026-01-03', '2026-01-04']]],
    ])
    await rebuild()
    expect(await ask('gross_burn_native', {}, addDays(start, 4))).toEqual([
      ['0', 'COMPLETE'],
      ['0', 'COMPLETE'],
      ['4', 'PROOF_FAILED'],
      ['1', 'PROOF_FAILED'],
    ])
    expect(
      await ask(
        'supply_residual_native',
        { granularity: 'TRAILING_30', from: addDays(start, 3) },
        addDays(start, 4),
      ),
    ).toEqual([['1', 'COMPLETE']])

    clock += 100
    await store.saveBatches('testchain', [
      { ...batch(streams, [3, 3], [event(burns, 79, 1)]), range: { from: 72, to: 95 } },
    ])
    expect((await prove(db, { now: now() })).map((p) => p.verdict)).toEqual(['held'])
    await rebuild()
    expect(await ask('gross_burn_native', {}, addDays(start, 4))).toEqual([
      ['0', 'COMPLETE'],
      ['0', 'COMPLETE'],
      ['4', 'COMPLETE'],
      ['2', 'COMPLETE'],
    ])
  })

  it('compares nothing over heights that a stream has not read', async () => {
    const streams = await open(declare({ rewards: {}, burns: { kind: 'burn', class: 'other' } }))
    await store.saveBatches('testchain', [batch(streams.slice(0, 1), [0, 3], [])])
    await store.saveReadings([read(12, 1_000), read(48, 1_020)])
    expect((await prove(db, { now: now() })).map((p) => [p.verdict, p.note])).toEqual([
      [
        'nothing',
        'no heights between readings have been read whole; 1 more pairs of readings wait for heights between them to be read',
      ],
    ])
  })

  it('compares nothing where an amount of a counter reaches over a reading, and all where it does not', async () => {
    const [minted] = (await open(declare({ rewards: { method: 'counter' } }))) as [Stream]
    await store.saveBatches('testchain', [
      batch(
        [minted],
        [0, 1],
        [event(minted, 23, 6, { fromHeight: 0 }), event(minted, 47, 9, { fromHeight: 24 })],
      ),
    ])
    const verdicts = async () => (await prove(db, { now: now() })).map((p) => [p.verdict, p.observedRaw])
    await store.saveReadings([read(12, 1_000), read(40, 1_011)])
    expect(await verdicts()).toEqual([['nothing', 0n]])
    await store.saveReadings([read(23, 1_006), read(47, 1_015)])
    expect(await verdicts()).toEqual([['held', 9_000_000n]])
  })

  it('refuses a reading that contradicts an earlier one of the same height', async () => {
    await open(declare({ rewards: {} }))
    await store.saveReadings([read(12, 1_000)])
    await expect(store.saveReadings([read(12, 1_001)])).rejects.toThrow(
      /supply of TST was read as 1000000000, a node now says 1001000000/,
    )
  })
})

describe('counters as a second path', () => {
  it('check the sum of several streams, burns negative, over whole pieces alone', async () => {
    const network = declare({
      rewards: {},
      burns: { kind: 'burn', class: 'other' },
      net: { role: 'check', of: ['rewards', 'burns'], method: 'counter' },
    })
    const streams = await open(network)
    const [rewards, burns, net] = streams as [Stream, Stream, Stream]
    const happened = [event(rewards, 3, 10), event(burns, 5, 4), event(rewards, 30, 2)]
    const read = batch([rewards, burns], [0, 1], happened)
    await store.saveBatches('testchain', [
      { ...read, covered: new Map([rewards, burns].map((of) => [of.id, [{ from: 0, to: 40 }]])) },
      batch([net], [0, 1], [event(net, 23, 6, { fromHeight: 0 }), event(net, 47, 99, { fromHeight: 24 })]),
    ])
    const proofs = await prove(db, { now: now() })
    expect(proofs.map((p) => [p.name, p.verdict, p.expectedRaw, p.residualRaw])).toEqual([
      ['rewards - burns = net', 'held', 6_000_000n, 0n],
    ])
  })
})

describe('amounts of several heights', () => {
  it('count on their day in whole pieces, and the day is complete when all pieces of it are read', async () => {
    const [rewards] = (await open(declare({ rewards: { method: 'counter' } }))) as [Stream]
    const piece = (from: number, to: number, tokens: number): Event =>
      event(rewards, to, tokens, { fromHeight: from })
    const half = batch([rewards], [0, 1], [piece(0, 11, 3), piece(12, 23, 4), piece(24, 35, 5)])
    await store.saveBatches('testchain', [
      { ...half, range: { from: 0, to: 35 }, covered: new Map([[rewards.id, [{ from: 0, to: 35 }]]]) },
    ])
    await rebuild()
    expect(await ask('gross_emission_native', {}, addDays(start, 2))).toEqual([
      ['7', 'COMPLETE'],
      [null, 'PARTIAL'],
    ])
    await store.saveBatches('testchain', [batch([rewards], [1, 2], [piece(36, 47, 1), piece(48, 71, 2)])])
    await rebuild()
    expect(await ask('gross_emission_native', {}, addDays(start, 3))).toEqual([
      ['7', 'COMPLETE'],
      ['6', 'COMPLETE'],
      ['2', 'COMPLETE'],
    ])
  })

  it('are refused where a piece crosses midnight, or is turned round, and nothing is stored', async () => {
    const [rewards] = (await open(declare({ rewards: { method: 'counter' } }))) as [Stream]
    const save = (from: number, to: number) =>
      store.saveBatches('testchain', [
        batch([rewards], [0, 1], [event(rewards, to, 1, { fromHeight: from })]),
      ])
    await expect(save(20, 30)).rejects.toThrow(
      /heights 20 to 30 was to be stored on 2026-01-02, but height 23 is of an earlier day: read the counter at every midnight/,
    )
    await expect(save(31, 30)).rejects.toThrow(/turned round/)
    expect((await db.pool.query('select 1 from event union all select 1 from coverage')).rowCount).toBe(0)
  })
})

describe('a source that corrects itself', () => {
  it('is followed when it is surer of the same price than before', async () => {
    const [rewards] = (await open(declare({ rewards: {} }))) as [Stream]
    await store.saveBatches('testchain', [batch([rewards], [0, 0], [event(rewards, 1, 1)])])
    const seen = (confidence: number) => price('2', dayStart(addDays(start, 1)), { confidence })
    for (const [confidence, expected] of [
      [0.4, [null, 'NO_PRICE']],
      [0.9, ['2', 'COMPLETE']],
    ] as const) {
      clock += 100
      await savePrices(db, [seen(confidence)], now())
      await rebuild()
      expect(await ask('emissions_usd', {}, addDays(start, 1))).toEqual([expected])
    }
    expect(await savePrices(db, [seen(0.9)], now())).toBe(0)
  })
})

describe('changed declarations', () => {
  it('a raised revision is read beside the old one and swapped in when it has caught up', async () => {
    const [old] = await open(declare({ rewards: {} }))
    await store.saveBatches('testchain', [batch([old as Stream], [0, 1], [event(old, 3, 10)])])
    await rebuild()
    clock += 100
    const [raised] = await saveCatalogue(db, [declare({ rewards: { revision: 2 } })], now())
    await store.saveBatches('testchain', [batch([raised as Stream], [0, 0], [event(raised, 3, 12)])])
    await rebuild()
    expect(await ask('gross_emission_native', {}, addDays(start, 2))).toEqual([
      ['10', 'COMPLETE'],
      ['0', 'COMPLETE'],
    ])
    clock += 100
    const before = now()
    clock += 100
    await store.saveBatches('testchain', [batch([raised as Stream], [1, 1], [])])
    await rebuild()
    expect(await ask('gross_emission_native', {}, addDays(start, 2))).toEqual([
      ['12', 'COMPLETE'],
      ['0', 'COMPLETE'],
    ])
    expect(await ask('gross_emission_native', { asOf: before }, addDays(start, 2))).toEqual([
      ['10', 'COMPLETE'],
      ['0', 'COMPLETE'],
    ])
    const [noted] = await getRestatements(db, { network: 'testnet', since: before, first: 10 })
    expect(noted).toMatchObject({
      subject: 'rewards',
      date: '2026-01-01',
      oldAmount: '10',
      newAmount: '12',
      reason: 'revision 1 became 2: read again with a changed meaning',
    })
  })

  it('a changed class counts from now on; earlier instants keep the old one', async () => {
    const [rewards] = await open(declare({ rewards: {} }))
    await store.saveBatches('testchain', [batch([rewards as Stream], [0, 0], [event(rewards, 3, 10)])])
    await rebuild()
    const before = now()
    clock += 100
    await saveCatalogue(db, [declare({ rewards: { class: 'settlement' } })], now())
    expect(await ask('remint_settlement_native', {}, addDays(start, 1))).toEqual([['10', 'COMPLETE']])
    expect(await ask('gross_emission_native', { asOf: before }, addDays(start, 1))).toEqual([
      ['10', 'COMPLETE'],
    ])
    const [noted] = await getRestatements(db, { since: before, first: 1 })
    expect(noted?.reason).toBe('the declaration changed: class contributor became settlement')
  })

  it('a changed formula is remembered from the day it was first used', async () => {
    await recordMetrics(db, [{ id: 'fees_usd', revision: 1 }], now())
    const before = now()
    clock += 100
    await recordMetrics(db, [{ id: 'fees_usd', revision: 2 }], now())
    expect((await getMetricRevisions(db, before)).get('fees_usd')).toBe(1)
    expect((await getMetricRevisions(db, now())).get('fees_usd')).toBe(2)
    const [noted] = await getRestatements(db, { network: 'testnet', since: before, first: 1 })
    expect(noted).toMatchObject({
      network: null,
      subject: 'fees_usd',
      reason: 'the formula changed: revision 1 became 2',
    })
  })
})

it('a block exactly at midnight belongs to the day that starts', async () => {
  const [rewards] = await open(declare({ rewards: {} }))
  await store.saveBatches('testchain', [
    batch(
      [rewards as Stream],
      [0, 1],
      [
        event(rewards, 23, 1, { happenedAt: unixSeconds(dayStart(addDays(start, 1)) - 1) }),
        event(rewards, 24, 2, { happenedAt: dayStart(addDays(start, 1)) }),
      ],
    ),
  ])
  await rebuild()
  expect(dayOf(dayStart(addDays(start, 1)))).toBe('2026-01-02')
  expect(await ask('gross_emission_native', {}, addDays(start, 2))).toEqual([
    ['1', 'COMPLETE'],
    ['2', 'COMPLETE'],
  ])
})
