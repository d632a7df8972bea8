import type { Day } from './time.ts'

export type Kind = 'emission' | 'burn' | 'fee'
export type EmissionClass = 'contributor' | 'staker' | 'treasury' | 'settlement' | 'oneOff' | 'returned'
export type BurnClass = 'purchase' | 'usage' | 'gas' | 'penalty' | 'buyback' | 'migration' | 'other'
export type StreamClass = EmissionClass | BurnClass | 'payment'
export type Lens = 'CONSUMPTION' | 'PURCHASE' | 'DISCRETIONARY' | 'PENALTY' | 'BUYBACK' | 'OFFCHAIN_REPORTED'
export type Method = 'events' | 'counter' | 'formula' | 'schedule' | 'import'

/** Who keeps a fee, as exact fractions that add up to 1: `{ supply: '1/6', protocol: '5/6' }`. */
export interface Accrues {
  readonly supply?: string
  readonly protocol?: string
  readonly holders?: string
}

/**
 * What a stream is for.
 * - `ledger`: counted in every sum of its kind.
 * - `part`: a split of the stream named by `of`; shown beside it, never added to it.
 * - `check`: the same amounts as `of` by an independent path; only compared with it.
 * - `guard`: expected to stay zero; a value is news and is reported, never summed.
 */
export type Role = 'ledger' | 'part' | 'check' | 'guard'

/** One declared kind of happening of one network on one chain. */
export interface StreamDeclaration {
  readonly kind: Kind
  readonly class: StreamClass
  readonly lens?: Lens
  readonly accrues?: Accrues
  readonly token: string
  /** First height at which it can happen, both ends included; absent: the chain's first height. */
  readonly fromHeight?: number
  /** Last height at which it can happen; absent: it still does. */
  readonly toHeight?: number
  /** Counts the meanings: a changed meaning or decoding raises it, and the stream is read again. */
  readonly revision: number
  readonly role?: Role
  readonly of?: string
  readonly method: Method
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
  readonly price: { readonly market: string } | { readonly fixedUsd: string }
}

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
  readonly absent?: Readonly<Partial<Record<Kind, Absence>>>
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
