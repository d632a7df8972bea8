import { describe, expect, test } from 'vitest'
import { parseCoins, parseDec } from '../../indexers/chains/cosmos/coins.ts'
import { dayBounds, midnightsIn } from '../../indexers/chains/cosmos/days.ts'
import { joined } from '../../indexers/chains/cosmos/decode.ts'
import { everyEvent, readResults } from '../../indexers/chains/cosmos/events.ts'
import { BlockFacts, isUnknown } from '../../indexers/chains/cosmos/facts.ts'
import { readFees } from '../../indexers/chains/cosmos/fees.ts'
import { blocksPerYear, followsOn, tallyBlock } from '../../indexers/chains/cosmos/proof.ts'
import { bytesIn, encodeTexts, NotProtobuf, textIn } from '../../indexers/chains/cosmos/protobuf.ts'
import { rpcError } from '../../indexers/chains/cosmos/rpc-errors.ts'
import { readTransaction, transactionId } from '../../indexers/chains/cosmos/transaction.ts'
import { holds, valueAt } from '../../indexers/chains/cosmos/values.ts'
import { unixSeconds } from '../../pipeline/model/time.ts'

const place = { endpoint: 'http://node', what: 'block_results 5', height: 5 }
const event = (type: string, ...attributes: [string, string | null][]) => ({
  type,
  attributes: attributes.map(([key, value]) => ({ key, value })),
})
const b64 = (text: string): string => Buffer.from(text).toString('base64')

test('coins: one, several, none, and what is none', () => {
  expect(parseCoins('5uakt')).toEqual([{ denom: 'uakt', amount: 5n }])
  expect(parseCoins('1uakt,2ibc/170C67')).toEqual([
    { denom: 'uakt', amount: 1n },
    { denom: 'ibc/170C67', amount: 2n },
  ])
  expect(parseCoins('9factory/osmo1x/uusd,3gravity0x56')?.map((c) => c.denom)).toEqual([
    'factory/osmo1x/uusd',
    'gravity0x56',
  ])
  expect(parseCoins('')).toEqual([])
  for (const wrong of ['uakt', '5', '-5uakt', '1.5uakt', '5uakt,', 'NXVha3Q='])
    expect(parseCoins(wrong)).toBeUndefined()
  expect(parseDec('0.04')).toBe(40_000_000_000_000_000n)
  expect([parseDec('12'), parseDec('-1'), parseDec('0.1234567890123456789')]).toEqual([
    12n * 10n ** 18n,
    undefined,
    undefined,
  ])
})

describe('block results', () => {
  test('missing and null lists are empty; a null value is an empty text', () => {
    const results = readResults(
      {
        height: '5',
        txs_results: null,
        finalize_block_events: [event('tx', ['fee', null], ['amount', null])],
      },
      5,
      place,
    )
    expect([...everyEvent(results)].map((e) => e.attributes)).toEqual([
      [
        ['fee', ''],
        ['amount', ''],
      ],
    ])
    expect(readResults({ height: 5 }, 5, place)).toMatchObject({
      begin: [],
      txs: [],
      end: [],
      encoding: 'plain',
    })
  })

  test('one answer has one encoding: a plain text that happens to be base64 stays as it is', () => {
    const plain = readResults(
      { height: '5', finalize_block_events: [event('message', ['action', 'ping'], ['memo', 'YWJj'])] },
      5,
      place,
    )
    expect(plain.begin[0]?.attributes).toEqual([
      ['action', 'ping'],
      ['memo', 'YWJj'],
    ])
    const coded = readResults(
      {
        height: '5',
        begin_block_events: [event('message', [b64('action'), b64('ping')], [b64('memo'), b64('YWJj')])],
      },
      5,
      place,
    )
    expect(coded.begin[0]?.attributes).toEqual(plain.begin[0]?.attributes)
  })

  test('events of the block are cut where the transactions were', () => {
    const list = [
      event('message', ['sender', 'a']),
      event('message', ['sender', 'b'], ['mode', 'BeginBlock']),
      event('burn', ['amount', '1x'], ['mode', 'EndBlock']),
    ]
    const { begin, end } = readResults({ height: '5', finalize_block_events: list }, 5, place)
    expect([begin.length, end.map((e) => [e.type, e.index])]).toEqual([2, [['burn', 2]]])
  })

  test.each([
    ['another height', { height: '6' }, /expected the results of height 5, got those of 6/],
    ['no object', 'hello', /expected results of a block/],
    ['no list', { height: '5', txs_results: {} }, /expected a list in field 'txs_results'/],
    ['no event', { height: '5', end_block_events: [null] }, /end_block_events\[0\] is no event/],
    [
      'a malformed attribute',
      { height: '5', begin_block_events: [{ type: 'x', attributes: [7] }] },
      /malformed attribute/,
    ],
    [
      'both shapes',
      { height: '5', begin_block_events: [event('a')], finalize_block_events: [event('a')] },
      /has both/,
    ],
    [
      'keys that do not tell',
      { height: '5', begin_block_events: [event('a', ['zzz', 'zzz'])] },
      /none of its 1 attributes/,
    ],
    ['a code that is none', { height: '5', txs_results: [{ code: 'x' }] }, /txs_results\[0\].code/],
  ])('%s is refused with endpoint, method and height', (_, answer, message) => {
    expect(() => readResults(answer, 5, place)).toThrow(message)
    expect(() => readResults(answer, 5, place)).toThrow(/^http:\/\/node block_results 5: /)
  })

  test('a merged event holds a record for each time that its keys start again', () => {
    const merged = event(
      'transfer',
      ['recipient', 'a'],
      ['sender', 'b'],
      ['amount', '1x'],
      ['recipient', 'c'],
      ['sender', 'b'],
      ['amount', '2x'],
    )
    const [read] = readResults({ height: '5', end_block_events: [merged] }, 5, place).end
    expect(read?.records().map((r) => [valueAt(r, 'recipient'), valueAt(r, 'amount')])).toEqual([
      ['a', '1x'],
      ['c', '2x'],
    ])
  })
})

describe('the proof', () => {
  const minting = (amount: string, supply: bigint, height = 5, made = amount) => {
    const provisions = (supply * 4n) / 100n
    const list = [
      event('coinbase', ['minter', 'm'], ['amount', `${made}uakt`]),
      event('coin_received', ['receiver', 'm'], ['amount', `${made}uakt`]),
      event(
        'mint',
        ['inflation', '0.040000000000000000'],
        ['annual_provisions', `${provisions}.000000000000000000`],
        ['amount', amount],
      ),
    ]
    return tallyBlock(
      readResults({ height: String(height), finalize_block_events: list }, height, place),
      'uakt',
      true,
    )
  }

  test('the mint tells the supply before it, and what the bank made for it must be the same', () => {
    expect(minting('2268537', 298_085_849_902_200n)).toMatchObject({
      mint: { amount: 2_268_537n, supplyBefore: 298_085_849_902_200n },
    })
    expect(minting('2268537', 298_085_849_902_200n, 5, '2268538')).toMatchObject({
      broken: expect.stringMatching(/x\/mint says 2268537 uakt, the bank made 2268538/),
    })
  })

  test('a doubled block does not follow on itself; both sides are said', () => {
    const [first, next] = [minting('100', 5_000n), minting('100', 5_100n, 6)]
    if ('broken' in first || 'broken' in next) return expect.fail('these blocks hold')
    expect(followsOn(first, next, 6, 'uakt', true)).toBeUndefined()
    expect(followsOn(first, first, 6, 'uakt', true)).toMatch(
      /block 6: .* is 5000 uakt by its own inflation, and 5100 by the events/,
    )
    // Before burns had events the supply may be lower than the mints say, never higher.
    expect(followsOn(first, first, 6, 'uakt', false)).toBeUndefined()
    expect(
      followsOn(
        next,
        { ...next, mint: next.mint && { ...next.mint, supplyBefore: 6_000n } },
        7,
        'uakt',
        false,
      ),
    ).toMatch(/at most 5200/)
  })

  test('blocks a year are worked out from a mint', () => {
    const tally = minting('2268537', 298_085_849_902_207n - 7n)
    const span = 'mint' in tally && tally.mint !== undefined ? blocksPerYear(tally.mint) : undefined
    expect(span && span.low <= 5_256_000n && 5_256_000n <= span.high).toBe(true)
  })
})

describe('protobuf', () => {
  test('texts go there and back, by path', () => {
    const coin = encodeTexts([
      [1, 'uakt'],
      [2, '5'],
      [3, ''],
    ])
    expect([textIn(coin, [1]), textIn(coin, [2]), textIn(coin, [3])]).toEqual(['uakt', '5', undefined])
    expect(bytesIn(coin, 1)).toHaveLength(1)
  })

  test('cut bytes are no message, and a transaction says where', () => {
    expect(() => bytesIn(encodeTexts([[1, 'uakt']]).subarray(0, 3), 1)).toThrow(NotProtobuf)
    expect(() => readTransaction(Buffer.from([0x0a, 0x7f]), 'block 5, transaction 0')).toThrow(
      /block 5, transaction 0: its bytes are no transaction/,
    )
  })

  test('the id of a transaction is the SHA-256 of its bytes', () => {
    expect(Buffer.from(transactionId(Buffer.from('abc'))).toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
  })
})

test('values: plain, quoted, nested, null and not there', () => {
  const attributes = [
    ['id', '{"provider":"p","dseq":"7","n":3}'],
    ['price', '"0.61"'],
    ['burned', 'null'],
    ['action', 'bid-closed'],
  ] as const
  expect(
    ['id.provider', 'id.n', 'price', 'burned', 'action', 'action.x', 'none'].map((n) =>
      valueAt(attributes, n),
    ),
  ).toEqual(['p', '3', '0.61', undefined, 'bid-closed', undefined, undefined])
  expect([
    holds(attributes, { action: ['x', 'bid-closed'] }),
    holds(attributes, { burned: ['null'] }),
  ]).toEqual([true, false])
})

describe('fees before blocks told every movement', () => {
  const settings = { denom: 'uakt', collector: 'collector', sweptTo: 'pool' }
  const nested = (number: number, bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes])
  const tx = (fee: string): Buffer =>
    Buffer.concat([
      nested(1, Buffer.alloc(0)),
      nested(
        2,
        nested(
          2,
          nested(
            1,
            encodeTexts([
              [1, 'uakt'],
              [2, fee],
            ]),
          ),
        ),
      ),
    ])
  const swept = (amount: string) => [
    event('transfer', ['recipient', 'pool'], ['sender', 'collector'], ['amount', amount]),
  ]
  const failed = { code: 11, codespace: 'sdk', log: 'out of gas in location: WriteFlat', events: null }
  const inMessage = {
    code: 12,
    codespace: 'market',
    log: 'failed to execute message; message index: 0: bid not open',
    events: [],
  }
  const refused = { code: 32, codespace: 'sdk', log: 'account sequence mismatch', events: [] }
  const fees = (txs: object[], next: object[]) => {
    const tally = { mint: undefined, netBefore: 0n, netAfter: 0n }
    const read = (height: number, txsResults: object[], begin: object[]) => ({
      results: readResults(
        { height: String(height), txs_results: txsResults, begin_block_events: begin },
        height,
        place,
      ),
      tally,
    })
    const mark = { height: 5, hash: 'AB'.repeat(32), parentHash: '', time: unixSeconds(1) }
    const amounts = readFees(
      new BlockFacts(
        mark,
        read(5, txs, []),
        read(6, [], next),
        txs.map((_, i) => tx(`${5000 + i}`)),
      ),
      settings,
      { coinEvents: false },
    )
    return isUnknown(amounts) ? amounts.reason : amounts.map((a) => `${a.tx}: ${a.raw}`)
  }

  test('a failed message paid; a transaction refused before its messages did not', () => {
    expect(fees([inMessage, refused], swept('5000uakt'))).toEqual(['0: 5000'])
    expect(fees([inMessage, refused], swept('10001uakt'))).toMatch(/paid 5000 uakt in fees.*handed on 10001/)
  })

  test('out of gas does not say whether it paid: the collector does', () => {
    expect(fees([inMessage, failed], swept('10001uakt'))).toEqual(['0: 5000', '1: 5001'])
    expect(fees([inMessage, failed], swept('5000uakt'))).toEqual(['0: 5000'])
  })
})

describe('what nodes say instead of an answer', () => {
  test.each([
    [
      'height 5 is not available, lowest height is 26980292',
      'rpc-not-found',
      /pruned: height 5 was asked for, its lowest is 26980292/,
    ],
    [
      'height 9 must be less than or equal to the current blockchain height 5',
      'rpc-not-found',
      /behind: height 9 .* highest is 5/,
    ],
    ['node is not persisting finalize block responses', 'rpc-not-found', /not persisting/],
    ['could not find results for height #5', 'rpc-not-found', /could not find/],
    ['batch request exceeds maximum (10) allowed number of requests', 'rpc-too-large', /maximum/],
    ['rate limit exceeded', 'rpc-rate-limited', /rate/],
    ['Internal error', 'rpc-unavailable', /Internal error/],
  ])('%s', (said, code, message) => {
    const error = rpcError(said, place)
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)])
    expect(error.message).toMatch(/^http:\/\/node block_results 5: /)
  })
})

test('days: midnight between neighbours, and a day that the chain stood still', () => {
  const at = (height: number, time: string) => ({
    height,
    hash: '',
    parentHash: '',
    time: unixSeconds(Date.parse(time) / 1000),
  })
  const marks = [
    at(1, '2026-01-01T23:59:59Z'),
    at(2, '2026-01-02T00:00:00Z'),
    at(3, '2026-01-04T10:00:00Z'),
    at(9, '2026-01-05T00:00:00Z'),
  ]
  expect(dayBounds(midnightsIn(marks), marks[0])).toEqual([
    { day: '2026-01-01', first: 1, last: 1 },
    { day: '2026-01-02', first: 2, last: 2 },
    { day: '2026-01-03', first: 3, last: 2 },
    { day: '2026-01-04', first: 3 },
  ])
})

test('gaps of one reason that touch are one', () => {
  const gap = (streamId: number, from: number, to: number, reason = 'r') => ({
    streamId,
    from,
    to,
    code: 'rpc-not-found',
    reason,
  })
  expect(joined([gap(1, 1, 1), gap(2, 1, 1), gap(1, 2, 5), gap(1, 6, 6, 'other'), gap(2, 3, 3)])).toEqual([
    gap(1, 1, 5),
    gap(2, 1, 1),
    gap(1, 6, 6, 'other'),
    gap(2, 3, 3),
  ])
})
