import { denoms, modules } from './accounts.ts'
import type { Bank } from './bank.ts'
import type { Book } from './book.ts'
import { one18 } from './decimal.ts'
import { eraAt, findUpgrade, upgradeNamed } from './eras.ts'
import type { Fact } from './facts.ts'
import type { Market } from './market.ts'

/** Blocks after the upgrade to credits in which leases in uakt are converted. */
const drainAfter = 4
/** What the community pool gave to the vault, and to escrow, in real upgrades. */
const vaultFunding = 300_000_000_000n
const escrowPlug = 427_414_453n

/** What an upgrade may change. */
export interface Parts {
  readonly bank: Bank
  readonly book: Book
  readonly market: Market
}

/** What the software of an upgrade does before its first block begins: no transaction asks for it. */
export function upgradeFacts(height: number, { bank, book, market }: Parts): Fact[] {
  switch (findUpgrade(height)?.name) {
    case 'v1.1.0':
      return market.closeStuck(height, eraAt(height))
    case 'v2.0.0':
      book.add('community funds', denoms.uakt, vaultFunding)
      return [
        ...convert(denoms.usdc, one18, height, { bank, book, market }),
        ...bank.send(modules.distribution, modules.bme, [{ denom: denoms.uakt, amount: vaultFunding }]),
        {
          kind: 'typed',
          type: 'akash.bme.v1.EventVaultFunded',
          values: {
            amount: { denom: denoms.uakt, amount: String(vaultFunding) },
            new_vault_balance: { denom: denoms.uakt, amount: String(bank.balance(modules.bme, denoms.uakt)) },
            source: modules.distribution,
          },
        },
      ]
    case 'v2.1.0':
      book.add('community funds', denoms.uakt, escrowPlug)
      return bank.send(modules.distribution, modules.escrow, [{ denom: denoms.uakt, amount: escrowPlug }])
    default:
      return []
  }
}

/** Leases in uakt become leases in credits some blocks after the upgrade, at the price of the block before. */
export function drainFacts(height: number, price18: bigint, parts: Parts): Fact[] {
  return height === upgradeNamed('v2.0.0').height + drainAfter
    ? convert(denoms.uakt, price18, height, parts)
    : []
}

/** Takes the coins of a denomination out of escrow, burns them, and mints credits for them. */
function convert(denom: string, rate18: bigint, height: number, { bank, book, market }: Parts): Fact[] {
  const { taken, made } = market.convert(denom, denoms.uact, rate18, height)
  book.add('burn migration', denom, taken)
  book.add('credits migrated', denoms.uact, made)
  const [old, credits] = [
    { denom, amount: taken },
    { denom: denoms.uact, amount: made },
  ]
  return [
    ...bank.send(modules.escrow, modules.bme, [old]),
    ...bank.burn(modules.bme, old),
    ...bank.mint(modules.bme, credits),
    ...bank.send(modules.bme, modules.escrow, [credits]),
  ]
}
