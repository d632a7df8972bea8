import { denoms } from './accounts.ts'
import { type Coin, sortCoins } from './decimal.ts'
import type { ChainState } from './facts.ts'
import { decode, encode } from './protobuf.ts'
import { blocksPerYear } from './scenario.ts'

/** Parameters of inflation, with 18 places. */
export const mintParams = {
  mint_denom: denoms.uakt,
  inflation_rate_change: 10n ** 18n,
  inflation_max: 4n * 10n ** 16n,
  inflation_min: 3n * 10n ** 16n,
  goal_bonded: 67n * 10n ** 16n,
  blocks_per_year: blocksPerYear,
} as const

/** What is supplied of a denomination, zero if it is not known. */
export function supplyOf(state: ChainState, denom: string): Coin {
  return { denom, amount: state.supply.get(denom) ?? 0n }
}

/** Balances of a module account; of no other account is the past kept. */
export function balancesOf(state: ChainState, address: string): Coin[] {
  return sortCoins([...(state.balances.get(address) ?? [])].map(([denom, amount]) => ({ denom, amount })))
}

/** Supplies of every denomination. */
export function suppliesOf(state: ChainState): Coin[] {
  return sortCoins([...state.supply].map(([denom, amount]) => ({ denom, amount })))
}

const coin = ({ denom, amount }: Coin): Buffer =>
  encode([
    [1, denom],
    [2, String(amount)],
  ])

const list = (coins: readonly Coin[]): Buffer =>
  encode([...coins.map((one): [number, Buffer] => [1, coin(one)]), [2, encode([[2, coins.length]])]])

/**
 * Answers a query of the application in protobuf.
 * @returns undefined for a path that the simulated application does not know.
 * @throws RangeError if the request is not a message.
 */
export function queryState(state: ChainState, path: string, data: Buffer): Buffer | undefined {
  const fields = decode(data)
  const text = (number: number): string => String(fields.get(number) ?? '')
  switch (path) {
    case '/cosmos.bank.v1beta1.Query/SupplyOf':
      return encode([[1, coin(supplyOf(state, text(1)))]])
    case '/cosmos.bank.v1beta1.Query/TotalSupply':
      return list(suppliesOf(state))
    case '/cosmos.bank.v1beta1.Query/Balance': {
      const [address, denom] = [text(1), text(2)]
      const found = balancesOf(state, address).find((one) => one.denom === denom)
      return encode([[1, coin(found ?? { denom, amount: 0n })]])
    }
    case '/cosmos.bank.v1beta1.Query/AllBalances':
      return list(balancesOf(state, text(1)))
    case '/cosmos.mint.v1beta1.Query/Inflation':
      return encode([[1, String(state.inflation)]])
    case '/cosmos.mint.v1beta1.Query/AnnualProvisions':
      return encode([[1, String(state.annualProvisions)]])
    case '/cosmos.mint.v1beta1.Query/Params':
      return encode([
        [1, encode(Object.values(mintParams).map((value, at) => [at + 1, wire(value)] as const))],
      ])
    default:
      return undefined
  }
}

/** Decimals travel as the text of their whole number of 10^-18. */
const wire = (value: string | bigint | number): string | number =>
  typeof value === 'bigint' ? String(value) : value
