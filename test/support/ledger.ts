import { priceScaled, rawAmount } from '../../pipeline/model/amount.ts'
import type { Batch } from '../../pipeline/model/batch.ts'
import type { Event } from '../../pipeline/model/event.ts'
import type { EventView } from '../../pipeline/model/event_view.ts'
import type { PriceObservation } from '../../pipeline/model/price.ts'
import type { Reading } from '../../pipeline/model/reading.ts'
import type { RestatementView } from '../../pipeline/model/restatement.ts'
import type { SeriesPoint, SeriesQuery } from '../../pipeline/model/series.ts'
import { defaultDefinitions } from '../../pipeline/model/series.ts'
import type { NetworkDeclaration, Stream } from '../../pipeline/model/stream.ts'
import type { Day, UnixSeconds } from '../../pipeline/model/time.ts'
import { addDays, day, dayOf, dayStart, daysBetween, unixSeconds } from '../../pipeline/model/time.ts'
import { readSeries } from '../../pipeline/rollups/read_series.ts'
import type { RollupReport } from '../../pipeline/rollups/recompute.ts'
import { recomputeStale } from '../../pipeline/rollups/recompute.ts'
import { saveCatalogue } from '../../pipeline/store/catalogue.ts'
import { PostgresIndexStore } from '../../pipeline/store/index_store.ts'
import { savePrices } from '../../pipeline/store/prices.ts'
import { getEvents } from '../../pipeline/store/read_events.ts'
import { getRestatements } from '../../pipeline/store/read_restatements.ts'
import { createDatabase } from './database.ts'

const blocksPerDay = 24
/** First day of the test chain, whose blocks are hourly from its midnight on. */
export const start: Day = day('2026-01-01')

/** A database with a clock of its own and short ways to say what is read, priced and asked. */
export async function openLedger() {
  const opened = await createDatabase()
  const { db } = opened
  let clock = 1_800_000_000
  let made = 0
  const now = (): UnixSeconds => unixSeconds(clock)
  const store = new PostgresIndexStore(db, now)
  const timeOf = (height: number): UnixSeconds => unixSeconds(dayStart(start) + height * 3_600)

  const points = (metrics: readonly string[], more: Partial<SeriesQuery> = {}): Promise<SeriesPoint[]> =>
    readSeries(db, {
      ...defaultDefinitions,
      networks: ['testnet'],
      metrics,
      from: start,
      to: addDays(start, 3),
      granularity: 'DAY',
      ...more,
    })
  return {
    db,
    store,
    now,
    timeOf,
    dayAt: (height: number): Day => dayOf(timeOf(height)),
    drop: opened.drop,
    /** Moves the clock on. @returns The instant before. */
    tick(): UnixSeconds {
      const before = now()
      clock += 100
      return before
    },
    /** Declares, and says that the chain has reached a day, the tenth where none is given. */
    async declare(network: NetworkDeclaration, head = 10): Promise<Stream[]> {
      const streams = await saveCatalogue(db, [network], now())
      await store.claimChain('testchain', { network: 'test', origin: 'simulated' }, 'hex')
      await store.noteHead('testchain', {
        height: head * blocksPerDay,
        finalized: head * blocksPerDay,
        time: dayStart(addDays(start, head)),
      })
      return streams
    },
    /** Whole tokens of six decimals, in a transaction of its own. */
    event(stream: Stream, height: number, tokens: number, more: Partial<Event> = {}): Event {
      made += 1
      return {
        streamId: stream.id,
        txId: Buffer.from(`tx ${made}`),
        position: 0,
        amountRaw: rawAmount(BigInt(Math.round(tokens * 1e6))),
        height,
        happenedAt: timeOf(height),
        ...more,
      }
    },
    /** A range of whole days, both included. */
    save(
      streams: readonly Stream[],
      [from, to]: readonly [number, number],
      events: readonly Event[],
      more: Partial<Batch> = {},
    ) {
      const range = { from: from * blocksPerDay, to: (to + 1) * blocksPerDay - 1 }
      const days = daysBetween(addDays(start, from), addDays(start, to + 1))
      const batch: Batch = {
        range,
        events,
        covered: new Map(streams.map((s) => [s.id, [range]])),
        gaps: [],
        edges: [],
        days: days.map((of, i) => ({
          day: of,
          first: (from + i) * blocksPerDay,
          last: (from + i + 1) * blocksPerDay - 1,
        })),
        touchedDays: days,
        ...more,
      }
      return store.saveBatches('testchain', [batch])
    },
    /** What the chain says of the supply, in whole tokens. */
    reading: (height: number, tokens: number): Reading => ({
      chain: 'testchain',
      token: 'TST',
      counter: 'supply',
      height,
      time: timeOf(height),
      value: BigInt(tokens) * 1_000_000n,
    }),
    price: (usd: string, at: number, more: Partial<PriceObservation> = {}): PriceObservation => ({
      token: 'TST',
      source: 'manual',
      kind: 'close',
      usd: priceScaled(usd),
      observedAt: unixSeconds(at),
      ...more,
    }),
    prices: (observed: readonly PriceObservation[]) => savePrices(db, observed, now()),
    rebuild: (priceSources: readonly string[] = ['manual']): Promise<RollupReport> =>
      recomputeStale({ db, priceSources, now }),
    points,
    /** Value and quality of a metric, day by day from the first one. */
    async ask(metric: string, more: Partial<SeriesQuery> = {}, to: Day = addDays(start, 3)) {
      return (await points([metric], { to, ...more })).map((p) => [p.value, p.quality])
    },
    /** A metric on the first day. */
    async point(metric: string, more: Partial<SeriesQuery> = {}): Promise<SeriesPoint | undefined> {
      return (await points([metric], { to: addDays(start, 1), ...more }))[0]
    },
    events: (stream?: string): Promise<EventView[]> =>
      getEvents(db, { network: 'testnet', first: 100, ...(stream === undefined ? {} : { stream }) }),
    restatements: (since: UnixSeconds): Promise<RestatementView[]> =>
      getRestatements(db, { network: 'testnet', since, first: 100 }),
  }
}

/** What {@link openLedger} gives. */
export type Ledger = Awaited<ReturnType<typeof openLedger>>
