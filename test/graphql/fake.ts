import { Registry } from 'prom-client'
import type { ApiReaders } from '../../graphql/ports.ts'
import type { Api, ApiOptions } from '../../graphql/server.ts'
import { startApi } from '../../graphql/server.ts'
import { metrics } from '../../pipeline/metrics/index.ts'
import type { EventView } from '../../pipeline/model/event_view.ts'
import type { SeriesPoint } from '../../pipeline/model/series.ts'
import type { UnixSeconds } from '../../pipeline/model/time.ts'
import { day, daysBetween } from '../../pipeline/model/time.ts'

/** What the fake readers were asked, and levers to change what they say. */
export interface Fake {
  readonly readers: ApiReaders
  readonly asked: { series: { asOf?: UnixSeconds; from: string; to: string }[]; events: number }
  version: string
  failure: unknown
  ready: unknown
}

const eventAt = (i: number): EventView => ({
  happenedAt: (1_767_225_600 - i * 10) as UnixSeconds,
  streamId: 1,
  txId: i.toString(16).padStart(4, '0'),
  position: 0,
  network: 'alpha',
  stream: 'fees',
  kind: 'fee',
  token: 'A',
  txHash: `hash-${i}`,
  amountRaw: '12345678901234567890123',
  amount: '12345678901234567.890123',
  height: 100 - i,
  fromHeight: null,
  act: null,
  sender: null,
  recipient: null,
  detail: null,
  class: 'payment',
  lens: 'CONSUMPTION',
  role: 'ledger',
  method: 'events',
  chain: 'alphachain',
  accruedFrom: null,
  accruedTo: null,
  usd: null,
  simulated: true,
})

/** Readers in memory: a value for every combination of day, network and metric, and `count` events. */
export function createFake(count = 25): Fake {
  const all = Array.from({ length: count }, (_, i) => eventAt(i))
  const fake: Fake = {
    asked: { series: [], events: 0 },
    version: '1',
    failure: undefined,
    ready: undefined,
    readers: {
      metrics,
      networkIds: ['alpha', 'io-net'],
      getMetrics: async () => metrics,
      getNetworks: async () => [
        {
          id: 'alpha',
          name: 'Alpha',
          sector: 's',
          description: 'd',
          origin: 'simulated',
          primaryToken: 'A',
          tokens: [],
          streams: [],
          absences: [],
          regimes: [{ day: '2026-01-01', what: 'start' }],
          counters: [],
          imports: [],
        },
      ],
      async getMetricSeries(query) {
        fake.asked.series.push(query)
        if (fake.failure !== undefined) throw fake.failure
        return daysBetween(query.from, query.to).flatMap((date) =>
          query.networks.flatMap((network) =>
            query.metrics.map(
              (metric): SeriesPoint => ({
                date,
                windowEnd: date,
                network,
                metric,
                value: network === 'alpha' ? '1.50' : null,
                unit: 'USD',
                quality: network === 'alpha' ? 'COMPLETE' : 'NO_COVERAGE',
                reason: network === 'alpha' ? null : 'no block had been read',
                availableAt: null,
                revision: 1,
                methodologyVersion: 1,
                methods: ['events'],
                warning: null,
                daysComplete: 1,
                daysPriced: 1,
                daysExpected: 1,
                simulated: true,
              }),
            ),
          ),
        )
      },
      async getEvents({ first, after }) {
        fake.asked.events += 1
        const from = after === undefined ? 0 : all.findIndex((e) => e.txId === after.txId) + 1
        return all.slice(from, from + first)
      },
      explorers: { alphachain: [{ id: '^hash-', url: 'https://alpha.example/tx/{id}' }] },
      findFirstDay: async () => day('2026-01-01'),
      async *streamEvents() {
        yield all
      },
      getFlowsBehind: async (values) => values.map(() => []),
      getDayEvents: async (days) => days.map(() => []),
      getLegs: async (acts) => acts.map(() => []),
      getComparison: async () => ({ date: day('2026-01-01'), windowEnd: day('2026-01-01'), rows: [] }),
      getCoverage: async () => [],
      getRestatements: async ({ first, before }) =>
        Array.from({ length: 5 }, (_, i) => 5 - i)
          .filter((id) => before === undefined || id < before)
          .slice(0, first)
          .map((id) => ({
            id,
            network: id === 3 ? null : 'alpha',
            subject: 'payments',
            token: 'TST',
            date: '2026-01-01',
            by: 'EVENT_TIME',
            priceBasis: 'DAY_CLOSE',
            availableAt: '2026-01-02T00:00:00Z',
            oldAmount: '1',
            newAmount: '2',
            oldUsd: null,
            newUsd: '2.5',
            oldQuality: 'NO_PRICE',
            newQuality: 'COMPLETE',
            reason: `change ${id}`,
          })),
      getPrices: async () => [],
      getReconciliation: async () => [],
      getStatus: async () => ({
        dataVersion: fake.version,
        now: '2026-01-01T00:00:00Z',
        staleDays: 0,
        chains: [],
        proofs: [],
      }),
      getDataVersion: async () => fake.version,
      async checkReady() {
        if (fake.ready !== undefined) throw fake.ready
      },
    },
  }
  return fake
}

/** Starts an API over fake readers on a free port; warnings and errors are kept. */
export async function startFake(
  fake: Fake,
  more: Partial<ApiOptions> = {},
): Promise<Api & { log: string[]; ask: (query: string, variables?: object) => Promise<Answer> }> {
  const log: string[] = []
  const keep = (message: string, facts?: object): void => void log.push(`${message} ${JSON.stringify(facts)}`)
  const api = await startApi({
    readers: fake.readers,
    host: '127.0.0.1',
    port: 0,
    logger: { debug: () => undefined, info: () => undefined, warn: keep, error: keep },
    version: 'test',
    simulated: async () => true,
    clock: () => Date.parse('2026-02-01T00:00:00.500Z'),
    metricsRegistry: new Registry(),
    ...more,
  })
  const ask = async (query: string, variables: object = {}): Promise<Answer> => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    return {
      status: response.status,
      headers: response.headers,
      ...((await response.json()) as object),
    } as Answer
  }
  return { ...api, log, ask }
}

/** An answer to a GraphQL request. */
export interface Answer {
  status: number
  headers: Headers
  data?: Record<string, never>
  errors?: { message: string; extensions: Record<string, unknown> }[]
}
