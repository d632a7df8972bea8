/** One, in the chain's decimals of 18 places: whole numbers of 10^-18. */
export const one18 = 10n ** 18n

/** An amount with its denomination. */
export interface Coin {
  readonly denom: string
  readonly amount: bigint
}

/** @example dec(2_372_595n * 10n ** 12n) // '2.372595000000000000' */
export function dec(value18: bigint): string {
  return `${value18 / one18}.${(value18 % one18).toString().padStart(18, '0')}`
}

/** The quotient of two decimals at 18 places, rounded half to even as the chain does. */
export function quotient18(a: bigint, b: bigint): bigint {
  const [whole, rest] = [(a * one18) / b, (a * one18) % b]
  if (rest * 2n === b) return whole + (whole % 2n)
  return rest * 2n > b ? whole + 1n : whole
}

/** Coins as events write them: sorted by denomination, without zeros. @example '5ibc/17…,20uakt' */
export function coinsText(coins: readonly Coin[]): string {
  return sortCoins(coins)
    .map(({ amount, denom }) => `${amount}${denom}`)
    .join(',')
}

/** Sorted by denomination, without zeros, as the chain keeps them. */
export function sortCoins(coins: readonly Coin[]): Coin[] {
  return coins
    .filter(({ amount }) => amount !== 0n)
    .sort((a, b) => (a.denom < b.denom ? -1 : a.denom > b.denom ? 1 : 0))
}
