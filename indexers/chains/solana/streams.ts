import { z } from 'zod'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { Stream, StreamDeclaration } from '../../../pipeline/model/stream.ts'
import type { MovementType } from './token.ts'

/** A program's instruction: the first eight bytes of its data say which, in hex; absent: any of the program. */
export interface InstructionKey {
  readonly program: string
  readonly discriminator?: string
}

/** Which movements of a token count. Every condition that is given must hold. */
export interface MovementFilter {
  readonly mint: string
  /** One of these called for it, directly or not. */
  readonly under?: readonly InstructionKey[]
  /** None of these called for it, directly or not. */
  readonly notUnder?: readonly InstructionKey[]
  /** One of these called for it directly. */
  readonly calledBy?: readonly InstructionKey[]
  /** Token accounts it came from, or went to. */
  readonly from?: readonly string[]
  readonly to?: readonly string[]
  /** Who signed for it. */
  readonly authority?: readonly string[]
  readonly notAuthority?: readonly string[]
  /** Transactions that are left out, because they correct each other; by signature. */
  readonly exceptTransactions?: readonly string[]
  /** Count amounts negative: emission that is given back. */
  readonly negative?: boolean
  /** Where the caller's arguments name a daily epoch (days since 1970): which caller, and at which byte it is. */
  readonly epoch?: InstructionKey & { readonly offset: number }
}

/** What a network says of a stream of token movements; the rest is filled in. */
export type SplOptions = Omit<StreamDeclaration, 'word' | 'settings' | 'method'> & {
  readonly where: MovementFilter
}

const words: Readonly<Record<string, MovementType>> = {
  'solana.spl.mints': 'mint',
  'solana.spl.burns': 'burn',
  'solana.spl.transfers': 'transfer',
}

const declare = (word: string, { where, ...declared }: SplOptions): StreamDeclaration => ({
  ...declared,
  method: 'events',
  word,
  settings: { ...where },
})

/** Tokens minted by a mint's authority. */
export function splMints(options: SplOptions): StreamDeclaration {
  return declare('solana.spl.mints', options)
}

/** Tokens burned. */
export function splBurns(options: SplOptions): StreamDeclaration {
  return declare('solana.spl.burns', options)
}

/** Tokens moved between accounts: what arrived, where the mint charges for transfers. */
export function splTransfers(options: SplOptions): StreamDeclaration {
  return declare('solana.spl.transfers', options)
}

const address = z.string().regex(/^[1-9A-HJ-NP-Za-km-z]{32,88}$/, 'must be base58')
const key = z.strictObject({
  program: address,
  discriminator: z
    .string()
    .regex(/^[0-9a-f]{16}$/, 'must be eight bytes in hex')
    .optional(),
})
const filter = z.strictObject({
  mint: address,
  under: z.array(key).min(1).optional(),
  notUnder: z.array(key).min(1).optional(),
  calledBy: z.array(key).min(1).optional(),
  from: z.array(address).min(1).optional(),
  to: z.array(address).min(1).optional(),
  authority: z.array(address).min(1).optional(),
  notAuthority: z.array(address).min(1).optional(),
  exceptTransactions: z.array(address).min(1).optional(),
  negative: z.boolean().optional(),
  epoch: key.extend({ offset: z.number().int().min(0) }).optional(),
})

/** A stream as the decoder matches it. */
export interface Matcher {
  readonly stream: Stream
  readonly type: MovementType
  readonly filter: z.infer<typeof filter>
}

/** @throws IndexerError `bad-declaration` naming the stream and the setting, for an unknown word or malformed settings. */
export function matcherOf(stream: Stream): Matcher {
  const refuse = (what: string): IndexerError =>
    new IndexerError('bad-declaration', `${stream.network} stream ${stream.name}: ${what}`)
  const type = words[stream.word]
  if (type === undefined) throw refuse(`Solana knows ${Object.keys(words).join(', ')}, not '${stream.word}'`)
  const checked = filter.safeParse(stream.settings)
  if (checked.success) return { stream, type, filter: checked.data }
  const issue = checked.error.issues[0]
  throw refuse(`setting '${issue?.path.join('.')}': ${issue?.message}`)
}
