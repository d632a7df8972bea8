import type { Lens, StreamDeclaration } from '../../../pipeline/model/stream.ts'

/** The words of Arweave that networks use: each names what is read and how. */
export const arweaveWords = {
  inflation: 'arweave.inflation',
  debt: 'arweave.debt',
  fees: 'arweave.fees',
  feesMiner: 'arweave.fees.miner',
  feesEndowment: 'arweave.fees.endowment',
  feesHeader: 'arweave.fees.header',
  endowmentTake: 'arweave.endowment.take',
} as const

/** One of {@link arweaveWords}. */
export type ArweaveWord = (typeof arweaveWords)[keyof typeof arweaveWords]

/** What a network says of each stream itself. */
export type Told = Pick<
  StreamDeclaration,
  'token' | 'revision' | 'meaning' | 'evidence' | 'fromHeight' | 'toHeight' | 'accrues'
>
/** What a network also says of a stream that belongs to another one. */
export type ToldOf = Told & { readonly lens: Lens; readonly of: string }

/** AR minted in each block, computed from its height; one event a block, named by the block's hash. */
export function arweaveInflation(told: Told): StreamDeclaration {
  return { kind: 'emission', class: 'contributor', method: 'formula', word: arweaveWords.inflation, ...told }
}

/** AR created because the endowment could not pay miners: growth of the header's counter, by block. */
export function arweaveDebt(told: Told): StreamDeclaration {
  return { kind: 'emission', class: 'contributor', method: 'counter', word: arweaveWords.debt, ...told }
}

/** What each L1 transaction paid to be stored; one event a transaction. Bundled items pay nothing themselves. */
export function arweaveFees(told: Told & { readonly lens: Lens }): StreamDeclaration {
  return { kind: 'fee', class: 'payment', method: 'events', word: arweaveWords.fees, ...told }
}

/** The part of a block's fees that its miner got. Below 269,510 read as fees less the pool's growth. */
export function arweaveFeesMiner(told: ToldOf): StreamDeclaration {
  return {
    kind: 'fee',
    class: 'payment',
    role: 'part',
    method: 'events',
    word: arweaveWords.feesMiner,
    ...told,
  }
}

/**
 * The part of a block's fees that entered the endowment. Below 269,510 it is the pool's growth, and negative
 * where the finder took more out of the pool than the block's fees put in.
 */
export function arweaveFeesEndowment(told: ToldOf): StreamDeclaration {
  return {
    kind: 'fee',
    class: 'payment',
    role: 'part',
    method: 'events',
    word: arweaveWords.feesEndowment,
    ...told,
  }
}

/** A block's fees from two headers and no transaction: reward - inflation - new debt + growth of the pool. */
export function arweaveFeesFromHeaders(told: ToldOf): StreamDeclaration {
  return {
    kind: 'fee',
    class: 'payment',
    role: 'check',
    method: 'counter',
    word: arweaveWords.feesHeader,
    ...told,
  }
}

/** What the endowment paid out in a block: its part of the fees less the growth of the pool. */
export function arweaveEndowmentTakes(told: Told): StreamDeclaration {
  return {
    kind: 'emission',
    class: 'oneOff',
    role: 'guard',
    method: 'counter',
    word: arweaveWords.endowmentTake,
    ...told,
  }
}
