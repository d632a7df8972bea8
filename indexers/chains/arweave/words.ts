import type { ErrorCode } from '../../../pipeline/model/errors.ts'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import { firstSplitHeight, splitFee } from './fees.ts'
import type { Header } from './header.ts'
import { firstRewardHeight } from './header.ts'
import { inflationAt } from './inflation.ts'
import type { ArweaveWord } from './streams.ts'
import { arweaveWords } from './streams.ts'

/** Why nothing can be said of a height. */
export interface Unknown {
  readonly code: ErrorCode
  readonly reason: string
}

/** An amount in winston, and the transaction or block that it is told by. */
export interface Amount {
  readonly id: string
  readonly raw: bigint
  readonly recipient?: string | undefined
}

/** A block and what it takes to read it; `needs` of a word says which parts are there. */
export interface BlockFacts {
  readonly header: Header
  readonly previous: Header | undefined
  /** Winston by transaction id. */
  readonly fees: ReadonlyMap<string, bigint> | undefined
}

interface Word {
  /** What reading a block at a height takes besides its header. */
  needs(height: number): { readonly previous: boolean; readonly fees: boolean }
  /** The block's amounts, or why it does not tell. */
  read(block: BlockFacts): readonly Amount[] | Unknown
}

/** Whether something is a reason rather than a result. */
export function isUnknown<T extends object>(value: T | Unknown): value is Unknown {
  return 'code' in value && 'reason' in value
}

const headerOnly = { previous: false, fees: false }
const withPrevious = { previous: true, fees: false }
const withFees = { previous: false, fees: true }
const withBoth = { previous: true, fees: true }

/** Below 269,510 the parts of a block's fees are only visible as a change of the pool. */
const partsNeed = (height: number) => (height < firstSplitHeight ? withBoth : withFees)

const words: Readonly<Record<ArweaveWord, Word>> = {
  [arweaveWords.inflation]: {
    needs: () => headerOnly,
    read: ({ header }) => [{ id: header.hash, raw: mintedIn(header), recipient: header.rewardAddr }],
  },
  [arweaveWords.debt]: {
    needs: (height) => (height < firstRewardHeight ? headerOnly : withPrevious),
    read: (block) => [{ id: block.header.hash, raw: newDebt(block), recipient: block.header.rewardAddr }],
  },
  [arweaveWords.fees]: {
    needs: () => withFees,
    read: (block) => [...feesIn(block)].map(([id, raw]) => ({ id, raw })),
  },
  [arweaveWords.feesMiner]: {
    needs: partsNeed,
    read: (block) => [{ id: block.header.hash, raw: parts(block).miner, recipient: block.header.rewardAddr }],
  },
  [arweaveWords.feesEndowment]: {
    needs: partsNeed,
    read: (block) => [{ id: block.header.hash, raw: parts(block).endowment }],
  },
  [arweaveWords.feesHeader]: { needs: () => withPrevious, read: feesFromHeaders },
  [arweaveWords.endowmentTake]: { needs: () => withBoth, read: takes },
}

/** The word of this name, or undefined if Arweave has none. */
export function findWord(name: string): Word | undefined {
  return Object.entries(words).find(([word]) => word === name)?.[1]
}

/** Blocks that nobody claimed minted nothing; there are none since 1,132,210. */
function mintedIn(header: Header): bigint {
  return isUnclaimed(header) ? 0n : inflationAt(header.height)
}

function isUnclaimed(header: Header): boolean {
  return header.rewardAddr === undefined && header.height < firstRewardHeight
}

function newDebt({ header, previous }: BlockFacts): bigint {
  if (header.height < firstRewardHeight) return 0n
  const grown = header.debtSupply - known(previous, header, 'the block before').debtSupply
  if (grown < 0n)
    throw contradiction(header, `debt_supply fell by ${-grown} winston; it is a counter that only grows`)
  return grown
}

function poolGrowth({ header, previous }: BlockFacts): bigint {
  return header.rewardPool - known(previous, header, 'the block before').rewardPool
}

function feesIn({ header, fees }: BlockFacts): ReadonlyMap<string, bigint> {
  return known(fees, header, 'its fees')
}

function parts(block: BlockFacts): { miner: bigint; endowment: bigint } {
  const { header } = block
  const fees = [...feesIn(block).values()]
  const total = fees.reduce((sum, fee) => sum + fee, 0n)
  if (header.height < firstSplitHeight) {
    const endowment = poolGrowth(block)
    return { miner: total - endowment, endowment }
  }
  // Without a miner every fee stays in the pool.
  if (isUnclaimed(header)) return { miner: 0n, endowment: total }
  const miner = fees.reduce((sum, fee) => sum + splitFee(fee, header.height).miner, 0n)
  return { miner, endowment: total - miner }
}

function feesFromHeaders(block: BlockFacts): readonly Amount[] | Unknown {
  const { header } = block
  if (header.reward === undefined) {
    return {
      code: 'decode-failed',
      reason: `block ${header.height}: headers say the reward from ${firstRewardHeight} on`,
    }
  }
  if (header.doubleSigning) return forfeits(header)
  const grown = poolGrowth(block)
  const debt = newDebt(block)
  const raw = header.reward - mintedIn(header) - debt + grown
  if (raw < 0n) {
    throw contradiction(
      header,
      `reward ${header.reward} - inflation ${mintedIn(header)} - new debt ${debt} + pool growth ${grown} gives fees of ${raw} winston`,
    )
  }
  return [{ id: header.hash, raw }]
}

function takes(block: BlockFacts): readonly Amount[] | Unknown {
  const { header } = block
  if (header.doubleSigning) return forfeits(header)
  const grown = poolGrowth(block)
  if (header.height < firstSplitHeight) {
    return {
      code: 'decode-failed',
      reason: `block ${header.height}: what the pool paid is not told apart from fees before ${firstSplitHeight}`,
    }
  }
  const { endowment } = parts(block)
  const raw = endowment - grown
  if (raw < 0n) {
    throw contradiction(
      header,
      `the endowment's part of the fees is ${endowment} winston, and the pool grew by ${grown}, which is ${-raw} more`,
    )
  }
  return [{ id: header.hash, raw }]
}

/** A double signer's forfeited rewards enter pool and reward, and the header does not say how much. */
function forfeits(header: Header): Unknown {
  return {
    code: 'decode-failed',
    reason: `block ${header.height} forfeits a double signer's rewards; its header does not tell them from fees`,
  }
}

function contradiction(header: Header, what: string): IndexerError {
  return new IndexerError(
    'decode-failed',
    `Arweave block ${header.height}: ${what}. Compare the block with another node; if it holds, a fork changed the money rules`,
    { height: header.height },
  )
}

function known<T>(value: T | undefined, header: Header, what: string): T {
  if (value === undefined)
    throw new IndexerError('decode-failed', `Arweave block ${header.height}: ${what} was not read`)
  return value
}
