import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  divideRounded,
  formatScaled,
  parseScaled,
  priceScaled,
  ratio,
  rawAmount,
  toUsd,
} from '../../pipeline/model/amount.ts'
import { decodeId, encodeId } from '../../pipeline/model/encoding.ts'
import { redactUrl } from '../../pipeline/model/errors.ts'
import type { HeightRange } from '../../pipeline/model/height.ts'
import { countHeights, intersect, normalise, subtract } from '../../pipeline/model/height.ts'
import { addDays, day, dayOf, dayStart, unixSeconds } from '../../pipeline/model/time.ts'
import { fromMultirange, toMultirange } from '../../pipeline/store/ranges.ts'

const ranges = fc.array(
  fc.tuple(fc.nat(60), fc.nat(6)).map(([from, length]): HeightRange => ({ from, to: from + length })),
  { maxLength: 12 },
)
const members = (set: readonly HeightRange[]): number[] => {
  const all = new Set<number>()
  for (const r of set) for (let h = r.from; h <= r.to; h += 1) all.add(h)
  return [...all].sort((a, b) => a - b)
}

describe('heights', () => {
  it('behave as sets', () => {
    fc.assert(
      fc.property(ranges, fc.nat(30), fc.nat(40), (set, from, length) => {
        const span = { from, to: from + length }
        const inside = members([span])
        expect(members(normalise(set))).toEqual(members(set))
        expect(members(subtract(span, set))).toEqual(inside.filter((h) => !members(set).includes(h)))
        expect(members(intersect(span, set))).toEqual(inside.filter((h) => members(set).includes(h)))
        expect(countHeights(normalise(set))).toBe(members(set).length)
        const joined = normalise(set)
        for (const [i, r] of joined.entries()) expect(r.from).toBeGreaterThan((joined[i - 1]?.to ?? -2) + 1)
      }),
    )
  })

  it('read what Postgres writes', () => {
    expect(
      toMultirange([
        { from: 5, to: 9 },
        { from: 1, to: 4 },
      ]),
    ).toBe('{[1,9]}')
    expect(fromMultirange('{[1,10),[12,13)}')).toEqual([
      { from: 1, to: 9 },
      { from: 12, to: 12 },
    ])
    expect(fromMultirange('{}')).toEqual([])
  })
})

describe('amounts', () => {
  it('are written and read without loss', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.nat(18), (value, digits) => {
        expect(parseScaled(formatScaled(value, digits), digits)).toBe(value)
      }),
    )
  })

  it('are valued to a millionth of a dollar, rounded half away from zero', () => {
    expect(toUsd(rawAmount(250_000_000n), 8, priceScaled('3.10'))).toBe(7_750_000n)
    expect(toUsd(rawAmount(1n), 6, priceScaled('0.5'))).toBe(1n)
    expect(toUsd(rawAmount(-1n), 6, priceScaled('0.5'))).toBe(-1n)
    expect(toUsd(rawAmount(1n), 6, priceScaled('0.49'))).toBe(0n)
    expect(divideRounded(-5n, 2n)).toBe(-3n)
  })

  it('refuse what is no price', () => {
    expect(priceScaled('1.5e-3')).toBe(1_500_000_000_000_000n)
    expect(priceScaled('2E2')).toBe(200n * 10n ** 18n)
    for (const text of ['', '0', '-1', 'NaN', '1,000', '0x10', 'Infinity', '0.0000000000000000001']) {
      expect(() => priceScaled(text), text).toThrow(/price/)
    }
    expect(() => rawAmount(10n ** 78n)).toThrow(/78 digits/)
    expect(() => parseScaled('1.23', 1)).toThrow(/fraction digits/)
  })

  it('have a ratio only over something', () => {
    expect(ratio(3n, 2n)).toBe('1.5')
    expect(ratio(1n, 0n)).toBeUndefined()
    expect(ratio(-1n, 3n)).toBe('-0.333333')
  })
})

describe('days', () => {
  it('start at midnight UTC, half open', () => {
    expect(dayOf(unixSeconds(1_767_225_599))).toBe('2025-12-31')
    expect(dayOf(unixSeconds(1_767_225_600))).toBe('2026-01-01')
    expect(dayStart(day('2026-01-01'))).toBe(1_767_225_600)
    expect(addDays(day('2024-02-28'), 1)).toBe('2024-02-29')
  })

  it('must exist', () => {
    for (const text of ['2026-02-29', '2026-13-01', '26-01-01', '2026-1-1', 'yesterday'])
      expect(() => day(text)).toThrow(/YYYY-MM-DD/)
  })
})

describe('ids and addresses', () => {
  it('are written in the chain’s way and read back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (bytes) => {
        for (const encoding of ['hex', 'HEX', '0x', 'base58', 'base64url'] as const) {
          expect(Buffer.from(decodeId(encodeId(bytes, encoding), encoding) ?? [])).toEqual(Buffer.from(bytes))
        }
      }),
    )
    expect(encodeId(Buffer.from('0000ff', 'hex'), 'base58')).toBe('115Q')
    expect(decodeId('0OIl', 'base58')).toBeUndefined()
  })

  it('lose their secrets before they are shown', () => {
    const shown = redactUrl('https://user:secret@node.example/v2/0123456789abcdef0123456789abcdef?key=secret')
    expect(shown).toBe('https://node.example/v2/***?key=***')
    expect(redactUrl('not a url')).toBe('(malformed URL)')
  })
})
