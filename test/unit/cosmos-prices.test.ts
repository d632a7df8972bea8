import { expect, test } from 'vitest'
import { readResults } from '../../indexers/chains/cosmos/events.ts'
import { BlockFacts } from '../../indexers/chains/cosmos/facts.ts'
import { pricesIn } from '../../indexers/chains/cosmos/prices.ts'
import { akashChain } from '../../indexers/networks/akash_chain.ts'
import { formatPrice } from '../../pipeline/model/amount.ts'
import { unixSeconds } from '../../pipeline/model/time.ts'

const at = (text: string) => unixSeconds(Date.parse(text) / 1000)

function block(time: string, ...events: { type: string; attributes: Record<string, string> }[]): BlockFacts {
  const list = events.map(({ type, attributes }) => ({
    type,
    attributes: Object.entries({ ...attributes, action: 'x' }).map(([key, value]) => ({ key, value })),
  }))
  const place = { endpoint: 'test', what: 'block_results' }
  const results = readResults({ height: '5', txs_results: [{ code: 0, events: list }] }, 5, place)
  const mark = { height: 5, hash: 'AB'.repeat(32), parentHash: '', time: at(time) }
  return new BlockFacts(
    mark,
    { results, tally: { mint: undefined, netBefore: 0n, netAfter: 0n } },
    undefined,
    undefined,
  )
}

const id = (denom: string, base = 'usd') => JSON.stringify({ denom, base_denom: base })
const v1 = (price: string, timestamp: string, denom = 'akt', base = 'usd') => ({
  type: 'akash.oracle.v1.EventPriceData',
  attributes: { source: '"pyth"', id: id(denom, base), data: JSON.stringify({ price, timestamp }) },
})
const v2 = (price: string, timestamp: string, denom = 'akt') => ({
  type: 'akash.oracle.v2.EventPriceData',
  attributes: { source: '"pyth"', id: id(denom), price: `"${price}"`, timestamp: `"${timestamp}"` },
})

const prices = (...blocks: BlockFacts[]) =>
  pricesIn(blocks, akashChain.oracle).map(
    (p) => `${p.token} ${p.source} ${formatPrice(p.usd)} ${new Date(p.observedAt * 1000).toISOString()}`,
  )

test('both shapes of the oracle state AKT in dollars, with a time of their own', () => {
  expect(
    prices(block('2026-04-01T10:00:06Z', v1('0.584635140000000000', '2026-04-01T10:00:05.123456789Z'))),
  ).toEqual(['AKT oracle 0.58463514 2026-04-01T10:00:05.000Z'])
  expect(prices(block('2026-07-01T10:00:06Z', v2('0.626', '2026-07-01T10:00:01Z', 'uakt')))).toEqual([
    'AKT oracle 0.626 2026-07-01T10:00:01.000Z',
  ])
})

test('of an hour the last price is kept, and what is no price of AKT in dollars is not', () => {
  const kept = prices(
    block(
      '2026-07-01T10:00:06Z',
      v2('0.6', '2026-07-01T10:00:01Z'),
      v1('9', '2026-07-01T10:00:02Z', 'atom'),
      v1('9', '2026-07-01T10:00:02Z', 'akt', 'eur'),
    ),
    block('2026-07-01T10:59:00Z', v2('0.61', '2026-07-01T10:58:59Z')),
    block('2026-07-01T11:00:06Z', v2('0.62', '2026-07-01T11:00:00Z'), v2('0', '2026-07-01T11:00:03Z')),
  )
  expect(kept).toEqual([
    'AKT oracle 0.61 2026-07-01T10:58:59.000Z',
    'AKT oracle 0.62 2026-07-01T11:00:00.000Z',
  ])
})

test('a time that is later than its block, or none, is the block’s', () => {
  expect(prices(block('2026-07-01T10:00:06Z', v2('0.6', '2026-07-01T12:00:00Z')))).toEqual([
    'AKT oracle 0.6 2026-07-01T10:00:06.000Z',
  ])
  expect(prices(block('2026-07-01T10:00:06Z', v2('0.6', 'soon')))).toEqual([
    'AKT oracle 0.6 2026-07-01T10:00:06.000Z',
  ])
})
