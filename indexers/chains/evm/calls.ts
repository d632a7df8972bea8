import { rawAmount } from '../../../pipeline/model/amount.ts'
import { codeOf, messageOf } from '../../../pipeline/model/errors.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import type { Stream } from '../../../pipeline/model/stream.ts'
import { type UnixSeconds, unixSeconds } from '../../../pipeline/model/time.ts'
import type { AnswerPlace, RpcRequest } from '../../engine/json_rpc_answer.ts'
import type { Gap } from '../../engine/ports.ts'
import { checkArgument, type KnownEvent, parseEvent, parseSelector, textOf } from './abi.ts'
import { callsIn, sentWith, traceRequest, transactionRequest } from './call_trace.ts'
import type { EvmClient } from './client.ts'
import type { Decoded, Undated } from './decode.ts'
import { fittingArgs } from './event_decode.ts'
import { logsRequest } from './filters.ts'
import { bytesOf, heightOf, type RawLog, timeOf } from './logs.ts'
import { badAnswer } from './rpc-errors.ts'
import { topicOf, transferTopic } from './streams.ts'
import { callSettingsOf } from './words.ts'

/** A declared call, checked. */
export interface CallQuery {
  readonly stream: Stream
  readonly contract: string
  readonly selector: string
  readonly explained: KnownEvent
  readonly names: { readonly token: string; readonly recipient: string; readonly amount: string }
}

/** A movement of tokens out of the contract, or an event that explains one. */
interface Movement {
  readonly tx: string
  readonly token: string
  readonly recipient: string
  readonly amount: bigint
  readonly height: number
  readonly hash: string
  readonly time: UnixSeconds | undefined
}

/** What the logs of a range say of a declared call: movements out of its contract, and what explains some. */
export interface CallLogs {
  readonly query: CallQuery
  readonly kind: 'moved' | 'explained'
  readonly movements: readonly Movement[]
}

/** @throws IndexerError `bad-declaration` naming the stream and what is wrong with its settings. */
export function callQuery(stream: Stream): CallQuery {
  const { contract, call, explainedBy } = callSettingsOf(stream)
  const where = `${stream.network} stream ${stream.name}`
  const { event, ...names } = explainedBy
  const explained = parseEvent(event, where)
  for (const name of Object.values(names)) checkArgument(name, [explained], where)
  return { stream, contract, selector: parseSelector(call, where), explained, names }
}

/** Asks for the logs that such calls leave: what left the contract, and what explains it. */
export function callLogRequests(query: CallQuery, range: HeightRange): RpcRequest<CallLogs>[] {
  const { contract, explained } = query
  const moved = { topics: [transferTopic, topicOf(contract)] }
  return [
    logsRequest(moved, range, (pages, place) => ({
      query,
      kind: 'moved',
      movements: movementsOf(pages, range, place, transferOf),
    })),
    logsRequest({ address: [contract], topics: [explained.topic] }, range, (pages, place) => ({
      query,
      kind: 'explained',
      movements: movementsOf(pages, range, place, (log, topics) => explanationOf(query, log, topics)),
    })),
  ]
}

type Parts = Pick<Movement, 'token' | 'recipient' | 'amount'>

function movementsOf(
  pages: Iterable<readonly unknown[]>,
  range: HeightRange,
  place: AnswerPlace,
  partsOf: (log: RawLog, topics: readonly string[]) => Parts | undefined,
): Movement[] {
  return [...pages].flat().flatMap((item) => {
    if (typeof item !== 'object' || item === null) throw badAnswer(place, `a log is ${JSON.stringify(item)}`)
    const log: RawLog = item
    const height = heightOf(log, range, place)
    if (log.removed === true) throw badAnswer(place, 'a log is marked as removed', height)
    const tx = `0x${Buffer.from(bytesOf(log.transactionHash, place, height)).toString('hex')}`
    if (!Array.isArray(log.topics)) throw badAnswer(place, `topics are ${JSON.stringify(log.topics)}`, height)
    const parts = partsOf(log, log.topics.map(String))
    const seen = { tx, height, hash: String(log.blockHash), time: timeOf(log.blockTimestamp) }
    return parts === undefined ? [] : [{ ...seen, ...parts }]
  })
}

/** An ERC-20 transfer; undefined for an ERC-721 one, whose id is a topic too. */
function transferOf(log: RawLog, topics: readonly string[]): Parts | undefined {
  const [, , to = ''] = topics
  if (topics.length !== 3 || typeof log.data !== 'string' || log.data.length !== 66) return undefined
  return {
    token: textOf(log.address),
    recipient: `0x${to.slice(26)}`.toLowerCase(),
    amount: BigInt(log.data),
  }
}

function explanationOf(query: CallQuery, log: RawLog, topics: readonly string[]): Parts {
  const { explained, names, stream } = query
  const args = fittingArgs(explained, topics, log, `${stream.network} stream ${stream.name}`)
  return {
    token: textOf(args[names.token]),
    recipient: textOf(args[names.recipient]),
    amount: BigInt(textOf(args[names.amount])),
  }
}

const keyOf = ({ tx, token, recipient, amount }: Movement): string => `${tx} ${token} ${recipient} ${amount}`

/** The movements that no event explains, each explanation used once; one for each transaction. */
export function unexplained(moved: readonly Movement[], explained: readonly Movement[]): Movement[] {
  const left = new Map<string, number>()
  for (const one of explained) left.set(keyOf(one), (left.get(keyOf(one)) ?? 0) + 1)
  const open = moved.filter((one) => {
    const count = left.get(keyOf(one)) ?? 0
    left.set(keyOf(one), count - 1)
    return count <= 0
  })
  return open.filter((one, i) => open.findIndex((o) => o.tx === one.tx) === i)
}

/**
 * The calls of a range, from the transactions that moved tokens without an explanation. Where another contract made
 * the call, its value is in the transaction's trace; a node that offers none leaves a gap at that height.
 */
export async function readCalls(
  client: EvmClient,
  logs: readonly CallLogs[],
  signal: AbortSignal,
): Promise<{ readonly decoded: readonly Decoded[]; readonly gaps: readonly Gap[] }> {
  const decoded: Decoded[] = []
  const gaps: Gap[] = []
  for (const { query, movements } of logs.filter((l) => l.kind === 'moved')) {
    const explained = logs
      .filter((l) => l.query === query && l.kind === 'explained')
      .flatMap((l) => l.movements)
    const open = unexplained(movements, explained)
    const sent = await client.batch(
      open.map((one) => transactionRequest(one.tx, one.height)),
      signal,
    )
    for (const [i, one] of open.entries()) {
      const transaction = sent[i]
      if (transaction === undefined) continue
      const direct = sentWith(transaction, query)
      try {
        const calls = direct ?? callsIn(await client.call(traceRequest(one.tx, one.height), signal), query)
        if (calls.length > 0) decoded.push(eventsOf(query, one, calls))
      } catch (error) {
        if (codeOf(error) !== 'rpc-refused') throw error
        const reason = `transaction ${one.tx} moved tokens out of ${query.contract} through another contract, and only a trace says with what value: ${messageOf(error)}`
        gaps.push({
          streamId: query.stream.id,
          code: 'rpc-refused',
          from: one.height,
          to: one.height,
          reason,
        })
      }
    }
  }
  return { decoded, gaps }
}

function eventsOf(
  { stream }: CallQuery,
  one: Movement,
  calls: readonly { readonly position: number; readonly sender: string; readonly value: bigint }[],
): Decoded {
  const { height, hash, time, tx } = one
  const events = calls.map(
    ({ position, sender, value }): Undated => ({
      streamId: stream.id,
      txId: Buffer.from(tx.slice(2), 'hex'),
      position,
      amountRaw: rawAmount(value),
      height,
      happenedAt: unixSeconds(0),
      sender,
      detail: { token: one.token, tokens: String(one.amount) },
    }),
  )
  return { events, blocks: [{ height, hash, time, first: 0, end: events.length }] }
}
