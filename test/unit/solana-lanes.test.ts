import { expect, test } from 'vitest'
import { dailyAccounts, dailyOf } from '../../indexers/chains/solana/daily.ts'
import { lanesOf } from '../../indexers/chains/solana/lanes.ts'
import { splBurns, splMints } from '../../indexers/chains/solana/streams.ts'
import type { Stream, StreamDeclaration } from '../../pipeline/model/stream.ts'
import { idOf } from '../support/solana_ledger.ts'

const declared = {
  kind: 'burn',
  class: 'other',
  token: 'T',
  revision: 1,
  meaning: 'm',
  evidence: ['e'],
} as const
const mint = idOf('mint')
const stream = (name: string, declaration: StreamDeclaration): Stream => {
  return {
    ...declaration,
    id: name.charCodeAt(0),
    network: 'test',
    name,
    chain: 'solana',
    role: 'ledger',
    decimals: 0,
  }
}
const via = (name: string, ...accounts: string[]): Stream =>
  stream(name, splBurns({ ...declared, where: { mint, signaturesOf: accounts.map((a) => idOf(a)) } }))

test('streams that page the same accounts share a lane, however they are linked; accounts of days come first, whole mints last', () => {
  const lanes = lanesOf([
    stream('whole', splMints({ ...declared, where: { mint } })),
    via('a', 'one'),
    via('b', 'two'),
    via('c', 'three'),
    via('linked', 'one', 'three'),
    stream(
      'daily',
      dailyAccounts({
        ...declared,
        accounts: {
          program: mint,
          seeds: [{ epoch: 'u64' }],
          discriminator: '2df9b114aafb2525',
          value: [{ at: 8 }],
        },
      }),
    ),
  ])
  expect(lanes.map((l) => l.streams.map((s) => s.name).sort())).toEqual([
    ['daily'],
    ['a', 'c', 'linked'],
    ['b'],
    ['whole'],
  ])
  expect(lanes[0]?.rangeSize.start).toBeGreaterThan(10 * (lanes[1]?.rangeSize.start ?? 0))
})

test.each([
  [{ seeds: [{ text: 'no day' }] }, /setting 'seeds': must name the day/],
  [{ discriminator: '12' }, /setting 'discriminator': must be eight bytes in hex/],
  [{ value: [] }, /setting 'value'/],
  [{ value: [{ at: 8, days: 1 }] }, /setting 'value.0.days'/],
  [{ program: 'x' }, /setting 'program': must be base58/],
  [{ extra: 1 }, /Unrecognized key/],
])('accounts of days declared with %j are refused', (wrong, message) => {
  const accounts = {
    program: mint,
    seeds: [{ epoch: 'u64' }],
    discriminator: '2df9b114aafb2525',
    value: [{ at: 8 }],
  }
  const made = stream('x', dailyAccounts({ ...declared, accounts: { ...accounts, ...wrong } as never }))
  expect(() => dailyOf(made)).toThrow(message)
})

test('a malformed declaration is refused by stream and setting', () => {
  const broken = stream(
    'x',
    dailyAccounts({ ...declared, accounts: { program: 'no', seeds: [], discriminator: '', value: [] } }),
  )
  expect(() => lanesOf([{ ...broken, word: 'solana.spl.burns', settings: { mint: '' } }])).toThrow(
    /test stream x: setting 'mint': must be base58/,
  )
})
