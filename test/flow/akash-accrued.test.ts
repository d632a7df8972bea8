import { afterEach, expect, test } from 'vitest'
import { AkashNode } from '../../devnet/cosmos/node.ts'
import { AkashScenario } from '../../devnet/cosmos/scenario.ts'
import { Faults } from '../../devnet/misbehave.ts'
import type { DevnetNode, NodeReply } from '../../devnet/node.ts'
import { startServer } from '../../devnet/server.ts'
import { createCosmosSource } from '../../indexers/chains/cosmos/source.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import type { ChainSource, Logger } from '../../indexers/engine/ports.ts'
import { akash } from '../../indexers/networks/akash.ts'
import { akashChain } from '../../indexers/networks/akash_chain.ts'
import type { Stream } from '../../pipeline/model/stream.ts'
import { type Day, day, dayOf, dayStart } from '../../pipeline/model/time.ts'

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

const ignore = (): void => undefined
const logger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }
const signal = new AbortController().signal
const streams: readonly Stream[] = Object.entries(akash.streams).map(([name, declared], i) => ({
  ...declared,
  id: i + 1,
  network: 'akash',
  name,
  chain: 'akash',
  role: declared.role ?? 'ledger',
  decimals: 6,
}))
const only = (...names: string[]): Stream[] => streams.filter((s) => names.includes(s.name))

async function sourceOver(node: DevnetNode): Promise<ChainSource> {
  const server = await startServer({
    nodes: new Map([['/akash', node]]),
    faults: new Faults(7),
    host: '127.0.0.1',
    port: 0,
  })
  const now = () => performance.now()
  const urls = [`${server.url}/akash`]
  const pool = new EndpointPool({
    chain: 'akash',
    variable: 'AKASH_RPC_URLS',
    urls,
    logger,
    now,
    attempts: 2,
  })
  const source = createCosmosSource(pool, akashChain, urls)
  open.push(
    () => source.close(),
    () => server.close(),
  )
  return source
}

const days = 12
const scenario = new AkashScenario({ seed: 5, days, end: dayStart(day('2026-11-20')) })

test('what leases accrue by the day is what the market did, however the range is cut', async () => {
  const source = await sourceOver(new AkashNode(scenario))
  const to = await source.finalized()
  const sums = new Map<Day, bigint>()
  for (let from = scenario.first; from <= to; from += 101) {
    const range = { from, to: Math.min(to, from + 100) }
    const batch = await source.read(range, only('accruedAct'), signal)
    for (const e of batch.events) {
      expect(dayOf(scenario.timeOf(e.fromHeight ?? 0))).toBe(dayOf(e.happenedAt))
      sums.set(dayOf(e.happenedAt), (sums.get(dayOf(e.happenedAt)) ?? 0n) + e.amountRaw)
    }
  }
  const book = scenario.book.days('accrued 18', 'uact')
  const today = dayOf(scenario.timeOf(to))
  const whole = [...book.keys()].filter((on) => on !== today).sort()
  expect([...sums.keys()].sort()).toEqual(whole)
  // Fractions of a unit are dropped for each lease, at each end of a day.
  for (const on of whole) {
    const exact = (book.get(on) ?? 0n) / 10n ** 18n
    const off = (sums.get(on) ?? 0n) - exact
    expect(off <= 0n && off > -20n, `${on}: ${sums.get(on)} accrued, the market says ${exact}`).toBe(true)
  }
})

test('a day is read when it is over; until then it stays unread', async () => {
  const source = await sourceOver(new AkashNode(scenario))
  const to = await source.finalized()
  const batch = await source.read({ from: to - 3, to }, only('accruedAct'), signal)
  expect(batch.events).toEqual([])
  expect(batch.gaps).toEqual([])
  expect([...batch.covered.values()]).toEqual([[]])
})

test('a node that does not list leases makes a gap, not a zero', async () => {
  const node = new AkashNode(scenario)
  const without: DevnetNode = {
    origin: node.origin,
    answer: (request, twist): NodeReply => {
      const reply = node.answer(request, twist) as NodeReply
      if (!request.body.includes('Query/Leases')) return reply
      const response = { code: 6, log: 'unknown query path: unknown request', height: '0', value: null }
      return { ...reply, body: JSON.stringify({ jsonrpc: '2.0', id: 0, result: { response } }) }
    },
  }
  const source = await sourceOver(without)
  const batch = await source.read(
    { from: scenario.first, to: scenario.first + 5 },
    only('accruedAct'),
    signal,
  )
  expect(batch.events).toEqual([])
  expect(batch.gaps.map((g) => [g.code, g.reason])).toEqual([
    ['rpc-not-found', expect.stringMatching(/no endpoint lists the leases: .*unknown query path/)],
  ])
})
