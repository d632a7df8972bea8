import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createReaders } from '../../commands/readers.ts'
import { metrics } from '../../pipeline/metrics/index.ts'
import type { NetworkDeclaration, Stream, StreamDeclaration } from '../../pipeline/model/stream.ts'
import type { UnixSeconds } from '../../pipeline/model/time.ts'
import { addDays, dayStart, daysBetween } from '../../pipeline/model/time.ts'
import { prove } from '../../pipeline/rollups/prove.ts'
import { saveCatalogue } from '../../pipeline/store/catalogue.ts'
import { forgetFrom } from '../../pipeline/store/forget.ts'
import { markAllStale } from '../../pipeline/store/stale_days.ts'
import { streamEvents } from '../../pipeline/store/stream_events.ts'
import { recordMetrics } from '../../pipeline/store/stream_life.ts'
import { testNetwork } from '../support/database.ts'
import type { Ledger } from '../support/ledger.ts'
import { openLedger, start } from '../support/ledger.ts'

let ledger: Ledger
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger.drop())

const base = testNetwork.streams['rewards'] as StreamDeclaration
const fee = testNetwork.streams['payments'] as StreamDeclaration

/** The network as a person may declare and correct it. */
interface Declared {
  readonly revision: number
  readonly reward: 'contributor' | 'settlement'
  readonly provider: string
  readonly scale: string
  readonly fixed: boolean
  readonly burns: 'zero' | 'unknown'
  readonly late: boolean
}
const first: Declared = {
  revision: 1,
  reward: 'contributor',
  provider: '1',
  scale: '1',
  fixed: false,
  burns: 'zero',
  late: false,
}
const declare = (d: Declared): NetworkDeclaration => ({
  ...testNetwork,
  tokens: {
    TST: {
      ...testNetwork.tokens['TST'],
      chain: 'testchain',
      decimals: 6,
      price: d.fixed ? { fixedUsd: '7' } : { market: 'test' },
    },
  },
  streams: {
    rewards: { ...base, class: d.reward, revision: d.revision, epoch: { lagDays: 1 } },
    payments: {
      ...fee,
      accrues: [{ supply: d.provider, protocol: d.provider === '1' ? '0' : '0.75' }],
      scale: [{ times: d.scale }],
    },
    counted: { ...fee, role: 'check', of: 'payments', method: 'counter' },
    ...(d.late ? { tips: { ...fee, fromHeight: 30 } } : {}),
  },
  absent: { burn: { truly: d.burns, why: 'a test says so' } },
})

type Change =
  | { readonly kind: 'read'; readonly from: number; readonly days: number; readonly tokens: number }
  | { readonly kind: 'price'; readonly day: number; readonly usd: number }
  | { readonly kind: 'head'; readonly day: number }
  | { readonly kind: 'declare'; readonly to: Partial<Declared> }
  | { readonly kind: 'supply'; readonly day: number; readonly tokens: number }
  | { readonly kind: 'repair'; readonly height: number }
  | { readonly kind: 'prove' }
  | { readonly kind: 'formula' }

const dayIndex = fc.integer({ min: 0, max: 4 })
const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      from: dayIndex,
      days: fc.integer({ min: 1, max: 3 }),
      tokens: fc.integer({ min: 1, max: 9 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('price' as const),
      day: dayIndex,
      usd: fc.integer({ min: 1, max: 9 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('head' as const), day: fc.integer({ min: 1, max: 6 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('declare' as const),
      to: fc.oneof(
        fc.record({ reward: fc.constantFrom('contributor' as const, 'settlement' as const) }),
        fc.record({ provider: fc.constantFrom('1', '0.25') }),
        fc.record({ scale: fc.constantFrom('1', '1/0.95') }),
        fc.record({ fixed: fc.boolean() }),
        fc.record({ burns: fc.constantFrom('zero' as const, 'unknown' as const) }),
        fc.record({ late: fc.boolean() }),
        fc.record({ revision: fc.constantFrom(1, 2) }),
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('supply' as const),
      day: dayIndex,
      tokens: fc.integer({ min: 1, max: 30 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('repair' as const), height: fc.integer({ min: 24, max: 96 }) }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'prove' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'formula' as const }) },
)

/** A reading that carried other days loses the end of its own day. */
const lostReading: readonly Change[] = [
  { kind: 'supply', day: 1, tokens: 1 },
  { kind: 'read', from: 0, days: 2, tokens: 1 },
  { kind: 'prove' },
  { kind: 'repair', height: 40 },
]

/** A history in which every kind of change moves something. */
const eachKind: readonly Change[] = [
  { kind: 'read', from: 0, days: 3, tokens: 2 },
  { kind: 'price', day: 0, usd: 3 },
  { kind: 'supply', day: 0, tokens: 1 },
  { kind: 'supply', day: 2, tokens: 30 },
  { kind: 'prove' },
  { kind: 'head', day: 5 },
  { kind: 'declare', to: { provider: '0.25', scale: '1/0.95', burns: 'unknown' } },
  { kind: 'declare', to: { revision: 2, fixed: true } },
  { kind: 'read', from: 0, days: 3, tokens: 5 },
  { kind: 'supply', day: 1, tokens: 8 },
  { kind: 'prove' },
  { kind: 'repair', height: 40 },
  { kind: 'prove' },
  { kind: 'formula' },
  { kind: 'declare', to: { reward: 'settlement', late: true } },
  { kind: 'read', from: 1, days: 2, tokens: 4 },
]

const every = metrics.map((m) => m.id)

/** Everything that readers can ask with `asOf`. */
async function everything(asOf?: UnixSeconds): Promise<unknown> {
  const readers = createReaders(ledger.db)
  const known = asOf === undefined ? {} : { asOf }
  const period = { from: start, to: addDays(start, 6) }
  const series: unknown[] = []
  for (const more of [
    { granularity: 'DAY' as const },
    { granularity: 'TRAILING_7' as const, includePartial: true },
    { granularity: 'DAY' as const, priceBasis: 'PEG' as const, by: 'EPOCH' as const },
  ])
    series.push(await ledger.points(every, { ...period, ...more, ...known }))
  const events = await readers.getEvents({ ...period, first: 500, ...known })
  const ids = [...new Set(events.map((e) => e.streamId))]
  const days = daysBetween(period.from, period.to)
  const streamed: unknown[] = []
  for await (const page of streamEvents(ledger.db, { networks: ['testnet'], ...period, ...known }))
    streamed.push(...page)
  return {
    series,
    events,
    streamed,
    ofDays: await readers.getDayEvents(
      ids.flatMap((streamId) =>
        days.flatMap((day) =>
          (['time', 'epoch'] as const).map((by) => ({ streamId, day, by, first: 50, ...known })),
        ),
      ),
    ),
    checked: await readers.getEvents({ ...period, stream: 'counted', first: 500, ...known }),
    prices: await readers.getPrices({ token: 'TST', ...period, ...known }),
    proofs: await readers.getReconciliation({ ...period, ...known }),
    // The id with a price service is a name of today, not a number of then.
    networks: (await readers.getNetworks(asOf)).map((n) => ({ ...n, tokens: n.tokens.length })),
    metrics: (await readers.getMetrics(asOf)).map((m) => [m.id, m.revision, m.formula]),
    restatements: await readers.getRestatements({ since: 0 as UnixSeconds, first: 1_000, ...known }),
  }
}

/** An empty store with the first declaration, and what takes a step of a history in it. */
async function begin(): Promise<(step: Change) => Promise<unknown>> {
  const tables = await ledger.db.pool.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not like 'kysely%'`,
  )
  const everyTable = tables.rows.map((t) => t.name).join(', ')
  await ledger.db.pool.query(`truncate ${everyTable} restart identity`)
  let declared = first
  let streams: Stream[] = await ledger.declare(declare(first), 2)
  await recordMetrics(ledger.db, metrics, ledger.now())
  let formulas = 0
  const take = async (step: Change): Promise<unknown> => {
    switch (step.kind) {
      case 'read': {
        const until = Math.min(5, step.from + step.days - 1)
        const events = streams.flatMap((s) =>
          [3, 30, 50, 75, 100]
            .filter((h) => h >= step.from * 24 && h < (until + 1) * 24 && h >= (s.fromHeight ?? 0))
            .map((h) =>
              ledger.event(s, h, s.name === 'counted' ? 2 : step.tokens, {
                txId: Buffer.from(`${s.name} ${h}`),
                ...(s.name === 'rewards' ? { accruedFrom: ledger.dayAt(h), accruedTo: ledger.dayAt(h) } : {}),
              }),
            ),
        )
        return ledger.save(streams, [step.from, until], events)
      }
      case 'price':
        return ledger.prices([ledger.price(String(step.usd), dayStart(addDays(start, step.day + 1)))])
      case 'head':
        return ledger.store.noteHead('testchain', {
          height: step.day * 24,
          finalized: step.day * 24,
          time: dayStart(addDays(start, step.day)),
        })
      case 'declare':
        declared = { ...declared, ...step.to }
        streams = await saveCatalogue(ledger.db, [declare(declared)], ledger.now())
        return streams
      case 'supply': {
        const height = step.day * 24 + 12 + (step.tokens % 12)
        const stored = await ledger.db.pool.query('select 1 from reading where height = $1', [height])
        return (
          stored.rowCount === 0 && ledger.store.saveReadings([ledger.reading(height, 1_000 + step.tokens)])
        )
      }
      case 'repair':
        return forgetFrom(ledger.db, 'testchain', step.height, ledger.now())
      case 'prove':
        return prove(ledger.db, { now: ledger.now() })
      case 'formula':
        formulas += 1
        return recordMetrics(ledger.db, [{ id: 'subsidy_ratio_net', revision: 2 + formulas }], ledger.now())
    }
  }
  return take
}

const runs = {
  numRuns: Number(process.env['RUNS'] ?? 3),
  interruptAfterTimeLimit: 90_000,
  examples: [[[...eachKind]], [[...lostReading]]] as [Change[]][],
}
const histories = fc.array(change, { minLength: 6, maxLength: 14 })

it('after any history of changes, each past instant gives in every read exactly what was served then', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (changes) => {
      const take = await begin()
      const served: [UnixSeconds, unknown][] = []
      for (const step of changes) {
        ledger.tick()
        await take(step)
        await ledger.rebuild()
        expect(await ledger.rebuild()).toEqual({ rebuilt: 0, changed: 0 })
        // Later within the same second more may become known: instants are asked for some seconds after.
        served.push([(ledger.now() + 50) as UnixSeconds, await everything()])
      }
      ledger.tick()
      for (const [at, answers] of served) expect(await everything(at)).toEqual(answers)
    }),
    runs,
  )
}, 600_000)

/** What is published, without when and after how many versions it became known. */
async function published(): Promise<unknown> {
  const { series, prices, proofs } = (await everything()) as Record<
    string,
    readonly Record<string, unknown>[]
  >
  const plain = (rows: readonly Record<string, unknown>[] = []): unknown =>
    rows.map(({ availableAt, revision, computedAt, ...row }) => row)
  const points = series as unknown as readonly (readonly Record<string, unknown>[])[]
  return { series: points.map(plain), prices: plain(prices), proofs: plain(proofs) }
}

it('after any history of changes, dropping every derived row and rebuilding gives the same values, all metrics, all days', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (changes) => {
      const take = await begin()
      for (const step of changes) {
        ledger.tick()
        await take(step)
        await ledger.rebuild()
      }
      const settle = async (): Promise<unknown> => {
        ledger.tick()
        await markAllStale(ledger.db, ledger.now())
        await ledger.rebuild()
        await prove(ledger.db, { now: ledger.now() })
        await ledger.rebuild()
        return published()
      }
      await take({ kind: 'prove' })
      await ledger.rebuild()
      const before = await published()
      expect(JSON.stringify(before)).toContain('COMPLETE')
      await ledger.db.pool.query(
        'truncate flow_day, price_day, supply_day, proof_day, stream_span, stale, restatement',
      )
      expect(await settle()).toEqual(before)
    }),
    runs,
  )
}, 600_000)
