import { codeOf, messageOf } from '../../../pipeline/model/errors.ts'
import type { Event } from '../../../pipeline/model/event.ts'
import type { Stream } from '../../../pipeline/model/stream.ts'
import { dayOf } from '../../../pipeline/model/time.ts'
import type { Gap } from '../../engine/ports.ts'
import type { Blocks } from './blocks.ts'
import type { SolanaClient } from './client.ts'
import type { Listed } from './signatures.ts'
import { listTransactions } from './signatures.ts'
import type { Span } from './span.ts'
import type { Matcher } from './streams.ts'
import { addressesOf } from './streams.ts'
import type { Missing } from './transactions.ts'
import { fetchEvents } from './transactions.ts'

/** Slots with missing transactions that are named one by one; beyond, they are one gap. */
const mostNamed = 50

/** What reading some streams of token movements gave. */
export interface Movements {
  readonly events: readonly Event[]
  readonly gaps: readonly Gap[]
}

/**
 * Reads the movements of a range: each account's list once, each transaction once, however many streams ask for it. A
 * stream sees only transactions that its own accounts list, so that what it gives does not depend on its company.
 */
export async function readMovements(
  client: SolanaClient,
  blocks: Blocks,
  span: Span,
  matchers: readonly Matcher[],
  signal: AbortSignal,
): Promise<Movements> {
  const alive = matchers.filter(({ stream }) => livesIn(stream, span))
  if (alive.length === 0) return { events: [], gaps: [] }
  const { range } = span
  const anchor = await blocks.signatureAbove(range.to, signal)
  const gaps: Gap[] = []
  const listed = new Map<string, { readonly row: Listed; readonly addresses: Set<string> }>()
  for (const address of new Set(alive.flatMap(addressesOf))) {
    try {
      for (const row of await listTransactions(client, address, range, anchor, signal)) {
        const known = listed.get(row.signature) ?? { row, addresses: new Set() }
        known.addresses.add(address)
        listed.set(row.signature, known)
      }
    } catch (error) {
      if (codeOf(error) !== 'rpc-not-found') throw error
      const reason = `the transactions of ${address} are not listed: ${messageOf(error)}`
      for (const m of alive)
        if (addressesOf(m).includes(address) && !gaps.some((g) => g.streamId === m.stream.id))
          gaps.push({ streamId: m.stream.id, ...range, code: 'rpc-not-found', reason })
    }
  }
  const wanted = [...listed.values()]
    .filter(({ row }) => !row.failed)
    .map(({ row, addresses }) => ({
      ...row,
      matchers: alive.filter((m) => addressesOf(m).some((a) => addresses.has(a))),
    }))
  const { events, missing } = await fetchEvents(client, wanted, signal)
  const lost = new Set(gaps.map((g) => g.streamId))
  for (const { stream } of alive) if (!lost.has(stream.id)) gaps.push(...gapsOf(stream, missing))
  const streams = new Map(alive.map(({ stream }) => [stream.id, stream]))
  return { events: events.filter((e) => livesOn(streams.get(e.streamId), e)), gaps }
}

/** Whether a stream can have events between the ends of a span. */
function livesIn({ since, until }: Stream, { before, first, after }: Span): boolean {
  return (
    (since === undefined || dayOf(after.time) >= since) &&
    (until === undefined || dayOf((before ?? first).time) < until)
  )
}

function livesOn(stream: Stream | undefined, { happenedAt }: Event): boolean {
  const day = dayOf(happenedAt)
  return (
    (stream?.since === undefined || day >= stream.since) &&
    (stream?.until === undefined || day < stream.until)
  )
}

/** The slots of which a stream lacks a transaction. */
function gapsOf(stream: Stream, missing: readonly Missing[]): Gap[] {
  const own = missing.filter((m) => m.matchers.some(({ stream: s }) => s.id === stream.id))
  const bySlot = new Map(own.map((m) => [m.slot, m.reason]))
  const slots = [...bySlot.keys()].sort((a, b) => a - b)
  const gap = (from: number, to: number, reason: string): Gap => {
    return { streamId: stream.id, from, to, code: 'rpc-not-found', reason }
  }
  const [lowest, highest] = [slots[0], slots.at(-1)]
  if (lowest === undefined || highest === undefined) return []
  if (slots.length <= mostNamed) return slots.map((slot) => gap(slot, slot, bySlot.get(slot) ?? ''))
  return [gap(lowest, highest, `${own.length} listed transactions are at no endpoint: ${bySlot.get(lowest)}`)]
}
