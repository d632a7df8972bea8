import { rawAmount } from '../../../pipeline/model/amount.ts'
import type { Batch, BlockMark, Gap } from '../../../pipeline/model/batch.ts'
import { codeOf, messageOf } from '../../../pipeline/model/errors.ts'
import type { Event } from '../../../pipeline/model/event.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import type { Reading } from '../../../pipeline/model/reading.ts'
import type { Stream } from '../../../pipeline/model/stream.ts'
import { addDays, dayOf, dayStart, daysBetween } from '../../../pipeline/model/time.ts'
import type { CosmosChain } from './chain.ts'
import { proveAll } from './check.ts'
import type { CosmosClient } from './client.ts'
import { dayBounds, type Midnight } from './days.ts'
import { joined } from './decode.ts'
import type { Unknown } from './facts.ts'
import { fetchAll, lowestSaid } from './fetch.ts'
import { passing } from './search.ts'

/**
 * The growth of the supply over a range, cut at UTC midnights, from the mint events of the blocks at its ends and at
 * each midnight alone. A stretch whose ends do not tell the supply is a gap.
 */
export async function readGrowth(
  range: HeightRange,
  streams: readonly Stream[],
  client: CosmosClient,
  chain: CosmosChain,
  signal: AbortSignal,
): Promise<Batch> {
  const page = (from: number, to: number) => client.headers(from, to, signal)
  const gapOf = (from: number, to: number, { code, reason }: Unknown): Gap[] =>
    streams.map((s) => ({ streamId: s.id, from, to, code, reason }))
  let low: BlockMark | undefined
  let high: BlockMark | undefined
  const gaps: Gap[] = []
  let from = range.from
  while (low === undefined || high === undefined) {
    try {
      ;[low] = await page(from, from)
      ;[high] = await page(range.to, range.to)
    } catch (error) {
      if (codeOf(error) !== 'rpc-not-found') throw error
      const lowest = lowestSaid(error)
      const to = lowest !== undefined && lowest > from && lowest <= range.to ? lowest - 1 : range.to
      gaps.push(...gapOf(from, to, { code: 'rpc-not-found', reason: messageOf(error) }))
      from = to + 1
      if (from > range.to)
        return {
          range,
          events: [],
          covered: new Map(streams.map((s) => [s.id, []])),
          gaps,
          edges: [],
          days: [],
          touchedDays: [],
        }
    }
  }
  const midnights = await midnightsBetween(low, high, page)
  const points = [low.height, ...midnights.map((m) => m.after.height), high.height + 1]
  const supplies = await suppliesBefore([...new Set(points)], client, chain, signal)
  const events: Event[] = []
  const readings: Reading[] = []
  const covered: HeightRange[] = []
  const ends = [...midnights.map((m) => m.before), high]
  for (const [i, end] of ends.entries()) {
    const [start, next] = [points[i] ?? 0, points[i + 1] ?? 0]
    const [a, b] = [supplies.get(start), supplies.get(next)]
    if (typeof a === 'bigint' && i > 0) readings.push(supplyReading(chain, ends[i - 1] ?? end, a))
    if (typeof a !== 'bigint' || typeof b !== 'bigint') {
      const why = typeof a === 'bigint' ? b : a
      if (typeof why === 'object') gaps.push(...gapOf(start, end.height, why))
      continue
    }
    covered.push({ from: start, to: end.height })
    if (b === a) continue
    for (const stream of streams) {
      events.push({
        streamId: stream.id,
        txId: Buffer.from(end.hash, 'hex'),
        position: 0,
        amountRaw: rawAmount(b - a),
        height: end.height,
        fromHeight: start,
        happenedAt: end.time,
      })
    }
  }
  return {
    range,
    events,
    covered: new Map(streams.map((s) => [s.id, covered])),
    gaps: joined(gaps),
    edges: low.height === high.height ? [low] : [low, high],
    days: dayBounds(midnights, low.height === 1 ? low : undefined),
    touchedDays: daysBetween(dayOf(low.time), addDays(dayOf(high.time), 1)),
    readings,
  }
}

/** What a block says of the supply that stood when the block before it had ended. */
export function supplyReading(chain: CosmosChain, before: BlockMark, value: bigint): Reading {
  return {
    chain: chain.chain,
    token: chain.supplyToken,
    counter: 'supply',
    height: before.height,
    time: before.time,
    value,
  }
}

async function midnightsBetween(
  low: BlockMark,
  high: BlockMark,
  page: (from: number, to: number) => Promise<readonly BlockMark[]>,
): Promise<Midnight[]> {
  const midnights: Midnight[] = []
  let at = low
  for (;;) {
    const time = dayStart(addDays(dayOf(at.time), 1))
    if (high.time < time) return midnights
    const midnight = await passing(time, at, high, page)
    midnights.push(midnight)
    at = midnight.after
  }
}

/** The supply before each block, or why it does not say. */
async function suppliesBefore(
  heights: readonly number[],
  client: CosmosClient,
  chain: CosmosChain,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, bigint | Unknown>> {
  const fetched = await fetchAll({
    heights,
    size: client.batchSize,
    endpoints: client.endpoints,
    signal,
    ask: (some, stopped) => client.results(some, stopped),
  })
  const { good, bad } = await proveAll(fetched.found, client, chain, signal)
  return new Map(
    heights.map((height): [number, bigint | Unknown] => {
      const tally = good.get(height)?.tally
      const supply = tally?.mint?.supplyBefore
      if (tally !== undefined && supply !== undefined) return [height, supply - tally.netBefore]
      const unknown: Unknown = {
        code: 'decode-failed',
        reason: `block ${height} has no inflation to tell the supply by`,
      }
      return [height, bad.get(height) ?? fetched.missing.get(height) ?? unknown]
    }),
  )
}
