import { encodeId } from '../../pipeline/model/encoding.ts'
import { accountAt, parsedAccount } from './accounts.ts'
import { optionsAt, RpcFault, type RpcOptions, textAt } from './rpc.ts'
import { uiAmount } from './tokens.ts'
import type { View } from './view.ts'

const mostAccounts = 100
const mostHolders = 20

function accountOf({ chain, twist }: View, address: string, slot: number, options: RpcOptions): unknown {
  const found = accountAt(chain.ledger, address, slot)
  if (found === undefined) return null
  const { owner, data, lamports, executable = false } = found
  const { encoding = 'base64' } = options
  const parsed = encoding === 'jsonParsed' ? parsedAccount(chain.ledger, address, slot) : undefined
  const written =
    encoding === 'base58' ? [encodeId(data, 'base58'), 'base58'] : [data.toString('base64'), 'base64']
  const account = {
    data: parsed ?? written,
    executable,
    lamports,
    owner,
    rentEpoch: 0,
    space: data.length,
  }
  return twist.strip(account)
}

/** One account, or null where there is none. */
export function getAccountInfo(view: View, params: readonly unknown[]): unknown {
  const options = optionsAt(params, 1)
  const slot = view.newest(options)
  return { context: { apiVersion: '3.0.6', slot }, value: accountOf(view, textAt(params, 0), slot, options) }
}

/** Accounts in the order asked, null where there is none. */
export function getMultipleAccounts(view: View, params: readonly unknown[]): unknown {
  const options = optionsAt(params, 1)
  const slot = view.newest(options)
  const addresses = params[0]
  if (!Array.isArray(addresses) || addresses.length > mostAccounts)
    throw new RpcFault(-32602, `Too many inputs provided; max ${mostAccounts}`)
  const value = addresses.map((_, i) => accountOf(view, textAt(addresses, i), slot, options))
  return { context: { apiVersion: '3.0.6', slot }, value }
}

/** What exists of a mint. */
export function getTokenSupply(view: View, params: readonly unknown[]): unknown {
  const slot = view.newest(optionsAt(params, 1))
  const mint = view.chain.ledger.mints.get(textAt(params, 0))
  if (mint === undefined) throw new RpcFault(-32602, 'Invalid param: could not find account')
  const value = view.twist.strip(uiAmount(mint.supply.at(slot) ?? 0n, mint.decimals))
  return { context: { apiVersion: '3.0.6', slot }, value }
}

/** The twenty accounts that hold most of a mint, largest first. */
export function getTokenLargestAccounts(view: View, params: readonly unknown[]): unknown {
  const slot = view.newest(optionsAt(params, 1))
  const { ledger } = view.chain
  const address = textAt(params, 0)
  const mint = ledger.mints.get(address)
  if (mint === undefined) throw new RpcFault(-32602, 'Invalid param: could not find account')
  const held = [...ledger.tokenAccounts]
    .filter(([, account]) => account.mint === address)
    .map(([holder, account]) => ({ address: holder, amount: account.amount.at(slot) ?? 0n }))
    .sort((a, b) => (a.amount < b.amount ? 1 : a.amount > b.amount ? -1 : 0))
  const value = held
    .slice(0, mostHolders)
    .map((h) => ({ address: h.address, ...uiAmount(h.amount, mint.decimals) }))
  return { context: { apiVersion: '3.0.6', slot }, value }
}
