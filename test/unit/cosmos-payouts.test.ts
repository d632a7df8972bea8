import { describe, expect, test } from 'vitest'
import { readResults } from '../../indexers/chains/cosmos/events.ts'
import { BlockFacts, isUnknown } from '../../indexers/chains/cosmos/facts.ts'
import { readPayouts } from '../../indexers/chains/cosmos/payouts.ts'
import { encodeTexts } from '../../indexers/chains/cosmos/protobuf.ts'
import { readerOf } from '../../indexers/chains/cosmos/streams.ts'
import { akash } from '../../indexers/networks/akash.ts'
import { unixSeconds } from '../../pipeline/model/time.ts'

const declared = akash.streams['leasesAct']
const reader = readerOf({
  ...(declared ?? expect.fail('Akash has no stream leasesAct')),
  id: 1,
  network: 'akash',
  name: 'leasesAct',
  chain: 'akash',
  role: 'ledger',
  decimals: 6,
})
const settings = reader.word === 'cosmos.payouts' ? reader.settings : expect.fail('leasesAct is no payout')
const { from } = settings

type Attributes = Readonly<Record<string, string>>
const event = (type: string, attributes: Attributes) => ({
  type,
  attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
})
const pay = (recipient: string, amount: string, more: Attributes = {}) => [
  event('transfer', { recipient, sender: from, amount, ...more }),
  event('message', { sender: from, ...more }),
]
const lease = (name: string, provider: string, owner = 'tenant', more: Attributes = {}) =>
  event(`akash.market.v1.${name}`, { id: JSON.stringify({ owner, dseq: '7', provider }), ...more })

/** A message as protobuf: a field 1 that holds a lease's id, whose field 5 is the provider. */
const leaseMessage = (name: string, provider: string): Buffer =>
  any(
    `/akash.market.v1beta5.${name}`,
    nested(
      1,
      encodeTexts([
        [1, 'tenant'],
        [5, provider],
      ]),
    ),
  )
const nested = (number: number, bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from([(number << 3) | 2, ...lengthOf(bytes.length)]), bytes])
const lengthOf = (n: number): number[] => (n < 0x80 ? [n] : [(n & 0x7f) | 0x80, ...lengthOf(n >>> 7)])
const any = (type: string, value: Buffer): Buffer =>
  Buffer.concat([encodeTexts([[1, type]]), nested(2, value)])
const exec = (...inner: Buffer[]): Buffer =>
  any(
    '/cosmos.authz.v1beta1.MsgExec',
    Buffer.concat([encodeTexts([[1, 'operator']]), ...inner.map((i) => nested(2, i))]),
  )
const txOf = (...messages: Buffer[]): Buffer => nested(1, Buffer.concat(messages.map((m) => nested(1, m))))

function read(tx: Buffer, events: object[], begin: object[] = []): string[] | string {
  const place = { endpoint: 'test', what: 'block_results' }
  const answer = { height: '28000000', txs_results: [{ code: 0, events }], finalize_block_events: begin }
  const results = readResults(answer, 28_000_000, place)
  const mark = { height: 28_000_000, hash: 'AB'.repeat(32), parentHash: '', time: unixSeconds(1_780_000_000) }
  const tally = { mint: undefined, netBefore: 0n, netAfter: 0n }
  const amounts = readPayouts(new BlockFacts(mark, { results, tally }, undefined, [tx]), settings)
  return isUnknown(amounts) ? amounts.reason : amounts.map((a) => `${a.recipient} ${a.raw}`)
}

const i = (index: number, inner?: number): Attributes => ({
  msg_index: String(index),
  ...(inner === undefined ? {} : { authz_msg_index: String(inner) }),
})

describe('payouts of an escrow account', () => {
  test('a withdrawal names its payee only in the message; each message pays its own', () => {
    const tx = txOf(leaseMessage('MsgWithdrawLease', 'p1'), leaseMessage('MsgWithdrawLease', 'p2'))
    expect(
      read(tx, [
        ...pay('p1', '294uact', i(0)),
        ...pay('p2', '5uact,9uakt', i(1)),
        ...pay('p1', '77uact', i(1)),
      ]),
    ).toEqual(['p1 294', 'p2 5'])
  })

  test('a lost bid gets its collateral back without a marker: no payout', () => {
    const tx = txOf(leaseMessage('MsgCreateLease', 'winner'))
    expect(
      read(tx, [lease('EventLeaseCreated', 'winner', 'tenant', i(0)), ...pay('loser', '500000uact', i(0))]),
    ).toEqual([])
  })

  test('a payment as large as the collateral counts; the collateral, directly before the end of its bid, does not', () => {
    const tx = txOf(leaseMessage('MsgCloseLease', 'p'))
    const events = [
      lease('EventLeaseClosed', 'p', 'tenant', i(0)),
      ...pay('p', '500000uact', i(0)),
      lease('EventBidClosed', 'p', 'tenant', i(0)),
      ...pay('p', '500000uact', i(0)),
      ...pay('tenant', '4000000uact', i(0)),
    ]
    expect(read(tx, events)).toEqual(['p 500000'])
  })

  test('messages inside MsgExec are told apart by their own index', () => {
    const tx = txOf(exec(leaseMessage('MsgCreateLease', 'p'), leaseMessage('MsgWithdrawLease', 'p')))
    expect(read(tx, [...pay('p', '500000uact', i(0, 0)), ...pay('p', '31uact', i(0, 1))])).toEqual(['p 31'])
  })

  test('without that index a mix of refund and payment is not guessed', () => {
    const tx = txOf(exec(leaseMessage('MsgCreateLease', 'p'), leaseMessage('MsgWithdrawLease', 'p')))
    expect(read(tx, [...pay('p', '500000uact', i(0)), ...pay('p', '31uact', i(0))])).toMatch(
      /one message holds .*MsgCreateLease and a payment/,
    )
  })

  test('a tenant who is its own provider: refund and payment look the same, so neither is guessed', () => {
    const tx = txOf(any('/akash.deployment.v1beta4.MsgCloseDeployment', Buffer.alloc(0)))
    const events = [
      ...pay('self', '12uact', i(0)),
      ...pay('self', '90uact', i(0)),
      lease('EventLeaseClosed', 'self', 'self', i(0)),
    ]
    expect(read(tx, events)).toMatch(/payer and payee are the same account/)
  })

  test('an upgrade block closes leases without a transaction', () => {
    const begin = [
      ...pay('p', '8uact'),
      ...pay('p', '500000uact'),
      lease('EventBidClosed', 'p'),
      lease('EventLeaseClosed', 'p'),
    ]
    expect(read(txOf(), [], begin)).toEqual(['p 8'])
  })

  test('a failed transaction pays nothing', () => {
    const place = { endpoint: 'test', what: 'block_results' }
    const events = pay('p', '294uact', i(0))
    const results = readResults({ height: '5', txs_results: [{ code: 5, events }] }, 5, place)
    const mark = { height: 5, hash: 'AB'.repeat(32), parentHash: '', time: unixSeconds(1) }
    const tally = { mint: undefined, netBefore: 0n, netAfter: 0n }
    const tx = txOf(leaseMessage('MsgWithdrawLease', 'p'))
    expect(readPayouts(new BlockFacts(mark, { results, tally }, undefined, [tx]), settings)).toEqual([])
  })
})
