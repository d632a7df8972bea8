import { divideRounded } from './amount.ts'
import { IndexerError } from './errors.ts'

/** An exact fraction, never negative. */
export interface Fraction {
  readonly above: bigint
  /** Above zero. */
  readonly below: bigint
}

const known = new Map<string, Fraction>()

/**
 * Reads an exact fraction: a decimal, or one decimal over another.
 * @throws IndexerError `bad-declaration` if it is neither, or divides by zero.
 * @example parseFraction('1/0.95') // 100/95; parseFraction('0.05') // 5/100
 */
export function parseFraction(text: string): Fraction {
  const found = known.get(text)
  if (found !== undefined) return found
  const match = /^(\d+)(?:\.(\d+))?(?:\/(\d+)(?:\.(\d+))?)?$/.exec(text)
  const [, whole = '', part = '', wholeBelow = '1', partBelow = ''] = match ?? []
  const digits = Math.max(part.length, partBelow.length)
  const above = match === null ? 0n : BigInt(whole + part.padEnd(digits, '0'))
  const below = match === null ? 0n : BigInt(wholeBelow + partBelow.padEnd(digits, '0'))
  if (below === 0n)
    throw new IndexerError('bad-declaration', `'${text}' is no fraction such as 1/6, 0.05 or 1/0.95`)
  const made = { above, below }
  known.set(text, made)
  return made
}

/** An amount times a fraction, rounded half away from zero. @example timesFraction(95n, parseFraction('1/0.95')) // 100n */
export function timesFraction(amount: bigint, { above, below }: Fraction): bigint {
  return divideRounded(amount * above, below)
}

/** Whether fractions add up to exactly 1. */
export function addUpToOne(fractions: readonly Fraction[]): boolean {
  const below = fractions.reduce((product, f) => product * f.below, 1n)
  return fractions.reduce((sum, f) => sum + (f.above * below) / f.below, 0n) === below
}
