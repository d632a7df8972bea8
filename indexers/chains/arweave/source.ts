import { codeOf, IndexerError, messageOf } from '../../../pipeline/model/errors.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import { rangeLength } from '../../../pipeline/model/height.ts'
import type { Stream } from '../../../pipeline/model/stream.ts'
import type { UnixSeconds } from '../../../pipeline/model/time.ts'
import type { EndpointPool } from '../../engine/endpoints.ts'
import type { Batch, BlockMark, ChainIdentity, ChainSource, Cost, Lane, Logger } from '../../engine/ports.ts'
import { ArweaveClient } from './client.ts'
import { dayBounds, daysOf, firstHeight } from './days.ts'
import { decode, needsFees } from './decode.ts'
import type { Header } from './header.ts'
import { inParallel } from './parallel.ts'
import type { Unknown } from './words.ts'

/** Blocks below the head that can still be dropped: nodes keep 50, and accept forks of at most 18. */
export const finalityDepth = 50
/** Times that neighbours which do not fit are asked for again. */
const refetches = 3
/** Blocks below a bisected height that are looked at, because miners' clocks may step back. */
const clockSlack = 3

/**
 * Arweave, read over the HTTP API that nodes and gateways share; fees also over a gateway's GraphQL.
 * @param pool Its endpoints; closed with the source.
 */
export function createArweaveSource(pool: EndpointPool, logger: Logger): ChainSource {
  return new ArweaveSource(pool, logger)
}

interface Headers {
  readonly found: Map<number, Header>
  readonly missing: Map<number, Unknown>
}

class ArweaveSource implements ChainSource {
  readonly chain = 'arweave'
  readonly idEncoding = 'base64url'
  readonly firstHeight = firstHeight
  readonly #pool: EndpointPool
  readonly #client: ArweaveClient

  constructor(pool: EndpointPool, logger: Logger) {
    this.#pool = pool
    this.#client = new ArweaveClient(pool, logger)
  }

  async identify(): Promise<ChainIdentity> {
    const { network } = await this.#client.info()
    return { network, origin: this.#pool.origin() }
  }

  async head(): Promise<BlockMark> {
    const { height } = await this.#client.info()
    return markOf(await this.#client.header(height))
  }

  async finalized(): Promise<number> {
    const { height } = await this.#client.info()
    return Math.max(0, height - finalityDepth)
  }

  async heightAt(time: UnixSeconds): Promise<number> {
    const head = await this.head()
    if (head.time < time) return head.height + 1
    const times = new Map<number, UnixSeconds>([[head.height, head.time]])
    const timeAt = async (height: number): Promise<UnixSeconds> => {
      // A node that holds only the newest blocks answers "not found" below them, which is before any time.
      const known = times.get(height) ?? (await this.#timeOf(height)) ?? (0 as UnixSeconds)
      times.set(height, known)
      return known
    }
    let low = firstHeight
    let high = head.height
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if ((await timeAt(middle)) < time) low = middle + 1
      else high = middle
    }
    for (let at = high - 1; at >= firstHeight && at >= high - clockSlack; at -= 1) {
      if ((await timeAt(at)) >= time) high = at
    }
    return high
  }

  async #timeOf(height: number): Promise<UnixSeconds | undefined> {
    try {
      return (await this.#client.header(height)).time
    } catch (error) {
      if (codeOf(error) === 'rpc-not-found') return undefined
      throw error
    }
  }

  lanes(streams: readonly Stream[]): readonly Lane[] {
    return [{ streams, rangeSize: { start: 50, max: 100 } }]
  }

  async read(range: HeightRange, streams: readonly Stream[], signal: AbortSignal): Promise<Batch> {
    const headers = await this.#headers({ from: Math.max(0, range.from - 1), to: range.to }, signal)
    await this.#checkParents(headers, signal)
    const inside = [...headers.found.values()].filter((h) => h.height >= range.from)
    const paying = inside.filter((h) => streams.some((s) => needsFees(s, h.height)))
    const fees = await this.#client.fees(paying, signal)
    const { events, covered, gaps } = decode(
      { range, headers: headers.found, missing: headers.missing, fees },
      streams,
    )
    const ends = [inside[0], inside.at(-1)].flatMap((h) => (h === undefined ? [] : [markOf(h)]))
    return {
      range,
      events,
      covered,
      gaps,
      edges: inside.length === 1 ? ends.slice(0, 1) : ends,
      days: dayBounds([...headers.found.values()]),
      touchedDays: daysOf(inside),
    }
  }

  estimate(range: HeightRange, streams: readonly Stream[]): Cost {
    const blocks = rangeLength(range)
    const ends = [range.from, range.to]
    const withFees = streams.some((s) => ends.some((height) => needsFees(s, height)))
    if (!withFees) return { requests: blocks + 1, note: 'one header a block' }
    return {
      requests: blocks * 2 + 1,
      note: 'one header a block, and about one page of fees a block; without GraphQL one request a transaction',
    }
  }

  async close(): Promise<void> {
    await this.#client.close()
  }

  /** Headers in rising order; a block that no endpoint has is named among the missing. */
  async #headers(range: HeightRange, signal: AbortSignal): Promise<Headers> {
    const heights = Array.from({ length: rangeLength(range) }, (_, i) => range.from + i)
    const read = await inParallel(heights, signal, async (height, stopped): Promise<Header | Unknown> => {
      try {
        return await this.#client.header(height, stopped)
      } catch (error) {
        if (codeOf(error) !== 'rpc-not-found') throw error
        return { code: 'rpc-not-found', reason: `block ${height} is at no endpoint: ${messageOf(error)}` }
      }
    })
    const found = new Map<number, Header>()
    const missing = new Map<number, Unknown>()
    for (const [i, height] of heights.entries()) {
      const header = read[i]
      if (header === undefined) continue
      if ('code' in header) missing.set(height, header)
      else found.set(height, header)
    }
    return { found, missing }
  }

  /**
   * Checks that each block names the one before it. Neighbours that do not fit are asked for again, for an
   * endpoint may have answered from a fork it left; `headers` then holds the newer answers.
   * @throws IndexerError `continuity-broken` if two answers in a row say the same; `rpc-bad-answer` if they
   *   keep changing.
   */
  async #checkParents(headers: Headers, signal: AbortSignal): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      const broken = [...headers.found.values()].flatMap((block) => {
        const before = headers.found.get(block.height - 1)
        return before === undefined || before.hash === block.parentHash ? [] : [{ before, block }]
      })
      for (const { before, block } of broken) {
        const { height } = block
        const what = `Arweave block ${height} names ${block.parentHash} as its parent, block ${height - 1} is ${before.hash}`
        if (tries === refetches) {
          throw new IndexerError('rpc-bad-answer', `${what}. The endpoints keep changing their answers`, {
            height,
          })
        }
        const beforeAgain = await this.#client.header(height - 1, signal)
        const blockAgain = await this.#client.header(height, signal)
        if (beforeAgain.hash === before.hash && blockAgain.parentHash === block.parentHash) {
          throw new IndexerError(
            'continuity-broken',
            `${what}, asked twice. The chain was reorganised deeper than ${finalityDepth} blocks, or the endpoints mix two chains: compare both blocks with another node`,
            { height },
          )
        }
        headers.found.set(height - 1, beforeAgain).set(height, blockAgain)
      }
      if (broken.length === 0) return
    }
  }
}

function markOf({ height, hash, parentHash, time }: Header): BlockMark {
  return { height, hash, parentHash, time }
}
