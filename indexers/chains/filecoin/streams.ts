import type { Lens, StreamDeclaration } from '../../../pipeline/model/stream.ts'
import type { BurnCause } from './causes.ts'

/** The words of Filecoin that networks use: each names what is read and how. */
export const filecoinWords = {
  minted: 'filecoin.minted',
  burned: 'filecoin.burned',
  vested: 'filecoin.vested',
  blockRewards: 'filecoin.rewards.blocks',
  gasFees: 'filecoin.gas.fees',
  gasBurn: 'filecoin.gas.burn',
  tips: 'filecoin.gas.tips',
  internalBurns: 'filecoin.burns.internal',
  tracedBurns: 'filecoin.burns.traced',
  tracedTips: 'filecoin.tips.traced',
} as const

/** One of {@link filecoinWords}. */
export type FilecoinWord = (typeof filecoinWords)[keyof typeof filecoinWords]

/** What a network says of each stream itself; the word, its settings and the method are filled in. */
export type Told = Omit<StreamDeclaration, 'word' | 'settings' | 'method' | 'kind'>
/** What a network says of a stream of fees. */
export type ToldFee = Told & { readonly lens: Lens }

/** Which share of what is minted: all, what miners get, what explicit recipients get, what is burned at once; or what of the miners' share is locked. */
export type MintedShare = 'all' | 'miners' | 'explicit' | 'burned' | 'locked'

/**
 * FIL minted: the growth of f02's counter, cut at UTC midnights. Two requests a day. The share `all` also gives readings of
 * the counters `supply` (all FIL outside of f02's reserve and f099), `circulating` and `locked` at each midnight.
 */
export function filecoinMinted({
  share = 'all',
  ...told
}: Told & { readonly share?: MintedShare }): StreamDeclaration {
  return { ...told, kind: 'emission', method: 'counter', word: filecoinWords.minted, settings: { share } }
}

/** FIL burned for whatever reason: the growth of f099's balance, cut at UTC midnights. Two requests a day. */
export function filecoinBurned(told: Told): StreamDeclaration {
  return { ...told, kind: 'burn', method: 'counter', word: filecoinWords.burned }
}

/** FIL of the genesis allocations that became free: an exact function of the height, cut at UTC midnights. */
export function filecoinVested(told: Omit<Told, 'class'>): StreamDeclaration {
  return { ...told, kind: 'emission', class: 'vesting', method: 'formula', word: filecoinWords.vested }
}

/** The reward of each block, from the wins that its header proves and the reward of its epoch; one event a block. */
export function filecoinBlockRewards(told: Told): StreamDeclaration {
  return { ...told, kind: 'emission', method: 'events', word: filecoinWords.blockRewards }
}

/** What each message paid for its gas, without the tip; one event a message. */
export function filecoinGasFees(told: ToldFee): StreamDeclaration {
  return { ...told, kind: 'fee', method: 'events', word: filecoinWords.gasFees }
}

/** What each message paid to the miner of its block; one event a message. */
export function filecoinTips(told: ToldFee): StreamDeclaration {
  return { ...told, kind: 'fee', method: 'events', word: filecoinWords.tips }
}

/** What messages burned for gas: one event a message, or for one `part` one event a tipset. */
export function filecoinGasBurn({
  part = 'all',
  ...told
}: Told & { readonly part?: 'all' | 'baseFee' | 'overEstimation' }): StreamDeclaration {
  return { ...told, kind: 'burn', method: 'events', word: filecoinWords.gasBurn, settings: { part } }
}

/** What a tipset burned beyond gas: the growth of f099 less what its messages burned for gas; one event a tipset. */
export function filecoinInternalBurns(told: Told): StreamDeclaration {
  return { ...told, kind: 'burn', method: 'counter', word: filecoinWords.internalBurns }
}

/** Transfers to f099 inside executions, for some causes, from traces; one event a transfer. A fee if it has a lens. */
export function filecoinTracedBurns({
  causes,
  ...told
}: Told & { readonly causes: readonly BurnCause[] }): StreamDeclaration {
  const kind = told.lens === undefined ? 'burn' : 'fee'
  return { ...told, kind, method: 'events', word: filecoinWords.tracedBurns, settings: { causes } }
}

/** The tips that awards of block rewards paid on, from traces; one event a block. */
export function filecoinTracedTips(told: ToldFee): StreamDeclaration {
  return { ...told, kind: 'fee', method: 'events', word: filecoinWords.tracedTips }
}
