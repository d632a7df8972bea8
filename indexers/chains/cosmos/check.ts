import { badAnswer } from './answer.ts'
import type { CosmosChain } from './chain.ts'
import type { CosmosClient } from './client.ts'
import type { BlockResults } from './events.ts'
import type { Checked, Unknown } from './facts.ts'
import type { Broken, Mint, Tally } from './proof.ts'
import { blocksPerYear, followsOn, isBroken, tallyBlock } from './proof.ts'

/** Results by height that passed every proof, and for the others why not. */
export interface Proved {
  readonly good: ReadonlyMap<number, Checked>
  readonly bad: ReadonlyMap<number, Unknown>
}

/**
 * Proves blocks one by one and in a row. What breaks is asked for again, of other endpoints too; what breaks again
 * the same way is refused with both sides in words, and stays missing: of two neighbours that contradict each other, both.
 */
export async function proveAll(
  results: ReadonlyMap<number, BlockResults>,
  client: CosmosClient,
  chain: CosmosChain,
  signal: AbortSignal,
): Promise<Proved> {
  const good = new Map<number, Checked>()
  const bad = new Map<number, Unknown>()
  for (const [height, first] of results) {
    const tally = tallyOf(first, chain)
    if (!isBroken(tally)) {
      good.set(height, { results: first, tally })
      continue
    }
    const again = await askAgain(height, client, chain, signal)
    if (isBroken(again)) bad.set(height, { code: 'decode-failed', reason: again.broken })
    else good.set(height, again)
  }
  for (const height of [...good.keys()].sort((a, b) => a - b)) {
    const why = contradiction(good, height, chain)
    if (why === undefined) continue
    // Either of the two may be the wrong one: both are asked for again.
    for (const at of [height - 1, height]) {
      const again = await askAgain(at, client, chain, signal)
      if (!isBroken(again)) good.set(at, again)
    }
    const still = contradiction(good, height, chain)
    if (still === undefined) continue
    // What one block lacks may only show in the next one: neither is believed.
    for (const at of [height - 1, height]) {
      bad.set(at, { code: 'decode-failed', reason: still })
      good.delete(at)
    }
  }
  return { good, bad }
}

function contradiction(
  good: ReadonlyMap<number, Checked>,
  height: number,
  chain: CosmosChain,
): string | undefined {
  const before = good.get(height - 1)?.tally
  const own = good.get(height)?.tally
  if (before === undefined || own === undefined) return undefined
  return (
    followsOn(before, own, height, chain.mintDenom, height - 1 >= chain.coinEventsFrom) ??
    unlikeNeighbours(before, own, good.get(height + 1)?.tally, height)
  )
}

/** Blocks a year are a parameter: one that neither neighbour shares is a wrong amount. */
function unlikeNeighbours(
  before: Tally,
  own: Tally,
  after: Tally | undefined,
  height: number,
): string | undefined {
  const span = (mint: Mint | undefined): { low: bigint; high: bigint } | undefined =>
    mint && blocksPerYear(mint)
  const mine = span(own.mint)
  if (mine === undefined) return undefined
  if (mine.low > mine.high)
    return `block ${height}: no number of blocks a year explains its mint of ${own.mint?.amount}`
  const others = [span(before.mint), span(after?.mint)].filter((s) => s !== undefined)
  if (others.length < 2 || others.some((s) => s.low <= mine.high && mine.low <= s.high)) return undefined
  return `block ${height}: its mint of ${own.mint?.amount} means ${mine.low} to ${mine.high} blocks a year, its neighbours' ${others.map((s) => `${s.low} to ${s.high}`).join(' and ')}`
}

/** Proves a block by itself. */
export function tallyOf(results: BlockResults, { mintDenom, coinEventsFrom }: CosmosChain): Tally | Broken {
  return tallyBlock(results, mintDenom, results.height >= coinEventsFrom)
}

/** Asks for a block until an endpoint gives one that holds, every endpoint has given a broken one, or one did so twice. */
async function askAgain(
  height: number,
  client: CosmosClient,
  chain: CosmosChain,
  signal: AbortSignal,
): Promise<Checked | Broken> {
  const seen = new Set<string>()
  const [results] = await client.results([height], signal, (answer, place) => {
    const tally = tallyOf(answer, chain)
    if (!isBroken(tally)) return
    const settled = seen.has(place.endpoint) || seen.size + 1 >= client.endpoints
    seen.add(place.endpoint)
    if (!settled) throw badAnswer(place, tally.broken)
  })
  if (results === undefined) return { broken: `block ${height}: it was not answered` }
  const tally = tallyOf(results, chain)
  return isBroken(tally) ? tally : { results, tally }
}
