import { expect, it } from 'vitest'
import { planLanes } from '../../indexers/engine/plan.ts'
import { RangeQueue } from '../../indexers/engine/queue.ts'
import type { Stream } from '../../pipeline/model/stream.ts'

const stream = (id: number): Stream => ({
  id,
  network: 'n',
  name: `s${id}`,
  kind: 'fee',
  class: 'payment',
  token: 'T',
  chain: 'c',
  decimals: 0,
  role: 'ledger',
  revision: 1,
  method: 'events',
  meaning: 'm',
  evidence: ['e'],
  word: 'w',
})

it('reads cheap streams first and in ranges of their own size, whatever the dear ones have read', () => {
  const [counter, events] = [stream(1), stream(2)]
  const source = {
    lanes: () => [
      { streams: [counter], rangeSize: { start: 1_000, max: 1_000 } },
      { streams: [events], rangeSize: { start: 100, max: 200 } },
    ],
  }
  const coverage = new Map([[2, [{ from: 0, to: 249 }]]])
  const queue = new RangeQueue(planLanes(source, { from: 0, to: 399 }, [counter, events], coverage))
  const taken = []
  for (let next = queue.take(); next !== undefined; next = queue.take()) {
    taken.push([next.streams.map((s) => s.id), next.range])
  }
  expect(taken).toEqual([
    [[1], { from: 0, to: 399 }],
    [[2], { from: 250, to: 349 }],
    [[2], { from: 350, to: 399 }],
  ])
})
