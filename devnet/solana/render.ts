import { dayNumber, dayOfNumber, day as dayOfText } from '../../pipeline/model/time.ts'
import { wander } from '../scenario.ts'
import type { Act, SolanaScenario, World } from './chain.ts'
import { call, reads, signs, writes } from './instructions.ts'
import { batch, burn, burnChecked, type MintRef, mintTo, transferChecked } from './tokens.ts'

const render: MintRef = { mint: 'rndrizKT3MK1iimdxRdWabcF7Zg7AR5T4nud4EkHBof', decimals: 8 }
const burnWallet = 'rbrnm7nPhfhBxPSh8qhRFrhB5MLnJGMNoyNQPvSi7vq'
/** The burn wallet's associated token account. */
const burnAccount = 'GqE7wcwRw86xxMz4pNq5cV3BkM64h3bvajQRQbigYqTX'
const units = 10n ** 8n
/** RENDER that RNP-018 and RNP-022 plan a month, half of it for the Foundation. */
const monthly = 492_132n * units
const burnedPerDay = 3_500
const systemProgram = '11111111111111111111111111111111'
const keys = { trend: 51, size: 52, rare: 53, upgrade: 54 } as const

/** Render: burns of paid jobs and others, a monthly mint, and upgrades, all by one authority that nobody has named. */
export class RenderScenario implements SolanaScenario {
  open({ ledger, genesis: slot, address }: World): void {
    ledger.openMint(render.mint, { decimals: 8, authority: address('render mint authority'), slot })
    const holds = (account: string, owner: string, amount: bigint): void =>
      ledger.openAccount(account, { mint: render.mint, owner, slot, amount: amount * units })
    holds(burnAccount, burnWallet, 0n)
    // A wallet that pays for its own transactions.
    ledger.setState(burnWallet, slot, { owner: systemProgram, data: Buffer.alloc(0) })
    holds(address('render exchange account'), address('render exchange'), 520_000_000n)
    holds(address('render foundation account'), address('render foundation'), 6_900_000n)
    holds(address('render nodes account'), address('render nodes'), 100_000n)
    holds(address('render upgrader account'), address('render upgrader'), 0n)
  }

  day(world: World, day: number): readonly Act[] {
    return [...this.#burns(world, day), ...this.#mints(world, day)]
  }

  #burns(world: World, day: number): Act[] {
    const { address, books, chance } = world
    const trend = 0.6 + 0.8 * wander(world.seed, keys.trend, day / 25)
    const burned = BigInt(Math.floor(burnedPerDay * trend * (0.6 + 0.8 * chance(keys.size, day)) * 1e8))
    const exchange = address('render exchange account')
    const jobs: Act = {
      second: 46_800,
      make: ({ day: of }) => {
        books.note('render jobs burned', of, burned)
        const bought = transferChecked(render, exchange, burnAccount, address('render exchange'), burned)
        return {
          payer: burnWallet,
          instructions: [bought, burnChecked(render, burnAccount, burnWallet, burned)],
        }
      },
    }
    const drawn = chance(keys.rare, day)
    if (drawn > 0.35) return [jobs]
    const other = BigInt(Math.floor((5 + 200 * drawn) * 1e8))
    const [owner, account] = [address('render nodes'), address('render nodes account')]
    const parts = [
      transferChecked(render, exchange, account, address('render exchange'), other),
      burn(render, account, owner, other),
    ]
    return [
      jobs,
      {
        second: 51_000,
        make: ({ day: of }) => {
          books.note('render other burns', of, other)
          return { payer: owner, instructions: drawn < 0.15 ? [batch(parts)] : parts }
        },
      },
    ]
  }

  #mints(world: World, day: number): Act[] {
    const { address, books, chance } = world
    const mint = (program: string, to: string, amount: bigint) => {
      const authority = address('render mint authority')
      const made = mintTo(render, to, authority, amount)
      const accounts = [signs(address('render operator')), writes(render.mint), writes(to), reads(authority)]
      return call(address(program), '0102030405060708', accounts, [], [made])
    }
    const upgrade: Act = {
      second: 39_000,
      make: ({ day: of }) => {
        const amount = BigInt(Math.floor(4_000e8 * chance(keys.upgrade, day) ** 3)) + 1n
        books.note('render minted', of, amount)
        books.note('render upgraded', of, amount)
        const instructions = [mint('render upgrade program', address('render upgrader account'), amount)]
        return { payer: address('render operator'), instructions }
      },
    }
    if (!dayOfNumber(day).endsWith('-20') || day < dayNumber(dayOfText('2024-12-20'))) return [upgrade]
    const emission: Act = {
      second: 64_800,
      make: ({ day: of }) => {
        books.note('render minted', of, monthly)
        books.note('render emitted', of, monthly)
        const instructions = ['render foundation account', 'render nodes account'].map((to) =>
          mint('render emission program', address(to), monthly / 2n),
        )
        return { payer: address('render operator'), instructions }
      },
    }
    return [upgrade, emission]
  }
}
