import type { Day } from '../../../pipeline/model/time.ts'
import { wander } from '../../scenario.ts'
import type { Act, SolanaScenario, World } from '../chain.ts'
import { batch, burn, burnChecked, transferChecked } from '../tokens.ts'
import * as calls from './calls.ts'
import { EpochAccounts } from './epochs.ts'
import { at, dc, hnt, iot, mobile, programs, tables } from './names.ts'
import { rewardActs } from './rewards.ts'

const bones = 10n ** 8n
/** Credits of a day, before the day's trend: traffic of carriers, of LoRaWAN, and everything else. */
const creditsPerDay = { mobile: 4_100_000_000, iot: 250_000_000, other: 600_000_000 } as const
const startingCredits = 5n * 10n ** 12n
const invented = { trend: 31, spread: 32, price: 33, purchase: 34, rare: 35, claim: 36 } as const

/** Opens Helium's accounts and plans its days: about thirty transactions each. Amounts are invented. */
export class HeliumScenario implements SolanaScenario {
  #epochs: EpochAccounts | undefined
  readonly #payers: calls.Payer[] = []
  readonly #buyers: calls.Buyer[] = []

  open(world: World): void {
    const { ledger, genesis: slot } = world
    this.#epochs = new EpochAccounts(ledger)
    ledger.openMint(hnt.mint, { decimals: 8, authority: at.hntBreaker, slot })
    ledger.openMint(dc.mint, { decimals: 0, authority: at.dcBreaker, freeze: at.dataCredits, slot })
    for (const program of Object.values(programs)) ledger.openProgram(program, slot)
    // Of these accounts nothing is read but that they exist.
    for (const [owner, addresses] of [
      [programs.subDaos, [at.dao, at.mobileSubDao, at.iotSubDao]],
      [programs.circuitBreaker, [at.hntBreaker, at.dcBreaker, at.delegatorPoolBreaker]],
      [programs.dataCredits, [at.dataCredits]],
      [programs.noEmit, [at.notEmittedCounter]],
    ] as const)
      for (const address of addresses) ledger.setState(address, slot, { owner, data: Buffer.alloc(8) })
    // Nobody can mint these any more.
    ledger.openMint(mobile.mint, { decimals: 6, authority: null, slot })
    ledger.openMint(iot.mint, { decimals: 6, authority: null, slot })
    const holds = (account: string, mint: string, owner: string, amount: bigint): void =>
      ledger.openAccount(account, { mint, owner, slot, amount, frozen: mint === dc.mint })
    holds(at.rewardsEscrow, hnt.mint, at.rewardsEscrowOwner, 5_400_000n * bones)
    holds(at.delegatorPool, hnt.mint, at.dao, 3_100_000n * bones)
    holds(at.mobileTreasury, hnt.mint, at.mobileSubDao, 9_000_000n * bones)
    holds(at.iotTreasury, hnt.mint, at.iotSubDao, 4_000_000n * bones)
    holds(at.supplementVault, hnt.mint, world.address('supplement owner'), 0n)
    holds(at.council, hnt.mint, world.address('council owner'), 0n)
    holds(at.noEmitAccount, hnt.mint, at.noEmitWallet, 0n)
    holds(
      world.address('hnt exchange account'),
      hnt.mint,
      world.address('hnt exchange'),
      150_000_000n * bones,
    )
    holds(world.address('hnt claimer account'), hnt.mint, world.address('hnt claimer'), 11_000_000n * bones)
    holds(
      world.address('mobile holder account'),
      mobile.mint,
      world.address('mobile holder'),
      7n * 10n ** 16n,
    )
    holds(world.address('iot holder account'), iot.mint, world.address('iot holder'), 5n * 10n ** 16n)
    for (const [name, owner] of [
      ['carrier', world.address('carrier')],
      ['router', world.address('router')],
      ['deployer', world.address('deployer')],
      ['bulk', at.bulkBuyer],
    ] as const) {
      const buyer = {
        owner,
        hntAccount: world.address(`${name} hnt`),
        dcAccount: world.address(`${name} dc`),
      }
      this.#buyers.push(buyer)
      holds(buyer.hntAccount, hnt.mint, owner, 0n)
      holds(buyer.dcAccount, dc.mint, owner, name === 'deployer' ? startingCredits : 0n)
    }
    for (const of of ['mobile', 'mobile', 'iot'] as const) {
      const n = this.#payers.length
      const payer = {
        of,
        burner: of === 'mobile' ? at.mobileBurner : at.iotBurner,
        account: world.address(`delegated credits ${n}`),
        escrow: world.address(`escrow of credits ${n}`),
      }
      this.#payers.push(payer)
      holds(payer.escrow, dc.mint, payer.account, startingCredits)
    }
  }

  day(world: World, day: number): readonly Act[] {
    const epochs = this.#epochs
    if (epochs === undefined) throw new TypeError('the scenario was not opened')
    return [
      ...rewardActs(world, epochs, day),
      ...this.#traffic(world, epochs, day),
      ...this.#purchases(world, day),
      ...this.#returned(world, day),
      ...this.#rest(world, day),
    ]
  }

  /** A share of a day's amount that differs by day and place, around 1. */
  #around(world: World, day: number, ...key: number[]): number {
    const trend = 0.8 + 0.4 * wander(world.seed, invented.trend, day / 30)
    return trend * (0.7 + 0.6 * world.chance(invented.spread, day, ...key))
  }

  #traffic(world: World, epochs: EpochAccounts, day: number): Act[] {
    const tracked = this.#payers.flatMap((payer, n) =>
      [0, 1].map(
        (part): Act => ({
          second: 9_000 + part * 40_000 + n * 1_700,
          make: ({ slot, day: name }) => {
            const share = payer.of === 'mobile' ? 0.25 : 0.5
            const credits = BigInt(
              Math.floor(creditsPerDay[payer.of] * share * this.#around(world, day, n, part)),
            )
            epochs.track(payer.of, day, credits, slot)
            world.books.note(`helium credits ${payer.of}`, name, credits)
            return { payer: payer.burner, instructions: [calls.burnDelegated(payer, day, credits)] }
          },
        }),
      ),
    )
    const [, , deployer] = this.#buyers
    const other = (
      ['onboard_mobile_hotspot_v0', 'onboard_iot_hotspot_v0', 'update_iot_info_v0'] as const
    ).flatMap((name, n): Act[] =>
      deployer === undefined
        ? []
        : [
            {
              second: 30_000 + n * 9_000,
              make: ({ day: of }) => {
                const credits = BigInt(Math.floor((creditsPerDay.other / 3) * this.#around(world, day, 9, n)))
                world.books.note('helium credits other', of, credits)
                return {
                  payer: deployer.owner,
                  instructions: [calls.burnForEntity(name, deployer, credits)],
                  ...(n === 0 ? { table: tables.main } : {}),
                }
              },
            },
          ],
    )
    return [...tracked, ...other]
  }

  /** HNT burned for credits: by hand, automatically inside a task, in bulk, and now and then in vain. */
  #purchases(world: World, day: number): Act[] {
    const price = this.#priceAt(world, day)
    const buy = (second: number, n: number, dollars: number, kind: 'hand' | 'task' | 'fails'): Act[] => {
      const buyer = this.#buyers[n]
      const [escrow] = this.#payers.map((p) => p.escrow)
      if (buyer === undefined || escrow === undefined) return []
      const burned =
        (BigInt(Math.floor(dollars * this.#around(world, day, 20 + n, second))) * 10n ** 16n) / price
      // DC for HNT: raw x price / 10^(8 - exponent - 5) with Pyth's exponent -8, rounded down.
      const credits = (burned * price) / 10n ** 11n
      return [
        {
          second,
          make: ({ day: of }) => {
            const filled = this.#fill(world, buyer, burned)
            if (kind === 'fails') {
              return {
                payer: buyer.owner,
                instructions: [filled, calls.mintDataCredits(buyer, burned, credits)],
                error: { InstructionError: [1, { Custom: 6_001 }] },
              }
            }
            world.books.note('helium purchases', of, burned)
            world.books.note('helium credits minted', of, credits)
            if (buyer.owner === at.bulkBuyer) world.books.note('helium purchases discretionary', of, burned)
            if (kind === 'task') {
              return {
                payer: at.taskRunner,
                instructions: [filled, calls.underTask([calls.topOff(buyer, escrow, burned, credits)])],
                table: tables.main,
              }
            }
            return {
              payer: buyer.owner,
              instructions: [
                filled,
                calls.mintDataCredits(buyer, burned, credits),
                calls.delegateDataCredits(buyer, escrow, credits),
              ],
            }
          },
        },
      ]
    }
    return [
      ...buy(14_000, 0, 17_000, 'task'),
      ...buy(33_000, 0, 17_000, 'hand'),
      ...buy(57_600, 1, 4_500, 'hand'),
      ...buy(70_000, 2, 6_000, 'task'),
      ...(world.chance(invented.purchase, day) < 0.2 ? buy(61_000, 3, 90_000, 'hand') : []),
      ...(world.chance(invented.purchase, day, 1) < 0.5 ? buy(62_000, 0, 900, 'fails') : []),
    ]
  }

  /** Dollars of an HNT, times 10^8. */
  #priceAt({ seed }: World, day: number): bigint {
    return BigInt(Math.floor((1.2 + 0.8 * wander(seed, invented.price, day / 20)) * 1e8))
  }

  #fill(world: World, buyer: calls.Buyer, amount: bigint) {
    const exchange = world.address('hnt exchange')
    return transferChecked(hnt, world.address('hnt exchange account'), buyer.hntAccount, exchange, amount)
  }

  /** Emission that is given back: what nobody earned, and rewards of those who did not vote. */
  #returned(world: World, day: number): Act[] {
    const unearned = BigInt(Math.floor(40e8 + 160e8 * world.chance(invented.claim, day)))
    const forfeits = [0, 1].map((n) => BigInt(Math.floor(1 + 3e8 * world.chance(invented.claim, day, n))))
    const runs = (second: number, make: (of: Day) => ReturnType<typeof calls.noEmit>[]): Act => ({
      second,
      make: ({ day: of }) => ({
        payer: at.taskRunner,
        instructions: [calls.underTask(make(of))],
        table: tables.main,
      }),
    })
    return [
      runs(2_000, () => [calls.distribute(at.noEmitAccount, unearned)]),
      runs(2_400, (of) => {
        const all = world.ledger.balance(at.noEmitAccount)
        world.books.note('helium no-emit', of, all)
        return [calls.noEmit(all)]
      }),
      runs(20_000, (of) =>
        forfeits.map((amount, n) => {
          world.books.note('helium forfeits', of, amount)
          return calls.claimRewards(
            n === 0 ? 'mobile' : 'iot',
            day - 1,
            { amount },
            world.address(`position ${n}`),
          )
        }),
      ),
    ]
  }

  /** Claims, which move what was minted before, and burns of HNT by holders. */
  #rest(world: World, day: number): Act[] {
    const claimer = world.address('hnt claimer account')
    const owner = world.address('hnt claimer')
    const amount = (n: number): bigint =>
      BigInt(Math.floor(1_000 + 90e8 * world.chance(invented.claim, day, 5, n)))
    const claims: Act[] = [
      {
        second: 43_000,
        make: () => ({ payer: owner, instructions: [calls.distribute(claimer, amount(0))] }),
      },
      {
        second: 44_000,
        make: () => ({
          payer: owner,
          instructions: [
            calls.claimRewards(
              'iot',
              day - 1,
              { amount: amount(1), to: claimer },
              world.address('position 9'),
            ),
          ],
          table: tables.main,
        }),
      },
    ]
    const drawn = world.chance(invented.rare, day)
    if (drawn > 0.4) return claims
    const burned = amount(2) / 100n
    const exchange = world.address('hnt exchange account')
    const instructions =
      drawn < 0.2
        ? [burnChecked(hnt, claimer, owner, burned)]
        : [batch([transferChecked(hnt, claimer, exchange, owner, burned), burn(hnt, claimer, owner, burned)])]
    return [
      ...claims,
      {
        second: 50_000,
        make: ({ day: of }) => {
          world.books.note('helium other burns', of, burned)
          return { payer: owner, instructions }
        },
      },
    ]
  }
}
