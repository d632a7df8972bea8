import { rawAmount } from '../../../pipeline/model/amount.ts'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { Event } from '../../../pipeline/model/event.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import type { Reading } from '../../../pipeline/model/reading.ts'
import type { Stream } from '../../../pipeline/model/stream.ts'
import { dayOf } from '../../../pipeline/model/time.ts'
import { Coverage } from './coverage.ts'
import { cutAtMidnights, heightsOf, timeOf } from './epochs.ts'
import type { Horizon } from './horizon.ts'
import { isRefusal, type LotusRpc, type Question, type Refusal } from './rpc.ts'
import {
  burntQuestion,
  type Circulation,
  circulationQuestion,
  type RewardState,
  rewardQuestion,
} from './state.ts'
import { filecoinWords } from './streams.ts'
import { contradiction, outside } from './supply.ts'
import type { Timeline } from './timeline.ts'
import type { Tipset } from './tipset.ts'
import { vestedAt } from './vesting.ts'
import { idOf } from './words.ts'

/** The state between the heights below a boundary and those from it on. */
interface Boundary {
  readonly tipset: Tipset
  readonly reward: RewardState
  readonly burnt: bigint
  /** Undefined where it was not asked for or no node serves it. */
  readonly circulation: Circulation | undefined
}

/** What counters gave over a range. */
export interface CounterRead {
  readonly events: readonly Event[]
  readonly coverage: Coverage
  readonly readings: readonly Reading[]
  /** The tipsets whose state was asked for. */
  readonly tipsets: readonly Tipset[]
}

/** Whether a stream is read from counters at the ends of days. */
export function isCounter({ word }: Stream): boolean {
  return word === filecoinWords.minted || word === filecoinWords.burned || word === filecoinWords.vested
}

/**
 * Reads counters over a range: their values at its ends and at each UTC midnight inside, so that every amount belongs to one
 * day. The state "before height h" is that before the first tipset from h on, with which the cron of null rounds is counted.
 */
export async function readCounters(
  range: HeightRange,
  streams: readonly Stream[],
  highest: number,
  { rpc, timeline, horizon }: { rpc: LotusRpc; timeline: Timeline; horizon: Horizon },
  signal: AbortSignal,
): Promise<CounterRead> {
  const cuts = [
    ...new Set(streams.flatMap((s) => [s.fromHeight ?? range.from, (s.toHeight ?? range.to) + 1])),
  ]
    .filter((height) => height > range.from && height <= range.to)
    .sort((a, b) => a - b)
  const pieces = split(range, cuts).flatMap(cutAtMidnights)
  // What vests follows from heights alone and asks nothing.
  const asks = streams.some((s) => s.word !== filecoinWords.vested)
  const heights = asks ? [range.from, ...pieces.map((piece) => piece.to + 1)] : []
  const readings: Reading[] = []
  const boundaries = await readBoundaries(heights, streams, highest, { rpc, timeline, horizon }, signal)
  const coverage = new Coverage(streams)
  const events: Event[] = []
  for (const piece of pieces) {
    const [before, after] = [boundaries.get(piece.from), boundaries.get(piece.to + 1)]
    for (const stream of streams) {
      if (stream.word === filecoinWords.vested) {
        coverage.cover(stream, piece)
        if (!isAlive(stream, piece)) continue
        const raw = vestedAt(piece.to + 1) - vestedAt(piece.from)
        if (raw !== 0n) events.push(eventOf(stream, piece, String(piece.to), raw))
        continue
      }
      const missing = [before, after].find((b) => b === undefined || isRefusal(b))
      if (before === undefined || after === undefined || isRefusal(before) || isRefusal(after)) {
        coverage.miss(stream, piece, missing !== undefined && isRefusal(missing) ? missing : unread(piece))
        continue
      }
      coverage.cover(stream, piece)
      if (!isAlive(stream, piece)) continue
      const raw = growth(stream, before, after)
      if (raw !== 0n) events.push(eventOf(stream, piece, idOf(after.tipset), raw))
    }
  }
  const token = streams.find((s) => s.word === filecoinWords.minted && s.settings?.share === 'all')?.token
  const tipsets: Tipset[] = []
  for (const [height, boundary] of boundaries) {
    if (isRefusal(boundary)) continue
    tipsets.push(boundary.tipset)
    if (token !== undefined && isMidnight(height)) readings.push(...readingsOf(token, height, boundary))
  }
  return { events, coverage, readings, tipsets }
}

function split(range: HeightRange, cuts: readonly number[]): HeightRange[] {
  const starts = [range.from, ...cuts]
  return starts.map((from, i) => ({ from, to: (starts[i + 1] ?? range.to + 1) - 1 }))
}

async function readBoundaries(
  heights: readonly number[],
  streams: readonly Stream[],
  highest: number,
  { rpc, timeline, horizon }: { rpc: LotusRpc; timeline: Timeline; horizon: Horizon },
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Boundary | Refusal>> {
  const found = new Map<number, Boundary | Refusal>()
  const askable: number[] = []
  for (const height of heights) {
    const refused = horizon.refuses('state', height) ?? horizon.refuses('headers', height)
    if (refused === undefined) askable.push(height)
    else found.set(height, refused)
  }
  const firsts = await timeline.firstFrom(askable, highest, signal)
  const places: { height: number; tipset: Tipset }[] = []
  for (const height of askable) {
    const tipset = firsts.get(height) ?? unread({ from: height, to: height })
    if (isRefusal(tipset)) found.set(height, horizon.note('headers', height, tipset))
    else places.push({ height, tipset })
  }
  const full = streams.some((s) => s.word === filecoinWords.minted && s.settings?.share === 'all')
  const ask = <T>(question: (tipset: Tipset) => Question<T>): Promise<readonly (T | Refusal)[]> =>
    rpc.batch(
      places.map(({ tipset }) => question(tipset)),
      signal,
    )
  const [rewards, burnts, circulations] = await Promise.all([
    ask(rewardQuestion),
    ask(burntQuestion),
    full ? ask(circulationQuestion) : [],
  ])
  for (const [i, { height, tipset }] of places.entries()) {
    const reward = rewards[i] ?? unread({ from: height, to: height })
    const burnt = burnts[i] ?? unread({ from: height, to: height })
    const circulation = circulations[i]
    const refused = isRefusal(reward) ? reward : isRefusal(burnt) ? burnt : undefined
    if (refused !== undefined || isRefusal(reward) || isRefusal(burnt)) {
      found.set(height, horizon.note('state', height, refused ?? unread({ from: height, to: height })))
      continue
    }
    const known = circulation === undefined || isRefusal(circulation) ? undefined : circulation
    const wrong = contradiction(tipset, reward, burnt, known)
    found.set(height, wrong ?? { tipset, reward, burnt, circulation: known })
  }
  return found
}

/** Pieces are cut where a stream begins and ends, so each is in its life or not. */
function isAlive(
  { fromHeight = 0, toHeight = Number.MAX_SAFE_INTEGER }: Stream,
  piece: HeightRange,
): boolean {
  return piece.from >= fromHeight && piece.to <= toHeight
}

function growth(stream: Stream, before: Boundary, after: Boundary): bigint {
  if (stream.word === filecoinWords.burned) return after.burnt - before.burnt
  return shareOf(stream, after.reward) - shareOf(stream, before.reward)
}

/** What a share of all that was minted had come to. */
function shareOf(stream: Stream, { minted, streams }: RewardState): bigint {
  const [burned, explicit] = [streams?.burned ?? 0n, streams?.explicit ?? 0n]
  const share = stream.settings?.share
  switch (share) {
    case 'all':
      return minted
    case 'miners':
      return minted - burned - explicit
    case 'locked':
      // Three quarters of a reward are locked, FIP-0004.
      return ((minted - burned - explicit) * 3n) / 4n
    case 'explicit':
      return explicit
    case 'burned':
      return burned
    default:
      throw new IndexerError(
        'bad-declaration',
        `network ${stream.network}: stream ${stream.name} names the share '${String(share)}' of what is minted; known are all, miners, explicit, burned, locked`,
      )
  }
}

/** @param id The tipset that shows the counter after the piece. */
function eventOf(stream: Stream, piece: HeightRange, id: string, raw: bigint): Event {
  return {
    streamId: stream.id,
    txId: Buffer.from(id),
    position: 0,
    amountRaw: rawAmount(raw),
    height: piece.to,
    fromHeight: piece.from,
    happenedAt: timeOf(piece.to),
  }
}

function isMidnight(height: number): boolean {
  return heightsOf(dayOf(timeOf(height))).from === height
}

/** The counters as they were at the end of the day that a midnight ends. */
function readingsOf(token: string, height: number, boundary: Boundary): Reading[] {
  const { reward, burnt, circulation } = boundary
  const at = { chain: 'filecoin', token, height: height - 1, time: timeOf(height - 1) }
  return [
    { ...at, counter: 'supply', value: outside(reward, burnt) },
    ...(circulation === undefined
      ? []
      : [
          { ...at, counter: 'circulating', value: circulation.circulating },
          { ...at, counter: 'locked', value: circulation.locked },
        ]),
  ]
}

function unread({ from }: HeightRange): Refusal {
  return { refused: new IndexerError('rpc-not-found', `Filecoin: the state at height ${from} was not read`) }
}
