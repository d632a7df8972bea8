import { IndexerError } from '../../pipeline/model/errors.ts'
import { day, dayStart, secondsPerDay, type UnixSeconds, unixSeconds } from '../../pipeline/model/time.ts'
import { draw, wander } from '../scenario.ts'
import { type Branch, blockHash, heightOfHash, placeOfId, transactionId } from './ids.ts'

/** Heights at which the rules change: https://github.com/ArweaveTeam/arweave, ar_fork.erl and ar_pricing_transition.erl. */
const height29 = 1_602_350
const fullPricingHeight = 2_069_870

const anchorHeight = 2_048_241
const anchorTime = dayStart(day('2026-11-22'))
const blocksPerDay = 680
const jitterSeconds = 55

const winstonPerAr = 10n ** 12n
const startPool = 330_000n * winstonPerAr
const startWeave = 373_698_117_017_846
const chunk = 262_144

const feesPerDay = 260e12
const weekday = [0.86, 1.04, 1.1, 1.12, 1.08, 1.0, 0.8] as const
const transactionsPerBlock = 5.115
const winstonPerByte = 4_190

/** Keys of draws: what a number is drawn for. */
const draws = {
  jitter: 1,
  back: 2,
  count: 3,
  many: 4,
  fee: 5,
  dust: 6,
  items: 7,
  trend: 8,
  quantity: 9,
  pool: 10,
} as const

/** A transaction of the chain itself, or (`bundledIn` set) an item that only a gateway lists. */
export interface SimulatedTransaction {
  readonly id: string
  /** Winston. Zero for bundled items. */
  readonly fee: bigint
  readonly quantity: bigint
  readonly bytes: number
  readonly bundledIn?: string
}

/** What the miner gets of one fee: the rest is the endowment's. 2.5 to height 2,069,869, and from there on. */
export function minerShare(height: number, fee: bigint): bigint {
  return height < fullPricingHeight ? (fee * 2n) / 12n : fee / 21n
}

/**
 * A simulated Arweave of the 2.9 era. Each block follows from the seed, its height and its branch alone; only
 * the endowment and the size of the weave are sums, kept for every block.
 */
export class ArweaveScenario {
  readonly seed: number
  /** The lowest height that exists: the last block before the simulated days, so that day one has a parent. */
  readonly first: number
  #head: number
  #pools: BigUint64Array
  #weaves: Float64Array
  #forks: { readonly from: number; readonly branch: Branch }[] = []

  /** @throws IndexerError `bad-argument` if the chain would begin before the 2.9 rules. */
  constructor(options: { readonly seed: number; readonly days: number; readonly end: UnixSeconds }) {
    const { seed, days, end } = options
    this.seed = seed
    this.first = this.#lastBefore(end - days * secondsPerDay)
    if (this.first < height29) {
      const most = Math.floor((this.#lastBefore(end) - height29) / blocksPerDay)
      throw new IndexerError(
        'bad-argument',
        `${days} days of simulated Arweave begin at height ${this.first}, before the 2.9 rules at ${height29}; ask for at most ${Math.max(most, 0)} days, or a later end`,
      )
    }
    this.#head = this.first
    this.#pools = new BigUint64Array(1024)
    this.#weaves = new Float64Array(1024)
    this.#pools[0] = startPool + BigInt(Math.floor(draw(seed, draws.pool) * 1e15))
    this.#weaves[0] = startWeave
    this.advanceTo(end)
  }

  get head(): number {
    return this.#head
  }

  /** Mines up to the last block before or at `time`. Never goes back. */
  advanceTo(time: number): void {
    this.advance(Math.max(0, this.#lastBefore(time + 1) - this.#head))
  }

  /** Mines `blocks` more. @throws IndexerError `bad-argument` unless it is a whole number, zero or more. */
  advance(blocks: number): void {
    if (!Number.isInteger(blocks) || blocks < 0)
      throw new IndexerError('bad-argument', `cannot mine ${blocks} blocks`)
    this.#head += blocks
    this.#sum(this.#head - blocks + 1)
  }

  /**
   * Mines the last `depth` blocks again: other hashes, transactions and fees at the same heights.
   * @throws IndexerError `bad-argument` unless `depth` is from 1 to the number of blocks after the first.
   */
  fork(depth: number): void {
    if (!Number.isInteger(depth) || depth < 1 || depth > this.#head - this.first) {
      throw new IndexerError(
        'bad-argument',
        `cannot fork ${depth} blocks of a chain of ${this.#head - this.first + 1}`,
      )
    }
    const from = this.#head - depth + 1
    this.#forks.push({ from, branch: this.#forks.length + 1 })
    this.#sum(from)
  }

  /** The branch that holds at a height. */
  branchAt(height: number): Branch {
    return this.#forks.findLast((fork) => fork.from <= height)?.branch ?? 0
  }

  has(height: number): boolean {
    return Number.isInteger(height) && height >= this.first && height <= this.#head
  }

  /** A miner's clock: about 127 seconds a block; sometimes a few seconds before the parent's. */
  timeOf(height: number): UnixSeconds {
    if (draw(this.seed, draws.back, height) >= 0.004) return unixSeconds(this.#clock(height))
    return unixSeconds(this.#clock(height - 1) - 1 - Math.floor(9 * draw(this.seed, draws.back, height, 1)))
  }

  hashOf(height: number, branch: Branch = this.branchAt(height)): string {
    return blockHash(this.seed, branch, height)
  }

  /** The transactions in a block's header. */
  transactionsAt(height: number, branch: Branch = this.branchAt(height)): SimulatedTransaction[] {
    return this.#fees(height, branch).map((fee, index) => ({
      id: transactionId(this.seed, branch, { height, index }),
      fee,
      quantity: this.#quantity(height, branch, index),
      bytes: Number(fee / BigInt(winstonPerByte)),
    }))
  }

  /** What a gateway lists for a block: its transactions, each followed by the items bundled in it. */
  listingAt(height: number, branch: Branch = this.branchAt(height)): SimulatedTransaction[] {
    return this.transactionsAt(height, branch).flatMap((transaction, at) => {
      const drawn = draw(this.seed, draws.items, height, branch, at)
      const count = drawn < 0.25 ? 1 + Math.floor(drawn * 16) : 0
      const items = Array.from({ length: count }, (_, item) => ({
        id: transactionId(this.seed, branch, { height, index: 1_000 + at * 10 + item }),
        fee: 0n,
        quantity: 0n,
        bytes: 1 + Math.floor(transaction.bytes / (count + 1)),
        bundledIn: transaction.id,
      }))
      return [transaction, ...items]
    })
  }

  /** The endowment after a block, in winston. A block of a rival branch continues the main branch's parent. */
  poolAt(height: number, branch: Branch = this.branchAt(height)): bigint {
    if (branch === this.branchAt(height)) return this.#pools[height - this.first] ?? 0n
    return this.poolAt(height - 1) + this.#endowed(height, branch)
  }

  /** Bytes of the weave after a block. */
  weaveAt(height: number, branch: Branch = this.branchAt(height)): number {
    if (branch === this.branchAt(height)) return this.#weaves[height - this.first] ?? 0
    return this.weaveAt(height - 1) + this.sizeOf(height, branch)
  }

  /** Bytes that a block adds, in whole chunks. */
  sizeOf(height: number, branch: Branch = this.branchAt(height)): number {
    const sizes = this.#fees(height, branch).map(
      (fee) => Math.ceil(Number(fee) / winstonPerByte / chunk) * chunk,
    )
    return sizes.reduce((sum, size) => sum + size, 0)
  }

  /** The height of a block of the present branch. */
  findBlock(hash: string): number | undefined {
    const height = heightOfHash(hash)
    return height !== undefined && this.has(height) && this.hashOf(height) === hash ? height : undefined
  }

  /** A transaction of the present branch; bundled items are not found, as a node does not know them. */
  findTransaction(
    id: string,
  ): { readonly height: number; readonly transaction: SimulatedTransaction } | undefined {
    const place = placeOfId(id)
    if (place === undefined || !this.has(place.height)) return undefined
    const transaction = this.transactionsAt(place.height)[place.index]
    return transaction?.id === id ? { height: place.height, transaction } : undefined
  }

  #clock(height: number): number {
    const jitter = Math.floor((2 * draw(this.seed, draws.jitter, height) - 1) * jitterSeconds)
    return anchorTime + Math.floor(((height - anchorHeight) * secondsPerDay) / blocksPerDay) + jitter
  }

  #lastBefore(time: number): number {
    let height = anchorHeight + Math.ceil(((time - anchorTime) * blocksPerDay) / secondsPerDay) + 2
    while (this.timeOf(height) >= time) height -= 1
    return height
  }

  // Fees are drawn as floats and cut to whole winston once; from there on they are exact.
  #fees(height: number, branch: Branch): bigint[] {
    const { seed } = this
    if (draw(seed, draws.count, height, branch) < 0.07) return []
    const count = 1 + Math.floor(10 * draw(seed, draws.many, height, branch))
    const today = Math.floor(this.#clock(height) / secondsPerDay)
    const trend = 0.75 + 0.5 * wander(seed, draws.trend, today / 60)
    const level =
      (feesPerDay * trend * (weekday[(today + 4) % 7] ?? 1)) / (blocksPerDay * transactionsPerBlock)
    return Array.from({ length: count }, (_, at) => {
      const size = draw(seed, draws.fee, height, branch, at)
      const dust = Math.floor(1e6 * draw(seed, draws.dust, height, branch, at))
      return BigInt(Math.floor(level * 4 * size ** 3) + dust)
    })
  }

  #quantity(height: number, branch: Branch, index: number): bigint {
    const drawn = draw(this.seed, draws.quantity, height, branch, index)
    return drawn < 0.1 ? BigInt(Math.floor(drawn * 1e15)) : 0n
  }

  #endowed(height: number, branch: Branch): bigint {
    return this.#fees(height, branch).reduce((sum, fee) => sum + fee - minerShare(height, fee), 0n)
  }

  /** Sums the endowment and the weave anew from a height to the head. */
  #sum(from: number): void {
    const needed = this.#head - this.first + 1
    if (needed > this.#pools.length) {
      const [pools, weaves] = [this.#pools, this.#weaves]
      this.#pools = new BigUint64Array(needed * 2)
      this.#weaves = new Float64Array(needed * 2)
      this.#pools.set(pools)
      this.#weaves.set(weaves)
    }
    for (let height = from; height <= this.#head; height += 1) {
      const branch = this.branchAt(height)
      const at = height - this.first
      this.#pools[at] = (this.#pools[at - 1] ?? 0n) + this.#endowed(height, branch)
      this.#weaves[at] = (this.#weaves[at - 1] ?? 0) + this.sizeOf(height, branch)
    }
  }
}
