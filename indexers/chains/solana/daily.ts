import { z } from 'zod'
import { decodeId } from '../../../pipeline/model/encoding.ts'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { Stream, StreamDeclaration } from '../../../pipeline/model/stream.ts'
import { longestSeed, programAddress } from './address.ts'
import { address, discriminator } from './streams.ts'

/** The word for accounts that a program writes once a day. */
export const dailyWord = 'solana.accounts.daily'

/** A part of what an account's address is derived from. */
export type Seed =
  | { readonly text: string }
  | { readonly address: string }
  /** The day as days since 1970-01-01, eight bytes, lowest first. */
  | { readonly epoch: 'u64' }

/** A number in an account that counts in a day's amount. */
export interface Term {
  /** Byte from the start of the account. */
  readonly at: number
  /** `u64` if absent. */
  readonly type?: 'u64' | 'u128'
  /** Counts negative. */
  readonly minus?: boolean
  /** Days to the account that it is read from: -1 is the day before; 0 if absent. */
  readonly days?: number
}

/** Accounts of a program, one for each UTC day, whose addresses follow from the day. They are kept for ever. */
export interface DailyAccounts {
  readonly program: string
  readonly seeds: readonly Seed[]
  /** First eight bytes of such an account, in hex. */
  readonly discriminator: string
  /** Where the account names its own day, as in its seeds; absent: it does not. */
  readonly epochAt?: number
  /** A day's amount is the sum of these. */
  readonly value: readonly Term[]
  /** Added to each day's amount: smallest units that the program fixes and no account states, as decimal text. */
  readonly plusRaw?: string
  /** Bytes of which one is zero as long as the program has not closed the day; absent: the day's end closes it. */
  readonly complete?: readonly { readonly at: number }[]
  /** Days after its own day on which the amount is paid and booked; 0 if absent. */
  readonly paidAfterDays?: number
}

/** What a network says of a stream of daily accounts; the rest is filled in. */
export type DailyOptions = Omit<StreamDeclaration, 'word' | 'settings' | 'method'> & {
  readonly accounts: DailyAccounts
}

/**
 * A number that a program keeps in an account of its own for each day: an event a day, without reading a transaction.
 * Its height is the last slot of the day that it is booked on, and it covers the day's slots.
 */
export function dailyAccounts({ accounts, ...declared }: DailyOptions): StreamDeclaration {
  return { ...declared, method: 'counter', word: dailyWord, settings: { ...accounts } }
}

const at = z.number().int().min(0).max(10_000_000)
const settings = z.strictObject({
  program: address,
  seeds: z
    .array(
      z.union([
        z.strictObject({ text: z.string().min(1).max(longestSeed) }),
        z.strictObject({ address }),
        z.strictObject({ epoch: z.literal('u64') }),
      ]),
    )
    .min(1)
    .refine((seeds) => seeds.some((s) => 'epoch' in s), 'must name the day'),
  discriminator,
  epochAt: at.optional(),
  value: z
    .array(
      z.strictObject({
        at,
        type: z.enum(['u64', 'u128']).optional(),
        minus: z.boolean().optional(),
        days: z.number().int().min(-7).max(0).optional(),
      }),
    )
    .min(1),
  plusRaw: z.string().regex(/^\d+$/, 'must be a whole number of smallest units').optional(),
  complete: z.array(z.strictObject({ at })).min(1).optional(),
  paidAfterDays: z.number().int().min(0).max(7).optional(),
})

/** A stream of daily accounts, checked. */
export interface DailyStream {
  readonly stream: Stream
  readonly settings: z.infer<typeof settings>
  /** The address of a day's account. @param epoch Days since 1970-01-01. */
  readonly addressOf: (epoch: number) => string
}

/** @throws IndexerError `bad-declaration` naming the stream and the setting that is malformed. */
export function dailyOf(stream: Stream): DailyStream {
  const checked = settings.safeParse(stream.settings)
  if (!checked.success) {
    const issue = checked.error.issues[0]
    const what = `setting '${issue?.path.join('.')}': ${issue?.message}`
    throw new IndexerError('bad-declaration', `${stream.network} stream ${stream.name}: ${what}`)
  }
  const { program, seeds } = checked.data
  const known = new Map<number, string>()
  const addressOf = (epoch: number): string => {
    const made =
      known.get(epoch) ??
      programAddress(
        seeds.map((s) => seedBytes(s, epoch)),
        program,
      )
    known.set(epoch, made)
    return made
  }
  return { stream, settings: checked.data, addressOf }
}

function seedBytes(seed: Seed, epoch: number): Uint8Array {
  if ('text' in seed) return Buffer.from(seed.text, 'utf8')
  if ('address' in seed) return decodeId(seed.address, 'base58') ?? new Uint8Array()
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(epoch))
  return bytes
}
