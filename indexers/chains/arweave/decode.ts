import { rawAmount } from '../../../pipeline/model/amount.ts'
import type { Gap } from '../../../pipeline/model/batch.ts'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { Event } from '../../../pipeline/model/event.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import { normalise } from '../../../pipeline/model/height.ts'
import type { Stream } from '../../../pipeline/model/stream.ts'
import type { BlockFees } from './client.ts'
import type { Header } from './header.ts'
import type { Amount, BlockFacts, Unknown } from './words.ts'
import { findWord, isUnknown } from './words.ts'

/** Everything a read of a range learned, before it is decoded. */
export interface Facts {
  readonly range: HeightRange
  /** Headers by height, from the one before the range on. */
  readonly headers: ReadonlyMap<number, Header>
  /** For a height without a header: why. */
  readonly missing: ReadonlyMap<number, Unknown>
  /** Fees of the blocks whose transactions were asked for. */
  readonly fees: ReadonlyMap<number, BlockFees>
}

/** What a range holds for some streams. Every height that a stream can have is covered or a gap. */
export interface Decoded {
  readonly events: readonly Event[]
  readonly covered: ReadonlyMap<number, readonly HeightRange[]>
  readonly gaps: readonly Gap[]
}

/** Whether a stream can have something at a height. Both ends of its life are included. */
export function isLive(stream: Stream, height: number): boolean {
  return height >= (stream.fromHeight ?? 0) && height <= (stream.toHeight ?? Number.POSITIVE_INFINITY)
}

/**
 * Whether reading a stream at a height takes the block's transactions, which headers alone do not replace.
 * @throws IndexerError `bad-declaration` if its word is none of Arweave's.
 */
export function needsFees(stream: Stream, height: number): boolean {
  return isLive(stream, height) && wordOf(stream).needs(height).fees
}

/**
 * Makes events of blocks. Pure: the same facts give the same events, by height, then by stream.
 * @throws IndexerError `decode-failed` naming the block and the numbers that contradict each other;
 *   `bad-declaration` for a word that is none of Arweave's.
 */
export function decode(facts: Facts, streams: readonly Stream[]): Decoded {
  const events: Event[] = []
  const gaps: Gap[] = []
  const covered = new Map(streams.map((s) => [s.id, [] as HeightRange[]]))
  for (let height = facts.range.from; height <= facts.range.to; height += 1) {
    for (const stream of streams) {
      if (!isLive(stream, height)) continue
      const read = amountsOf(facts, stream, height)
      if (isUnknown(read)) {
        gaps.push({ streamId: stream.id, from: height, to: height, ...read })
        continue
      }
      covered.get(stream.id)?.push({ from: height, to: height })
      for (const amount of read.amounts) {
        if (amount.raw !== 0n) events.push(eventOf(stream, read.header, amount))
      }
    }
  }
  return { events, covered: new Map([...covered].map(([id, ranges]) => [id, normalise(ranges)])), gaps }
}

function amountsOf(
  facts: Facts,
  stream: Stream,
  height: number,
): { readonly header: Header; readonly amounts: readonly Amount[] } | Unknown {
  const word = wordOf(stream)
  const header = facts.headers.get(height)
  if (header === undefined) return whyMissing(facts, height)
  const needs = word.needs(height)
  const previous = facts.headers.get(height - 1)
  if (needs.previous && previous === undefined) return whyMissing(facts, height - 1)
  const fees = facts.fees.get(height)
  if (needs.fees && fees === undefined) {
    throw new IndexerError(
      'decode-failed',
      `Arweave block ${height}: its fees were not read for stream ${stream.name}`,
    )
  }
  if (needs.fees && fees !== undefined && 'reason' in fees) return fees
  const block: BlockFacts = {
    header,
    previous,
    fees: fees !== undefined && 'fees' in fees ? fees.fees : undefined,
  }
  const amounts = word.read(block)
  return isUnknown(amounts) ? amounts : { header, amounts }
}

function whyMissing(facts: Facts, height: number): Unknown {
  return facts.missing.get(height) ?? { code: 'rpc-not-found', reason: `block ${height} was not read` }
}

function wordOf(stream: Stream): NonNullable<ReturnType<typeof findWord>> {
  const word = findWord(stream.word)
  if (word === undefined) {
    throw new IndexerError(
      'bad-declaration',
      `network ${stream.network}: stream ${stream.name} uses '${stream.word}', which is no word of Arweave`,
    )
  }
  return word
}

function eventOf(stream: Stream, header: Header, amount: Amount): Event {
  return {
    streamId: stream.id,
    txId: Buffer.from(amount.id, 'base64url'),
    position: 0,
    amountRaw: rawAmount(amount.raw),
    height: header.height,
    happenedAt: header.time,
    ...(amount.recipient === undefined ? {} : { recipient: amount.recipient }),
  }
}
