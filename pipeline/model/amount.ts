import type { Brand } from './brand.ts'
import { IndexerError } from './errors.ts'

/** A whole number of a token's smallest unit. Negative only for corrections and returned emission. */
export type RawAmount = Brand<bigint, 'RawAmount'>

/** Millionths of a US dollar. */
export type UsdMicros = Brand<bigint, 'UsdMicros'>

/** Price in US dollars of one whole token, scaled by 10^18, so that it is exact. */
export type PriceScaled = Brand<bigint, 'PriceScaled'>

const rawLimit = 10n ** 78n
const priceDigits = 18

/** @throws IndexerError `amount-out-of-range` beyond 78 digits, the width of the column that stores it. */
export function rawAmount(value: bigint): RawAmount {
  if (value >= rawLimit || value <= -rawLimit) {
    throw new IndexerError('amount-out-of-range', `amount ${value} has more than 78 digits`)
  }
  return value as RawAmount
}

/**
 * Reads a decimal text as a whole number of units of 10^-digits.
 * @throws IndexerError `amount-out-of-range` if it is not a plain decimal or has more fraction digits than fit.
 * @example parseScaled('1.25', 6) // 1_250_000n
 */
export function parseScaled(text: string, digits: number): bigint {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text)
  if (match === null) throw new IndexerError('amount-out-of-range', `'${text}' is not a plain decimal number`)
  const fraction = (match[3] ?? '').replace(/0+$/, '')
  if (fraction.length > digits) {
    throw new IndexerError('amount-out-of-range', `'${text}' has more than ${digits} fraction digits`)
  }
  const value = BigInt(`${match[2]}${fraction.padEnd(digits, '0')}`)
  return match[1] === '-' ? -value : value
}

/** The reverse of {@link parseScaled}, without trailing zeros. @example formatScaled(1_250_000n, 6) // '1.25' */
export function formatScaled(value: bigint, digits: number): string {
  const negative = value < 0n
  const text = (negative ? -value : value).toString().padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits)
  const fraction = text.slice(text.length - digits).replace(/0+$/, '')
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

/**
 * A price from its decimal text; scientific notation and more than 18 fraction digits are accepted, and
 * digits beyond the 18th are dropped (less than 10^-18 dollars).
 * @throws IndexerError `amount-out-of-range` if it is not a positive number.
 */
export function priceScaled(text: string): PriceScaled {
  const match = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text.trim())
  if (match === null) throw new IndexerError('amount-out-of-range', `'${text}' is not a price`)
  const fraction = match[2] ?? ''
  const shift = priceDigits + Number(match[3] ?? 0) - fraction.length
  const digits = BigInt(`${match[1]}${fraction}`)
  const value = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift)
  if (value <= 0n) throw new IndexerError('amount-out-of-range', `price '${text}' is not above zero`)
  return value as PriceScaled
}

/** @example formatPrice(priceScaled('1.50')) // '1.5' */
export function formatPrice(price: PriceScaled): string {
  return formatScaled(price, priceDigits)
}

/** Divides and rounds half away from zero. `divisor` must be positive. */
export function divideRounded(value: bigint, divisor: bigint): bigint {
  const half = divisor / 2n
  return value >= 0n ? (value + half) / divisor : -((-value + half) / divisor)
}

/**
 * Values an amount of a token in US dollars.
 * @param raw Amount in the token's smallest unit.
 * @param decimals The token's decimals.
 * @param price Price of one whole token on the day of the event, not today's price.
 * @returns Millionths of a dollar, rounded half away from zero.
 * @example toUsd(rawAmount(250_000_000n), 8, priceScaled('3.10')) // 7_750_000n
 */
export function toUsd(raw: RawAmount, decimals: number, price: PriceScaled): UsdMicros {
  return divideRounded(raw * price, 10n ** BigInt(decimals + priceDigits - 6)) as UsdMicros
}

/** Dollars as decimal text with at most six fraction digits. */
export function formatUsd(micros: bigint): string {
  return formatScaled(micros, 6)
}

/**
 * The quotient of two whole numbers as decimal text, rounded half away from zero at `digits` fraction digits.
 * @returns undefined where the denominator is zero or negative.
 * @example ratio(3n, 2n, 6) // '1.5'
 */
export function ratio(numerator: bigint, denominator: bigint, digits = 6): string | undefined {
  if (denominator <= 0n) return undefined
  return formatScaled(divideRounded(numerator * 10n ** BigInt(digits), denominator), digits)
}
