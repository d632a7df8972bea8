import { afterAll, beforeAll, expect, test } from 'vitest'
import { backfill } from '../../commands/backfill.ts'
import { readConfig } from '../../commands/config.ts'
import { createReaders } from '../../commands/readers.ts'
import type { AoSimulation } from '../../devnet/ao/node.ts'
import { type Devnet, startDevnet } from '../../devnet/start.ts'
import type { Api } from '../../graphql/server.ts'
import { plannedOn } from '../../indexers/chains/schedule/amounts.ts'
import { ao } from '../../indexers/networks/ao.ts'
import { formatScaled } from '../../pipeline/model/amount.ts'
import type { Stream } from '../../pipeline/model/stream.ts'
import { day, dayOf, unixSeconds } from '../../pipeline/model/time.ts'
import { askApi, openApi } from '../support/api.ts'
import { createTestLogger } from '../support/chain.ts'
import { createDatabase } from '../support/database.ts'

const end = unixSeconds(Date.parse('2026-11-20T12:00:00Z') / 1000)
const quiet = { text: () => undefined, json: () => undefined, note: () => undefined }
const never = new AbortController().signal
const logger = createTestLogger('no warnings')

let devnet: Devnet
let opened: Awaited<ReturnType<typeof createDatabase>>
let api: Api
beforeAll(async () => {
  devnet = await startDevnet({ seed: 4, days: 5, end, only: ['ao'] })
  opened = await createDatabase()
  api = await openApi(createReaders(opened.db), { logger, simulated: async () => false })
})
afterAll(async () => {
  await api.close()
  await opened.drop()
  await devnet.close()
})

interface Point {
  readonly date: string
  readonly value: string | null
  readonly quality: string
  readonly reason: string | null
  readonly methods: readonly string[]
}

async function series(metric: string): Promise<readonly Point[]> {
  const query = `{ metricSeries(networks: [AO], metrics: [${metric}], from: "2026-11-16", to: "2026-11-20", granularity: DAY) { nodes { date value quality reason methods } } }`
  const { data } = await askApi<{ metricSeries: { nodes: readonly Point[] } }>(api, query)
  return data.metricSeries.nodes
}

const read = (environment: NodeJS.ProcessEnv): Promise<void> =>
  backfill(
    { network: 'ao', from: '2026-11-15', to: '2026-11-19', json: true },
    readConfig({ ...environment, DATABASE_URL: opened.url }),
    logger,
    quiet,
    never,
  )
const days = ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19']

test('without a node the published plan is given, marked as an estimate', async () => {
  await read({})
  const declared = ao.streams['plannedMint']
  if (declared === undefined) throw new Error('no plan is declared')
  const plan: Stream = {
    ...declared,
    id: 1,
    name: 'plannedMint',
    network: 'ao',
    chain: 'schedule',
    role: 'standIn',
    decimals: 12,
  }
  expect(await series('GROSS_EMISSION_NATIVE')).toMatchObject(
    days.map((date) => ({
      date,
      value: formatScaled(plannedOn(plan)(day(date)), 12),
      quality: 'ESTIMATED',
      methods: ['SCHEDULE'],
    })),
  )
})

test('where a node answers, the counter of the process takes its place, exactly', async () => {
  await read(devnet.environment)
  const { scenario } = devnet.simulation('/ao') as AoSimulation
  const minted = (date: string): bigint => {
    const slots = Array.from({ length: scenario.head - scenario.first + 1 }, (_, i) => scenario.first + i)
    const own = slots.filter(
      (s) => dayOf(unixSeconds(Math.floor(scenario.millisecondsOf(s) / 1000))) === date,
    )
    return scenario.mintedAt(own.at(-1) ?? 0) - scenario.mintedAt((own[0] ?? 0) - 1)
  }
  expect(await series('GROSS_EMISSION_NATIVE')).toMatchObject(
    days.map((date) => ({
      date,
      value: formatScaled(minted(date), 12),
      quality: 'COMPLETE',
      methods: ['COUNTER'],
    })),
  )
})

test('revenue is null with its reason, never zero', async () => {
  for (const metric of ['FEES_USD', 'REVENUE_USD', 'SUBSIDY_RATIO']) {
    for (const point of await series(metric)) {
      expect([metric, point.value, point.quality]).toEqual([metric, null, 'NO_COVERAGE'])
    }
  }
  const [fees] = await series('FEES_USD')
  expect(fees?.reason).toMatch(/no protocol fee that exists or can be observed/)
})
