import type { AccountRecord, LeaseRecord } from './lease_state.ts'
import { decode, encode } from './protobuf.ts'

/** The queries that list leases, and open escrow accounts. */
export const leasesPath = '/akash.market.v1beta5.Query/Leases'
/** See {@link leasesPath}. */
export const accountsPath = '/akash.escrow.v1.Query/Accounts'

const defaultLimit = 100n

/** States of leases and payments. */
const states = { open: 1, overdrawn: 2, closed: 3 } as const
const paymentStates = { open: 1, closed: 2, overdrawn: 3 } as const

const decCoin = (denom: string, amount18: bigint): Buffer =>
  encode([
    [1, denom],
    [2, String(amount18)],
  ])

/** The entries of a page, and where the next one starts. */
function paged<T>(all: readonly T[], page: Buffer | bigint | undefined, write: (one: T) => Buffer): Buffer {
  const fields = Buffer.isBuffer(page) ? decode(page) : new Map<number, Buffer | bigint>()
  const [key, limit] = [fields.get(1), fields.get(3)]
  const from = Buffer.isBuffer(key) && key.length === 4 ? key.readUInt32BE() : 0
  const to = from + Number(typeof limit === 'bigint' && limit > 0n ? limit : defaultLimit)
  const next = Buffer.alloc(4)
  next.writeUInt32BE(to)
  return encode([
    ...all.slice(from, to).map((one): [number, Buffer] => [1, write(one)]),
    [2, encode(to < all.length ? [[1, next]] : [])],
  ])
}

/**
 * Answers a page of leases as they stood after a block, open and closed ones, oldest first; filters are not looked at.
 * @throws RangeError if the request is not a message.
 */
export function queryLeases(records: readonly LeaseRecord[], height: number, data: Buffer): Buffer {
  return paged(records, decode(data).get(2), (record) => entry(record, height))
}

/**
 * Answers a page of the accounts of deployments that were open after a block, oldest first; those of bids are left out.
 * @throws RangeError if the request is not a message.
 */
export function queryAccounts(records: readonly AccountRecord[], height: number, data: Buffer): Buffer {
  const open = records.flatMap(({ owner, dseq, states: known }) => {
    const state = known.findLast((one) => one.height <= height)
    return state?.open === true ? [{ owner, dseq, ...state }] : []
  })
  return paged(open, decode(data).get(5), ({ owner, dseq, settledAt, funds }) => {
    const state = encode([
      [1, owner],
      [2, states.open],
      [4, settledAt],
      [5, decCoin(funds.denom, funds.amount)],
    ])
    return encode([
      [1, accountId(owner, dseq)],
      [2, state],
    ])
  })
}

const accountId = (owner: string, dseq: number): Buffer =>
  encode([
    [1, 1],
    [2, `${owner}/${dseq}`],
  ])

function entry({ id, price, createdAt, withdrawn, closed }: LeaseRecord, height: number): Buffer {
  const ended = closed !== undefined && closed.height <= height ? closed : undefined
  const state = ended === undefined ? 'open' : ended.overdrawn ? 'overdrawn' : 'closed'
  const paid = withdrawn.findLast((one) => one.height <= height)?.amount ?? 0n
  const leaseId = encode([
    [1, id.owner],
    [2, id.dseq],
    [3, 1],
    [4, 1],
    [5, id.provider],
    [6, 1],
  ])
  const lease = encode([
    [1, leaseId],
    [2, states[state]],
    [3, decCoin(price.denom, price.amount)],
    [4, createdAt],
    [5, ended?.height ?? 0],
  ])
  const payment = encode([
    [1, id.provider],
    [2, paymentStates[state]],
    [3, decCoin(price.denom, price.amount)],
    [4, decCoin(price.denom, 0n)],
    [5, decCoin(price.denom, 0n)],
    [
      6,
      encode([
        [1, price.denom],
        [2, String(paid)],
      ]),
    ],
  ])
  const paymentId = encode([
    [1, accountId(id.owner, id.dseq)],
    [2, `1/1/${id.provider}`],
  ])
  return encode([
    [1, lease],
    [
      2,
      encode([
        [1, paymentId],
        [2, payment],
      ]),
    ],
  ])
}
