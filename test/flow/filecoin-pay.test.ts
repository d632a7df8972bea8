import { afterAll, beforeAll, expect, test } from 'vitest'
import { backfill } from '../../commands/backfill.ts'
import { readConfig } from '../../commands/config.ts'
import { evmChains } from '../../commands/evm_chains.ts'
import { createReaders } from '../../commands/readers.ts'
import { type FilecoinSimulation, simulateFilecoin } from '../../devnet/filecoin/simulation.ts'
import type { Happening } from '../../devnet/filecoin_evm/happenings.ts'
import { FilecoinEvm } from '../../devnet/filecoin_evm/node.ts'
import { payContracts } from '../../devnet/filecoin_evm/rails.ts'
import { Faults } from '../../devnet/misbehave.ts'
import { startServer } from '../../devnet/server.ts'
import { startDevnet } from '../../devnet/start.ts'
import { createEvmSource } from '../../indexers/chains/evm/source.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import type { ChainSource } from '../../indexers/engine/ports.ts'
import { filecoin } from '../../indexers/networks/filecoin.ts'
import { formatScaled } from '../../pipeline/model/amount.ts'
import { unixSeconds } from '../../pipeline/model/time.ts'
import { askApi, openApi } from '../support/api.ts'
import { createDatabase } from '../support/database.ts'
import { silentLogger as logger, streamsOf } from '../support/streams.ts'

const end = unixSeconds(Date.parse('2026-11-20T12:00:00Z') / 1000)
const options = { seed: 3, days: 40, end }
const ignore = (): void => undefined
const streams = streamsOf(filecoin, 'filecoin-evm')

let source: ChainSource
let closeServer: () => Promise<void>
beforeAll(async () => {
  const { node, prefix } = simulateFilecoin(options)
  const server = await startServer({
    nodes: new Map([[prefix, node]]),
    faults: new Faults(3, []),
    host: '127.0.0.1',
    port: 0,
  })
  closeServer = server.close
  const pool = new EndpointPool({
    chain: 'filecoin-evm',
    variable: 'F',
    urls: [server.url + prefix],
    logger,
    now: () => performance.now(),
  })
  source = createEvmSource({ ...evmChains.filecoin, chain: 'filecoin-evm', pool, logger })
})
afterAll(async () => {
  await source.close()
  await closeServer()
})

/** The sums that the simulation's own book gives, by stream. */
function expectedSums(happenings: readonly Happening[]): Record<string, bigint> {
  const sums: Record<string, bigint> = {}
  const add = (name: string, amount: bigint): void => {
    sums[name] = (sums[name] ?? 0n) + amount
  }
  const tokens = new Map<string, string>([
    [payContracts.usdfc, 'payUsdfc'],
    [payContracts.usdc, 'payUsdc'],
    [payContracts.fil, 'payFil'],
  ])
  for (const one of happenings) {
    if (one.kind === 'auctioned') add('payAuctionBurns', one.burned)
    if (one.kind !== 'settled' && one.kind !== 'paidOnce') continue
    if (one.rail.payee === payContracts.pay) {
      add('paySetUp', one.gross)
      continue
    }
    const name = tokens.get(one.rail.token) ?? 'payOther'
    add(name, one.gross)
    add(`${name}Net`, one.net)
    add(`${name}Commission`, one.commission)
    add(`${name}NetworkFee`, one.networkFee)
    if (name === 'payUsdfc') add(one.kind === 'settled' ? 'payUsdfcSettled' : 'payUsdfcOneTime', one.gross)
  }
  return sums
}

test('forty days of simulated Filecoin Pay give exactly what its book says, in every stream', async () => {
  const evm = new FilecoinEvm(options)
  const finalized = await source.finalized()
  expect(finalized).toBe(evm.finalized)
  const sums: Record<string, bigint> = {}
  const days = new Map<string, { first?: number; last?: number }>()
  for (let from = evm.first; from <= finalized; from += 2_880) {
    const range = { from, to: Math.min(finalized, from + 2_879) }
    const batch = await source.read(range, streams, new AbortController().signal)
    expect(batch.gaps).toEqual([])
    for (const event of batch.events) {
      const name = streams.find((s) => s.id === event.streamId)?.name ?? ''
      sums[name] = (sums[name] ?? 0n) + event.amountRaw
      expect(event.happenedAt).toBe(1_598_306_400 + 30 * event.height)
    }
    for (const { day, ...bounds } of batch.days) days.set(day, { ...days.get(day), ...bounds })
  }
  expect(sums).toEqual(expectedSums(evm.happenings(evm.first, finalized)))
  expect(Object.keys(sums).length).toBeGreaterThan(14)
  // Every whole day has both its ends.
  expect([...days.values()].filter((d) => d.first !== undefined && d.last !== undefined).length).toBe(40)
  expect(sums['payUsdfc']).toBe(
    (sums['payUsdfcNet'] ?? 0n) + (sums['payUsdfcCommission'] ?? 0n) + (sums['payUsdfcNetworkFee'] ?? 0n),
  )
})

test('set-up burns reach the API as purchases at a dollar each, and payments open down to their rail', async () => {
  const devnet = await startDevnet({ ...options, days: 6, only: ['filecoin'] })
  const opened = await createDatabase()
  const settings = { ...devnet.environment, DATABASE_URL: opened.url }
  const quiet = { text: ignore, json: ignore, note: ignore }
  const api = await openApi(createReaders(opened.db))
  try {
    for (const stream of ['paySetUp', 'payUsdfc']) {
      const asked = { network: 'filecoin', stream, from: '2026-11-14', json: true }
      await backfill(asked, readConfig(settings), logger, quiet, new AbortController().signal)
    }
    const { evm } = devnet.simulation('/filecoin') as FilecoinSimulation
    const query = `{
      metricSeries(networks: [FILECOIN], metrics: [FEES_USD], from: "2026-11-15", to: "2026-11-19", granularity: DAY, lens: PURCHASE) {
        nodes { date value quality methods } }
      events(filter: { network: FILECOIN, stream: "payUsdfc", from: "2026-11-15", to: "2026-11-16" }, first: 100) {
        nodes { amount height sender recipient detail } } }`
    const { data, errors } = await askApi<Answer>(api, query)
    expect(errors).toBeUndefined()
    const dayFirst = (day: string): number => (Date.parse(`${day}T00:00:00Z`) / 1000 - 1_598_306_400) / 30
    const on = (day: string) => evm.happenings(dayFirst(day), dayFirst(day) + 2_879)
    const gross = (day: string): bigint =>
      on(day).reduce((sum, one) => (one.kind === 'paidOnce' && one.rail.setUp ? sum + one.gross : sum), 0n)
    expect(data.metricSeries.nodes).toEqual(
      ['2026-11-15', '2026-11-16', '2026-11-17', '2026-11-18'].map((date) => ({
        date,
        value: formatScaled(gross(date), 18),
        quality: 'COMPLETE',
        methods: ['EVENTS'],
      })),
    )
    expect(data.metricSeries.nodes.some((n) => n.value !== '0')).toBe(true)
    const paid = on('2026-11-15').flatMap((one) =>
      (one.kind === 'settled' || one.kind === 'paidOnce') &&
      !one.rail.setUp &&
      one.rail.token === payContracts.usdfc
        ? [{ amount: formatScaled(one.gross, 18), sender: one.rail.payer, rail: String(one.rail.id) }]
        : [],
    )
    const seen = data.events.nodes.map((n) => ({
      amount: n.amount,
      sender: n.sender,
      rail: JSON.parse(n.detail)['railId'],
    }))
    const sorted = (rows: readonly object[]) => rows.map((r) => JSON.stringify(r)).sort()
    expect(sorted(seen)).toEqual(sorted(paid))
    expect(paid.length).toBeGreaterThan(0)
  } finally {
    await api.close()
    await opened.drop()
    await devnet.close()
  }
}, 60_000)

interface Answer {
  readonly metricSeries: {
    readonly nodes: readonly { readonly date: string; readonly value: string | null }[]
  }
  readonly events: {
    readonly nodes: readonly {
      readonly amount: string
      readonly sender: string
      readonly detail: string
    }[]
  }
}
