import { codeOf } from '../../../pipeline/model/errors.ts'
import type { HeightRange } from '../../../pipeline/model/height.ts'
import { normalise, subtract } from '../../../pipeline/model/height.ts'
import { type Args, textOf } from './abi.ts'
import type { EvmClient } from './client.ts'
import { decodeEvents, type JoinedEvent } from './event_decode.ts'
import type { EventQuery, RuleJoin } from './event_query.ts'
import { logsRequest } from './filters.ts'

/** Ranges asked for in one POST. */
const rangesAtOnce = 20

interface Remembered {
  readonly args: Map<string, Args>
  /** Heights whose events are all in `args`. */
  learned: readonly HeightRange[]
}

/**
 * Earlier events that later ones refer to, such as what a payment channel was opened with. They never change, so each
 * range is asked for once in the life of a source, and only when an event of a read refers to one.
 */
export class Joins {
  readonly #client: EvmClient
  readonly #remembered = new Map<string, Remembered>()
  #rangeSize: number
  #turn: Promise<unknown> = Promise.resolve()

  /** @param rangeSize Heights asked for at once to start with; halved whenever a node refuses them. */
  constructor(client: EvmClient, rangeSize: number) {
    this.#client = client
    this.#rangeSize = rangeSize
  }

  /** Remembers what a read saw on its way. */
  note(query: EventQuery, range: HeightRange, joined: readonly JoinedEvent[]): void {
    for (const { contract, join, args } of joined) {
      this.#of(contract, join).args.set(textOf(args[join.on]), args)
    }
    for (const [contract, joins] of query.joins) {
      for (const join of joins) {
        const known = this.#of(contract, join)
        known.learned = normalise([...known.learned, range])
      }
    }
  }

  /** The arguments of the event that has `value` where both have the same argument, if it was seen. */
  find(contract: string, join: RuleJoin, value: string): Args | undefined {
    return this.#of(contract, join).args.get(value)
  }

  /**
   * Reads what is not yet known of a joined event, from its declared height up to `to`.
   * @throws IndexerError as the nodes say: `rpc-not-found` where none holds logs that old.
   */
  ensure(contract: string, join: RuleJoin, to: number, signal: AbortSignal): Promise<void> {
    // One at a time: reads that run side by side would ask for the same heights.
    const mine = this.#turn.then(() => this.#learn(contract, join, to, signal))
    this.#turn = mine.catch(() => undefined)
    return mine
  }

  async #learn(contract: string, join: RuleJoin, to: number, signal: AbortSignal): Promise<void> {
    const topics: readonly [readonly string[]] = [[join.event.topic]]
    const query: EventQuery = {
      address: [contract],
      topics,
      matchers: new Map([[contract, []]]),
      joins: new Map([[contract, [join]]]),
    }
    for (;;) {
      const missing = subtract({ from: join.fromHeight, to }, this.#of(contract, join).learned)
      const ranges = missing.flatMap((range) => cut(range, this.#rangeSize)).slice(0, rangesAtOnce)
      if (ranges.length === 0) return
      try {
        const answers = await this.#client.batch(
          ranges.map((range) =>
            logsRequest({ address: [contract], topics }, range, (pages, place) =>
              decodeEvents(pages, query, range, place),
            ),
          ),
          signal,
        )
        for (const [i, range] of ranges.entries()) this.note(query, range, answers[i]?.joined ?? [])
      } catch (error) {
        if (codeOf(error) !== 'rpc-too-large' || this.#rangeSize === 1) throw error
        this.#rangeSize = Math.ceil(this.#rangeSize / 2)
      }
    }
  }

  #of(contract: string, { event, on }: RuleJoin): Remembered {
    const key = `${contract} ${event.topic} ${on}`
    const known = this.#remembered.get(key) ?? { args: new Map(), learned: [] }
    this.#remembered.set(key, known)
    return known
  }
}

function cut({ from, to }: HeightRange, size: number): HeightRange[] {
  const ranges: HeightRange[] = []
  for (let at = from; at <= to && ranges.length < rangesAtOnce; at += size) {
    ranges.push({ from: at, to: Math.min(to, at + size - 1) })
  }
  return ranges
}
