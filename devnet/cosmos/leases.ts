import type { LeaseRecord } from './lease_state.ts'
import { decode, encode } from './protobuf.ts'

/** The query that lists leases. */
export const leasesPath = '/akash.market.v1beta5.Query/Leases'

const defaultLimit = 100n

/** States of leases and payments. */
const states = { open: 1, overdrawn: 2, closed: 3 } as const
const paymentStates = { open: 1, closed: 2, overdrawn: 3 } as const

const decCoin = (denom: string, amount18: bigint): Buffer =>
  encode([
    [1, denom],
    [2, String(amount18)],
  ])

/**
 * Answers a page of leases as they stood after a block, open and closed ones, oldest first. The page's key is where the
 * last one ended; filters are not looked at.
 * @throws RangeError if the request is not a message.
 */
export function queryLeases(records: readonly LeaseRecord[], height: number, data: Buffer): Buffer {
  const page = decode(data).get(2)
  const fields = Buffer.isBuffer(page) ? decode(page) : new Map<number, Buffer | bigint>()
  const [key, limit] = [fields.get(1), fields.get(3)]
  const from = Buffer.isBuffer(key) && key.length === 4 ? key.readUInt32BE() : 0
  const to = from + Number(typeof limit === 'bigint' && limit > 0n ? limit : defaultLimit)
  const next = Buffer.alloc(4)
  next.writeUInt32BE(to)
  return encode([
    ...records.slice(from, to).map((record): [number, Buffer] => [1, entry(record, height)]),
    [2, encode(to < records.length ? [[1, next]] : [])],
  ])
}

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
  const account = encode([
    [1, 1],
    [2, `${id.owner}/${id.dseq}`],
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
    [1, account],
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
