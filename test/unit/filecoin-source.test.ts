import { setMaxListeners } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import type { FilecoinSimulation } from '../../devnet/filecoin/simulation.ts'
import type { Misbehaviour } from '../../devnet/misbehave.ts'
import { type Devnet, startDevnet } from '../../devnet/start.ts'
import { heightsOf, timeOf } from '../../indexers/chains/filecoin/epochs.ts'
import { createFilecoinSource } from '../../indexers/chains/filecoin/source.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import type { Batch, ChainSource } from '../../indexers/engine/ports.ts'
import { filecoin } from '../../indexers/networks/filecoin.ts'
import { codeOf } from '../../pipeline/model/errors.ts'
import { normalise } from '../../pipeline/model/height.ts'
import { day, dayStart } from '../../pipeline/model/time.ts'
import { silentLogger, streamsOf } from '../support/streams.ts'

const end = dayStart(day('2026-11-22'))
const streams = streamsOf(filecoin, 'filecoin')
const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

interface Chain {
  readonly devnet: Devnet
  readonly source: ChainSource
  readonly scenario: FilecoinSimulation['scenario']
}

async function start(days: number, misbehave: Misbehaviour = []): Promise<Chain> {
  const devnet = await startDevnet({ only: ['filecoin'], seed: 5, days, end, misbehave })
  const pool = new EndpointPool({
    chain: 'filecoin',
    variable: 'FILECOIN_RPC_URLS',
    urls: [devnet.urls.filecoin ?? ''],
    logger: silentLogger,
    now: () => performance.now(),
  })
  const source = createFilecoinSource(pool, silentLogger)
  open.push(devnet, source)
  return { devnet, source, scenario: (devnet.simulation('/filecoin') as FilecoinSimulation).scenario }
}

const never = AbortSignal.timeout(120_000)
setMaxListeners(0, never)
const sumOf = (batch: Batch, name: string): bigint => {
  const id = streams.find((s) => s.name === name)?.id
  return batch.events.filter((e) => e.streamId === id).reduce((sum, e) => sum + e.amountRaw, 0n)
}

describe('the Filecoin source on a simulated node', () => {
  it('books every stream as the scenario does, and covers every height', async () => {
    const { source, scenario } = await start(3)
    expect(await source.identify()).toMatchObject({ origin: 'simulated' })
    const range = { from: scenario.first, to: await source.finalized() }
    const batch = await source.read(range, streams, never)
    expect(batch.gaps).toEqual([])
    for (const stream of streams) {
      const from = Math.max(range.from, stream.fromHeight ?? 0)
      const to = Math.min(range.to, stream.toHeight ?? range.to)
      expect(batch.covered.get(stream.id)).toEqual(to < from ? [] : [{ from, to }])
    }
    const book = scenario.book(range)
    expect(book.gasBurn > 0n && book.contractBurns > 0n && book.otherBurns > 0n && book.penalties > 0n).toBe(
      true,
    )
    const burned = book.gasBurn + book.sectorFees + book.penalties + book.contractBurns + book.otherBurns
    const booked = Object.fromEntries(streams.map((s) => [s.name, sumOf(batch, s.name)]))
    expect(booked).toEqual({
      blockRewards: book.minted,
      minted: book.minted,
      mintedToMiners: book.minted,
      mintedExplicit: 0n,
      mintedBurned: 0n,
      lockedRewards: expect.any(BigInt),
      vested: 0n,
      gasFees: book.gasBurn,
      tips: book.tips,
      tipsFromAwards: book.tips,
      penalties: book.penalties,
      faultPenalties: 0n,
      gasBurn: book.gasBurn,
      baseFeeBurn: expect.any(BigInt),
      overEstimationBurn: book.gasBurn - (booked.baseFeeBurn ?? 0n),
      sectorFees: book.sectorFees,
      batchFees: 0n,
      faultBurns: 0n,
      penaltyBurns: book.penalties,
      contractBurns: book.contractBurns,
      otherBurns: book.otherBurns,
      batchFeesElsewhere: 0n,
      internalBurns: burned - book.gasBurn,
      burned,
    })
    const locked = booked.lockedRewards ?? 0n
    expect(locked <= (book.minted * 3n) / 4n + 4n && locked >= (book.minted * 3n) / 4n - 4n).toBe(true)
  })

  it('gives the same events whether it reads a range whole or in pieces, with counters cut at midnights', async () => {
    const { source, scenario } = await start(2)
    const range = { from: scenario.first, to: await source.finalized() }
    const detailed = streams.filter((s) => s.method === 'events')
    const whole = await source.read(range, detailed, never)
    const pieces: Batch[] = []
    for (let from = range.from; from <= range.to; from += 777)
      pieces.push(await source.read({ from, to: Math.min(range.to, from + 776) }, detailed, never))
    const sorted = (batches: readonly Batch[]) =>
      batches
        .flatMap((b) => b.events)
        .map((e) => `${e.streamId} ${Buffer.from(e.txId)} ${e.position} ${e.amountRaw} ${e.height}`)
        .sort()
    expect(sorted(pieces)).toEqual(sorted([whole]))
    const minted = streams.filter((s) => s.name === 'minted')
    const { events, readings } = await source.read(range, minted, never)
    const midnight = heightsOf(day('2026-11-21'))
    expect(events.map((e) => [e.fromHeight, e.height, e.happenedAt])).toEqual([
      [range.from, midnight.from - 1, timeOf(midnight.from - 1)],
      [midnight.from, range.to, timeOf(range.to)],
    ])
    expect(readings?.map((r) => [r.counter, r.height])).toEqual(
      ['supply', 'circulating', 'locked'].map((counter) => [counter, midnight.from - 1]),
    )
    expect(readings?.[0]?.value).toBe(scenario.supplyBefore(midnight.from))
  })

  it('names the limit of look-back as the reason of what it does not hold, and asks no more about it', async () => {
    const { source, scenario } = await start(1)
    const below = { from: scenario.first - 5_000, to: scenario.first - 1 }
    for (const range of [below, { from: below.from - 9_000, to: below.from - 1 }]) {
      const batch = await source.read(range, streams, never)
      expect(batch.events).toEqual([])
      const missing = streams.filter((s) => (s.toHeight ?? range.to) >= range.to)
      expect(new Set(batch.gaps.map((g) => g.streamId))).toEqual(new Set(missing.map((s) => s.id)))
      for (const gap of batch.gaps)
        expect([gap.code, gap.reason]).toEqual([
          'rpc-not-found',
          expect.stringMatching(
            /ChainGetTipSetByHeight at height \d+: error 1, 'bad tipset height: lookbacks .* add an archival endpoint/,
          ),
        ])
    }
  })

  it('reads what nodes hold of a range that begins beyond their look-back', async () => {
    const { source, scenario } = await start(1)
    const gas = streams.filter((s) => s.name === 'gasFees')
    const apart = async (from: number, to: number): Promise<Batch[]> => {
      try {
        return [await source.read({ from, to }, gas, never)]
      } catch (error) {
        expect(codeOf(error)).toBe('rpc-too-large')
        const middle = Math.floor((from + to) / 2)
        return [...(await apart(from, middle)), ...(await apart(middle + 1, to))]
      }
    }
    const range = { from: scenario.first - 3_000, to: await source.finalized() }
    const batches = await apart(range.from, range.to)
    expect(batches.reduce((sum, b) => sum + sumOf(b, 'gasFees'), 0n)).toBe(scenario.book(range).gasBurn)
    const missing = batches.flatMap((b) => b.gaps)
    expect(normalise(missing.map(({ from, to }) => ({ from, to })))).toEqual([
      { from: range.from, to: scenario.first - 1 },
    ])
  })

  it('refuses heights that are not final, and finds heights by exact arithmetic', async () => {
    const { source, scenario } = await start(1)
    const finalized = await source.finalized()
    await expect(source.read({ from: finalized, to: finalized + 400 }, streams, never)).rejects.toThrow(
      /is not final yet/,
    )
    expect(await source.heightAt(timeOf(scenario.first + 7))).toBe(scenario.first + 7)
    expect(await source.heightAt(end)).toBe((await source.head()).height + 1)
  })

  it('reads on through rate limits, broken answers and lagging heads', async () => {
    const { source, scenario, devnet } = await start(1, [
      { kind: 'rate-limited', probability: 0.05 },
      { kind: 'cut-body', probability: 0.1 },
      { kind: 'reset', probability: 0.05 },
      { kind: 'stripped', probability: 0.02, fields: ['Blocks'] },
    ])
    const range = { from: scenario.first, to: await source.finalized() }
    const batch = await source.read(range, streams, never)
    expect(batch.gaps).toEqual([])
    expect(sumOf(batch, 'burned')).toBe(sumOf(batch, 'internalBurns') + sumOf(batch, 'gasBurn'))
    expect(devnet.faults.counts['cut-body']).toBeGreaterThan(0)
  }, 60_000)

  it('does not take another chain for its own', async () => {
    const { source } = await start(1, [{ kind: 'wrong-chain' }])
    await expect(source.identify()).rejects.toThrow(/genesis block .* expected .* Set FILECOIN_RPC_URLS/)
  })
})
