import { epochSeconds, genesisTime } from '../../indexers/chains/filecoin/epochs.ts'
import { filBase, miningReserve } from '../../indexers/chains/filecoin/supply.ts'
import { vestedAt } from '../../indexers/chains/filecoin/vesting.ts'
import { IndexerError } from '../../pipeline/model/errors.ts'
import { secondsPerDay } from '../../pipeline/model/time.ts'
import type { SimulationOptions } from '../simulation.ts'
import { cidOf } from './cids.ts'
import { type Book, bookOf, burnedIn, epochReward, type SimulatedTipset, simulateTipset } from './money.ts'
import { lastTipset, nextTipset } from './rounds.ts'

const attoPerFil = 10n ** 18n
/** Heights whose rules are simulated: those of network version 25 and later. */
const oldest = 4_878_841
/** Mainnet's figures of about 2026-10-05, from which the simulation goes on. */
const start = {
  minted: 409_336_223_003_873_867_555_802_474n,
  burnt: 42_500_000n * attoPerFil,
  locked: 86_058_679n * attoPerFil,
  gifts: 65_000_000_006_660_000_000n,
  disbursed: 17_066_618_961_773_411_890_063_046n,
} as const

/** The state that a tipset's execution starts from. Amounts in attoFIL. */
export interface SimulatedState {
  readonly minted: bigint
  readonly burnt: bigint
  /** Of what was minted, what went to explicit recipients, all of it unclaimed, and what was burned at once. */
  readonly explicit: bigint
  readonly burnedAtSource: bigint
}

export interface FilecoinOptions extends SimulationOptions {
  /** The first height of network version 29, which shares out what is minted; absent: it never comes. */
  readonly streamsFrom?: number
}

/** A simulated Filecoin. A tipset follows from the seed and its height alone; counters are sums, kept for every tipset. */
export class FilecoinScenario {
  readonly seed: number
  /** The height of the lowest tipset. */
  readonly first: number
  #head: number
  /** Heights with tipsets, and the state before each of them. */
  readonly #heights: number[] = []
  readonly #states = new Map<number, SimulatedState>()
  readonly #blocks = new Map<string, { readonly height: number; readonly index: number }>()
  readonly #cids = new Map<number, readonly string[]>()
  readonly #tipsets = new Map<number, SimulatedTipset>()
  /** The state after the highest tipset. */
  #after: SimulatedState = { minted: start.minted, burnt: start.burnt, explicit: 0n, burnedAtSource: 0n }
  readonly #streamsFrom: number

  /** @throws IndexerError `bad-argument` if the chain would begin before the rules that are simulated. */
  constructor({ seed, days, end, streamsFrom = Number.POSITIVE_INFINITY }: FilecoinOptions) {
    this.seed = seed
    this.#streamsFrom = streamsFrom
    this.first = nextTipset(seed, heightOf(end - days * secondsPerDay))
    if (this.first < oldest) {
      throw new IndexerError(
        'bad-argument',
        `${days} days of simulated Filecoin begin at height ${this.first}, before network version 25 at ${oldest}; ask for fewer days, or a later end`,
      )
    }
    this.#head = this.first - 1
    this.advanceTo(end)
    if (this.#heights.length === 0) this.#extend(this.first)
  }

  /** The height of the highest tipset. */
  get head(): number {
    return this.#heights.at(-1) ?? this.first
  }

  /** Makes every tipset up to an instant. Never goes back. */
  advanceTo(time: number): void {
    this.#extend(heightOf(time))
  }

  #extend(to: number): void {
    for (
      let height = nextTipset(this.seed, this.#head + 1);
      height <= to;
      height = nextTipset(this.seed, height + 1)
    ) {
      const tipset = this.#simulate(height)
      this.#heights.push(height)
      this.#states.set(height, this.#after)
      const cids = tipset.blocks.map((_, index) => cidOf(this.seed, `block ${height} ${index}`))
      for (const [index, cid] of cids.entries()) this.#blocks.set(cid, { height, index })
      this.#cids.set(height, cids)
      const book = bookOf(tipset)
      const { minted, burnt, explicit, burnedAtSource } = this.#after
      this.#after = {
        minted: minted + book.minted,
        burnt: burnt + burnedIn(book),
        explicit: explicit + book.explicit,
        burnedAtSource: burnedAtSource + book.burnedAtSource,
      }
    }
    this.#head = Math.max(this.#head, to)
  }

  /** The height of the tipset that a node answers with for a height: its own or an earlier one; undefined: none. */
  heightAt(height: number): number | undefined {
    if (height < this.first) return undefined
    return Math.min(lastTipset(this.seed, height), this.head)
  }

  /** The tipset of a height that has one. The last ones asked for are kept. */
  tipset(height: number): SimulatedTipset {
    const known = this.#tipsets.get(height)
    if (known !== undefined) return known
    if (this.#tipsets.size > 400) this.#tipsets.clear()
    const made = this.#simulate(height)
    this.#tipsets.set(height, made)
    return made
  }

  /** CIDs of the blocks of a height; those below the first tipset are made up. */
  cidsAt(height: number): readonly string[] {
    return this.#cids.get(height) ?? [cidOf(this.seed, `block ${height} 0`)]
  }

  findBlock(cid: string): { readonly height: number; readonly index: number } | undefined {
    return this.#blocks.get(cid)
  }

  /** The height of the tipset before a tipset's. */
  parentOf(height: number): number {
    return lastTipset(this.seed, height - 1)
  }

  /** The state that all lower heights led to. */
  stateBefore(height: number): SimulatedState {
    return this.#states.get(nextTipset(this.seed, height)) ?? this.#after
  }

  /** What a range of heights moved, both ends included: the book that tests compare with. */
  book(range: { readonly from: number; readonly to: number }): Book {
    const books = this.#heights
      .filter((height) => height >= range.from && height <= range.to)
      .map((height) => bookOf(this.#simulate(height)))
    const sum = (of: (book: Book) => bigint): bigint => books.reduce((all, book) => all + of(book), 0n)
    return {
      minted: sum((b) => b.minted),
      explicit: sum((b) => b.explicit),
      burnedAtSource: sum((b) => b.burnedAtSource),
      gasBurn: sum((b) => b.gasBurn),
      tips: sum((b) => b.tips),
      sectorFees: sum((b) => b.sectorFees),
      penalties: sum((b) => b.penalties),
      contractBurns: sum((b) => b.contractBurns),
      otherBurns: sum((b) => b.otherBurns),
    }
  }

  #simulate(height: number): SimulatedTipset {
    return simulateTipset(this.seed, height, height >= this.#streamsFrom)
  }

  /** The network version of a height. */
  versionAt(height: number): number {
    return height >= this.#streamsFrom ? 29 : 28
  }

  /** f02 as `StateReadState` gives it, before a tipset. */
  rewardState(height: number): Record<string, unknown> {
    const { minted, explicit, burnedAtSource } = this.stateBefore(height)
    const streamed = this.parentOf(height) >= this.#streamsFrom
    // Cron of the tipset before set the reward of the next height; null rounds after it go on changing it.
    const reward = epochReward(this.parentOf(height) + 1)
    return {
      Balance: String(miningReserve + start.gifts - minted + explicit),
      Code: { '/': cidOf(0, `code fil/${streamed ? 19 : 18}/reward`) },
      State: {
        CumsumBaseline: '43798288958982039424395743',
        CumsumRealized: '43798278896301797563559570',
        EffectiveNetworkTime: height - 2_793_710,
        EffectiveBaselinePower: '31768883652690369911',
        ThisEpochReward: String(reward),
        ThisEpochRewardSmoothed: {
          PositionEstimate: '7000708744241635192262388634371023560',
          VelocityEstimate: '-14348624970574189',
        },
        ThisEpochBaselinePower: '200461368555073534757',
        Epoch: height,
        ...(streamed
          ? {
              TotalMintedReward: String(minted),
              TotalBurnMinted: String(burnedAtSource),
              TotalExplicitMinted: String(explicit),
              Accrued: [{ Amount: String(explicit), ID: 2 }],
            }
          : {
              TotalStoragePowerReward: String(minted),
              SimpleTotal: '330000000000000000000000000',
              BaselineTotal: '768335872210768889362796814',
            }),
      },
    }
  }

  /** What `StateVMCirculatingSupplyInternal` gives before a tipset. */
  circulation(height: number): Record<string, string> {
    const { minted, burnt } = this.stateBefore(height)
    const vested = vestedAt(height)
    const locked = start.locked + ((minted - start.minted) * 3n) / 5n
    return {
      FilVested: String(vested),
      FilMined: String(minted),
      FilBurnt: String(burnt),
      FilLocked: String(locked),
      FilCirculating: String(vested + minted + start.disbursed - burnt - locked),
      FilReserveDisbursed: String(start.disbursed),
    }
  }

  /** All FIL outside of f02 and f099 before a tipset. */
  supplyBefore(height: number): bigint {
    const { minted, burnt } = this.stateBefore(height)
    return filBase - (miningReserve + start.gifts - minted) - burnt
  }
}

/** The highest height that has begun at an instant. */
function heightOf(time: number): number {
  return Math.floor((time - genesisTime) / epochSeconds)
}
