import { expect, test } from 'vitest'
import { readHeader } from '../../indexers/chains/arweave/header.ts'
import { parseExact } from '../../indexers/engine/json.ts'

const id = (letter: string, length: number): string => letter.repeat(length)
const old = {
  height: 633_719,
  timestamp: 1_614_185_614,
  indep_hash: id('b', 64),
  previous_block: id('a', 64),
  txs: [id('t', 43)],
  reward_addr: id('m', 43),
  reward_pool: 42,
}
const modern = {
  ...old,
  height: 1_132_210,
  reward_pool: '46030523000000000',
  reward: '1465707980036',
  debt_supply: '0',
  denomination: '1',
  double_signing_proof: {},
}
const read = (block: object) =>
  readHeader(block, {
    height: 'reward' in block || 'debt_supply' in block ? 1_132_210 : 633_719,
    endpoint: 'http://node',
  })

test('an old header has no reward and no debt', () => {
  expect(read(old)).toEqual({
    height: 633_719,
    time: 1_614_185_614,
    hash: old.indep_hash,
    parentHash: old.previous_block,
    txs: old.txs,
    rewardPool: 42n,
    reward: undefined,
    debtSupply: 0n,
    denomination: 1,
    rewardAddr: old.reward_addr,
    doubleSigning: false,
  })
})

test('a pool beyond 2^53 keeps its digits as a JSON number and as text', () => {
  const exact = parseExact(
    JSON.stringify(old).replace('"reward_pool":42', '"reward_pool":330000123456789012'),
    'x',
    'y',
  )
  expect(readHeader(exact, { height: 633_719, endpoint: 'y' }).rewardPool).toBe(330_000_123_456_789_012n)
  expect(read({ ...old, reward_pool: '330000123456789012' }).rewardPool).toBe(330_000_123_456_789_012n)
})

test('a header of fork 2.6 says reward, debt and double signing', () => {
  const { reward, debtSupply, doubleSigning } = read({
    ...modern,
    double_signing_proof: { key: 'x' },
    debt_supply: '5',
  })
  expect([reward, debtSupply, doubleSigning]).toEqual([1_465_707_980_036n, 5n, true])
})

test('nobody claimed the block', () => {
  expect(read({ ...old, reward_addr: 'unclaimed' }).rewardAddr).toBeUndefined()
})

test.each(['reward_pool', 'txs', 'timestamp', 'indep_hash', 'previous_block', 'reward_addr', 'height'])(
  'without %s a header is refused, naming endpoint, method, height and field',
  (field) => {
    const { [field]: _, ...rest } = old as Record<string, unknown>
    expect(() => read(rest)).toThrow(`http://node GET /block/height/633719: expected`)
    expect(() => read(rest)).toThrow(`'${field}', got nothing`)
  },
)

test.each(['debt_supply', 'denomination', 'double_signing_proof'])('from 2.6 on %s is required', (field) => {
  const { [field]: _, ...rest } = modern as Record<string, unknown>
  expect(() => read(rest)).toThrow(`field '${field}', got nothing`)
})

test('a stripped reward is refused from 1,132,210 on', () => {
  const { reward: _, ...rest } = modern
  expect(() => read(rest)).toThrow("expected an amount in winston in field 'reward', got nothing")
})

test.each([
  [{ reward_pool: 1.5 }, 'reward_pool'],
  [{ reward_pool: -1 }, 'reward_pool'],
  [{ reward_pool: '12e3' }, 'reward_pool'],
  [{ reward_pool: null }, 'reward_pool'],
  [{ indep_hash: '' }, 'indep_hash'],
  [{ txs: ['short'] }, 'txs'],
  [{ txs: 'x' }, 'txs'],
  [{ timestamp: 1_614_185_614_000_000 }, 'timestamp'],
  [{ height: 633_718 }, 'height'],
])('%o is refused', (wrong, field) => {
  expect(() => read({ ...old, ...wrong })).toThrow(`field '${field}'`)
})

test.each([[null], ['Pending'], [[]], [7]])('%o is no block', (answer) => {
  expect(() => readHeader(answer, { height: 3, endpoint: 'http://node' })).toThrow('expected a block, got')
})

test('another denomination stops reading', () => {
  expect(() => read({ ...modern, denomination: '2' })).toThrow(
    expect.objectContaining({ code: 'decode-failed', message: expect.stringContaining('redenominated') }),
  )
})
