import { z } from 'zod'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { Stream, StreamDeclaration } from '../../../pipeline/model/stream.ts'
import type { MovementType } from './token.ts'

/** A program's instruction: the first eight bytes of its data say which, in hex; absent: any of the program. */
export interface InstructionKey {
  readonly program: string
  readonly discriminator?: string
  /** Only where the account at this place of the instruction is one of these. */
  readonly account?: { readonly at: number; readonly is: readonly string[] }
}

/** Who signs, and on which UTC days; `until` is left out. */
export type Signer =
  | string
  | { readonly address: string; readonly since?: string | undefined; readonly until?: string | undefined }

/** Which movements of a token count. Every condition that is given must hold. */
export interface MovementFilter {
  readonly mint: string
  /**
   * Whose lists of signatures name every transaction that counts, so that no other is fetched; absent: the mint's. It must
   * be an account of each such transaction: a mint's authority, a counter, a wallet's token account.
   */
  readonly signaturesOf?: readonly string[]
  /** One of these called for it, directly or not. */
  readonly under?: readonly InstructionKey[]
  /** None of these called for it, directly or not. */
  readonly notUnder?: readonly InstructionKey[]
  /** One of these called for it directly. */
  readonly calledBy?: readonly InstructionKey[]
  /** None of these called for it directly. */
  readonly notCalledBy?: readonly InstructionKey[]
  /** Token accounts it came from, or went to. */
  readonly from?: readonly string[]
  readonly to?: readonly string[]
  readonly notFrom?: readonly string[]
  readonly notTo?: readonly string[]
  /** Who signed for it. */
  readonly authority?: readonly Signer[]
  readonly notAuthority?: readonly Signer[]
  /** Exact amounts, in smallest units, as decimal text; or every amount but these. */
  readonly amountRaw?: readonly string[]
  readonly notAmountRaw?: readonly string[]
  /** Transactions that are left out, because they correct each other; by signature. */
  readonly exceptTransactions?: readonly string[]
  /** Other streams count the same movements in other ways, such as the fee that a burn pays: its events name the act. */
  readonly leg?: boolean
  /** Count amounts negative: emission that is given back. */
  readonly negative?: boolean
  /** Where the caller's arguments name a daily epoch (days since 1970): which caller, and at which byte it is. */
  readonly epoch?: InstructionKey & { readonly offset: number }
}

/** What a network says of a stream of token movements; the rest is filled in. */
export type SplOptions = Omit<StreamDeclaration, 'word' | 'settings' | 'method'> & {
  readonly where: MovementFilter
}

/** What must happen exactly once for each movement, inside the same call. */
export interface Pairing {
  /** The call that does both. */
  readonly within: InstructionKey
  readonly type: 'mint' | 'burn'
  readonly mint: string
}

/** What a network says of movements that must come in pairs. */
export type UnpairedOptions = SplOptions & { readonly type: 'mint' | 'burn'; readonly pair: Pairing }

const unpairedWord = 'solana.spl.unpaired'
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

/**
 * Movements without exactly one partner in the same call: a purchase that burns one token must mint another one once. For
 * a guard, which expects none.
 */
export function splUnpaired({ type, pair, ...options }: UnpairedOptions): StreamDeclaration {
  const declared = declare(unpairedWord, options)
  return { ...declared, settings: { ...declared.settings, type, pair } }
}

/** Tokens moved between accounts: what arrived, where the mint charges for transfers. */
export function splTransfers(options: SplOptions): StreamDeclaration {
  return declare('solana.spl.transfers', options)
}

/** An account's address, or a signature. */
export const address = z.string().regex(/^[1-9A-HJ-NP-Za-km-z]{32,88}$/, 'must be base58')
/** The bytes by which programs tell their instructions and accounts apart. */
export const discriminator = z.string().regex(/^[0-9a-f]{16}$/, 'must be eight bytes in hex')
const key = z.strictObject({
  program: address,
  discriminator: discriminator.optional(),
  account: z.strictObject({ at: z.number().int().min(0), is: z.array(address).min(1) }).optional(),
})
const utcDay = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day as YYYY-MM-DD')
const signer = z.union([
  address,
  z.strictObject({ address, since: utcDay.optional(), until: utcDay.optional() }),
])
const amount = z.string().regex(/^\d+$/, 'must be a whole number of smallest units')
const filter = z.strictObject({
  mint: address,
  signaturesOf: z.array(address).min(1).optional(),
  under: z.array(key).min(1).optional(),
  notUnder: z.array(key).min(1).optional(),
  calledBy: z.array(key).min(1).optional(),
  notCalledBy: z.array(key).min(1).optional(),
  from: z.array(address).min(1).optional(),
  to: z.array(address).min(1).optional(),
  notFrom: z.array(address).min(1).optional(),
  notTo: z.array(address).min(1).optional(),
  authority: z.array(signer).min(1).optional(),
  notAuthority: z.array(signer).min(1).optional(),
  amountRaw: z.array(amount).min(1).optional(),
  notAmountRaw: z.array(amount).min(1).optional(),
  exceptTransactions: z.array(address).min(1).optional(),
  leg: z.boolean().optional(),
  negative: z.boolean().optional(),
  epoch: key.extend({ offset: z.number().int().min(0) }).optional(),
})

const tokenSide = z.enum(['mint', 'burn'])
const unpaired = filter.extend({
  type: tokenSide,
  pair: z.strictObject({ within: key, type: tokenSide, mint: address }),
})

/** A stream as the decoder matches it. */
export interface Matcher {
  readonly stream: Stream
  readonly type: MovementType
  readonly filter: z.infer<typeof filter>
  /** Only movements that lack this partner; absent: all. */
  readonly pair?: z.infer<typeof unpaired>['pair']
}

/** @throws IndexerError `bad-declaration` naming the stream and the setting, for an unknown word or malformed settings. */
export function matcherOf(stream: Stream): Matcher {
  const refuse = (what: string): IndexerError =>
    new IndexerError('bad-declaration', `${stream.network} stream ${stream.name}: ${what}`)
  const read = <T>(shape: z.ZodType<T>): T => {
    const checked = shape.safeParse(stream.settings)
    if (checked.success) return checked.data
    const issue = checked.error.issues[0]
    throw refuse(`setting '${issue?.path.join('.')}': ${issue?.message}`)
  }
  if (stream.word === unpairedWord) {
    const { type, pair, ...rest } = read(unpaired)
    return { stream, type, filter: rest, pair }
  }
  const type = words[stream.word]
  if (type === undefined) throw refuse(`Solana knows ${Object.keys(words).join(', ')}, not '${stream.word}'`)
  return { stream, type, filter: read(filter) }
}

/** The accounts whose lists name the transactions of a stream. */
export function addressesOf({ filter }: Matcher): readonly string[] {
  return filter.signaturesOf ?? [filter.mint]
}
