import type { Day } from './time.ts'

/**
 * What happens to tokens: given out, destroyed, paid, or taken out of circulation and given back (`lock`), which
 * changes no supply and is neither a burn nor an emission.
 */
export type Kind = 'emission' | 'burn' | 'fee' | 'lock'
/**
 * What minted tokens are for. `contributor`, `staker` and `treasury` are gross emission. `settlement` pays a
 * provider out of what a user burned, `oneOff` is a migration or governance mint, `returned` (negative) is
 * emission given back: never gross emission. `remint` and `locked` are parts of another emission stream: minted
 * because of an earlier burn, or not free yet. `vesting` is minted before and becomes free: no supply change.
 * `credit` is a credit made for its buyer: it proves the credit's supply and is in no sum. `uncounted` is minted and changes the
 * supply, but is never gross emission: it backs another token that is counted itself, or nobody knows what it is for.
 */
export type EmissionClass =
  | 'contributor'
  | 'staker'
  | 'treasury'
  | 'settlement'
  | 'oneOff'
  | 'returned'
  | 'remint'
  | 'locked'
  | 'vesting'
  | 'credit'
  | 'uncounted'
/** Why tokens were destroyed. `credit` is a credit used up: it proves the credit's supply and is in no sum of burns. */
export type BurnClass =
  | 'purchase'
  | 'usage'
  | 'gas'
  | 'penalty'
  | 'buyback'
  | 'migration'
  | 'other'
  | 'credit'
/** Tokens taken out of circulation, and tokens given back; both positive. */
export type LockClass = 'lock' | 'release'
export type StreamClass = EmissionClass | BurnClass | LockClass | 'payment'
/** Every lens; the first is the default. */
export const lenses = [
  'CONSUMPTION',
  'PURCHASE',
  'DISCRETIONARY',
  'PENALTY',
  'BUYBACK',
  'OFFCHAIN_REPORTED',
] as const

/** Which payments count as fees: sums are made inside one lens only. */
export type Lens = (typeof lenses)[number]
export type Method = 'events' | 'counter' | 'formula' | 'schedule' | 'import'

/**
 * Who keeps a fee from a day on, as exact fractions or decimals that add up to 1: `{ supply: '1/6', protocol: '5/6' }`,
 * `{ holders: '0.95', protocol: '0.05' }`.
 */
export interface Accrual {
  /** First UTC day of this split; absent: from the start. */
  readonly since?: string
  readonly supply?: string
  readonly protocol?: string
  readonly holders?: string
}

/** What amounts are multiplied by from a day on, exactly: `{ since: '2026-04-01', times: '1/0.6' }`. */
export interface Scale {
  /** First UTC day; absent in the first entry, and only there. */
  readonly since?: string
  /** A fraction or decimal above zero. */
  readonly times: string
}

/** What is known to be lost between two paths. What is left over is published all the same. */
export interface Tolerance {
  /** Smallest units a day, as decimal text. */
  readonly raw: string
  readonly why: string
}

/**
 * What a stream is for.
 * - `ledger`: counted in every sum of its kind.
 * - `part`: a split of the stream named by `of`; shown beside it, never added to it.
 * - `check`: the same amounts as `of` by an independent path; only compared with it.
 * - `guard`: expected to stay zero; a value is news and is reported, never summed.
 * - `standIn`: a total of all streams of its kind, lens and token, published or kept by the chain as a counter; used on days
 *   that they do not give, never added to them. Where a counter names them in `of`, it is compared with their sum as a check
 *   is; a published total may name streams of other tokens that are in it, which are not added where it is used.
 */
export type Role = 'ledger' | 'part' | 'check' | 'guard' | 'standIn'

/** One declared kind of happening of one network on one chain. */
export interface StreamDeclaration {
  readonly kind: Kind
  readonly class: StreamClass
  readonly lens?: Lens
  /** Who keeps the fee: splits by date, earliest first. */
  readonly accrues?: readonly Accrual[]
  readonly token: string
  /** The chain it is read from; absent: its token's. */
  readonly chain?: string
  /** First UTC day on which it can happen; absent: since the chain's start. */
  readonly since?: string
  /** First UTC day on which it can happen no more; absent: it still does. */
  readonly until?: string
  /** First height at which it can happen, both ends included; absent: the chain's first height. */
  readonly fromHeight?: number
  /** Last height at which it can happen; absent: it still does. */
  readonly toHeight?: number
  /** Counts the meanings: a changed meaning or decoding raises it, and the stream is read again. */
  readonly revision: number
  readonly role?: Role
  /**
   * The stream that this one is a part of, or those that it checks or stands in for: their sum, where streams of another kind
   * than the first one count negative.
   */
  readonly of?: string | readonly string[]
  /**
   * Where the chain pays by epochs: how many UTC days after the last day of an epoch its payment can still
   * arrive. Its events say which days they are for, and days are given by epoch beside event time.
   */
  readonly epoch?: { readonly lagDays: number }
  readonly method: Method
  /** Why its amounts are estimates; absent: they are exact. */
  readonly estimated?: string
  /**
   * What a day's sum of amounts is multiplied by, by date, earliest first, where the chain states a known part of
   * them: a fee of which 95 % are burned is the burn times 1/0.95. Events keep what the chain says. Fees and parts
   * only, because the others are compared with supplies.
   */
  readonly scale?: readonly Scale[]
  /** How far a day of a check, or of a stand-in with `of`, may lie from what it is compared with; absent: they must be equal. */
  readonly tolerance?: Tolerance
  /** What it means, for readers. */
  readonly meaning: string
  /** Where each fact was read. */
  readonly evidence: readonly string[]
  /** Which word of the chain reads it, and with which settings. */
  readonly word: string
  readonly settings?: Readonly<Record<string, unknown>>
}

/** A token of a network, and where its price comes from. */
export interface TokenDeclaration {
  readonly chain: string
  /** Mint or contract; absent for a chain's native token. */
  readonly address?: string
  readonly decimals: number
  readonly price: PriceDeclaration
}

/** A token under the name that one price source has for it, while that name meant the token. */
export interface PriceInstrument {
  readonly id: string
  /** First UTC day. */
  readonly since?: string
  /** First UTC day left out. */
  readonly until?: string
}

/** Where a token's price comes from: a fixed one, price sources, or nowhere (and why). */
export type PriceDeclaration =
  | { readonly fixedUsd: string }
  | {
      /** Id with CoinGecko, which DefiLlama shares; `instruments` of `coingecko` or `llama` replace it. */
      readonly market: string
      /** Names with sources, each with its dates: `{ binance: [{ id: 'RNDRUSDT', until: '2024-07-22' }, ...] }`. */
      readonly instruments?: Readonly<Record<string, readonly PriceInstrument[]>>
      /** First UTC day it traded; earlier prices are promises (IOUs) and are not used. */
      readonly listedSince?: string
    }
  | { readonly unknown: string }

/** A number that the chain keeps: a token's supply, or a counter that grows. Read beside events, to prove them. */
export interface CounterDeclaration {
  readonly token: string
  /** `supply` is what exists, `circulating` what is free, `max` what can ever exist; others have names of their own. */
  readonly counter: string
  /** The chain it is read from; absent: its token's. */
  readonly chain?: string
  readonly meaning: string
  readonly evidence: readonly string[]
  /** Which word of the chain reads it, and with which settings. */
  readonly word: string
  readonly settings?: Readonly<Record<string, unknown>>
}

/** What can be declared absent: a kind of stream, or a class that is a part or no emission at all. */
export type Absentee = Kind | 'oneOff' | 'remint' | 'locked' | 'vesting'

/** What a network has none of, and whether that means zero or not known. */
export interface Absence {
  readonly truly: 'zero' | 'unknown'
  readonly why: string
}

/** A dated change of rules, drawn on charts. */
export interface Regime {
  readonly day: Day | string
  readonly what: string
}

/** A DePIN project we publish numbers for. Data only: a network file holds no functions. */
export interface NetworkDeclaration {
  readonly id: string
  readonly name: string
  readonly sector: string
  readonly description: string
  readonly tokens: Readonly<Record<string, TokenDeclaration>>
  readonly streams: Readonly<Record<string, StreamDeclaration>>
  /** For each kind without a stream, what its absence means. */
  readonly absent?: Readonly<Partial<Record<Absentee, Absence>>>
  /** What is read of each token's supply, by name. */
  readonly counters?: Readonly<Record<string, CounterDeclaration>>
  readonly regimes?: readonly Regime[]
}

/** A stream as the catalogue numbers it. */
export interface Stream extends StreamDeclaration {
  readonly id: number
  readonly network: string
  readonly name: string
  readonly chain: string
  readonly role: Role
  readonly decimals: number
}

/** A counter as the engine asks a chain for it. */
export interface Counter extends CounterDeclaration {
  readonly network: string
  readonly name: string
  readonly chain: string
  readonly decimals: number
}

/** The chain of imported series: its heights are days since 1970-01-01, and nobody serves it. */
export const importChain = 'import'

/** Chains that nobody runs: what is read from them happens on the chain of its token. */
export const paperChains: readonly string[] = [importChain, 'schedule']
