import { jsonReply, type NodeReply, type NodeRequest } from '../node.ts'
import { type Coin, dec } from './decimal.ts'
import type { ChainState } from './facts.ts'
import { balancesOf, mintParams, suppliesOf, supplyOf } from './state.ts'

const written = ({ denom, amount }: Coin): object => ({ denom, amount: String(amount) })

const page = (coins: readonly Coin[]): object => ({ next_key: null, total: String(coins.length) })

const missing = jsonReply({ code: 12, message: 'Not Implemented', details: [] }, 501)

/** The REST routes that tell supplies and balances at the head: `/cosmos/bank/…`, `/cosmos/mint/…`. */
export function answerRest({ path, query }: NodeRequest, state: ChainState): NodeReply {
  const [, , module = '', , ...rest] = path.split('/')
  const [what = '', name = '', by = ''] = rest
  if (module === 'mint') return mint(what, state)
  if (module !== 'bank') return missing
  const denom = query.get('denom') ?? ''
  if (what === 'supply' && name === 'by_denom') return jsonReply({ amount: written(supplyOf(state, denom)) })
  if (what === 'supply' && name === '') {
    const supply = suppliesOf(state)
    return jsonReply({ supply: supply.map(written), pagination: page(supply) })
  }
  if (what !== 'balances' || name === '') return missing
  const balances = balancesOf(state, name)
  if (by === 'by_denom') {
    const found = balances.find((one) => one.denom === denom) ?? { denom, amount: 0n }
    return jsonReply({ balance: written(found) })
  }
  return jsonReply({ balances: balances.map(written), pagination: page(balances) })
}

function mint(what: string, state: ChainState): NodeReply {
  switch (what) {
    case 'params': {
      const params = Object.entries(mintParams).map(([name, value]) => [
        name,
        typeof value === 'bigint' ? dec(value) : String(value),
      ])
      return jsonReply({ params: Object.fromEntries(params) })
    }
    case 'inflation':
      return jsonReply({ inflation: dec(state.inflation) })
    case 'annual_provisions':
      return jsonReply({ annual_provisions: dec(state.annualProvisions) })
    default:
      return missing
  }
}
