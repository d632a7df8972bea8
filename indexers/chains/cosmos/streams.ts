import { z } from 'zod'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { CounterDeclaration, Stream, StreamDeclaration } from '../../../pipeline/model/stream.ts'

/** The words of Cosmos SDK chains that networks use: each names what is read and how. */
export const cosmosWords = {
  mint: 'cosmos.mint',
  made: 'cosmos.made',
  burned: 'cosmos.burned',
  transfers: 'cosmos.transfers',
  payouts: 'cosmos.payouts',
  typed: 'cosmos.typed',
  fees: 'cosmos.fees',
  swept: 'cosmos.swept',
  unseenBurns: 'cosmos.unseenBurns',
  growth: 'cosmos.growth',
  accrued: 'cosmos.accrued',
} as const

/** One of {@link cosmosWords}. */
export type CosmosWord = (typeof cosmosWords)[keyof typeof cosmosWords]

/** The counters of Cosmos SDK chains. */
export const cosmosCounters = { supply: 'cosmos.supply', balance: 'cosmos.balance' } as const

const address = z.string().min(3)
const addresses = z.array(address).min(1)
const where = z.record(z.string(), z.array(z.string()).min(1))
/** Which denoms count: one, or all but some (each event's detail then names its own). */
const oneDenom = { denom: z.string().min(2).optional(), denomsBut: z.array(z.string()).optional() }

const eventAddress = z.strictObject({
  event: z.string(),
  where: where.optional(),
  /** Dotted name of the address in the event. */
  address: z.string(),
  /** Dotted name of the account that pays it. */
  owner: z.string().optional(),
})
const messageAddress = z.strictObject({
  /** Type of the message; `*` stands for any one part between dots: `/akash.market.*.MsgCloseBid`. */
  message: z.string(),
  /** Field numbers that lead to the address in its bytes. */
  field: z.array(z.number().int().min(1)).min(1),
})
const shapes = {
  [cosmosWords.mint]: z.strictObject({}),
  [cosmosWords.made]: z.strictObject({
    ...oneDenom,
    minters: addresses.optional(),
    mintersBut: addresses.optional(),
  }),
  [cosmosWords.burned]: z.strictObject({
    ...oneDenom,
    burners: addresses.optional(),
    burnersBut: addresses.optional(),
  }),
  [cosmosWords.transfers]: z.strictObject({ ...oneDenom, from: addresses, to: addresses }),
  [cosmosWords.payouts]: z.strictObject({
    ...oneDenom,
    from: address,
    payees: z.array(z.union([eventAddress, messageAddress])).min(1),
    refundedBefore: z.array(eventAddress),
    refundingMessages: z.array(z.string()),
    /** Accounts that are never payees: where coins go on to. */
    never: addresses.optional(),
  }),
  [cosmosWords.typed]: z.strictObject({
    ...oneDenom,
    events: z.array(z.string()).min(1),
    /** Dotted names of amount and denom. */
    amount: z.string(),
    denomAt: z.string(),
    /** Dotted name of what is taken off the amount, in the same denom. */
    less: z.string().optional(),
    /** Dotted name of a price that the amount is multiplied by, and cut to whole units: what it is worth in another denom. */
    times: z.string().optional(),
    where: where.optional(),
    sender: z.string().optional(),
    recipient: z.string().optional(),
  }),
  [cosmosWords.fees]: z.strictObject({ ...oneDenom, collector: address, sweptTo: address }),
  [cosmosWords.swept]: z.strictObject({ denom: z.string(), collector: address, sweptTo: address }),
  [cosmosWords.unseenBurns]: z.strictObject({}),
  [cosmosWords.growth]: z.strictObject({}),
  [cosmosWords.accrued]: z.strictObject({ denom: z.string(), leases: z.string(), accounts: z.string() }),
} as const

/** The settings of a word, checked. */
export type Settings<W extends CosmosWord> = z.infer<(typeof shapes)[W]>

/** A place of an address in an event or message, as payouts find their payees. */
export type AddressRule = Settings<'cosmos.payouts'>['payees'][number]
/** The same, of events only. */
export type EventAddressRule = Settings<'cosmos.payouts'>['refundedBefore'][number]

/** Which amounts of denoms a stream counts. */
export function countsDenom(
  of: { denom?: string | undefined; denomsBut?: string[] | undefined },
  denom: string,
): boolean {
  return of.denom === undefined ? !(of.denomsBut ?? []).includes(denom) : of.denom === denom
}

/** A stream as the decoder reads it. */
export type Reader = {
  [W in CosmosWord]: { readonly stream: Stream; readonly word: W; readonly settings: Settings<W> }
}[CosmosWord]

/** @throws IndexerError `bad-declaration` naming the stream and the setting, for an unknown word or malformed settings. */
export function readerOf(stream: Stream): Reader {
  const refuse = (what: string): IndexerError =>
    new IndexerError('bad-declaration', `${stream.network} stream ${stream.name}: ${what}`)
  const word = Object.values(cosmosWords).find((w) => w === stream.word)
  if (word === undefined)
    throw refuse(`Cosmos knows ${Object.values(cosmosWords).join(', ')}, not '${stream.word}'`)
  const checked = shapes[word].safeParse(stream.settings ?? {})
  if (checked.success) return { stream, word, settings: checked.data } as Reader
  const issue = checked.error.issues[0]
  throw refuse(`setting '${issue?.path.join('.')}': ${issue?.message}`)
}

/** What a network says of a stream; word and method are filled in. */
export type Told = Omit<StreamDeclaration, 'word' | 'settings' | 'method'>
type With<W extends CosmosWord> = Told & { readonly where: z.input<(typeof shapes)[W]> }

const declare = <W extends CosmosWord>(
  word: W,
  { where: settings, ...told }: With<W>,
): StreamDeclaration => ({
  ...told,
  method: 'events',
  word,
  settings,
})

/** What x/mint minted in each block; one event a block, named by the block's hash. */
export function minted(told: Told): StreamDeclaration {
  return { ...told, method: 'events', word: cosmosWords.mint, settings: {} }
}

/** Coins that modules made (`coinbase`), by who made them. From the first height with coin events on. */
export function made(told: With<'cosmos.made'>): StreamDeclaration {
  return declare(cosmosWords.made, told)
}

/** Coins that modules destroyed (`burn`), by who did. From the first height with coin events on. */
export function burned(told: With<'cosmos.burned'>): StreamDeclaration {
  return declare(cosmosWords.burned, told)
}

/** Coins moved from some accounts to others. */
export function transfers(told: With<'cosmos.transfers'>): StreamDeclaration {
  return declare(cosmosWords.transfers, told)
}

/**
 * What an escrow account pays to those who earned it: transfers to accounts that the same message, or an event of it, names
 * as payees, less the deposits of theirs that it gives back.
 */
export function payouts(told: With<'cosmos.payouts'>): StreamDeclaration {
  return declare(cosmosWords.payouts, told)
}

/** Amounts that events of a module state, by dotted names into their JSON. */
export function typed(told: With<'cosmos.typed'>): StreamDeclaration {
  return declare(cosmosWords.typed, told)
}

/** What each transaction paid to be included, failed ones too; one event a transaction. */
export function transactionFees(told: With<'cosmos.fees'>): StreamDeclaration {
  return declare(cosmosWords.fees, told)
}

/** The fees of a block by what its collector handed on in the next one, less what x/mint had put in. */
export function sweptFees(told: With<'cosmos.swept'>): StreamDeclaration {
  return { ...declare(cosmosWords.swept, told), method: 'counter' }
}

/** What was burned without an event: the supply's fall between two blocks. Before the first height with coin events. */
export function unseenBurns(told: Told): StreamDeclaration {
  return { ...told, method: 'counter', word: cosmosWords.unseenBurns, settings: {} }
}

/**
 * The growth of the mint denom's supply, day by day, from what blocks at midnight say of it: a few requests a day. Minted less
 * burned, exact; unknown where inflation is zero.
 */
export function supplyGrowth(told: Told): StreamDeclaration {
  return { ...told, method: 'counter', word: cosmosWords.growth, settings: {} }
}

/**
 * What leases priced by the block accrued, day by day: the price of every block in which one was open and could be paid,
 * from the list of all leases that nodes keep.
 */
export function accrued(told: With<'cosmos.accrued'>): StreamDeclaration {
  return { ...declare(cosmosWords.accrued, told), method: 'counter' }
}

type ToldCounter = Omit<CounterDeclaration, 'word' | 'settings'>

/** All that exists of a denom. */
export function supplyOf(told: ToldCounter & { readonly denom: string }): CounterDeclaration {
  const { denom, ...rest } = told
  return { ...rest, word: cosmosCounters.supply, settings: { denom } }
}

/** What an account holds of a denom. */
export function balanceOf(
  told: ToldCounter & { readonly denom: string; readonly address: string },
): CounterDeclaration {
  const { denom, address: holder, ...rest } = told
  return { ...rest, word: cosmosCounters.balance, settings: { denom, address: holder } }
}
