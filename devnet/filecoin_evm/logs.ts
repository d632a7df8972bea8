import { seededBytes } from '../scenario.ts'
import type { Happening } from './happenings.ts'
import { payAddress, payContracts } from './rails.ts'

/** A transaction that touched the payments contract, with what the Ethereum methods of a node say of it. */
export interface PayTransaction {
  readonly hash: string
  readonly height: number
  readonly from: string
  readonly to: string
  readonly input: string
  readonly value: bigint
  readonly logs: readonly PayLog[]
}

/** A log without what its place adds. */
export interface PayLog {
  readonly address: string
  readonly topics: readonly string[]
  readonly data: string
}

/** Topics of the contract's events, as its published ABI gives them, and of an ERC-20 transfer. */
const topics = {
  railCreated: '0xb9f4f448b1c10a427fd0df9553b65fbd49cea0137977ce50f8deb47864b4754f',
  railSettled: '0x14e2efd598f2db6bfe762fcf9a830ffdfcba170d263d4a4956f36176ba82d3f3',
  oneTime: '0x70358589bc618854360f545817cd39ae53b440c5c6ef7bb83db1c86f3496f723',
  withdraw: '0x332e20fbeb87ed1d267a2f391e6e3c6bdb9932c83d0cee5b5594ba827c4326c5',
  transfer: '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
}
const burnForFees = '0x1a257300'

const word = (value: bigint | number | string): string =>
  (typeof value === 'string' ? value.slice(2) : value.toString(16)).padStart(64, '0')
const topic = (value: number | string): string => `0x${word(value)}`
const { pay } = payContracts

/** The input of the auction's call: token, recipient, tokens wanted. */
const bid = (token: string, to: string, amount: bigint): string =>
  `${burnForFees}${word(token)}${word(to)}${word(amount)}`

/** The transaction that a happening came with. @param index Its place in the tipset. */
export function transactionOf(seed: number, height: number, index: number, one: Happening): PayTransaction {
  const hash = `0x${seededBytes(seed, `pay tx ${height} ${index}`, 32).toString('hex')}`
  const from = 'rail' in one ? one.rail.payer : one.to
  const plain = { hash, height, from, to: pay, input: '0x', value: 0n, logs: logsOf(one) }
  if (one.kind !== 'auctioned') return plain
  if (one.routed) return { ...plain, to: payAddress(seed, 'router'), input: '0x12345678' }
  return { ...plain, input: bid(one.token, one.to, one.amount), value: one.burned }
}

/** What `trace_transaction` says: the call itself, and the auction's call inside where it was routed. */
export function traceOf(transaction: PayTransaction, one: Happening): readonly object[] {
  const { from, to, input, value, hash } = transaction
  const step = (path: readonly number[], action: object): object => ({
    type: 'call',
    subtraces: 0,
    traceAddress: path,
    action: { callType: 'call', gas: '0x1', ...action },
    result: { gasUsed: '0x1', output: '0x' },
    transactionHash: hash,
  })
  const hex = (amount: bigint): string => `0x${amount.toString(16)}`
  const top = step([], { from, to, input, value: hex(value) })
  if (one.kind !== 'auctioned' || !one.routed) return [top]
  const inner = { from: to, to: pay, input: bid(one.token, one.to, one.amount), value: hex(one.burned) }
  return [top, step([0], inner)]
}

function logsOf(one: Happening): readonly PayLog[] {
  const log = (indexed: readonly string[], ...words: readonly (bigint | number | string)[]): PayLog => ({
    address: pay,
    topics: indexed,
    data: `0x${words.map(word).join('')}`,
  })
  const transfer = (token: string, to: string, amount: bigint): PayLog => ({
    address: token,
    topics: [topics.transfer, topic(pay), topic(to)],
    data: `0x${word(amount)}`,
  })
  switch (one.kind) {
    case 'created': {
      const { id, payer, payee, token, operator, commissionBps } = one.rail
      const indexed = [topics.railCreated, topic(id), topic(payer), topic(payee)]
      return [log(indexed, token, operator, operator, operator, commissionBps)]
    }
    case 'settled': {
      const indexed = [topics.railSettled, topic(one.rail.id)]
      return [log(indexed, one.gross, one.net, one.commission, one.networkFee, 0)]
    }
    case 'paidOnce':
      return [log([topics.oneTime, topic(one.rail.id)], one.net, one.commission, one.networkFee)]
    case 'withdrawn': {
      const indexed = [topics.withdraw, topic(one.token), topic(one.to), topic(one.to)]
      return [transfer(one.token, one.to, one.amount), log(indexed, one.amount)]
    }
    case 'auctioned':
      return [transfer(one.token, one.to, one.amount)]
  }
}
