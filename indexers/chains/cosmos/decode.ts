import { rawAmount } from '../../../pipeline/model/amount.ts'
import type { Gap } from '../../../pipeline/model/batch.ts'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { Event } from '../../../pipeline/model/event.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import { normalise } from '../../../pipeline/model/height.ts'
import type { Stream } from '../../../pipeline/model/stream.ts'
import type { CosmosChain } from './chain.ts'
import { type Amount, type BlockFacts, isUnknown, type Unknown } from './facts.ts'
import type { Reader } from './streams.ts'
import { readWord } from './words.ts'

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
 * Makes events of blocks. Pure: the same facts give the same events, by height, then by stream.
 * @param blockAt A block of the range that was read and checked, or why there is none.
 * @throws IndexerError `decode-failed` naming block and field, where a block says something that is not understood.
 */
export function decode(
  range: HeightRange,
  blockAt: (height: number) => BlockFacts | Unknown,
  readers: readonly Reader[],
  chain: CosmosChain,
): Decoded {
  const events: Event[] = []
  const gaps: Gap[] = []
  const covered = new Map(readers.map((r) => [r.stream.id, [] as HeightRange[]]))
  for (let height = range.from; height <= range.to; height += 1) {
    const block = blockAt(height)
    const era = { coinEvents: height >= chain.coinEventsFrom }
    for (const reader of readers) {
      const { stream } = reader
      if (!isLive(stream, height)) continue
      const read = isUnknown(block) ? block : readWord(block, reader, era)
      if (isUnknown(read) || isUnknown(block)) {
        const { code, reason } = isUnknown(read) ? read : (block as Unknown)
        gaps.push({ streamId: stream.id, from: height, to: height, code, reason })
        continue
      }
      extend(covered.get(stream.id), height)
      for (const amount of read) if (amount.raw !== 0n) events.push(eventOf(stream, block, amount))
    }
  }
  return {
    events,
    covered: new Map([...covered].map(([id, ranges]) => [id, normalise(ranges)])),
    gaps: joined(gaps),
  }
}

function extend(ranges: HeightRange[] | undefined, height: number): void {
  const last = ranges?.at(-1)
  if (ranges === undefined) return
  if (last !== undefined && last.to === height - 1)
    ranges[ranges.length - 1] = { from: last.from, to: height }
  else ranges.push({ from: height, to: height })
}

/** Neighbouring gaps of a stream with the same reason as one. */
export function joined(gaps: readonly Gap[]): Gap[] {
  const made: Gap[] = []
  const last = new Map<number, number>()
  for (const gap of gaps) {
    const at = last.get(gap.streamId)
    const before = at === undefined ? undefined : made[at]
    if (
      at !== undefined &&
      before?.to === gap.from - 1 &&
      before.code === gap.code &&
      before.reason === gap.reason
    ) {
      made[at] = { ...before, to: gap.to }
      continue
    }
    last.set(gap.streamId, made.length)
    made.push(gap)
  }
  return made
}

function eventOf(stream: Stream, block: BlockFacts, amount: Amount): Event {
  const { tx, position, raw, sender, recipient, act, denom } = amount
  const txId = block.idOf(tx)
  if (txId === undefined) {
    throw new IndexerError(
      'decode-failed',
      `block ${block.height}: stream ${stream.name} found an amount in transaction ${tx}, whose bytes were not read`,
    )
  }
  // A stream of many denoms says of each amount which it is.
  const named = stream.settings?.['denom'] === undefined && denom !== undefined
  return {
    streamId: stream.id,
    txId,
    position,
    amountRaw: rawAmount(raw),
    height: block.height,
    happenedAt: block.mark.time,
    ...(act === undefined ? {} : { act }),
    ...(sender === undefined || sender === '' ? {} : { sender }),
    ...(recipient === undefined || recipient === '' ? {} : { recipient }),
    ...(named ? { detail: { denom } } : {}),
  }
}
