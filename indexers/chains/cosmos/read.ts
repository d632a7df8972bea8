import type { Batch, BlockMark } from '../../../pipeline/model/batch.ts'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import type { Reading } from '../../../pipeline/model/reading.ts'
import { dayOf } from '../../../pipeline/model/time.ts'
import type { CosmosChain } from './chain.ts'
import { proveAll } from './check.ts'
import type { Block, CosmosClient } from './client.ts'
import { headersInPage } from './client.ts'
import { dayBounds, midnightsIn } from './days.ts'
import { decode } from './decode.ts'
import { BlockFacts, isUnknown, type Unknown } from './facts.ts'
import { type Fetched, fetchAll } from './fetch.ts'
import { supplyReading } from './growth.ts'
import { pricesIn } from './prices.ts'
import type { Reader } from './streams.ts'
import { needsOf } from './words.ts'

type Placed = BlockMark & { readonly txs?: readonly Uint8Array[] }

/**
 * Reads every block of a range for streams: results from the block before it to the one after it, proved one by one
 * and in a row, and blocks (or, where no stream looks into transactions, headers alone).
 */
export async function readBlocks(
  range: HeightRange,
  readers: readonly Reader[],
  client: CosmosClient,
  chain: CosmosChain,
  signal: AbortSignal,
): Promise<Batch> {
  const first = Math.max(1, range.from - 1)
  const heights = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i)
  const shared = { endpoints: client.endpoints, size: client.batchSize, signal }
  const withTxs = readers.some((r) => needsOf(r).txs && livesIn(r, range))
  const [results, placed] = await Promise.all([
    fetchAll({
      ...shared,
      heights: heights(first, range.to + 1),
      ask: (some, stopped) => client.results(some, stopped),
    }),
    withTxs
      ? fetchAll<Placed>({
          ...shared,
          heights: heights(first, range.to),
          ask: (some, stopped) => client.blocks(some, stopped),
        })
      : fetchAll<Placed>({
          ...shared,
          size: headersInPage,
          heights: heights(first, range.to),
          ask: (some, stopped) => client.headers(some[0] ?? first, some.at(-1) ?? first, stopped),
        }),
  ])
  await checkParents(placed, client, chain, signal)
  const { good, bad } = await proveAll(results.found, client, chain, signal)
  const blocks = new Map<number, BlockFacts | Unknown>()
  for (const height of heights(range.from, range.to)) {
    const mark = placed.found.get(height)
    const checked = good.get(height)
    const why = placed.missing.get(height) ?? results.missing.get(height) ?? bad.get(height)
    if (mark === undefined || checked === undefined) {
      blocks.set(height, why ?? { code: 'rpc-not-found', reason: `block ${height} was not read` })
      continue
    }
    const [told, held] = [checked.results.txs.length, mark.txs?.length]
    if (held !== undefined && told !== held) {
      const reason = `block ${height} holds ${held} transactions, its results tell of ${told}`
      blocks.set(height, { code: 'rpc-bad-answer', reason })
      continue
    }
    blocks.set(height, new BlockFacts(mark, checked, good.get(height + 1), mark.txs))
  }
  const blockAt = (height: number): BlockFacts | Unknown =>
    blocks.get(height) ?? { code: 'rpc-not-found', reason: `block ${height} was not read` }
  const { events, covered, gaps } = decode(range, blockAt, readers, chain)
  const marks = [...placed.found.values()].sort((a, b) => a.height - b.height)
  const inside = marks.filter((m) => m.height >= range.from)
  const midnights = midnightsIn(marks)
  const readings = midnights.flatMap(({ before, after }): Reading[] => {
    const tally = good.get(after.height)?.tally
    const supply = tally?.mint?.supplyBefore
    return tally === undefined || supply === undefined
      ? []
      : [supplyReading(chain, before, supply - tally.netBefore)]
  })
  const ends = [inside[0], inside.at(-1)].flatMap((m) => (m === undefined ? [] : [markOf(m)]))
  const facts = [...blocks.values()].filter((b): b is BlockFacts => !isUnknown(b))
  return {
    range,
    events,
    covered,
    gaps,
    edges: inside.length === 1 ? ends.slice(0, 1) : ends,
    days: dayBounds(midnights, marks[0]?.height === 1 ? marks[0] : undefined),
    touchedDays: [...new Set(inside.map((m) => dayOf(m.time)))].sort(),
    readings,
    prices: pricesIn(facts, chain.oracle),
  }
}

function livesIn({ stream }: Reader, range: HeightRange): boolean {
  return (stream.fromHeight ?? 0) <= range.to && (stream.toHeight ?? range.to) >= range.from
}

function markOf({ height, hash, parentHash, time }: BlockMark): BlockMark {
  return { height, hash, parentHash, time }
}

/**
 * Checks that each block names the one before it. Neighbours that do not fit are asked for once more, for an endpoint may be
 * of another chain; `placed` then holds the newer answers.
 * @throws IndexerError `continuity-broken` if they do not fit again.
 */
async function checkParents(
  placed: Fetched<Placed>,
  client: CosmosClient,
  chain: CosmosChain,
  signal: AbortSignal,
): Promise<void> {
  for (const [height, block] of placed.found) {
    const before = placed.found.get(height - 1)
    if (before === undefined || before.hash === block.parentHash) continue
    const [beforeAgain, blockAgain] = await client.blocks([height - 1, height], signal)
    if (beforeAgain === undefined || blockAgain === undefined || beforeAgain.hash !== blockAgain.parentHash) {
      throw new IndexerError(
        'continuity-broken',
        `${chain.chain} block ${height} names ${blockAgain?.parentHash} as its parent, block ${height - 1} is ${beforeAgain?.hash}, asked twice. ` +
          'Blocks are final at once, so the endpoints mix two chains: compare both blocks with another node',
        { height },
      )
    }
    replace(placed, height - 1, beforeAgain)
    replace(placed, height, blockAgain)
  }
}

function replace(placed: Fetched<Placed>, height: number, { txs, ...mark }: Block): void {
  const hadTxs = placed.found.get(height)?.txs !== undefined
  placed.found.set(height, hadTxs ? { ...mark, txs } : mark)
}
