import { draw } from '../scenario.ts'
import { denoms, modules, person } from './accounts.ts'
import type { Bank } from './bank.ts'
import { Bystanders } from './bystanders.ts'
import { Customers } from './customers.ts'
import type { Era } from './eras.ts'

const million = 1_000_000n
const micro = 1_000_000n

/** AKT that is locked, and may be paid out without minting, before the first block of a chain with credits. */
export const lockedBefore = 6_000n * micro

/** uakt in all before the first block: invented, but about what the real chain had at such heights. */
function startSupply(seed: number, height: number): bigint {
  const about = 190n * million + BigInt(Math.max(0, Math.floor(((height - 5_600_000) / 23_000_000) * 108e6)))
  return about * micro + BigInt(Math.floor(1e12 * draw(seed, 401)))
}

/** Gives everyone what they own before the first block; what is left of the supply belongs to nobody in particular. */
export function endow(bank: Bank, seed: number, height: number, era: Era): void {
  const give = (account: string, denom: string, amount: bigint): void =>
    bank.endow(account, { denom, amount })
  const range = (least: number, width: number, ...key: number[]): bigint =>
    BigInt(least + Math.floor(width * draw(seed, 402, ...key)))
  for (const { account, uakt, usdc } of Bystanders.endowed(seed)) {
    give(account, denoms.uakt, uakt)
    give(account, denoms.usdc, usdc)
  }
  for (const [at, account] of [...Customers.tenants(seed), ...Customers.helpers(seed)].entries()) {
    give(account, denoms.uakt, 500_000n * micro)
    give(account, denoms.usdc, 200_000n * micro)
    if (era.credits) give(account, denoms.uact, range(1_800, 2_400, at) * micro)
  }
  for (const [at, account] of Customers.providers(seed).entries()) {
    give(account, denoms.uakt, 2_000n * micro)
    if (era.credits) give(account, denoms.uact, range(at < 2 ? 4_000 : 300, 2_100, at, 1) * micro)
  }
  give(modules.distribution, denoms.uakt, 5n * million * micro)
  give(modules.distribution, denoms.usdc, 263_775n * micro)
  give(modules.bonded, denoms.uakt, 91n * million * micro)
  give(modules.notBonded, denoms.uakt, 14n * million * micro)
  give(modules.gov, denoms.uakt, 50_000n * micro)
  if (era.credits) give(modules.bme, denoms.uakt, 300_000n * micro)
  give(person(seed, 'everyone else', 0), denoms.uakt, startSupply(seed, height) - bank.supply(denoms.uakt))
}
