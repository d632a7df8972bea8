import type { Stream } from '../../../pipeline/model/stream.ts'
import type { Lane } from '../../engine/ports.ts'
import { dailyWord } from './daily.ts'
import { addressesOf, matcherOf } from './streams.ts'

/** At the pace that slots are meant to have, 0.4 seconds. */
export const slotsPerDay = 216_000

/** Two days of a quiet account are a page; a busy one makes the ranges smaller. */
const ofMovements = { start: 2 * slotsPerDay, max: 60 * slotsPerDay }
/** A hundred accounts are one request. */
const ofDays = { start: 100 * slotsPerDay, max: 400 * slotsPerDay }

/**
 * Streams of daily accounts first, which cost next to nothing; then those that page the same accounts together, so that
 * each page and each transaction is asked for once; those that page a whole mint last.
 * @throws IndexerError `bad-declaration` as {@link matcherOf}.
 */
export function lanesOf(streams: readonly Stream[]): readonly Lane[] {
  const daily = streams.filter((s) => s.word === dailyWord)
  const groups: { addresses: Set<string>; streams: Stream[] }[] = []
  for (const stream of streams) {
    if (stream.word === dailyWord) continue
    const addresses = addressesOf(matcherOf(stream))
    const joined = groups.filter((g) => addresses.some((a) => g.addresses.has(a)))
    const group = joined[0] ?? { addresses: new Set<string>(), streams: [] }
    if (joined.length === 0) groups.push(group)
    for (const other of joined.slice(1)) {
      for (const address of other.addresses) group.addresses.add(address)
      group.streams.push(...other.streams)
      groups.splice(groups.indexOf(other), 1)
    }
    for (const address of addresses) group.addresses.add(address)
    group.streams.push(stream)
  }
  // A mint's own list holds every transfer of it, exchanges' included.
  const dear = (g: (typeof groups)[number]): number => Number(g.streams.some((s) => pagesMint(s)))
  const lanes = groups
    .toSorted((a, b) => dear(a) - dear(b))
    .map((g): Lane => ({ streams: g.streams, rangeSize: ofMovements }))
  return daily.length === 0 ? lanes : [{ streams: daily, rangeSize: ofDays }, ...lanes]
}

function pagesMint(stream: Stream): boolean {
  const matcher = matcherOf(stream)
  return addressesOf(matcher).includes(matcher.filter.mint)
}
