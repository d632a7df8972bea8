import { expect, test } from 'vitest'
import { accruedAt, accruedIn, fundedHeights } from '../../indexers/chains/cosmos/accrued.ts'
import type { Agreement, Agreements } from '../../indexers/chains/cosmos/agreements.ts'

const e18 = (text: string): bigint => {
  const [whole = '', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(18, '0'))
}
const lease = (change: Partial<Agreement> = {}): Agreement => ({
  denom: 'uact',
  price: e18('2.372595'),
  createdAt: 165_405,
  closedOn: 165_529,
  cap: undefined,
  account: 'tenant/165383',
  ...change,
})

test('the recorded lease of testnet-8: 124 blocks at 2.372595 are 294 uact', () => {
  expect(accruedAt(lease(), undefined, 165_529)).toBe(294n)
  expect(accruedAt(lease(), undefined, 999_999)).toBe(294n)
  expect(accruedAt(lease(), undefined, 165_405)).toBe(0n)
  expect(accruedAt(lease(), undefined, 165_406)).toBe(2n)
})

test('a lease that ran dry counts no more than was paid', () => {
  expect(accruedAt(lease({ cap: 100n }), undefined, 165_529)).toBe(100n)
})

test('blocks before a stream begins do not count', () => {
  expect(accruedAt(lease(), undefined, 165_529, 165_519)).toBe(23n)
})

test('open leases share the funds of their account', () => {
  const open = { closedOn: undefined, price: e18('10') }
  const state: Agreements = {
    height: 1_000,
    leases: [
      lease({ ...open, createdAt: 90 }),
      lease({ ...open, createdAt: 95 }),
      lease({ ...open, denom: 'uakt', createdAt: 90 }),
    ],
    accounts: new Map([['tenant/165383', { settledAt: 100, funds: new Map([['uact', e18('219')]]) }]]),
  }
  const funded = fundedHeights(state)
  expect([...funded]).toEqual([
    ['tenant/165383 uact', 110],
    ['tenant/165383 uakt', 100],
  ])
  const standing = { ...state, funded }
  // Blocks 91 to 110 of the first, 96 to 110 of the second.
  expect(accruedIn(standing, 'uact', { from: 1, to: 1_000 }, 0)).toBe(350n)
  expect(accruedIn(standing, 'uakt', { from: 1, to: 1_000 }, 0)).toBe(100n)
})

test('days add up to the whole, however they are cut', () => {
  const state: Agreements = {
    height: 9,
    leases: [lease(), lease({ price: e18('0.4') }), lease({ cap: 11n })],
    accounts: new Map(),
  }
  const standing = { ...state, funded: fundedHeights(state) }
  const cuts = [165_400, 165_410, 165_411, 165_430, 165_600]
  let sum = 0n
  for (const [i, to] of cuts.entries()) {
    const before = cuts[i - 1]
    if (before !== undefined) sum += accruedIn(standing, 'uact', { from: before + 1, to }, 0)
  }
  expect(sum).toBe(294n + 49n + 11n)
  expect(accruedIn(standing, 'uact', { from: 165_401, to: 165_600 }, 0)).toBe(sum)
})
