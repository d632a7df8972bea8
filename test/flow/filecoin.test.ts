import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createReaders } from '../../commands/readers.ts'
import type { FilecoinSimulation } from '../../devnet/filecoin/simulation.ts'
import { type Devnet, startDevnet } from '../../devnet/start.ts'
import type { Api } from '../../graphql/server.ts'
import { heightsOf } from '../../indexers/chains/filecoin/epochs.ts'
import { createFilecoinSource } from '../../indexers/chains/filecoin/source.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import type { ChainSource } from '../../indexers/engine/ports.ts'
import { sync } from '../../indexers/engine/sync.ts'
import { filecoin } from '../../indexers/networks/filecoin.ts'
import { formatScaled } from '../../pipeline/model/amount.ts'
import { day, dayStart, unixSeconds } from '../../pipeline/model/time.ts'
import { prove } from '../../pipeline/rollups/prove.ts'
import { recomputeStale } from '../../pipeline/rollups/recompute.ts'
import { saveCatalogue } from '../../pipeline/store/catalogue.ts'
import { PostgresIndexStore } from '../../pipeline/store/index_store.ts'
import { askApi, openApi } from '../support/api.ts'
import { createDatabase } from '../support/database.ts'
import { silentLogger } from '../support/streams.ts'

const end = dayStart(day('2026-11-22'))
const now = () => unixSeconds(end + 3_600)
const whole = [day('2026-11-19'), day('2026-11-20')] as const

let devnet: Devnet
let source: ChainSource
let opened: Awaited<ReturnType<typeof createDatabase>>
let api: Api

const read = async (names: (name: string) => boolean): Promise<void> => {
  const streams = (await saveCatalogue(opened.db, [filecoin], now())).filter(
    (s) => s.chain === 'filecoin' && names(s.name),
  )
  const store = new PostgresIndexStore(opened.db, now)
  const [head, finalized] = [await source.head(), await source.finalized()]
  await store.claimChain('filecoin', await source.identify(), source.idEncoding)
  await store.noteHead('filecoin', { height: head.height, finalized, time: head.time })
  const span = { from: scenario().first, to: finalized }
  const signal = new AbortController().signal
  await sync({ source, store, streams, span, logger: silentLogger, signal, now: () => performance.now() })
  await recomputeStale({ db: opened.db, priceSources: ['manual'], now })
}
const scenario = () => (devnet.simulation('/filecoin') as FilecoinSimulation).scenario
const proofs = () => prove(opened.db, { now: now(), network: 'filecoin' })

const ask = (query: string) => askApi(api, query)

async function values(metrics: string): Promise<Record<string, [string | null, string, string[]]>> {
  const { data, errors } = await ask(
    `{ metricSeries(networks: [FILECOIN], metrics: [${metrics}], from: "${whole[0]}", to: "${whole[1]}") { nodes { metric value quality methods } } }`,
  )
  expect(errors).toBeUndefined()
  const { nodes } = data['metricSeries'] as unknown as {
    nodes: { metric: string; value: string | null; quality: string; methods: string[] }[]
  }
  return Object.fromEntries(nodes.map((n) => [n.metric, [n.value, n.quality, n.methods]]))
}

beforeAll(async () => {
  devnet = await startDevnet({ only: ['filecoin'], seed: 11, days: 4, end })
  const urls = [devnet.urls['filecoin'] ?? '']
  const pool = new EndpointPool({
    chain: 'filecoin',
    variable: 'FILECOIN_RPC_URLS',
    urls,
    logger: silentLogger,
    now: () => performance.now(),
  })
  source = createFilecoinSource(pool, silentLogger)
  opened = await createDatabase()
  api = await openApi(createReaders(opened.db))
})
afterAll(async () => {
  await api.close()
  await opened.drop()
  await source.close()
  await devnet.close()
})

describe('Filecoin from a simulated node to the API', () => {
  it('serves exact totals of days from counters alone, and does not pretend to know their kinds', async () => {
    await read((name) => name === 'minted' || name === 'burned')
    const book = scenario().book(heightsOf(whole[0]))
    const burned = book.gasBurn + book.sectorFees + book.penalties + book.contractBurns + book.otherBurns
    const metrics = 'GROSS_EMISSION_NATIVE, GROSS_BURN_NATIVE, BURN_GAS_NATIVE, BURN_OTHER_NATIVE'
    expect(await values(metrics)).toEqual({
      GROSS_EMISSION_NATIVE: [formatScaled(book.minted, 18), 'COMPLETE', ['COUNTER']],
      GROSS_BURN_NATIVE: [formatScaled(burned, 18), 'COMPLETE', ['COUNTER']],
      BURN_GAS_NATIVE: [null, 'NO_COVERAGE', ['EVENTS']],
      BURN_OTHER_NATIVE: [null, 'NO_COVERAGE', ['EVENTS']],
    })
  })

  it('serves burns by kind from messages and traces, equal to the book of the scenario', async () => {
    await read(() => true)
    const book = scenario().book(heightsOf(whole[0]))
    const burned = book.gasBurn + book.sectorFees + book.penalties + book.contractBurns + book.otherBurns
    const metrics =
      'GROSS_EMISSION_NATIVE, GROSS_BURN_NATIVE, BURN_GAS_NATIVE, BURN_USAGE_NATIVE, BURN_PENALTY_NATIVE, BURN_OTHER_NATIVE, EMISSION_LOCKED_NATIVE'
    const shown = await values(metrics)
    const exact = (raw: bigint) => [formatScaled(raw, 18), 'COMPLETE', ['EVENTS']]
    expect(shown).toEqual({
      GROSS_EMISSION_NATIVE: exact(book.minted),
      GROSS_BURN_NATIVE: exact(burned),
      BURN_GAS_NATIVE: exact(book.gasBurn),
      BURN_USAGE_NATIVE: exact(book.sectorFees),
      BURN_PENALTY_NATIVE: exact(book.penalties),
      BURN_OTHER_NATIVE: exact(book.contractBurns + book.otherBurns),
      EMISSION_LOCKED_NATIVE: [expect.any(String), 'ESTIMATED', ['COUNTER']],
    })
    const { data } = await ask(
      `{ events(filter: { network: FILECOIN, stream: "penaltyBurns" }, first: 3) { nodes { txHash amountRaw sender recipient } } }`,
    )
    const { nodes } = data['events'] as unknown as { nodes: Record<string, string>[] }
    expect(nodes.length).toBe(3)
    for (const node of nodes)
      expect(node).toMatchObject({
        txHash: expect.stringMatching(/^(bafy2bzace[a-z2-7]{52}|\d{7})$/),
        recipient: 'f099',
      })
  })

  it('proves the supply and every second path, and a dropped transfer fails two proofs', async () => {
    const held = (await proofs()).filter((p) => p.name !== 'payOther = 0')
    expect(held.map((p) => [p.name, p.verdict])).toEqual([
      ['emissions - burns = change of supply', 'held'],
      ['blockRewards = minted', 'held'],
      ['tips = tipsFromAwards', 'held'],
      ['batchFeesElsewhere = 0', 'held'],
      [
        'sectorFees + batchFees + faultBurns + penaltyBurns + contractBurns + otherBurns = internalBurns',
        'held',
      ],
      [expect.stringMatching(/= burned$/), 'held'],
    ])
    const { rows } = await opened.db.pool.query(
      `delete from event where ctid in (select e.ctid from event e join stream s on s.id = e.stream_id
         where s.name = 'sectorFees' and e.happened_at >= '2026-11-20' order by e.height limit 1) returning amount_raw::text as raw`,
    )
    const failed = (await proofs()).filter((p) => p.verdict === 'failed')
    expect(failed.map((p) => [p.residualRaw, p.failedDays.map((d) => d.day)])).toEqual([
      [BigInt(rows[0].raw), ['2026-11-20']],
      [BigInt(rows[0].raw), ['2026-11-20']],
      [BigInt(rows[0].raw), ['2026-11-20']],
    ])
  })
})
