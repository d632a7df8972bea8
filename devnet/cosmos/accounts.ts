import { createHash } from 'node:crypto'
import { bech32 } from '@scure/base'
import { seededBytes } from '../scenario.ts'

/** Denominations of the simulated chain, as on the real one. */
export const denoms = {
  uakt: 'uakt',
  uact: 'uact',
  /** axlUSDC through Osmosis. */
  usdc: 'ibc/170C677610AC31DF0904FFE09CD3B5C657492170E7E52372E48756B71E56F2F1',
} as const

const addressBytes = 20

function address(prefix: string, bytes: Uint8Array): string {
  return bech32.encode(prefix, bech32.toWords(bytes))
}

/** The account that a module owns: the first 20 bytes of the hash of its name. */
function moduleAccount(name: string): string {
  return address('akash', createHash('sha256').update(name).digest().subarray(0, addressBytes))
}

/** Module accounts by name. */
export const modules = {
  mint: moduleAccount('mint'),
  feeCollector: moduleAccount('fee_collector'),
  distribution: moduleAccount('distribution'),
  escrow: moduleAccount('escrow'),
  bme: moduleAccount('bme'),
  bonded: moduleAccount('bonded_tokens_pool'),
  notBonded: moduleAccount('not_bonded_tokens_pool'),
  gov: moduleAccount('gov'),
  transfer: moduleAccount('transfer'),
} as const

// The same few accounts are named a thousand times a day.
const made = new Map<string, string>()

function remembered(key: string, make: () => string): string {
  const known = made.get(key)
  if (known !== undefined) return known
  const fresh = make()
  made.set(key, fresh)
  return fresh
}

/** An invented account that depends on nothing but the seed, its part and its number. */
export function person(seed: number, part: string, index: number): string {
  const what = `account ${part} ${index}`
  return remembered(`${seed} ${what}`, () => address('akash', seededBytes(seed, what, addressBytes)))
}

/** An invented validator. */
export function validator(seed: number, index: number): string {
  const what = `validator ${index}`
  return remembered(`${seed} ${what}`, () => address('akashvaloper', seededBytes(seed, what, addressBytes)))
}

/** An invented contract, whose address is longer than a person's. */
export function contract(seed: number, name: string): string {
  return address('akash', seededBytes(seed, `contract ${name}`, 32))
}
