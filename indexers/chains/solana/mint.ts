import { encodeId } from '../../../pipeline/model/encoding.ts'
import type { Account } from './accounts.ts'
import { tokenPrograms } from './token.ts'

/** What a mint account says. */
export interface Mint {
  readonly program: 'token' | 'token2022'
  readonly supply: bigint
  readonly decimals: number
  /** Who may mint; undefined: nobody any more. */
  readonly mintAuthority: string | undefined
  /** Who may freeze accounts; undefined: nobody. */
  readonly freezeAuthority: string | undefined
}

/** A token of the network, with its mint account. */
export interface Inspected {
  readonly token: string
  readonly address: string
  readonly mint: Mint
}

/** What a token account says. */
export interface TokenAccount {
  readonly mint: string
  readonly owner: string
  readonly amount: bigint
}

const mintBytes = 82
const tokenAccountBytes = 165
/** Token-2022 writes after the base part which of the two an account is. */
const kinds = { mint: 1, account: 2 } as const

const keyAt = (data: Buffer, at: number): string => encodeId(data.subarray(at, at + 32), 'base58')

function programOf({ owner }: Account): Mint['program'] | undefined {
  return tokenPrograms[owner as keyof typeof tokenPrograms]
}

/** Reads a mint of either token program; undefined if the account is none. */
export function readMint(account: Account): Mint | undefined {
  const program = programOf(account)
  const { data } = account
  const extended = data.length > tokenAccountBytes && data[tokenAccountBytes] === kinds.mint
  if (program === undefined || !(data.length === mintBytes || extended) || data[45] !== 1) return undefined
  return {
    program,
    supply: data.readBigUInt64LE(36),
    decimals: data.readUInt8(44),
    mintAuthority: data.readUInt32LE(0) === 1 ? keyAt(data, 4) : undefined,
    freezeAuthority: data.readUInt32LE(46) === 1 ? keyAt(data, 50) : undefined,
  }
}

/** Reads a token account of either token program; undefined if the account is none. */
export function readTokenAccount(account: Account): TokenAccount | undefined {
  const { data } = account
  const extended = data.length > tokenAccountBytes && data[tokenAccountBytes] === kinds.account
  if (programOf(account) === undefined || !(data.length === tokenAccountBytes || extended) || data[108] === 0)
    return undefined
  return { mint: keyAt(data, 0), owner: keyAt(data, 32), amount: data.readBigUInt64LE(64) }
}
