import { z } from 'zod'

const attributeShape = z.object({ key: z.string(), value: z.string(), index: z.literal(true) })
const eventShape = z.object({ type: z.string(), attributes: z.array(attributeShape) })
const eventsShape = z.array(eventShape).nullish()

/** The answer of `/block_results`, checked by hand so that tests do not lean on the code under test. */
export const resultsShape = z.object({
  height: z.string(),
  txs_results: z
    .array(
      z.object({ code: z.number(), log: z.string(), codespace: z.string(), events: z.array(eventShape) }),
    )
    .nullable(),
  begin_block_events: eventsShape,
  end_block_events: eventsShape,
  finalize_block_events: eventsShape,
})
export type Results = z.infer<typeof resultsShape>

/** An event with its texts in plain. */
export interface ReadEvent {
  readonly type: string
  readonly of: Readonly<Record<string, string>>
  /** Number of the transaction, -1 for the block's own. */
  readonly transaction: number
}

/** Every event of a block in order: begin, transactions, end. */
export function readEvents(results: Results): ReadEvent[] {
  const base64 = results.finalize_block_events === undefined
  const text = (value: string): string => (base64 ? Buffer.from(value, 'base64').toString() : value)
  const read = (events: z.infer<typeof eventsShape>, transaction: number): ReadEvent[] =>
    (events ?? []).map(({ type, attributes }) => ({
      type,
      of: Object.fromEntries(attributes.map(({ key, value }) => [text(key), text(value)])),
      transaction,
    }))
  const whole = read(results.finalize_block_events, -1)
  const ending = whole.findIndex((event) => event.of['mode'] === 'EndBlock')
  const at = ending < 0 ? whole.length : ending
  return [
    ...read(results.begin_block_events, -1),
    ...whole.slice(0, at),
    ...(results.txs_results ?? []).flatMap((one, index) => read(one.events, index)),
    ...whole.slice(at),
    ...read(results.end_block_events, -1),
  ]
}

/** Amounts of coins by denomination. @example coins('5ibc/AB,20uakt').get('uakt') // 20n */
export function coins(text: string): Map<string, bigint> {
  const found = new Map<string, bigint>()
  for (const part of text === '' ? [] : text.split(',')) {
    const [, amount = '', denom = ''] = /^(\d+)(.+)$/.exec(part) ?? []
    found.set(denom, (found.get(denom) ?? 0n) + BigInt(amount))
  }
  return found
}

/** Sums of amounts by a name, built up one by one. */
export class Tally {
  readonly #sums = new Map<string, bigint>()

  add(name: string, amounts: ReadonlyMap<string, bigint>, sign: 1n | -1n = 1n): void {
    for (const [denom, amount] of amounts) {
      const key = `${name} ${denom}`
      this.#sums.set(key, (this.#sums.get(key) ?? 0n) + sign * amount)
    }
  }

  get(name: string): bigint {
    return this.#sums.get(name) ?? 0n
  }

  /** Those that are not zero. */
  get left(): Record<string, bigint> {
    return Object.fromEntries([...this.#sums].filter(([, amount]) => amount !== 0n).sort())
  }
}

/** Whole numbers of 10^-18. */
export const read18 = (text: string): bigint => BigInt(text.replace('.', ''))
