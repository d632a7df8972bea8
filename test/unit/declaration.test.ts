import { describe, expect, it } from 'vitest'
import { defineNetwork } from '../../indexers/define.ts'
import { priceScaled, rawAmount } from '../../pipeline/model/amount.ts'
import { checkSymbols } from '../../pipeline/model/declaration.ts'
import { addUpToOne, parseFraction, timesFraction } from '../../pipeline/model/fraction.ts'
import type { StreamDeclaration } from '../../pipeline/model/stream.ts'
import { day } from '../../pipeline/model/time.ts'
import { pegPrices } from '../../pipeline/rollups/choose.ts'
import { judgeDay } from '../../pipeline/rollups/judge.ts'
import type { StreamRow } from '../../pipeline/store/catalogue.ts'
import type { DayFacts } from '../../pipeline/store/stale_days.ts'
import { testNetwork } from '../support/database.ts'

const base = testNetwork.streams['rewards'] as StreamDeclaration
const fee = testNetwork.streams['payments'] as StreamDeclaration
const declare = (stream: StreamDeclaration) =>
  defineNetwork({ ...testNetwork, streams: { ...testNetwork.streams, added: stream } })

describe('fractions', () => {
  it('are read exactly from decimals and quotients, and round once, half away from zero', () => {
    expect(timesFraction(95n, parseFraction('1/0.95'))).toBe(100n)
    expect(timesFraction(1n, parseFraction('1/0.95'))).toBe(1n)
    expect(timesFraction(10n ** 40n * 19n, parseFraction('1/0.95'))).toBe(10n ** 40n * 20n)
    expect(timesFraction(-5n, parseFraction('0.5'))).toBe(-3n)
    expect(timesFraction(30n, parseFraction('0.35'))).toBe(11n)
    expect(addUpToOne(['0.95', '1/20'].map(parseFraction))).toBe(true)
    expect(addUpToOne(['1/3', '1/3', '0.333333'].map(parseFraction))).toBe(false)
  })

  it.each(['', '1/0', '1/0.00', '-1', '1e3', '.5', '1/2/3', '1,5', '0x1'])('%j is none', (text) => {
    expect(() => parseFraction(text)).toThrow(/is no fraction/)
  })
})

describe('a declaration is refused', () => {
  it.each([
    [{ ...base, class: 'purchase' as const }, /class purchase, which is none of emission/],
    [{ ...fee, class: 'oneOff' as const }, /class oneOff, which is none of fee: payment/],
    [{ ...base, class: 'locked' as const }, /must be a part of another emission/],
    [{ ...base, scale: [{ times: '1/0.95' }] }, /only fees and parts may/],
    [{ ...fee, scale: [] }, /first entry is not for the time from the start on/],
    [{ ...fee, scale: [{ since: '2026-01-01', times: '2' }] }, /first entry is not for the time from/],
    [{ ...fee, scale: [{ times: '0' }] }, /a scale of zero/],
    [{ ...fee, scale: [{ times: '95 %' }] }, /'95 %' is no fraction/],
    [
      {
        ...fee,
        scale: [{ times: '1' }, { since: '2026-02-01', times: '2' }, { since: '2026-01-01', times: '3' }],
      },
      /not in order, earliest first/,
    ],
    [{ ...fee, scale: [{ times: '1' }, { since: '2026-02-30', times: '2' }] }, /'2026-02-30' is not a day/],
    [{ ...fee, accrues: [{ supply: '0.5', holders: '0.4' }] }, /do not add up to 1/],
    [{ ...fee, accrues: [{ supply: 'half', holders: '1/2' }] }, /'half' is no fraction/],
    [{ ...base, tolerance: { raw: '2', why: 'rounding' } }, /a tolerance and is compared with nothing/],
    [
      { ...base, role: 'check' as const, of: 'rewards', tolerance: { raw: '0', why: 'rounding' } },
      /no whole number of smallest units above zero with a reason/,
    ],
    [
      { ...base, role: 'check' as const, of: 'rewards', tolerance: { raw: '2', why: '' } },
      /no whole number of smallest units above zero with a reason/,
    ],
    [{ ...base, kind: 'lock' as const, class: 'other' as const }, /none of lock: lock, release/],
  ])('%#', (stream, message) => {
    expect(() => declare(stream)).toThrow(message)
  })

  it('and accepted as it should be', () => {
    declare({ ...fee, scale: [{ times: '1/0.95' }, { since: '2026-04-01', times: '5/3' }] })
    declare({
      ...fee,
      accrues: [
        { holders: '0.95', protocol: '0.05' },
        { since: '2026-04-01', supply: '1' },
      ],
    })
    declare({ ...base, role: 'check', of: 'rewards', tolerance: { raw: '2', why: 'rounding' } })
    declare({ ...base, kind: 'lock', class: 'release' })
    declare({ ...base, kind: 'burn', class: 'credit' })
  })

  it('where two networks call a token by the same symbol', () => {
    expect(() => checkSymbols([testNetwork, { ...testNetwork, id: 'second' }])).toThrow(
      'networks testnet and second both declare a token TST; symbols are one namespace, so name one of them after its chain, such as TST.second',
    )
  })
})

describe('a scaled day', () => {
  const stream: StreamRow = {
    id: 1,
    network: 'testnet',
    name: 'paid',
    chain: 'testchain',
    kind: 'fee',
    role: 'ledger',
    of_streams: [],
    token: 'TST',
    decimals: 6,
    method: 'events',
    revision: 1,
    from_height: null,
    to_height: null,
    price: { fixedUsd: '2' },
    estimated: 'the operator keeps 5 % off chain',
    class: 'payment',
    scale: [{ times: '1/0.95' }, { since: '2026-01-02', times: '1/0.6' }],
    tolerance: null,
  }
  const facts = (of: string, raw: bigint): DayFacts => ({
    streamId: 1,
    day: day(of),
    by: 'time',
    raw,
    events: 2,
    hours: [
      { hour: 3, unstatedRaw: raw / 2n, statedUsdMicros: 0n },
      { hour: 4, unstatedRaw: 0n, statedUsdMicros: raw },
    ],
    lastHeight: 10,
    expected: 10,
    covered: 10,
    gapReason: null,
    headDay: null,
    span: 1,
    inside: null,
    spread: false,
    failedProof: null,
    markedFor: 'events',
  })
  const judged = (of: string, raw: bigint) =>
    judgeDay(stream, facts(of, raw), pegPrices(priceScaled('2'), day(of)))

  it('gives the burn divided by the share that is burned, exactly, by the ratio of its date, as an estimate', () => {
    expect(judged('2026-01-01', 190n)).toMatchObject({
      raw: 200n,
      events: 2,
      quality: 'ESTIMATED',
      reason: 'the operator keeps 5 % off chain',
      close: { micros: 400n, quality: 'ESTIMATED' },
      atEvent: { micros: 200n + 200n },
    })
    expect(judged('2026-01-02', 60n).raw).toBe(100n)
    expect(judged('2026-01-01', 0n).raw).toBe(0n)
    const large = rawAmount(95n * 10n ** 60n + 1n)
    expect(judged('2026-01-01', large).raw).toBe(100n * 10n ** 60n + 1n)
  })
})
