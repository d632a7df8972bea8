import type { Act, SolanaScenario, World } from './chain.ts'
import { burn, burnChecked, type MintRef, transfer, transferChecked } from './tokens.ts'

const io: MintRef = { mint: 'BZLbGTNCSFfoth2GYDtwr7e4imWzpR5jqcUuGEwr646K', decimals: 8 }
const keys = { size: 61, rare: 62 } as const

/** io.net: some burns, so that the supply only falls; and payouts, which are transfers. */
export class IonetScenario implements SolanaScenario {
  open({ ledger, genesis: slot, address }: World): void {
    ledger.openMint(io.mint, { decimals: 8, authority: address('io mint authority'), slot })
    const holds = (name: string, amount: bigint): void =>
      ledger.openAccount(address(`${name} account`), {
        mint: io.mint,
        owner: address(name),
        slot,
        amount: amount * 10n ** 8n,
      })
    holds('io vault', 228_700_000n)
    holds('io exchange', 560_000_000n)
    holds('io supplier', 9_000_000n)
  }

  day({ address, books, chance }: World, day: number): readonly Act[] {
    const [vault, exchange, supplier] = ['io vault', 'io exchange', 'io supplier'].map((name) =>
      address(name),
    )
    const account = (name: string): string => address(`${name} account`)
    if (vault === undefined || exchange === undefined || supplier === undefined) return []
    const paid = BigInt(Math.floor(70_000e8 * (0.5 + chance(keys.size, day))))
    const payout: Act = {
      second: 18_000,
      make: () => ({
        payer: vault,
        instructions: [transfer(io, account('io vault'), account('io supplier'), vault, paid)],
      }),
    }
    const drawn = chance(keys.rare, day)
    if (drawn > 0.6) return [payout]
    const burned = BigInt(Math.floor(30_000e8 * (0.2 + chance(keys.size, day, 1))))
    const fails = drawn < 0.1
    return [
      payout,
      {
        second: 72_000,
        make: ({ day: of }) => {
          if (!fails) books.note('io burned', of, burned)
          const from = drawn < 0.3 ? 'io supplier' : 'io exchange'
          const owner = address(from)
          const instructions =
            drawn < 0.3
              ? [
                  transferChecked(io, account('io exchange'), account(from), exchange, burned),
                  burn(io, account(from), owner, burned),
                ]
              : [burnChecked(io, account(from), owner, burned)]
          return {
            payer: owner,
            instructions,
            ...(fails ? { error: { InstructionError: [0, { Custom: 1 }] } } : {}),
          }
        },
      },
    ]
  }
}
