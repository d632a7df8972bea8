import { IndexerError } from '../../../pipeline/model/errors.ts'

const winstonPerAr = 1e12
const genesisTokens = 55_000_000
const blocksPerYear = 262_800
const launchBlocksPerYear = 525_600

/** Last height that mints a single winston. */
const lastLaunch = 65_700
/** Last height of the first formula. */
const lastFork16 = 95_000
/** First height of the exact formula (fork 2.5). */
const firstExact = 812_970
/** What each block of the rest of the first year gets on top, in winston, to catch up with the plan. */
const firstYearExtra = 13_275_279_633_337

// ln 2 as the consensus writes it, and x = height x lnA / (262,800 x lnB), reduced to numerator and divisor.
const [lnA, lnB] = [6_931_471_805_599_453n, 10n ** 16n]
const common = greatestCommonDivisor(lnA, BigInt(blocksPerYear) * lnB)
const xNumerator = lnA / common
const xDivisor = (BigInt(blocksPerYear) * lnB) / common
const terms = 24
const exactDividend =
  BigInt(genesisTokens) * 10n ** 12n * 2n * xNumerator * factorial(terms) * xDivisor ** BigInt(terms)
const exactDivisor = 10n * xDivisor

/**
 * 24! x divisor^24 x the first 25 terms of e^x, as a polynomial of the height with whole coefficients,
 * highest power first: one evaluation needs no division but the last.
 */
const exponentPolynomial: readonly bigint[] = Array.from({ length: terms + 1 }, (_, i) => terms - i).map(
  (k) => (factorial(terms) / factorial(k)) * xNumerator ** BigInt(k) * xDivisor ** BigInt(terms - k),
)

function factorial(n: number): bigint {
  let product = 1n
  for (let i = 2n; i <= BigInt(n); i += 1n) product *= i
  return product
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b)
}

/**
 * The AR that consensus mints in the block at a height: all of Arweave's emission while no debt is created.
 * Exact from 812,970, where consensus counts in fractions. Below, consensus itself used platform floats, and
 * one winston either way in a block is possible against another implementation.
 * @param height A block height; the genesis block, 0, counts as every other of the launch era.
 * @returns Winston (10^-12 AR). Zero from 12,936,227 on.
 * @throws IndexerError `amount-out-of-range` if the height is negative or no whole number.
 * @example inflationAt(1_132_210) // 1_464_462_077_728n
 */
export function inflationAt(height: number): bigint {
  if (!Number.isSafeInteger(height) || height < 0) {
    throw new IndexerError('amount-out-of-range', `Arweave inflation: ${height} is not a block height`)
  }
  if (height <= lastLaunch) return 1n
  if (height <= lastFork16) return BigInt(Math.trunc(firstFormula(height)))
  if (height <= blocksPerYear) return BigInt(Math.trunc(yearlyHalving(height) + firstYearExtra))
  if (height < firstExact) return BigInt(Math.trunc(yearlyHalving(height)))
  let exponent = 0n
  const h = BigInt(height)
  for (const coefficient of exponentPolynomial) exponent = exponent * h + coefficient
  return exactDividend / (exactDivisor * exponent)
}

/** The consensus code lacks parentheses: it divides by 525,600 and then by 2, a quarter of what was meant. */
function firstFormula(height: number): number {
  const share = winstonPerAr * 0.2 * genesisTokens * 2 ** (-(height - lastLaunch) / launchBlocksPerYear / 2)
  return (share * Math.log(2)) / launchBlocksPerYear / 2
}

/** In the order of the consensus code: another order of the same factors may differ by a winston. */
function yearlyHalving(height: number): number {
  return (winstonPerAr * 0.2 * genesisTokens * 2 ** (-height / blocksPerYear) * Math.log(2)) / blocksPerYear
}
