import { expect, test } from 'vitest'
import { AkashNode } from '../../devnet/cosmos/node.ts'
import { AkashScenario } from '../../devnet/cosmos/scenario.ts'
import type { DevnetNode, NodeReply } from '../../devnet/node.ts'
import { type Day, day, dayOf, dayStart } from '../../pipeline/model/time.ts'
import { akashSource, akashStreams } from '../support/akash.ts'
import { pick } from '../support/streams.ts'

const signal = new AbortController().signal
const only = (...names: string[]) => pick(akashStreams, ...names)

const days = 12
const scenario = new AkashScenario({ seed: 5, days, end: dayStart(day('2026-11-20')) })

test('what leases accrue by the day is what the market did, however the range is cut', async () => {
  const source = await akashSource([new AkashNode(scenario)])
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
  const source = await akashSource([new AkashNode(scenario)])
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
  const source = await akashSource([without])
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
