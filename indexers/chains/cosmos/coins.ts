import { IndexerError } from '../../../pipeline/model/errors.ts'

/** An amount of one denom, in its smallest unit. */
export interface Coin {
  readonly denom: string
  readonly amount: bigint
}

// A denom starts with a letter; factory and bridged ones hold slashes, colons and mixed case.
const coin = /^(\d{1,78})([a-zA-Z][a-zA-Z0-9/:._-]{1,255})$/

/**
 * Coins as events write them: `5uakt`, several joined by commas, none as an empty text.
 * @returns undefined if the text is none of these.
 * @example parseCoins('1uakt,2ibc/17') // [{ denom: 'uakt', amount: 1n }, { denom: 'ibc/17', amount: 2n }]
 */
export function parseCoins(text: string): readonly Coin[] | undefined {
  if (text === '') return []
  const coins: Coin[] = []
  for (const part of text.includes(',') ? text.split(',') : [text]) {
    const match = coin.exec(part)
    if (match === null) return undefined
    coins.push({ denom: match[2] ?? '', amount: BigInt(match[1] ?? '') })
  }
  return coins
}

/** How much of a denom is among coins. */
export function amountIn(coins: readonly Coin[], denom: string): bigint {
  let sum = 0n
  for (const one of coins) if (one.denom === denom) sum += one.amount
  return sum
}

/**
 * A decimal of the chain as a whole number of units of 10^-18, exact.
 * @returns undefined if the text is no plain decimal, or has more than 18 digits after the point.
 * @example parseDec('0.04') // 40_000_000_000_000_000n
 */
export function parseDec(text: string): bigint | undefined {
  const match = /^(\d{1,60})(?:\.(\d{1,18}))?$/.exec(text)
  return match === null ? undefined : BigInt(`${match[1]}${(match[2] ?? '').padEnd(18, '0')}`)
}

/** A whole amount. @throws IndexerError `decode-failed` naming where it stands. */
export function wholeAmount(text: string, where: string): bigint {
  if (/^-?\d{1,78}$/.test(text)) return BigInt(text)
  throw new IndexerError('decode-failed', `${where}: '${text.slice(0, 60)}' is not a whole amount`)
}
