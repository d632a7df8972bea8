import { describe, expect, test } from 'vitest'
import { plannedOn } from '../../indexers/chains/schedule/amounts.ts'
import { createScheduleSource } from '../../indexers/chains/schedule/source.ts'
import { scheduledDecay, scheduledTable } from '../../indexers/chains/schedule/streams.ts'
import type { Stream, StreamDeclaration } from '../../pipeline/model/stream.ts'
import { addDays, type Day, day, dayNumber, dayOfNumber, unixSeconds } from '../../pipeline/model/time.ts'

const declared = {
  kind: 'emission',
  class: 'contributor',
  token: 'T',
  revision: 1,
  estimated: 'a plan',
  meaning: 'm',
  evidence: ['e'],
} as const
const numbered = (declaration: StreamDeclaration, decimals = 12): Stream => ({
  ...declaration,
  id: 1,
  name: 's',
  network: 'n',
  chain: 'schedule',
  role: 'ledger',
  decimals,
})
/** A token minted every five minutes, 1.425 % of the rest a month. */
const minted = {
  cap: '21000000',
  start: '2024-02-27T18:00:00Z',
  everySeconds: 300,
  rate: '0.000001647321875',
}
const decay = numbered(scheduledDecay({ ...declared, ...minted }))

const totalBefore = (stream: Stream, first: Day, end: Day): bigint => {
  const on = plannedOn(stream)
  let sum = 0n
  for (let at = first; at < end; at = addDays(at, 1)) sum += on(at)
  return sum
}

describe('a decaying plan', () => {
  // The figures that the project announced, and those worked out from its rule, domain notes of AO.
  test.each([
    ['2024-06-13', 1_032_332n],
    ['2026-11-22', 7_922_102n],
  ])('has minted by %s what its rule says', (until, tokens) => {
    const before = totalBefore(decay, day('2024-02-27'), day(until))
    // The figures count the share of midnight itself, which belongs to the day that starts.
    const share = ((21_000_000n * 10n ** 12n - before) * 1_647_321_875n) / 10n ** 15n
    expect((before + share + 5n * 10n ** 11n) / 10n ** 12n).toBe(tokens)
  })

  test('gives on a day the shares that fall within it', () => {
    expect(plannedOn(decay)(day('2026-11-22')) / 10n ** 12n).toBe(6_203n)
    expect(plannedOn(decay)(day('2024-02-26'))).toBe(0n)
    // 18:05 to 23:55: 71 shares of just under 34.6 tokens.
    const first = plannedOn(decay)(day('2024-02-27'))
    expect(first > 2_455n * 10n ** 12n && first < 71n * 34_593_759_375_000n).toBe(true)
  })

  test('follows each share exactly', () => {
    const slow = numbered(
      scheduledDecay({
        ...declared,
        cap: '100',
        start: '2024-01-01T00:00:00Z',
        everySeconds: 43_200,
        rate: '0.1',
      }),
      2,
    )
    // 2024-01-01 12:00 gives 10; 2024-01-02 00:00 9 and 12:00 8.1.
    expect([plannedOn(slow)(day('2024-01-01')), plannedOn(slow)(day('2024-01-02'))]).toEqual([1_000n, 1_710n])
  })
})

describe('a table', () => {
  const rows = [
    { from: '2024-07-01', to: '2024-07-04', amount: '10' },
    { from: '2024-07-04', to: '2024-07-05', amount: '0.5' },
  ]
  const table = numbered(scheduledTable({ ...declared, rows }), 1)

  test('is spread evenly over the days of a period, to the unit', () => {
    const days = ['2024-06-30', '2024-07-01', '2024-07-02', '2024-07-03', '2024-07-04', '2024-07-05']
    expect(days.map((d) => plannedOn(table)(day(d)))).toEqual([0n, 34n, 33n, 33n, 5n, 0n])
  })

  test.each([
    [
      'the period from 2024-07-04 ends on 2024-07-04',
      [{ from: '2024-07-04', to: '2024-07-04', amount: '1' }],
    ],
    [
      'the period from 2024-07-03 starts before the one above it ends',
      [rows[0], { ...rows[1], from: '2024-07-03' }],
    ],
    ['rows.0.amount: must be a decimal number', [{ ...rows[0], amount: '1e6' }]],
  ])('is refused where %s', (message, bad) => {
    expect(() => plannedOn({ ...table, settings: { rows: bad } })).toThrow(`n stream s: ${message}`)
  })
})

describe('the source of plans', () => {
  const now = unixSeconds(Date.parse('2024-07-03T10:00:00Z') / 1000)
  const source = createScheduleSource(() => now)

  test('gives whole days only, one event each', async () => {
    const finalized = await source.finalized()
    expect(dayOfNumber(finalized)).toBe('2024-07-02')
    expect((await source.head()).height).toBe(finalized + 1)
    expect(await source.heightAt(unixSeconds(now - 86_400))).toBe(finalized + 1)
    const table = numbered(
      scheduledTable({
        ...declared,
        since: '2024-07-02',
        rows: [{ from: '2024-07-01', to: '2024-07-03', amount: '4' }],
      }),
      0,
    )
    const range = { from: dayNumber(day('2024-06-30')), to: finalized }
    const batch = await source.read(range, [table], new AbortController().signal)
    expect(batch.events.map((e) => [Buffer.from(e.txId).toString(), e.amountRaw, e.happenedAt])).toEqual([
      ['n s 2024-07-02', 2n, Date.parse('2024-07-02T00:00:00Z') / 1000],
    ])
    expect(batch.days.map((d) => [d.day, d.first, d.last])).toEqual([
      ['2024-06-30', range.from, range.from],
      ['2024-07-01', range.from + 1, range.from + 1],
      ['2024-07-02', finalized, finalized],
    ])
    expect(batch.covered.get(1)).toEqual([range])
    expect(batch.edges.map((e) => e.height)).toEqual([range.from, finalized])
  })
})
