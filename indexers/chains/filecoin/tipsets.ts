import { rawAmount } from '../../../pipeline/model/amount.ts'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { Event } from '../../../pipeline/model/event.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import type { Stream } from '../../../pipeline/model/stream.ts'
import { Coverage } from './coverage.ts'
import { timeOf } from './epochs.ts'
import type { Need, StateChange, TipsetFacts } from './facts.ts'
import type { Horizon, Sort } from './horizon.ts'
import { brokenIdentity, executedOf } from './identities.ts'
import { blockMessagesQuestion, type Executed, gasOf, receiptsQuestion, selectExecuted } from './messages.ts'
import { isRefusal, type LotusRpc, type Question, type Refusal } from './rpc.ts'
import { burntQuestion, rewardQuestion } from './state.ts'
import type { Stretch } from './timeline.ts'
import type { Tipset } from './tipset.ts'
import { traceQuestion } from './trace.ts'
import { type Amount, tipsetWord } from './words.ts'

/** What tipsets gave over a range. */
export interface TipsetRead {
  readonly events: readonly Event[]
  readonly coverage: Coverage
}

interface Means {
  readonly rpc: LotusRpc
  readonly horizon: Horizon
}

/**
 * Reads streams from the tipsets of a range. A tipset that breaks an identity of its messages is refused whole, one that
 * breaks an identity of its trace for the streams that need the trace, with both sides as the reason; heights without a block are covered.
 */
export async function readTipsets(
  range: HeightRange,
  streams: readonly Stream[],
  stretch: Stretch,
  means: Means,
  signal: AbortSignal,
): Promise<TipsetRead> {
  const needs = needsOf(streams)
  const facts = await readFacts(needs, stretch, means, signal)
  const coverage = new Coverage(streams)
  const events: Event[] = []
  let next = range.from
  for (const tipset of facts) {
    const { height } = tipset.tipset
    const broken = {
      messages: brokenIdentity(tipset, 'messages'),
      trace: needs.has('trace') ? brokenIdentity(tipset, 'trace') : undefined,
    }
    for (const stream of streams) {
      if (next < height) coverage.cover(stream, { from: next, to: height - 1 })
      const at = { from: height, to: height }
      const word = tipsetWord(stream)
      const read = broken[word?.need ?? 'messages'] ?? word?.read(tipset, stream) ?? []
      if (isRefusal(read)) {
        coverage.miss(stream, at, read)
        continue
      }
      coverage.cover(stream, at)
      if (height < (stream.fromHeight ?? 0) || height > (stream.toHeight ?? Number.MAX_SAFE_INTEGER)) continue
      for (const amount of read) if (amount.raw !== 0n) events.push(eventOf(stream, height, amount))
    }
    next = height + 1
  }
  if (next <= range.to) for (const stream of streams) coverage.cover(stream, { from: next, to: range.to })
  return { events, coverage }
}

function needsOf(streams: readonly Stream[]): ReadonlySet<Need> {
  return new Set(streams.flatMap((stream) => tipsetWord(stream)?.need ?? []))
}

async function readFacts(
  needs: ReadonlySet<Need>,
  { inside, next }: Stretch,
  means: Means,
  signal: AbortSignal,
): Promise<readonly TipsetFacts[]> {
  const all = isRefusal(next) ? inside : [...inside, next]
  const [rewards, burnts, executed, traces] = await Promise.all([
    ask(means, 'state', all, rewardQuestion, signal),
    ask(means, 'state', all, burntQuestion, signal),
    needs.has('messages') ? readMessages(inside, next, means, signal) : [],
    needs.has('trace') ? readTraces(inside, means, signal) : [],
  ])
  return inside.map((tipset, i): TipsetFacts => {
    const beyond = isRefusal(next) ? next : missing(tipset)
    const state: StateChange = {
      reward: rewards[i] ?? beyond,
      rewardAfter: rewards[i + 1] ?? beyond,
      burnt: burnts[i] ?? beyond,
      burntAfter: burnts[i + 1] ?? beyond,
    }
    const before = inside[i - 1]
    // Of the first tipset it is not known, unless it is the first height.
    const afterNullRounds = before === undefined ? true : before.height < tipset.height - 1
    const [done, trace] = [executed[i], traces[i]]
    return {
      tipset,
      afterNullRounds,
      state,
      ...(done === undefined ? {} : { executed: done }),
      ...(trace === undefined ? {} : { trace }),
    }
  })
}

/** Asks the same of each tipset, without those that the nodes are known to refuse. */
async function ask<Of extends { readonly height: number }, T>(
  { rpc, horizon }: Means,
  sort: Sort,
  tipsets: readonly Of[],
  question: (tipset: Of) => Question<T>,
  signal: AbortSignal,
): Promise<(T | Refusal)[]> {
  const known = tipsets.map(({ height }) => horizon.refuses(sort, height))
  const open = tipsets.filter((_, i) => known[i] === undefined)
  const answers = await rpc.batch(open.map(question), signal)
  let at = 0
  return tipsets.map((tipset, i) => {
    const refused = known[i]
    if (refused !== undefined) return refused
    const answer = answers[at]
    at += 1
    return horizon.note(sort, tipset.height, answer ?? missing(tipset))
  })
}

/** Traces are large: one request each, one after the other. */
async function readTraces(tipsets: readonly Tipset[], means: Means, signal: AbortSignal) {
  const answers = []
  for (const tipset of tipsets) answers.push(...(await ask(means, 'trace', [tipset], traceQuestion, signal)))
  return answers
}

/**
 * The executed messages of each tipset. Where no node gives its messages and receipts (it has no child, or they are gone), a
 * trace tells the same, but for who got the tips.
 */
async function readMessages(
  tipsets: readonly Tipset[],
  next: Tipset | Refusal,
  means: Means,
  signal: AbortSignal,
): Promise<(readonly Executed[] | Refusal)[]> {
  const executed = await readExecuted(tipsets, next, means, signal)
  const refused = tipsets.filter((_, i) => {
    const one = executed[i]
    return one !== undefined && isRefusal(one) && one.refused.code === 'rpc-not-found'
  })
  const traces = await readTraces(refused, means, signal)
  for (const [i, tipset] of refused.entries()) {
    const trace = traces[i]
    if (trace !== undefined && !isRefusal(trace))
      executed[tipsets.indexOf(tipset)] = executedOf(trace, tipset)
  }
  return executed
}

/** The messages of each tipset with their receipts, which are had from a block of the tipset's child. */
async function readExecuted(
  tipsets: readonly Tipset[],
  next: Tipset | Refusal,
  means: Means,
  signal: AbortSignal,
): Promise<(readonly Executed[] | Refusal)[]> {
  const blocks = tipsets.flatMap(({ height, blocks: own }) => own.map(({ cid }) => ({ height, cid })))
  const children = tipsets.map((_, i) => tipsets[i + 1] ?? next)
  const withChild = tipsets.filter((_, i) => !isRefusal(children[i] ?? next))
  const childOf = new Map(tipsets.map((tipset, i) => [tipset, children[i] ?? next]))
  const [messages, receipts] = await Promise.all([
    ask(means, 'messages', blocks, ({ height, cid }) => blockMessagesQuestion(cid, height), signal),
    ask(
      means,
      'messages',
      withChild,
      (tipset) => {
        const child = childOf.get(tipset)
        const block = child === undefined || isRefusal(child) ? '' : (child.cids[0] ?? '')
        return receiptsQuestion(block, tipset.height)
      },
      signal,
    ),
  ])
  let at = 0
  return tipsets.map((tipset) => {
    const own = messages.slice(at, at + tipset.blocks.length)
    at += tipset.blocks.length
    const child = childOf.get(tipset) ?? next
    if (isRefusal(child)) return child
    const received = receipts[withChild.indexOf(tipset)] ?? missing(tipset)
    if (isRefusal(received)) return received
    const byBlock = []
    for (const one of own) {
      if (isRefusal(one)) return one
      byBlock.push(one)
    }
    const selected = selectExecuted(byBlock)
    if (selected.length !== received.length) return unmatched(tipset, selected.length, received.length)
    return selected.flatMap(({ message, block }, i): Executed[] => {
      const receipt = received[i]
      if (receipt === undefined) return []
      const miner = tipset.blocks[block]?.miner
      return [{ message, receipt, gas: gasOf(message, receipt, tipset), miner }]
    })
  })
}

function eventOf(stream: Stream, height: number, amount: Amount): Event {
  const { id, position, raw, ...told } = amount
  return {
    streamId: stream.id,
    txId: Buffer.from(id),
    position,
    amountRaw: rawAmount(raw),
    height,
    happenedAt: timeOf(height),
    ...told,
  }
}

function missing({ height }: { readonly height: number }): Refusal {
  return {
    refused: new IndexerError('rpc-not-found', `Filecoin tipset ${height}: a part of it was not read`),
  }
}

function unmatched({ height }: Tipset, messages: number, receipts: number): Refusal {
  const message =
    `Filecoin tipset ${height}: its blocks hold ${messages} messages to execute, its child has ${receipts} receipts. ` +
    'Compare the tipset with another node'
  return { refused: new IndexerError('decode-failed', message, { height, messages, receipts }) }
}
