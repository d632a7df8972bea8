import { afterEach, expect, it } from 'vitest'
import { openChain } from '../../commands/chains.ts'
import { readConfig, withSettings } from '../../commands/config.ts'
import type { Misbehaviour } from '../../devnet/misbehave.ts'
import type { SolanaSimulation } from '../../devnet/solana/simulation.ts'
import { type Devnet, startDevnet } from '../../devnet/start.ts'
import type { ChainSource } from '../../indexers/engine/ports.ts'
import { helium } from '../../indexers/networks/helium.ts'
import { render } from '../../indexers/networks/render.ts'
import { encodeId } from '../../pipeline/model/encoding.ts'
import type { Event } from '../../pipeline/model/event.ts'
import type { Stream } from '../../pipeline/model/stream.ts'
import { day, dayStart } from '../../pipeline/model/time.ts'
import { createTestLogger } from '../support/chain.ts'

const end = dayStart(day('2026-11-22'))
const signal = new AbortController().signal
const open: (Devnet | ChainSource)[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

const streams = [helium, render].flatMap((network, n) =>
  Object.entries(network.streams).flatMap(([name, stream], i): Stream[] =>
    stream.word.startsWith('solana.')
      ? [
          {
            ...stream,
            id: 100 * n + i,
            network: network.id,
            name,
            chain: 'solana',
            role: stream.role ?? 'ledger',
            decimals: 8,
          },
        ]
      : [],
  ),
)

async function start(misbehave: Misbehaviour) {
  const devnet = await startDevnet({ only: ['solana'], seed: 7, days: 2, end, misbehave: [] })
  const config = withSettings(readConfig({}), devnet.environment)
  const { source } = openChain('solana', config, createTestLogger('warnings'))
  open.push(devnet, source)
  await source.identify()
  devnet.faults.set(misbehave)
  const { chain } = devnet.simulation('/solana') as SolanaSimulation
  return { devnet, source, range: { from: chain.first + 1, to: chain.head - 40 } }
}

const name = (e: Event): string =>
  [e.streamId, encodeId(e.txId, 'base58'), e.position, e.amountRaw, e.height].join(' ')

async function events(source: ChainSource, range: { from: number; to: number }): Promise<string[]> {
  const found: Event[] = []
  for (const lane of source.lanes(streams)) {
    const batch = await source.read(range, lane.streams, signal)
    expect(batch.gaps.filter((g) => g.from > range.from + 10)).toEqual([])
    found.push(...batch.events)
  }
  return found.map(name).sort()
}

it('gives the same events through a node that limits, cuts, resets, and drops fields', async () => {
  const clean = await start([])
  const expected = await events(clean.source, clean.range)
  expect(expected.length).toBeGreaterThan(80)
  const rough = await start([
    { kind: 'rate-limited', probability: 0.05 },
    { kind: 'bad-gateway', probability: 0.05 },
    { kind: 'cut-body', probability: 0.05 },
    { kind: 'html-page', probability: 0.03 },
    { kind: 'reset', probability: 0.03 },
    { kind: 'stripped', fields: ['innerInstructions', 'blockTime'], probability: 0.05 },
  ])
  expect(await events(rough.source, rough.range)).toEqual(expected)
  const { counts } = rough.devnet.faults
  for (const kind of ['bad-gateway', 'cut-body', 'stripped'] as const) expect(counts[kind]).toBeGreaterThan(0)
}, 60_000)

it('leaves a gap with a reason where the node does not hold a slot, and no hole that looks read', async () => {
  const { devnet, source, range } = await start([])
  const { chain } = devnet.simulation('/solana') as SolanaSimulation
  const [hidden] = chain
    .transactionsOf('3QqEkX1juz4bW8mCQBMJLWjEpHqYawvbEUvpc6iwYom3')
    .filter((t) => t.slot > range.from)
  if (hidden === undefined) throw new Error('the simulation minted nothing')
  devnet.faults.set([{ kind: 'missing-block', heights: [hidden.slot] }])
  const rewards = streams.filter((s) => s.name === 'hotspotsMobile')
  const read = source.read(range, rewards, signal)
  const outcome = await read.then(
    (batch) => ({
      covers: (batch.covered.get(rewards[0]?.id ?? -1) ?? []).some(
        (r) => r.from <= hidden.slot && r.to >= hidden.slot,
      ),
      reasons: batch.gaps.map((g) => g.reason).join(),
    }),
    (error: unknown) => ({ covers: false, reasons: String(error) }),
  )
  expect(outcome.covers).toBe(false)
  expect(outcome.reasons).not.toBe('')
})

it('says another identity where the node serves another cluster, so that the store refuses it', async () => {
  const { devnet, source } = await start([])
  const first = await source.identify()
  devnet.faults.set([{ kind: 'wrong-chain' }])
  expect((await source.identify()).network).not.toBe(first.network)
})
