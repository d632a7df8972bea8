import { z } from 'zod'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { Stream, StreamDeclaration } from '../../../pipeline/model/stream.ts'
import { day, instantOf } from '../../../pipeline/model/time.ts'

/** The chain of published plans: its heights are days since 1970-01-01, and nobody serves it. */
export const scheduleChain = 'schedule'

/** What a network says of a planned stream; chain, method and word are filled in. Why it is an estimate is required. */
export type ScheduleOptions = Omit<
  StreamDeclaration,
  'word' | 'settings' | 'method' | 'chain' | 'fromHeight' | 'toHeight'
> & { readonly estimated: string }

/** One period of a plan. */
export interface PlannedPeriod {
  /** First UTC day. */
  readonly from: string
  /** First UTC day left out. */
  readonly to: string
  /** Whole tokens as decimal text, for the whole period. */
  readonly amount: string
}

/** A plan that gives out the same share of what is left, again and again. */
export interface Decay {
  /** All that will ever exist, in whole tokens. */
  readonly cap: string
  /** When nothing had been given out; the first share follows one interval later. */
  readonly start: string
  readonly everySeconds: number
  /** The share of the rest that each interval gives, as decimal text. */
  readonly rate: string
}

/** A table of amounts by period, spread evenly over the days of each; days in no period give nothing. */
export function scheduledTable({
  rows,
  ...declared
}: ScheduleOptions & { readonly rows: readonly PlannedPeriod[] }): StreamDeclaration {
  return { ...declared, chain: scheduleChain, method: 'schedule', word: 'schedule.table', settings: { rows } }
}

/** A share of what is left of a cap, every interval; a day has the shares given out within it. */
export function scheduledDecay({
  cap,
  start,
  everySeconds,
  rate,
  ...declared
}: ScheduleOptions & Decay): StreamDeclaration {
  const settings = { cap, start, everySeconds, rate }
  return { ...declared, chain: scheduleChain, method: 'schedule', word: 'schedule.decay', settings }
}

const decimal = z.string().regex(/^\d+(\.\d+)?$/, 'must be a decimal number')
const tableShape = z.strictObject({
  rows: z
    .array(
      z.strictObject({ from: z.string().transform(day), to: z.string().transform(day), amount: decimal }),
    )
    .min(1),
})
const decayShape = z.strictObject({
  cap: decimal,
  start: z.string().transform(instantOf),
  everySeconds: z.number().int().positive(),
  rate: decimal,
})

/** A plan with its settings checked. */
export type Plan =
  | ({ readonly kind: 'table' } & z.infer<typeof tableShape>)
  | ({ readonly kind: 'decay' } & z.infer<typeof decayShape>)

/** @throws IndexerError `bad-declaration` for an unknown word, malformed settings or periods that overlap. */
export function planOf(stream: Stream): Plan {
  const where = `${stream.network} stream ${stream.name}`
  const refuse = (what: string): never => {
    throw new IndexerError('bad-declaration', `${where}: ${what}`)
  }
  const checked = <T>(shape: z.ZodType<T>): T => {
    const result = shape.safeParse(stream.settings)
    const issue = result.error?.issues[0]
    return result.success ? result.data : refuse(`${issue?.path.join('.')}: ${issue?.message}`)
  }
  switch (stream.word) {
    case 'schedule.table': {
      const { rows } = checked(tableShape)
      for (const [i, { from, to }] of rows.entries()) {
        if (to <= from) refuse(`the period from ${from} ends on ${to}`)
        if (from < (rows[i - 1]?.to ?? from))
          refuse(`the period from ${from} starts before the one above it ends`)
      }
      return { kind: 'table', rows }
    }
    case 'schedule.decay':
      return { kind: 'decay', ...checked(decayShape) }
    default:
      return refuse(`schedules know schedule.table and schedule.decay, not '${stream.word}'`)
  }
}
