import { z } from 'zod'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { Stream, StreamDeclaration } from '../../../pipeline/model/stream.ts'

/** What an argument must be, as text in lower case: one of a list, or anything but one of a list. */
export type Condition = readonly string[] | { readonly not: readonly string[] }

/** An earlier event of the same contract whose arguments are used too, found by an argument both have. */
export interface Join {
  /** Its human-readable ABI item. */
  readonly event: string
  /** The argument that both events have; the earlier one indexes it or not. */
  readonly on: string
  /** Height below which there is none; it is looked for from here on. */
  readonly fromHeight: number
}

/** An event of a contract that gives an event of a stream. Arguments are named as in the ABI items. */
export interface EventRule {
  /** Human-readable ABI item: `event Paid(address indexed payer, string job, uint256 amount)`. */
  readonly event: string
  /** A whole-number argument, or a sum and difference of several: `gross - fee`. Exact. */
  readonly amount: string
  /** The same amount by other arguments: where it differs, decoding stops with `decode-failed`. */
  readonly equals?: string
  /** The argument that says who paid, or was paid. */
  readonly sender?: string
  readonly recipient?: string
  /** Conditions on arguments, all of which must hold. */
  readonly where?: Readonly<Record<string, Condition>>
  /** Arguments kept beside the amount. */
  readonly detail?: readonly string[]
  readonly join?: Join
}

/** What a declaration says of a stream of contract events; the word and its settings are filled in. */
export type EvmEventOptions = Omit<StreamDeclaration, 'word' | 'settings' | 'method'> & {
  /** Contracts in any letter case. At least one. */
  readonly contracts: readonly string[]
  /** Alternatives: an event of the chain counts by the first one that it fits. At least one. */
  readonly events: readonly EventRule[]
}

/** What a declaration says of calls that leave no event; the word and its settings are filled in. */
export type EvmCallOptions = Omit<StreamDeclaration, 'word' | 'settings' | 'method'> & {
  readonly contract: string
  /** The function called, with coins of the chain as its value: `function burn(address token, uint256 least)`. */
  readonly call: string
  /**
   * Such a call moves tokens of any ERC-20 out of the contract. This event of the contract explains other movements: its
   * arguments that say which token, to whom, and how much.
   */
  readonly explainedBy: {
    readonly event: string
    readonly token: string
    readonly recipient: string
    readonly amount: string
  }
}

const eventWord = 'evm.events'
const callWord = 'evm.calls'

/** Events of contracts by their signature, an exact amount out of their arguments. */
export function evmEvents({ contracts, events, ...declared }: EvmEventOptions): StreamDeclaration {
  return { ...declared, method: 'events', word: eventWord, settings: { contracts, events } }
}

/**
 * Coins sent with calls of one function that emits no event. Found by the ERC-20 movements that they cause, read from
 * the transaction, or from its trace where another contract made the call.
 */
export function evmCalls({ contract, call, explainedBy, ...declared }: EvmCallOptions): StreamDeclaration {
  return { ...declared, method: 'events', word: callWord, settings: { contract, call, explainedBy } }
}

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((text) => text.toLowerCase())
const texts = z
  .array(z.string())
  .min(1)
  .transform((list) => list.map((text) => text.toLowerCase()))
const condition = z.union([texts, z.strictObject({ not: texts })])

const eventSettings = z.strictObject({
  contracts: z.array(address).min(1),
  events: z
    .array(
      z.strictObject({
        event: z.string(),
        amount: z.string(),
        equals: z.string().optional(),
        sender: z.string().optional(),
        recipient: z.string().optional(),
        where: z.record(z.string(), condition).optional(),
        detail: z.array(z.string()).optional(),
        join: z
          .strictObject({ event: z.string(), on: z.string(), fromHeight: z.number().int().nonnegative() })
          .optional(),
      }),
    )
    .min(1),
})

const callSettings = z.strictObject({
  contract: address,
  call: z.string(),
  explainedBy: z.strictObject({
    event: z.string(),
    token: z.string(),
    recipient: z.string(),
    amount: z.string(),
  }),
})

/** Checked settings of `evm.events`, addresses in lower case. */
export type EventSettings = z.infer<typeof eventSettings>
/** Checked settings of `evm.calls`, addresses in lower case. */
export type CallSettings = z.infer<typeof callSettings>

/** Whether a stream is one of {@link evmEvents}. */
export const isEventStream = (stream: Stream): boolean => stream.word === eventWord
/** Whether a stream is one of {@link evmCalls}. */
export const isCallStream = (stream: Stream): boolean => stream.word === callWord

/** @throws IndexerError `bad-declaration` naming the stream and the setting. */
export const eventSettingsOf = (stream: Stream): EventSettings => checked(eventSettings, stream)
/** @throws IndexerError `bad-declaration` naming the stream and the setting. */
export const callSettingsOf = (stream: Stream): CallSettings => checked(callSettings, stream)

function checked<T>(shape: z.ZodType<T>, stream: Stream): T {
  const result = shape.safeParse(stream.settings)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new IndexerError(
    'bad-declaration',
    `${stream.network} stream ${stream.name}: ${issue?.path.join('.')}: ${issue?.message}`,
  )
}
