import { gasOutputs } from '../../indexers/chains/filecoin/gas.ts'
import { draw } from '../scenario.ts'

const attoPerFil = 10n ** 18n

/** What a simulated message does beside paying for its gas. */
export type MessageKind = 'send' | 'proof' | 'terminate' | 'contract' | 'toBurn' | 'undone' | 'refused'

/** A message of a simulated tipset. Amounts in attoFIL. */
export interface SimulatedMessage {
  readonly index: number
  readonly kind: MessageKind
  /** Number of its sender, and of its nonce. */
  readonly sender: number
  readonly nonce: number
  readonly bls: boolean
  readonly used: bigint
  readonly limit: bigint
  readonly feeCap: bigint
  readonly premium: bigint
  readonly exitCode: number
  /** What it makes somebody send to f099: the contract, the miner, or itself. Undone if its kind says so. */
  readonly burn: bigint
  /** Blocks that hold it, lowest first; it is executed with the first one. */
  readonly blocks: readonly number[]
  /** Whether it is a second message of the same nonce, which is never executed. */
  readonly rival: boolean
}

/** A block of a simulated tipset. */
export interface SimulatedBlock {
  readonly miner: number
  readonly wins: number
  readonly minted: bigint
  /** Of what is minted, what goes to explicit recipients and what is burned at once (network version 29). */
  readonly explicit: bigint
  readonly burned: bigint
  readonly tips: bigint
  /** Owed for bad messages; the miner burns three times this. */
  readonly penalty: bigint
  /** Whether the miner cannot take its reward, which is then burned whole. */
  readonly fails: boolean
}

/** What cron takes from a miner at a deadline: the daily fee and faults in one, and for sectors that it terminates. */
export interface SimulatedDeadline {
  readonly miner: number
  readonly amount: bigint
  readonly terminated: bigint
  /** Whether its terminations come by an event of their own, because they were too many at once. */
  readonly deferred: boolean
}

/** Everything that happens in a simulated tipset. */
export interface SimulatedTipset {
  readonly height: number
  readonly baseFee: bigint
  readonly blocks: readonly SimulatedBlock[]
  /** In the order of execution, rivals last. */
  readonly messages: readonly SimulatedMessage[]
  /** What cron takes from miners, and what it slashes at the market. */
  readonly cron: readonly SimulatedDeadline[]
  readonly market: bigint
}

const keys = {
  baseFee: 50,
  blocks: 51,
  miner: 52,
  wins: 53,
  count: 54,
  kind: 55,
  gas: 56,
  limit: 57,
  premium: 58,
  burn: 59,
  place: 60,
  cron: 61,
  market: 62,
  nonce: 63,
  fails: 64,
} as const

const miners = 60

/** The reward of an epoch: it falls a little with every height, so that null rounds change it before it is paid. */
export function epochReward(height: number): bigint {
  return 20_571_896_745_030_370_974n - BigInt(height - 6_429_840) * 1_270_000_000_000n
}

/** A number drawn from 0 to below `high`, in steps of a billionth of it. */
function drawn(high: bigint, seed: number, ...key: readonly number[]): bigint {
  return (high * BigInt(Math.floor(draw(seed, ...key) * 1e9))) / 1_000_000_000n
}

/**
 * All of a tipset, from the seed and its height alone.
 * @param streamed Whether what is minted is shared out in streams, as with network version 29.
 */
export function simulateTipset(seed: number, height: number, streamed = false): SimulatedTipset {
  const baseFee = 100n + drawn(2_000_000n, seed, keys.baseFee, height)
  const count = 1 + Math.floor(4 * draw(seed, keys.blocks, height))
  const messages = drawMessages(seed, height, count)
  const blocks = Array.from({ length: count }, (_, i) =>
    drawBlock(seed, height, i, baseFee, messages, streamed),
  )
  const cron = Array.from({ length: 5 }, (_, i) => ({
    miner: Math.floor(miners * draw(seed, keys.cron, height, i)),
    amount: 1n + drawn(48n * attoPerFil, seed, keys.cron, height, i, 1),
    terminated:
      draw(seed, keys.cron, height, i, 2) < 0.1
        ? 1n + drawn(9n * attoPerFil, seed, keys.cron, height, i, 3)
        : 0n,
    deferred: draw(seed, keys.cron, height, i, 4) < 0.5,
  }))
  const slashed = draw(seed, keys.market, height) < 0.5
  const market = slashed ? 1n + drawn(attoPerFil / 50n, seed, keys.market, height, 1) : 0n
  return { height, baseFee, blocks, messages: inOrder(messages, count), cron, market }
}

function drawMessages(seed: number, height: number, blocks: number): SimulatedMessage[] {
  const count = 3 + Math.floor(5 * draw(seed, keys.count, height))
  const messages = Array.from({ length: count }, (_, index) => drawMessage(seed, height, blocks, index))
  const [first] = messages
  // The first sender's second message, in the same block, and a rival of the first one where there is another block.
  if (first !== undefined && messages[1] !== undefined) {
    const { sender, nonce, bls, blocks: holders } = first
    messages[1] = { ...messages[1], sender, nonce: nonce + 1, bls, blocks: holders }
    if (blocks > 1)
      messages.push({ ...first, index: count, feeCap: first.feeCap * 2n, blocks: [blocks - 1], rival: true })
  }
  return messages
}

function drawMessage(seed: number, height: number, blocks: number, index: number): SimulatedMessage {
  const of = (key: number, ...more: readonly number[]): number => draw(seed, key, height, index, ...more)
  const kind = kindOf(of(keys.kind))
  const used = kind === 'refused' ? 0n : 2_000_000n + drawn(60_000_000n, seed, keys.gas, height, index)
  const refusedLimit = 9_000_000n
  const over = drawn(used, seed, keys.limit, height, index)
  const place = Math.floor(blocks * of(keys.place))
  const twice = of(keys.place, 1) < 0.4 && place + 1 < blocks
  const cheap = of(keys.premium, 2) < 0.1
  return {
    index,
    kind,
    sender: height * 16 + index,
    nonce: Math.floor(100_000 * of(keys.nonce)),
    bls: of(keys.place, 2) < 0.7,
    used,
    limit: kind === 'refused' ? refusedLimit : used + over,
    feeCap: cheap ? 50n : 500_000_000n + drawn(900_000_000n, seed, keys.premium, height, index, 1),
    premium: drawn(700_000_000n, seed, keys.premium, height, index),
    exitCode: kind === 'refused' ? 2 : of(keys.kind, 1) < 0.05 && kind === 'proof' ? 16 : 0,
    burn: burnOf(kind, seed, height, index),
    blocks: twice ? [place, place + 1] : [place],
    rival: false,
  }
}

function kindOf(chance: number): MessageKind {
  if (chance < 0.25) return 'send'
  if (chance < 0.75) return 'proof'
  if (chance < 0.82) return 'terminate'
  if (chance < 0.9) return 'contract'
  if (chance < 0.92) return 'toBurn'
  return chance < 0.97 ? 'undone' : 'refused'
}

function burnOf(kind: MessageKind, seed: number, height: number, index: number): bigint {
  const highest: Readonly<Partial<Record<MessageKind, bigint>>> = {
    terminate: 40n * attoPerFil,
    contract: attoPerFil / 100n,
    toBurn: attoPerFil / 10_000n,
    undone: 3n * attoPerFil,
  }
  const most = highest[kind]
  return most === undefined ? 0n : 1n + drawn(most, seed, keys.burn, height, index)
}

/** Executed messages block by block, BLS-signed ones first in each; rivals, which are not, at the end. */
function inOrder(messages: readonly SimulatedMessage[], blocks: number): SimulatedMessage[] {
  const executed: SimulatedMessage[] = []
  for (let block = 0; block < blocks; block += 1) {
    const own = messages.filter((m) => !m.rival && m.blocks[0] === block)
    executed.push(...own.filter((m) => m.bls), ...own.filter((m) => !m.bls))
  }
  return [...executed, ...messages.filter((m) => m.rival)]
}

function drawBlock(
  seed: number,
  height: number,
  index: number,
  baseFee: bigint,
  messages: readonly SimulatedMessage[],
  streamed: boolean,
): SimulatedBlock {
  const wins = 100 + Math.floor(500 * draw(seed, keys.wins, height, index))
  const own = messages.filter((m) => !m.rival && m.blocks[0] === index).map((m) => gasOf(m, baseFee))
  const minted = (epochReward(height) * BigInt(wins)) / 5n
  return {
    miner: Math.floor(miners * draw(seed, keys.miner, height, index)),
    wins,
    minted,
    explicit: streamed ? (minted * 6n) / 100n : 0n,
    burned: streamed ? (minted * 4n) / 100n : 0n,
    tips: own.reduce((sum, gas) => sum + gas.minerTip, 0n),
    penalty: own.reduce((sum, gas) => sum + gas.minerPenalty, 0n),
    fails: draw(seed, keys.fails, height, index) < 0.004,
  }
}

/** What f02 pays to the miner of a block: its share of what is minted, and the tips. */
export function paidTo({ minted, explicit, burned, tips }: SimulatedBlock): bigint {
  return minted - explicit - burned + tips
}

/** Where a simulated message's gas money goes. */
export function gasOf(message: SimulatedMessage, baseFee: bigint): ReturnType<typeof gasOutputs> {
  return gasOutputs({ ...message, baseFee })
}

/** Money of a tipset by what it is, in attoFIL: the scenario's own book. */
export interface Book {
  readonly minted: bigint
  /** Of that, what explicit recipients may claim, and what is burned at once: both zero before network version 29. */
  readonly explicit: bigint
  readonly burnedAtSource: bigint
  readonly gasBurn: bigint
  readonly tips: bigint
  readonly sectorFees: bigint
  readonly penalties: bigint
  readonly contractBurns: bigint
  readonly otherBurns: bigint
}

/** What a tipset moves, kind by kind. */
export function bookOf(tipset: SimulatedTipset): Book {
  const executed = tipset.messages.filter((m) => !m.rival)
  const gas = executed.map((m) => gasOf(m, tipset.baseFee))
  const burned = (...kinds: readonly MessageKind[]): bigint =>
    executed.reduce((sum, m) => sum + (kinds.includes(m.kind) ? m.burn : 0n), 0n)
  const failed = tipset.blocks.filter((b) => b.fails)
  const taken = tipset.blocks.filter((b) => !b.fails)
  const burnedAtSource = tipset.blocks.reduce((sum, b) => sum + b.burned, 0n)
  return {
    minted: tipset.blocks.reduce((sum, b) => sum + b.minted, 0n),
    explicit: tipset.blocks.reduce((sum, b) => sum + b.explicit, 0n),
    burnedAtSource,
    gasBurn: gas.reduce((sum, g) => sum + g.baseFeeBurn + g.overEstimationBurn, 0n),
    tips: gas.reduce((sum, g) => sum + g.minerTip, 0n),
    sectorFees: tipset.cron.reduce((sum, c) => sum + c.amount, 0n),
    penalties:
      burned('terminate') +
      tipset.cron.reduce((sum, c) => sum + c.terminated, 0n) +
      tipset.market +
      taken.reduce((sum, b) => sum + 3n * b.penalty, 0n),
    contractBurns: burned('contract'),
    otherBurns: burned('toBurn') + burnedAtSource + failed.reduce((sum, b) => sum + paidTo(b), 0n),
  }
}

/** Everything that a book burns. */
export function burnedIn(book: Book): bigint {
  return book.gasBurn + book.sectorFees + book.penalties + book.contractBurns + book.otherBurns
}
