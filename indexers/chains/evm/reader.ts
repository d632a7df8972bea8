import { codeOf, messageOf } from '../../../pipeline/model/errors.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import type { Stream } from '../../../pipeline/model/stream.ts'
import type { RpcRequest } from '../../engine/json_rpc_answer.ts'
import type { BlockMark, Gap } from '../../engine/ports.ts'
import { type CallLogs, type CallQuery, callLogRequests, callQuery, readCalls } from './calls.ts'
import type { EvmClient } from './client.ts'
import { type Decoded, decodeLogs } from './decode.ts'
import { decodeEvents, type FoundEvents, type MissingJoin, settleEvents } from './event_decode.ts'
import { type EventQuery, eventQuery } from './event_query.ts'
import { logsRequest } from './filters.ts'
import { Joins } from './joins.ts'
import { type LogQuery, logQueries } from './streams.ts'
import { isCallStream, isEventStream } from './words.ts'

/** The filters of some streams. */
export interface Queries {
  readonly transfers: readonly LogQuery[]
  readonly events: EventQuery | undefined
  readonly calls: readonly CallQuery[]
}

/** What the logs of a range gave, and what they could not tell. */
export interface RangeLogs {
  /** Headers that were asked for with the logs, in their order; undefined where a height has no block. */
  readonly headers: readonly (BlockMark | undefined)[]
  readonly decoded: readonly Decoded[]
  readonly gaps: readonly Gap[]
}

type Answer =
  | { readonly header: BlockMark | undefined }
  | { readonly transfers: Decoded }
  | { readonly events: FoundEvents }
  | { readonly call: CallLogs }

/** Reads what streams select out of the logs of a range. */
export class LogReader {
  readonly #client: EvmClient
  readonly #joins: Joins
  readonly #queries = new Map<string, Queries>()

  /** @param rangeSize Heights of one `eth_getLogs` when earlier events are looked for. */
  constructor(client: EvmClient, rangeSize: number) {
    this.#client = client
    this.#joins = new Joins(client, rangeSize)
  }

  /** @throws IndexerError `bad-declaration` for an unknown word or malformed settings. */
  queriesOf(streams: readonly Stream[]): Queries {
    const key = streams.map((s) => s.id).join()
    const known = this.#queries.get(key)
    if (known !== undefined) return known
    const rest = streams.filter((s) => !isEventStream(s) && !isCallStream(s))
    const made = {
      transfers: logQueries(rest),
      events: eventQuery(streams.filter(isEventStream)),
      calls: streams.filter(isCallStream).map(callQuery),
    }
    this.#queries.set(key, made)
    return made
  }

  /** Requests for the logs of one range, besides headers. */
  static requestsOf({ transfers, events, calls }: Queries): number {
    return transfers.length + (events === undefined ? 0 : 1) + calls.length * 2
  }

  /**
   * Logs and some headers in one POST: a node that lags behind the range and answers its logs as far as it has them
   * is found out by a missing header.
   */
  async read(
    range: HeightRange,
    queries: Queries,
    headers: readonly RpcRequest<BlockMark | undefined>[],
    signal: AbortSignal,
  ): Promise<RangeLogs> {
    const answers = await this.#client.batch<Answer>(
      [
        ...headers.map((request) => wrapped(request, (header): Answer => ({ header }))),
        ...logRequests(range, queries),
      ],
      signal,
    )
    const transfers = answers.flatMap((a) => ('transfers' in a ? [a.transfers] : []))
    const events = await this.#settle(range, queries.events, answers, signal)
    const calls = await readCalls(
      this.#client,
      answers.flatMap((a) => ('call' in a ? [a.call] : [])),
      signal,
    )
    return {
      headers: answers.flatMap((a) => ('header' in a ? [a.header] : [])),
      decoded: [...transfers, ...events.decoded, ...calls.decoded],
      gaps: [...events.gaps, ...calls.gaps],
    }
  }

  async #settle(
    range: HeightRange,
    query: EventQuery | undefined,
    answers: readonly Answer[],
    signal: AbortSignal,
  ): Promise<{ readonly decoded: readonly Decoded[]; readonly gaps: readonly Gap[] }> {
    const answer = answers.find((a) => 'events' in a)
    if (query === undefined || answer === undefined || !('events' in answer)) return { decoded: [], gaps: [] }
    const { found, joined } = answer.events
    this.#joins.note(query, range, joined)
    const unlearned = await this.#learn(range, query, found, signal)
    const { decoded, missing } = settleEvents(found, (...asked) => this.#joins.find(...asked))
    const reasons = new Map(missing.map((m) => [m.streamId, m]))
    const gaps = [...reasons.values()].map(({ streamId, reason }: MissingJoin): Gap => {
      const why = unlearned === undefined ? reason : `${reason}: ${unlearned}`
      return { streamId, ...range, code: 'rpc-not-found', reason: why }
    })
    return { decoded: [decoded], gaps }
  }

  /** Reads the earlier events that found ones refer to. Returns why that failed, where no node holds them. */
  async #learn(
    range: HeightRange,
    query: EventQuery,
    found: FoundEvents['found'],
    signal: AbortSignal,
  ): Promise<string | undefined> {
    for (const [contract, joins] of query.joins) {
      for (const join of joins) {
        const needed = found.some(
          (f) =>
            f.contract === contract &&
            f.matchers.some((m) =>
              m.rules.some((r) => r.join?.event === join.event && r.join.on === join.on),
            ),
        )
        if (!needed) continue
        try {
          await this.#joins.ensure(contract, join, range.from - 1, signal)
        } catch (error) {
          if (codeOf(error) !== 'rpc-not-found') throw error
          return messageOf(error)
        }
      }
    }
    return undefined
  }
}

function logRequests(range: HeightRange, { transfers, events, calls }: Queries): RpcRequest<Answer>[] {
  return [
    ...transfers.map((query) =>
      logsRequest(
        query,
        range,
        (pages, place): Answer => ({ transfers: decodeLogs(pages, query, range, place) }),
      ),
    ),
    ...(events === undefined
      ? []
      : [
          logsRequest(
            events,
            range,
            (pages, place): Answer => ({ events: decodeEvents(pages, events, range, place) }),
          ),
        ]),
    ...calls.flatMap((query) =>
      callLogRequests(query, range).map((request) => wrapped(request, (call): Answer => ({ call }))),
    ),
  ]
}

function wrapped<T, U>(request: RpcRequest<T>, wrap: (value: T) => U): RpcRequest<U> {
  const { method, params, read, readError } = request
  return {
    method,
    params,
    read: (result, place) => wrap(read(result, place)),
    ...(readError === undefined
      ? {}
      : {
          readError: (failure, place) => {
            const said = readError(failure, place)
            return said === undefined ? undefined : { value: wrap(said.value) }
          },
        }),
  }
}
