import { expect, test } from 'vitest'
import { dayBounds, daysOf } from '../../indexers/chains/arweave/days.ts'
import type { Header } from '../../indexers/chains/arweave/header.ts'
import { unixSeconds } from '../../pipeline/model/time.ts'

const header = (height: number, time: string): Header => ({
  height,
  time: unixSeconds(Date.parse(`${time}Z`) / 1000),
  hash: '',
  parentHash: '',
  txs: [],
  rewardPool: 0n,
  reward: undefined,
  debtSupply: 0n,
  denomination: 1,
  rewardAddr: undefined,
  doubleSigning: false,
})

test('a clock that steps back over midnight gives the widest bounds', () => {
  const headers = [
    header(10, '2020-01-01T23:58:00'),
    header(11, '2020-01-02T00:00:01'),
    header(12, '2020-01-01T23:59:59'),
    header(13, '2020-01-02T00:02:00'),
  ]
  expect(dayBounds(headers)).toEqual([
    { day: '2020-01-01', last: 12 },
    { day: '2020-01-02', first: 11 },
  ])
  expect(daysOf(headers)).toEqual(['2020-01-01', '2020-01-02'])
})

test('a day without a block starts above its end', () => {
  expect(dayBounds([header(10, '2020-01-01T12:00:00'), header(11, '2020-01-03T12:00:00')])).toEqual([
    { day: '2020-01-01', last: 10 },
    { day: '2020-01-03', first: 11 },
    { day: '2020-01-02', first: 11, last: 10 },
  ])
})

test('the first block starts its day; nothing is concluded across a missing block', () => {
  expect(dayBounds([header(1, '2018-06-08T21:00:00'), header(3, '2018-06-09T21:00:00')])).toEqual([
    { day: '2018-06-08', first: 1 },
  ])
})
