import { rawAmount } from '../../../pipeline/model/amount.ts'
import type { Batch, BlockMark, Gap } from '../../../pipeline/model/batch.ts'
import type { Event } from '../../../pipeline/model/event.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import type { Reading } from '../../../pipeline/model/reading.ts'
import type { Stream } from '../../../pipeline/model/stream.ts'
import { addDays, dayOf, daysBetween } from '../../../pipeline/model/time.ts'
import type { CosmosChain } from './chain.ts'
import { proveAll } from './check.ts'
import type { CosmosClient } from './client.ts'
import { dayBounds } from './days.ts'
import { joined } from './decode.ts'
import type { Unknown } from './facts.ts'
import { fetchAll } from './fetch.ts'
import { type Cut, cutAtMidnights, type Stretch } from './stretches.ts'

/**
 * The growth of the supply over a range, cut at UTC midnights, from the mint events of the blocks at its ends and at
 * each midnight alone. A stretch whose ends do not tell the supply is a gap; a day that is not over is not read yet.
 */
export async function readGrowth(
  range: HeightRange,
  streams: readonly Stream[],
  client: CosmosClient,
  chain: CosmosChain,
  newest: number,
  signal: AbortSignal,
): Promise<Batch> {
  const page = (from: number, to: number) => client.headers(from, to, signal)
  const gapOf = (from: number, to: number, { code, reason }: Unknown): Gap[] =>
    streams.map((s) => ({ streamId: s.id, from, to, code, reason }))
  const { cut, lost } = await cutAtMidnights(range, newest, page)
  const gaps = lost.flatMap(({ from, to, ...why }) => gapOf(from, to, why))
  const covered: HeightRange[] = []
  const events: Event[] = []
  if (cut === undefined) return batchOf(range, streams, cut, { events, covered, gaps })
  const { midnights, stretches } = cut
  const points = new Set(stretches.flatMap(({ from, end }) => [from, end.height + 1]))
  const supplies = await suppliesBefore([...points], client, chain, signal)
  for (const { from, end } of stretches) {
    const [a, b] = [supplies.get(from), supplies.get(end.height + 1)]
    if (typeof a !== 'bigint' || typeof b !== 'bigint') {
      const why = typeof a === 'bigint' ? b : a
      if (typeof why === 'object') gaps.push(...gapOf(from, end.height, why))
      continue
    }
    covered.push({ from, to: end.height })
    if (b !== a) for (const stream of streams) events.push(stretchEvent(stream, { from, end }, b - a))
  }
  const readings = midnights.flatMap(({ before, after }): Reading[] => {
    const supply = supplies.get(after.height)
    return typeof supply === 'bigint' ? [supplyReading(chain, before, supply)] : []
  })
  return { ...batchOf(range, streams, cut, { events, covered, gaps }), readings }
}

/** One amount of a stretch, named by the hash of its last block. */
export function stretchEvent(stream: Stream, { from, end }: Stretch, raw: bigint): Event {
  return {
    streamId: stream.id,
    txId: Buffer.from(end.hash, 'hex'),
    position: 0,
    amountRaw: rawAmount(raw),
    height: end.height,
    fromHeight: from,
    happenedAt: end.time,
  }
}

/** The batch of a range that was cut at midnights and covered alike for every stream. */
export function batchOf(
  range: HeightRange,
  streams: readonly Stream[],
  cut: Cut | undefined,
  read: {
    readonly events: readonly Event[]
    readonly covered: readonly HeightRange[]
    readonly gaps: readonly Gap[]
  },
): Batch {
  const covered = new Map(streams.map((s) => [s.id, read.covered]))
  const shared = { range, events: read.events, covered, gaps: joined(read.gaps) }
  if (cut === undefined) return { ...shared, edges: [], days: [], touchedDays: [] }
  const { low, high, midnights } = cut
  return {
    ...shared,
    edges: low.height === high.height ? [low] : [low, high],
    days: dayBounds(midnights, low.height === 1 ? low : undefined),
    touchedDays: daysBetween(dayOf(low.time), addDays(dayOf(high.time), 1)),
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
