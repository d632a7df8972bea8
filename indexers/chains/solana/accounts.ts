import { badAnswer, type RpcRequest } from '../../engine/json_rpc_answer.ts'
import { countOf, listOf, objectOf, textOf } from './answer.ts'
import { finalizedOnly } from './blocks.ts'
import type { SolanaClient } from './client.ts'

/** An account as it is now: nodes keep no older state. */
export interface Account {
  readonly address: string
  /** The program that may write to it. */
  readonly owner: string
  readonly executable: boolean
  readonly data: Buffer
}

/** Accounts that one request may ask for. */
export const mostAccounts = 100

/** What a node said of some accounts after one slot. */
export interface Accounts {
  readonly slot: number
  /** In the order asked; undefined where there is no such account. */
  readonly accounts: readonly (Account | undefined)[]
}

/** @param minContextSlot The node must have come so far; absent: as far as it is. */
function accountsRequest(
  addresses: readonly string[],
  minContextSlot: number | undefined,
): RpcRequest<Accounts> {
  const config = { encoding: 'base64', ...finalizedOnly }
  return {
    method: 'getMultipleAccounts',
    params: [addresses, minContextSlot === undefined ? config : { ...config, minContextSlot }],
    read: (result, place) => {
      const where = `${place.endpoint} getMultipleAccounts`
      const body = objectOf(result, where, 'the answer')
      const slot = countOf(objectOf(body['context'], where, 'context')['slot'], where, 'context.slot')
      const values = listOf(body['value'], where, 'value')
      if (values.length !== addresses.length)
        throw badAnswer(place, `asked for ${addresses.length} accounts, it gave ${values.length}`)
      const accounts = values.map((value, i) => {
        if (value === null) return undefined
        const account = objectOf(value, where, () => `value.${i}`)
        const [text, encoding] = listOf(account['data'], where, () => `value.${i}.data`)
        if (encoding !== 'base64' || typeof text !== 'string')
          throw badAnswer(place, `value.${i}.data is not in base64`)
        return {
          address: addresses[i] ?? '',
          owner: textOf(account['owner'], where, () => `value.${i}.owner`),
          executable: account['executable'] === true,
          data: Buffer.from(text, 'base64'),
        }
      })
      return { slot, accounts }
    },
  }
}

/** Any number of accounts, a hundred in one request, by address. Accounts that do not exist are left out. */
export async function getAccounts(
  client: SolanaClient,
  addresses: readonly string[],
  signal?: AbortSignal,
  minContextSlot?: number,
): Promise<ReadonlyMap<string, Account>> {
  const requests: RpcRequest<Accounts>[] = []
  for (let at = 0; at < addresses.length; at += mostAccounts)
    requests.push(accountsRequest(addresses.slice(at, at + mostAccounts), minContextSlot))
  const found = new Map<string, Account>()
  for (const { accounts } of await client.batch(requests, signal))
    for (const account of accounts) if (account !== undefined) found.set(account.address, account)
  return found
}

/** One account and the slot after which it was so. */
export async function getAccount(
  client: SolanaClient,
  address: string,
  signal?: AbortSignal,
): Promise<{ readonly slot: number; readonly account: Account | undefined }> {
  const { slot, accounts } = await client.call(accountsRequest([address], undefined), signal)
  return { slot, account: accounts[0] }
}

/** A number of an account, lowest byte first. */
export type FieldType = 'u64' | 'u128'

/** A number at a place of some bytes; undefined where they end before it does. */
export function fieldOf(data: Buffer, at: number, type: FieldType): bigint | undefined {
  const length = type === 'u64' ? 8 : 16
  if (data.length < at + length) return undefined
  const low = data.readBigUInt64LE(at)
  return type === 'u64' ? low : low + (data.readBigUInt64LE(at + 8) << 64n)
}
