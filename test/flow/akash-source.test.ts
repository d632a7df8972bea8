import { expect, test } from 'vitest'
import { AkashNode } from '../../devnet/cosmos/node.ts'
import { AkashScenario } from '../../devnet/cosmos/scenario.ts'
import type { DevnetNode, NodeReply } from '../../devnet/node.ts'
import { createCosmosSource } from '../../indexers/chains/cosmos/source.ts'
import { countersOf } from '../../indexers/define.ts'
import type { ChainSource } from '../../indexers/engine/ports.ts'
import { akash } from '../../indexers/networks/akash.ts'
import { akashChain } from '../../indexers/networks/akash_chain.ts'
import { day, dayOf, dayStart, unixSeconds } from '../../pipeline/model/time.ts'
import { akashPool, akashStreams } from '../support/akash.ts'
import { pick } from '../support/streams.ts'

const signal = new AbortController().signal
const only = (...names: string[]) => pick(akashStreams, ...names)

const scenario = new AkashScenario({ seed: 3, days: 5, end: dayStart(day('2026-11-20')) })
const first = scenario.first

/** The simulated node, with what it answers changed. */
const changed = (change: (body: string, reply: string) => string): DevnetNode => {
  const node = new AkashNode(scenario)
  return {
    origin: node.origin,
    answer: (request, twist): NodeReply => {
      const reply = node.answer(request, twist) as NodeReply
      return { ...reply, body: change(request.body, reply.body) }
    },
  }
}

async function sourceOver(...nodes: DevnetNode[]): Promise<ChainSource & { requests: () => number }> {
  const { pool, urls } = await akashPool(nodes)
  const requests = (): number => pool.health().reduce((sum, e) => sum + e.requests, 0)
  return Object.assign(createCosmosSource(pool, akashChain, urls), { requests })
}

test('the supply that blocks tell at midnight is what the bank says at the same height', async () => {
  const source = await sourceOver(new AkashNode(scenario))
  const to = await source.finalized()
  const [blocks, samples] = [
    await source.read({ from: first + 1, to }, only('inflation'), signal),
    await source.read({ from: first + 1, to }, only('netEmission'), signal),
  ]
  expect(blocks.readings?.length).toBeGreaterThan(3)
  expect(samples.readings).toEqual(blocks.readings)
  const supply = countersOf([akash]).filter((c) => c.name === 'supply')
  for (const reading of blocks.readings ?? [])
    expect(await source.readCounters?.(supply, reading.height, signal)).toEqual([reading])
})

test('counters are read at the newest final height, the vault too', async () => {
  const source = await sourceOver(new AkashNode(scenario))
  const readings = await source.readCounters?.(countersOf([akash]), undefined, signal)
  expect(readings?.map((r) => [r.token, r.counter, r.height, r.value > 0n])).toEqual([
    ['AKT', 'supply', await source.finalized(), true],
    ['ACT', 'supply', await source.finalized(), true],
    ['AKT', 'bmeVault', await source.finalized(), true],
  ])
})

test('ACT made less ACT redeemed is what its supply grew by, to the unit', async () => {
  const source = await sourceOver(new AkashNode(scenario))
  const [from, to] = [first + 20, first + 200]
  const actSupply = countersOf([akash]).filter((c) => c.name === 'actSupply')
  const [before] = (await source.readCounters?.(actSupply, from, signal)) ?? []
  const [after] = (await source.readCounters?.(actSupply, to, signal)) ?? []
  const { events } = await source.read({ from: from + 1, to }, only('actMade', 'actRedeemed'), signal)
  const made = only('actMade')[0]?.id
  const change = events.reduce((sum, e) => sum + (e.streamId === made ? e.amountRaw : -e.amountRaw), 0n)
  expect(events.length).toBeGreaterThan(3)
  expect((after?.value ?? 0n) - (before?.value ?? 0n)).toBe(change)
})

test('the growth of the supply takes a few requests a day, and equals the blocks day by day', async () => {
  const source = await sourceOver(new AkashNode(scenario))
  const range = { from: first + 1, to: await source.finalized() }
  const before = source.requests()
  const growth = await source.read(range, only('netEmission'), signal)
  expect(source.requests() - before).toBeLessThan(30)
  expect(growth.events.every((e) => dayOf(scenario.timeOf(e.fromHeight ?? 0)) === dayOf(e.happenedAt))).toBe(
    true,
  )
  const blocks = await source.read(
    range,
    only('inflation', 'bmeShortfall', 'slashed', 'deposits', 'drained', 'otherBurns'),
    signal,
  )
  const burns = new Set(only('slashed', 'deposits', 'drained', 'otherBurns').map((s) => s.id))
  const sums = (of: typeof blocks) => {
    const days = new Map<string, bigint>()
    for (const e of of.events) {
      const on = dayOf(e.happenedAt)
      days.set(on, (days.get(on) ?? 0n) + (burns.has(e.streamId) ? -e.amountRaw : e.amountRaw))
    }
    // The newest day is not over.
    days.delete(dayOf(scenario.timeOf(range.to)))
    return Object.fromEntries(days)
  }
  expect(sums(growth)).toEqual(sums(blocks))
})

test('heights of a time: the first block not before it', async () => {
  const source = await sourceOver(new AkashNode(scenario))
  for (const height of [first + 1, first + 50, first + 123]) {
    const time = scenario.timeOf(height)
    expect(await source.heightAt(time)).toBe(height)
    expect(await source.heightAt(unixSeconds(time + 1))).toBe(height + 1)
  }
  expect(await source.heightAt(unixSeconds(scenario.timeOf(scenario.head) + 1))).toBe(scenario.head + 1)
  expect(await source.heightAt(unixSeconds(0))).toBe(first)
})

test('a node that takes no batch is asked one by one', async () => {
  const single = changed((body, reply) =>
    body.startsWith('[')
      ? '{"jsonrpc":"2.0","id":-1,"error":{"code":-32600,"message":"batch requests are not supported"}}'
      : reply,
  )
  const source = await sourceOver(single)
  const batch = await source.read({ from: first + 1, to: first + 12 }, only('inflation', 'txFees'), signal)
  expect(batch.gaps).toEqual([])
  expect([...batch.covered.values()]).toEqual([
    [{ from: first + 1, to: first + 12 }],
    [{ from: first + 1, to: first + 12 }],
  ])
})

test('a node of another chain is refused by name', async () => {
  const other = changed((_, reply) => reply.replaceAll('akashnet-2.simulated', 'osmosis-1'))
  await expect((await sourceOver(other)).identify()).rejects.toThrow(
    /expected a node of 'akashnet-2.simulated', got one of 'osmosis-1'/,
  )
})

test('what one node gets wrong is asked of another; what all get wrong is a gap with both sides', async () => {
  const height = first + 40
  const wrong = changed((body, reply) => {
    if (!body.includes('block_results') || !reply.includes(`"height":"${height}"`)) return reply
    const parsed = JSON.parse(reply) as {
      result?: { height?: string; finalize_block_events?: { type: string }[] }
    }[]
    for (const { result } of [parsed].flat()) {
      if (result?.height !== String(height) || result.finalize_block_events === undefined) continue
      const at = result.finalize_block_events.findIndex((e) => e.type === 'coin_received')
      result.finalize_block_events.splice(at, 1)
    }
    return JSON.stringify(parsed)
  })
  const range = { from: height - 5, to: height + 5 }
  const mended = await (await sourceOver(wrong, new AkashNode(scenario))).read(
    range,
    only('inflation'),
    signal,
  )
  expect(mended.gaps).toEqual([])
  const refused = await (await sourceOver(wrong)).read(range, only('inflation'), signal)
  expect(refused.gaps.map((g) => [g.from, g.to, g.code, g.reason])).toEqual([
    [
      height,
      height,
      'decode-failed',
      expect.stringMatching(/received - spent = -?\d+ uakt, made - burned = \d+ uakt/),
    ],
  ])
})

test('a websocket wakes the follower at each new block, and the signal ends it', async () => {
  const own = new AkashScenario({ seed: 3, days: 1, end: dayStart(day('2026-11-20')) })
  const source = await sourceOver(new AkashNode(own))
  const stop = new AbortController()
  const woken = new Promise<void>((resolve) => source.wake?.(resolve, stop.signal))
  const ticking = setInterval(() => own.advanceTo(unixSeconds(own.timeOf(own.head) + 3_600)), 50)
  await woken
  clearInterval(ticking)
  stop.abort()
})

test('estimates count requests by lane', async () => {
  const source = await sourceOver(new AkashNode(scenario))
  const year = { from: first, to: first + 14_500 * 365 - 1 }
  expect(source.estimate(year, only('netEmission')).requests).toBe(2 + 365 * 4)
  expect(source.estimate(year, only('inflation')).requests).toBeLessThan(
    source.estimate(year, only('txFees')).requests,
  )
  expect(source.lanes(akashStreams).map((l) => l.streams.length)).toEqual([1, 1, akashStreams.length - 2])
})
