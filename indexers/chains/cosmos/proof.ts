import { type Coin, parseCoins, parseDec } from './coins.ts'
import { type BlockResults, type ChainEvent, everyEvent } from './events.ts'

/** What x/mint said in a block. */
export interface Mint {
  /** Smallest units of the mint denom, minted for stakers and the pool. */
  readonly amount: bigint
  /** All that existed of the mint denom just before this mint; undefined while inflation is zero. */
  readonly supplyBefore: bigint | undefined
  /** In units of 10^-18. */
  readonly annualProvisions: bigint
  readonly event: ChainEvent
}

/** What a block says of the coins that it made and destroyed. */
export interface Tally {
  /** Absent: the block minted nothing by x/mint (or the chain mints otherwise). */
  readonly mint: Mint | undefined
  /** Made less destroyed of the mint denom, without x/mint: before its mint, and after it. */
  readonly netBefore: bigint
  readonly netAfter: bigint
}

/** A block that contradicts itself, or its neighbour: both sides, in words. */
export interface Broken {
  readonly broken: string
}

/** Whether something is a contradiction rather than a tally. */
export function isBroken(value: object): value is Broken {
  return 'broken' in value
}

/** Which side of the equation an event of this type is on, and where its amount came from. */
const signs: Readonly<Record<string, 1n | -1n>> = {
  coin_received: 1n,
  coin_spent: -1n,
  coinbase: -1n,
  burn: 1n,
}

/**
 * Checks a block by itself.
 * - Coins are kept (I1): received - spent = made - burned, for every denom, over all events, those of failed
 *   transactions included. One lost event breaks it.
 * - The mint tells the supply (I2): annual provisions / inflation is a whole number, and what x/mint says equals what
 *   the bank made for it.
 * @param coinEvents Whether the block's era tells every movement; without, only I2 can be checked.
 */
export function tallyBlock(results: BlockResults, mintDenom: string, coinEvents: boolean): Tally | Broken {
  const kept = new Map<string, { moved: bigint; made: bigint }>()
  let mint: Mint | undefined
  let netBefore = 0n
  let netAfter = 0n
  let lastMade = 0n
  for (const event of everyEvent(results)) {
    const sign = signs[event.type]
    if (sign !== undefined) {
      const coins = coinsOf(event)
      if (coins === undefined)
        return broken(results, `event ${event.index} (${event.type}) has no amount that can be read`)
      const moves = event.type === 'coin_received' || event.type === 'coin_spent'
      for (const { denom, amount } of coins) {
        const side = kept.get(denom) ?? { moved: 0n, made: 0n }
        kept.set(denom, side)
        if (moves) side.moved += sign * amount
        else side.made -= sign * amount
        if (moves || denom !== mintDenom) continue
        if (mint === undefined) netBefore -= sign * amount
        else netAfter -= sign * amount
        if (event.type === 'coinbase') lastMade = amount
      }
    } else if (event.type === 'mint' && event.get('annual_provisions') !== undefined) {
      const read = readMint(event)
      if ('broken' in read) return broken(results, read.broken)
      if (mint !== undefined) return broken(results, 'it has two mint events')
      mint = read
      // The bank makes the coins just before x/mint says so.
      if (coinEvents && mint.amount > 0n) {
        if (lastMade !== mint.amount)
          return broken(
            results,
            `x/mint says ${mint.amount} ${mintDenom}, the bank made ${lastMade} before it`,
          )
        netBefore -= mint.amount
      }
    }
  }
  if (coinEvents) {
    for (const [denom, { moved, made }] of kept) {
      if (moved !== made)
        return broken(
          results,
          `received - spent = ${moved} ${denom}, made - burned = ${made} ${denom}: an event is missing or doubled`,
        )
    }
  }
  return { mint, netBefore, netAfter }
}

/**
 * Checks that a block goes on from the one before it (I3): the supply before its mint is the one before the last mint,
 * plus that mint, plus what else was made and burned between. Without coin events, burns are not told, and the supply may
 * only be lower. Also that both minted the same share of a year (blocks a year are never assumed).
 * @returns What contradicts, or undefined.
 */
export function followsOn(
  before: Tally,
  after: Tally,
  height: number,
  mintDenom: string,
  coinEvents: boolean,
): string | undefined {
  const [from, to] = [before.mint, after.mint]
  if (from?.supplyBefore === undefined || to?.supplyBefore === undefined) return undefined
  const expected = from.supplyBefore + from.amount + before.netAfter + after.netBefore
  const seen = to.supplyBefore
  const fits = coinEvents ? seen === expected : seen <= expected
  if (fits) return undefined
  const side = coinEvents ? `${expected}` : `at most ${expected}`
  return (
    `block ${height}: the supply before its mint is ${seen} ${mintDenom} by its own inflation, and ${side} by the events ` +
    `of block ${height - 1} and its own: an event is missing, or a block is doubled`
  )
}

/**
 * Blocks a year that explain a mint, both ends included: amount = floor(provisions / blocks a year).
 * Two neighbours share one, unless governance changed it between them.
 */
export function blocksPerYear({ amount, annualProvisions }: Mint): { low: bigint; high: bigint } | undefined {
  if (amount <= 0n) return undefined
  const one = 10n ** 18n
  return { low: annualProvisions / ((amount + 1n) * one) + 1n, high: annualProvisions / (amount * one) }
}

/** The coins of an event; several amounts where events were merged. Undefined if it has none that can be read. */
export function coinsOf(event: ChainEvent): readonly Coin[] | undefined {
  let coins: readonly Coin[] | undefined
  for (const [key, value] of event.attributes) {
    if (key !== 'amount') continue
    const read = parseCoins(value)
    if (read === undefined) return undefined
    coins = coins === undefined ? read : [...coins, ...read]
  }
  return coins
}

function readMint(event: ChainEvent): Mint | Broken {
  const text = (key: string): string => event.get(key) ?? ''
  const inflation = parseDec(text('inflation'))
  const annualProvisions = parseDec(text('annual_provisions'))
  const amount = /^\d{1,60}$/.test(text('amount')) ? BigInt(text('amount')) : undefined
  if (inflation === undefined || annualProvisions === undefined || amount === undefined)
    return {
      broken: `its mint event has inflation '${text('inflation')}', annual_provisions '${text('annual_provisions')}', amount '${text('amount')}'`,
    }
  if (inflation === 0n) return { amount, annualProvisions, supplyBefore: undefined, event }
  if (annualProvisions % inflation !== 0n)
    return {
      broken: `annual_provisions ${text('annual_provisions')} / inflation ${text('inflation')} is no whole supply`,
    }
  return { amount, annualProvisions, supplyBefore: annualProvisions / inflation, event }
}

function broken({ height }: BlockResults, what: string): Broken {
  return { broken: `block ${height}: ${what}` }
}
