import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { CosmosClient } from './client.ts'
import { bytesIn, encodeTexts, fieldsIn, NotProtobuf, textIn } from './protobuf.ts'

/** A lease: a price by the block, out of an account of its tenant. */
export interface Agreement {
  readonly denom: string
  /** Price of a block, in units of 10^-18 of the denom. */
  readonly price: bigint
  /** Blocks count from the one after this one. */
  readonly createdAt: number
  /** Last block that counts; undefined while it is open. */
  readonly closedOn: number | undefined
  /** What was paid, of one that ended when its account had run dry; undefined: every block was paid for. */
  readonly cap: bigint | undefined
  /** The account that pays: `owner/number`. */
  readonly account: string
}

/** What an open account held when it was last settled. */
export interface Account {
  readonly settledAt: number
  /** By denom, in units of 10^-18. */
  readonly funds: ReadonlyMap<string, bigint>
}

/** Every lease there ever was and every open account, after one block. */
export interface Agreements {
  readonly height: number
  readonly leases: readonly Agreement[]
  readonly accounts: ReadonlyMap<string, Account>
}

/** Where leases and accounts are asked for, and of which module's scope the accounts are. */
export interface AgreementQueries {
  readonly leases: string
  readonly accounts: string
}

const perPage = 1_000
/** Pages of one query at most: a million leases. */
const mostPages = 1_000
const [active, dry] = [1n, 2n]
const one = 10n ** 18n
/** Scope of accounts that pay leases; others hold collateral. */
const paying = 1n

/**
 * Reads all leases and open accounts from the state after a block; nodes keep closed leases.
 * @throws IndexerError `rpc-not-found` where no node keeps that state; `rpc-bad-answer` for what is no such list.
 */
export async function readAgreements(
  queries: AgreementQueries,
  height: number,
  client: CosmosClient,
  signal: AbortSignal,
): Promise<Agreements> {
  const leases = await allPages(queries.leases, [], 2, height, client, signal, readLease)
  const accounts = await allPages(queries.accounts, [[1, 'open']], 5, height, client, signal, readAccount)
  return { height, leases, accounts: new Map(accounts.filter((a) => a !== undefined)) }
}

async function allPages<T>(
  path: string,
  filter: readonly (readonly [number, string])[],
  pageField: number,
  height: number,
  client: CosmosClient,
  signal: AbortSignal,
  read: (row: Uint8Array) => T,
): Promise<T[]> {
  const rows: T[] = []
  let key: Uint8Array = new Uint8Array()
  for (let page = 0; page < mostPages; page += 1) {
    const paging = Buffer.concat([nested(1, key), Buffer.from([0x18, ...varint(perPage)])])
    const { value } = await client.query(
      path,
      Buffer.concat([encodeTexts(filter), nested(pageField, paging)]),
      height,
      signal,
    )
    try {
      for (const row of bytesIn(value, 1)) rows.push(read(row))
      const next = bytesIn(value, 2).at(-1)
      key = (next && bytesIn(next, 1).at(-1)) ?? new Uint8Array()
    } catch (error) {
      if (!(error instanceof NotProtobuf)) throw error
      throw new IndexerError(
        'rpc-bad-answer',
        `abci_query ${path} at ${height}: ${error.message}`,
        {},
        { cause: error },
      )
    }
    if (key.length === 0) return rows
  }
  throw new IndexerError(
    'rpc-bad-answer',
    `abci_query ${path} at ${height}: it has more than ${mostPages} pages`,
  )
}

function readLease(row: Uint8Array): Agreement {
  const lease = bytesIn(row, 1).at(-1) ?? new Uint8Array()
  const payment = bytesIn(bytesIn(row, 2).at(-1) ?? new Uint8Array(), 2).at(-1) ?? new Uint8Array()
  const id = bytesIn(lease, 1).at(-1) ?? new Uint8Array()
  const state = numberIn(lease, 2)
  const price = wholeIn(lease, [3, 2])
  const createdAt = Number(numberIn(lease, 4))
  const closedOn = state === active ? undefined : Number(numberIn(lease, 5))
  const paid = wholeIn(payment, [6, 2])
  // Who closes the lease itself, or the bid, closes it as if it was funded: then what was paid lacks whole blocks.
  const unpaid = closedOn !== undefined && price * BigInt(closedOn - createdAt) - paid * one >= price
  return {
    denom: textIn(lease, [3, 1]) ?? '',
    price,
    createdAt,
    closedOn,
    cap: state === dry || unpaid ? paid : undefined,
    account: `${textIn(id, [1])}/${numberIn(id, 2)}`,
  }
}

function readAccount(row: Uint8Array): readonly [string, Account] | undefined {
  const id = bytesIn(row, 1).at(-1) ?? new Uint8Array()
  if (numberIn(id, 1) !== paying) return undefined
  const state = bytesIn(row, 2).at(-1) ?? new Uint8Array()
  const funds = new Map<string, bigint>()
  for (const fund of bytesIn(state, 5)) {
    const denom = textIn(fund, [1]) ?? ''
    funds.set(denom, (funds.get(denom) ?? 0n) + wholeIn(fund, [2]))
  }
  return [textIn(id, [2]) ?? '', { settledAt: Number(numberIn(state, 4)), funds }]
}

function numberIn(message: Uint8Array, number: number): bigint {
  let value = 0n
  for (const field of fieldsIn(message)) if (field.number === number && 'value' in field) value = field.value
  return value
}

function wholeIn(message: Uint8Array, path: readonly number[]): bigint {
  const text = textIn(message, path) ?? '0'
  if (!/^-?\d{1,78}$/.test(text)) throw new NotProtobuf(`'${text.slice(0, 40)}' is no amount`)
  return BigInt(text)
}

function nested(number: number, bytes: Uint8Array): Buffer {
  if (bytes.length === 0) return Buffer.alloc(0)
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes])
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]
}
