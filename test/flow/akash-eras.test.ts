import { describe, expect, test } from 'vitest'
import { upgrades } from '../../devnet/cosmos/eras.ts'
import { AkashNode } from '../../devnet/cosmos/node.ts'
import { AkashScenario } from '../../devnet/cosmos/scenario.ts'
import type { Batch, ChainSource } from '../../indexers/engine/ports.ts'
import { akashChain } from '../../indexers/networks/akash_chain.ts'
import { rangeLength } from '../../pipeline/model/height.ts'
import { type Day, day, dayOf, dayStart } from '../../pipeline/model/time.ts'
import { akashSource, akashStreams } from '../support/akash.ts'

const axlUsdc = 'ibc/170C677610AC31DF0904FFE09CD3B5C657492170E7E52372E48756B71E56F2F1'

const streams = akashStreams.filter((s) => s.name !== 'accruedAct')
const nameOf = (id: number): string => streams.find((s) => s.id === id)?.name ?? '?'

/** Reads a whole chain in ranges of a size, each lane for itself. */
async function readAll(source: ChainSource, from: number, to: number, size: number): Promise<Batch[]> {
  const batches: Batch[] = []
  for (const lane of source.lanes(streams)) {
    for (let at = from; at <= to; at += size) {
      const range = { from: at, to: Math.min(to, at + size - 1) }
      batches.push(await source.read(range, lane.streams, new AbortController().signal))
    }
  }
  return batches
}

/** Sums by stream and day. */
function summed(batches: readonly Batch[]): Map<string, Map<Day, bigint>> {
  const sums = new Map<string, Map<Day, bigint>>()
  for (const event of batches.flatMap((b) => b.events)) {
    const name = nameOf(event.streamId)
    const days = sums.get(name) ?? new Map<Day, bigint>()
    sums.set(name, days)
    const on = dayOf(event.happenedAt)
    days.set(on, (days.get(on) ?? 0n) + event.amountRaw)
  }
  return sums
}

function together(
  sums: ReadonlyMap<string, ReadonlyMap<Day, bigint>>,
  names: readonly string[],
): Map<Day, bigint> {
  const all = new Map<Day, bigint>()
  for (const name of names)
    for (const [on, amount] of sums.get(name) ?? []) all.set(on, (all.get(on) ?? 0n) + amount)
  return all
}

const toObject = (days: ReadonlyMap<Day, bigint>): Record<string, bigint> =>
  Object.fromEntries([...days].filter(([, v]) => v !== 0n).sort(([a], [b]) => (a < b ? -1 : 1)))

/** What the scenario's own book says that a stream must have found, by day. */
function expected(scenario: AkashScenario, coinEventsFrom: number): Record<string, Record<string, bigint>> {
  const { book } = scenario
  const of = (...terms: readonly (readonly [1n | -1n, string, string])[]): Record<string, bigint> => {
    const sums = new Map<Day, bigint>()
    for (const [sign, flow, denom] of terms) {
      for (const [on, amount] of book.days(flow as Parameters<typeof book.days>[0], denom))
        sums.set(on, (sums.get(on) ?? 0n) + sign * amount)
    }
    return toObject(sums)
  }
  const burns = ['burn slashing', 'burn gov', 'burn migration'].map((b) => [1n, b, 'uakt'] as const)
  // Across the change, some burns have events and some have not: only all of them together can be told.
  const told = scenario.first >= coinEventsFrom
  return {
    inflation: of([1n, 'inflation', 'uakt']),
    bmeShortfall: of([1n, 'shortfall', 'uakt']),
    netEmission: of(
      [1n, 'inflation', 'uakt'],
      [1n, 'shortfall', 'uakt'],
      ...burns.map(([, b, d]) => [-1n, b, d] as const),
    ),
    ...(told ? { slashed: of([1n, 'burn slashing', 'uakt']) } : {}),
    ...(told ? { deposits: of([1n, 'burn gov', 'uakt']) } : {}),
    allBurns: of(...burns),
    drained: of([1n, 'burn migration', 'uakt']),
    actMade: of([1n, 'credits minted', 'uact']),
    actBoughtByBank: of([1n, 'credits minted', 'uact']),
    actBought: of([1n, 'credits minted', 'uact']),
    actBoughtByPrice: of([1n, 'credits minted', 'uact']),
    actSpread: of([1n, 'credits spread', 'uact']),
    actReceived: of([1n, 'credits minted', 'uact'], [-1n, 'credits spread', 'uact']),
    actMigrated: of([1n, 'credits migrated', 'uact']),
    actRedeemed: of([1n, 'burn redeemed credits', 'uact']),
    usdcMigrated: of([1n, 'burn migration', axlUsdc]),
    aktLocked: of([1n, 'locked', 'uakt']),
    aktReleased: of([1n, 'released', 'uakt']),
    leasesAkt: of([1n, 'lease payment', 'uakt']),
    leasesUsdc: of([1n, 'lease payment', axlUsdc]),
    leasesAct: of([1n, 'lease payment', 'uact']),
    takenAkt: of([1n, 'take', 'uakt']),
    takenUsdc: of([1n, 'take', axlUsdc]),
    txFees: of([1n, 'transaction fee', 'uakt']),
    txFeesUsdc: of([1n, 'transaction fee', axlUsdc]),
    feesSwept: of([1n, 'transaction fee', 'uakt']),
    feesOther: {},
    leasesOther: {},
    otherMints: {},
    otherBurns: {},
  }
}

describe('an Akash that was simulated apart, read over the wire', () => {
  const scenarios: readonly [string, () => AkashScenario][] = [
    ['the present', () => new AkashScenario({ seed: 7, days: 6, end: dayStart(day('2026-11-22')) })],
    ...upgrades.map(({ name }): [string, () => AkashScenario] => [
      `around ${name}`,
      () => new AkashScenario({ seed: 11, days: 6, around: name }),
    ]),
  ]

  test.each(scenarios)('%s: every stream finds what happened, on its day', async (_, make) => {
    const scenario = make()
    const source = await akashSource([new AkashNode(scenario)], { attempts: 3 })
    const head = await source.head()
    const [from, to] = [scenario.first, await source.finalized()]
    expect(head.height).toBe(scenario.head)
    const batches = await readAll(source, from, to, 70)
    expect(batches.flatMap((b) => b.gaps).map((g) => `${nameOf(g.streamId)} ${g.from}: ${g.reason}`)).toEqual(
      [],
    )
    // The oracle speaks since credits are made for AKT, in one shape and then another.
    const priced = batches.flatMap((b) => b.prices ?? []).map((p) => p.observedAt)
    expect(priced.length > 0).toBe(scenario.head > 26_063_777)
    if (scenario.first < 27_230_465 && scenario.head > 27_230_465) {
      const change = scenario.timeOf(27_230_465)
      expect([priced.some((t) => t < change), priced.some((t) => t >= change)]).toEqual([true, true])
    }
    const sums = summed(batches)
    sums.set('allBurns', together(sums, ['slashed', 'deposits', 'drained', 'otherBurns', 'unseenBurns']))
    // What is read by the day is read once the day is over, for the newest final block.
    const last = dayOf(scenario.timeOf(to))
    const before = ([on]: readonly [string, bigint]): boolean => on < last
    const mine = Object.fromEntries(
      Object.entries(expected(scenario, akashChain.coinEventsFrom)).map(([name]) => {
        const found = toObject(sums.get(name) ?? new Map())
        return [name, Object.fromEntries(Object.entries(found).filter(before))]
      }),
    )
    const theirs = Object.fromEntries(
      Object.entries(expected(scenario, akashChain.coinEventsFrom)).map(([name, days]) => {
        return [name, Object.fromEntries(Object.entries(days).filter(before))]
      }),
    )
    expect(mine).toEqual(theirs)
    expect(batches.reduce((sum, b) => sum + rangeLength(b.range), 0)).toBe(
      (to - from + 1) * source.lanes(streams).length,
    )
  })
})
