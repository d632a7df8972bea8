import { describe, expect, test } from 'vitest'
import { dated, decodeLogs } from '../../indexers/chains/evm/decode.ts'
import { hexNumber } from '../../indexers/chains/evm/logs.ts'
import { pagesOf, parseInPages } from '../../indexers/chains/evm/pages.ts'
import {
  erc20Burns,
  erc20Mints,
  erc20Transfers,
  logQueries,
  topicOf,
  transferTopic,
  zeroAddress,
} from '../../indexers/chains/evm/streams.ts'
import type { Stream, StreamDeclaration } from '../../pipeline/model/stream.ts'
import { unixSeconds } from '../../pipeline/model/time.ts'

const token = `0x${'aa'.repeat(20)}`
const alice = `0x${'a1'.repeat(20)}`
const treasury = `0x${'7e'.repeat(20)}`
const declared = {
  kind: 'fee',
  class: 'payment',
  lens: 'PURCHASE',
  token: 'T',
  revision: 1,
  meaning: 'm',
  evidence: ['e'],
} as const
const place = { endpoint: 'http://node', method: 'eth_getLogs' }
const range = { from: 10, to: 20 }

function numbered(...declarations: StreamDeclaration[]): Stream[] {
  const rest = { network: 'n', chain: 'c', role: 'ledger', decimals: 18 } as const
  return declarations.map((declaration, index) => ({
    ...declaration,
    ...rest,
    id: index + 1,
    name: `s${index + 1}`,
  }))
}

function log(from: string, to: string, more: object = {}): object {
  return {
    address: token,
    topics: [transferTopic, topicOf(from), topicOf(to)],
    data: `0x${'5'.padStart(64, '0')}`,
    blockNumber: '0xc',
    blockHash: `0x${'b1'.repeat(32)}`,
    transactionHash: `0x${'c1'.repeat(32)}`,
    logIndex: '0x1f',
    removed: false,
    ...more,
  }
}

function decode(streams: Stream[], logs: unknown[]) {
  const [query] = logQueries(streams)
  if (query === undefined) throw new Error('no query')
  return decodeLogs([logs], query, range, place)
}

const mint = numbered(erc20Mints({ ...declared, contracts: [token] }))

describe('decodeLogs', () => {
  test('gives a mint its transaction, place, amount and recipient, and no sender', () => {
    const decoded = decode(mint, [log(zeroAddress, alice)])
    expect(dated(decoded, () => unixSeconds(1_700_000_000))).toEqual([
      {
        streamId: 1,
        txId: Buffer.from('c1'.repeat(32), 'hex'),
        position: 31,
        amountRaw: 5n,
        height: 12,
        happenedAt: 1_700_000_000,
        recipient: alice,
      },
    ])
  })

  test('gives an event for each stream that a log matches, and none to the others', () => {
    const open = erc20Transfers({ ...declared, contracts: [token] })
    const streams = numbered(
      open,
      erc20Transfers({ ...declared, contracts: [token], to: [treasury] }),
      ...mint,
    )
    const decoded = decode(streams, [
      log(alice, treasury),
      log(alice, alice),
      log(zeroAddress, treasury),
      log(alice, zeroAddress),
    ])
    expect(decoded.events.map((e) => [e.streamId, e.sender, e.recipient])).toEqual([
      [1, alice, treasury],
      [2, alice, treasury],
      [1, alice, alice],
      [3, undefined, treasury],
    ])
  })

  test('leaves out heights outside the stream', () => {
    const streams = mint.map((stream) => ({ ...stream, fromHeight: 13 }))
    const later = log(zeroAddress, alice, { blockNumber: '0xd', blockHash: `0x${'b2'.repeat(32)}` })
    expect(decode(streams, [log(zeroAddress, alice), later]).events.map((e) => e.height)).toEqual([13])
  })

  test('takes the time of a block from its logs where they have one', () => {
    const stamped = log(zeroAddress, alice, { blockTimestamp: '0x65920080' })
    expect(decode(mint, [stamped, stamped]).blocks).toEqual([
      { height: 12, hash: `0x${'b1'.repeat(32)}`, time: 1_704_067_200, first: 0, end: 2 },
    ])
  })

  test.each([
    [
      'a missing topic',
      { topics: [transferTopic, topicOf(zeroAddress)] },
      'block 12: expected a Transfer with 3 topics',
    ],
    [
      'another event',
      { topics: [topicOf(alice), topicOf(zeroAddress), topicOf(alice)] },
      'expected a Transfer',
    ],
    [
      'a topic that is no address',
      { topics: [transferTopic, topicOf(zeroAddress), `0x${'f'.repeat(64)}`] },
      'expected an address',
    ],
    ['short data', { data: '0x05' }, 'expected data of 32 bytes'],
    ['data that is not hexadecimal', { data: `0x${'z'.repeat(64)}` }, 'expected data of 32 bytes'],
    ['a removed log', { removed: true }, 'marked as removed'],
    ['a block outside the range', { blockNumber: '0x15' }, 'expected a log of blocks 10 to 20'],
    ['no block', { blockNumber: null }, 'expected a log of blocks 10 to 20'],
    ['another contract', { address: alice }, 'was not asked for'],
    ['a cut transaction hash', { transactionHash: '0xc1' }, 'transactionHash is'],
    ['no place in the block', { logIndex: undefined }, 'logIndex is'],
  ])('refuses %s', (_, broken, message) => {
    const refused = () => decode(mint, [log(zeroAddress, alice, broken)])
    expect(refused).toThrow(expect.objectContaining({ code: 'rpc-bad-answer' }))
    expect(refused).toThrow(message)
    expect(refused).toThrow('http://node eth_getLogs')
  })

  test('refuses two hashes of one block', () => {
    const other = log(zeroAddress, alice, { blockHash: `0x${'b2'.repeat(32)}` })
    expect(() => decode(mint, [log(zeroAddress, alice), other])).toThrow('two hashes')
  })
})

describe('logQueries', () => {
  test('asks for senders and recipients apart, and for everything once where a stream needs it', () => {
    const burns = erc20Burns({ ...declared, contracts: [token.toUpperCase().replace('0X', '0x')] })
    const payments = erc20Transfers({ ...declared, contracts: [token], to: [treasury] })
    const zero = topicOf(zeroAddress)
    const shown = (streams: Stream[]) => logQueries(streams).map(({ address, topics }) => [address, topics])
    expect(shown([...mint, ...numbered(burns, payments)])).toEqual([
      [[token], [transferTopic, [zero]]],
      [[token], [transferTopic, null, [zero, topicOf(treasury)]]],
    ])
    expect(shown([...mint, ...numbered(burns, erc20Transfers({ ...declared, contracts: [token] }))])).toEqual(
      [[[token], [transferTopic]]],
    )
  })

  test('refuses unknown words and malformed settings', () => {
    expect(() => erc20Mints({ ...declared, contracts: ['0x12'] })).toThrow(`'contracts' holds "0x12"`)
    expect(() => erc20Burns({ ...declared, contracts: [] })).toThrow('at least one address')
    const unknown = mint.map((stream) => ({ ...stream, word: 'evm.dust' }))
    expect(() => logQueries(unknown)).toThrow('n stream s1: EVM chains know evm.erc20.mints')
    const extra = mint.map((stream) => ({ ...stream, settings: { contracts: [token], form: [alice] } }))
    expect(() => logQueries(extra)).toThrow("unknown setting 'form'")
  })
})

describe('parseInPages', () => {
  test('gives the same records as parsing at once', () => {
    const logs = Array.from({ length: 300 }, (_, index) =>
      log(zeroAddress, alice, { logIndex: `0x${index.toString(16)}` }),
    )
    const answer = [
      { id: 1, result: { hash: '0x1' } },
      { id: 0, result: logs },
      { id: 2, result: [] },
    ]
    const parsed = parseInPages(JSON.stringify(answer)) as { result: unknown }[]
    const pages = [...(pagesOf(parsed[1]?.result) ?? [])]
    expect(pages.length).toBeGreaterThan(1)
    expect([parsed[0], pages.flat(), parsed[2]]).toEqual([answer[0], logs, answer[2]])
  })

  test.each([
    ['nested objects', '[{"result":[{"a":[{"b":1},{"b":2}]}]}]'],
    ['a cut answer', '{"result":[{"a":1},{"b"'],
    ['an array that is no result', '{"error":{"result":[{"a":1}]}}'],
  ])('refuses %s', (_, text) => {
    const all = () => [...(pagesOf((parseInPages(text) as { result: unknown }).result) ?? [])]
    expect(all).toThrow(SyntaxError)
  })
})

test('hexNumber reads quantities and nothing else', () => {
  expect(['0x0', '0x1f', '0xfffffffffffff'].map(hexNumber)).toEqual([0, 31, 2 ** 52 - 1])
  expect(['0x', '1f', '0xg', '0x1F', 31, null, `0x1${'0'.repeat(14)}`].map(hexNumber)).toEqual(
    Array(7).fill(-1),
  )
})
