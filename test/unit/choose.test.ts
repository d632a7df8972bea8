import { describe, expect, it } from 'vitest'
import { formatPrice, priceScaled } from '../../pipeline/model/amount.ts'
import type { PriceObservation } from '../../pipeline/model/price.ts'
import type { PriceDeclaration } from '../../pipeline/model/stream.ts'
import { day, dayStart, secondsPerDay, unixSeconds } from '../../pipeline/model/time.ts'
import { chooseDayPrices, pegPrices } from '../../pipeline/rollups/choose.ts'

const on = day('2026-03-10')
const end = dayStart(on) + secondsPerDay
const hours = 3_600
const market: PriceDeclaration = { market: 'test' }
const ranking = ['llama', 'coinbase', 'manual']

const seen = (
  usd: string,
  secondsBeforeEnd: number,
  more: Partial<PriceObservation> = {},
): PriceObservation => ({
  token: 'TST',
  source: 'llama',
  kind: 'spot',
  usd: priceScaled(usd),
  observedAt: unixSeconds(end - secondsBeforeEnd),
  ...more,
})
const choose = (observed: readonly PriceObservation[], declared: PriceDeclaration = market) =>
  chooseDayPrices(
    'TST',
    declared,
    on,
    [...observed].sort((a, b) => a.observedAt - b.observedAt),
    ranking,
  )
const shown = (usd: Parameters<typeof formatPrice>[0] | null): string | null =>
  usd === null ? null : formatPrice(usd)

describe('the close', () => {
  it('is the last price of the best ranked source', () => {
    const { close } = choose([
      seen('3', 7_200),
      seen('3.02', 60),
      seen('3.05', 0, { source: 'coinbase' }),
      seen('9', 10, { source: 'unranked' }),
    ])
    expect({ ...close, usd: shown(close.usd) }).toEqual({
      usd: '3.02',
      source: 'llama',
      observedAt: end - 60,
      observations: 2,
      quality: 'COMPLETE',
      reason: null,
      warning: null,
    })
  })

  it('prefers a fresh price of a lower rank to one of yesterday', () => {
    const { close } = choose([seen('3', 25 * hours), seen('4', 60, { source: 'manual' })])
    expect([shown(close.usd), close.source, close.quality]).toEqual(['4', 'manual', 'COMPLETE'])
  })

  it('is stale when the newest is more than a day old', () => {
    const { close } = choose([seen('3', 25 * hours)])
    expect([shown(close.usd), close.quality, close.reason]).toEqual([
      '3',
      'STALE_PRICE',
      'the newest price of TST is of 2026-03-09T23:00:00Z, more than a day before the close',
    ])
  })

  it('is not known without a price, and says whether unsure ones were refused', () => {
    expect(choose([]).close.reason).toBe('no price of TST within 36 hours before the end of 2026-03-10')
    const { close } = choose([seen('3', 60, { confidence: 0.49 })])
    expect([close.usd, close.quality, close.reason]).toEqual([
      null,
      'NO_PRICE',
      'no price of TST within 36 hours before the end of 2026-03-10; 1 observations were too unsure (confidence under 0.5)',
    ])
    expect(shown(choose([seen('3', 60, { confidence: 0.5 })]).close.usd)).toBe('3')
  })

  it('warns when two sources are more than 3 % apart, and never blends them', () => {
    const far = choose([seen('3.1', 60), seen('3', 60, { source: 'coinbase' })]).close
    expect([shown(far.usd), far.warning]).toEqual(['3.1', 'llama says 3.1, coinbase says 3: 3.3 % apart'])
    const near = choose([seen('3.09', 60), seen('3', 60, { source: 'coinbase' })]).close
    expect([shown(near.usd), near.warning]).toEqual(['3.09', null])
  })

  it('is no promise (IOU): prices before the listing are not used', () => {
    const { close, average } = choose([seen('30', 60)], { market: 'test', listedSince: '2026-03-11' })
    expect([close.usd, average.usd, close.reason]).toEqual([
      null,
      null,
      'TST traded first on 2026-03-11; earlier prices are promises (IOUs)',
    ])
  })
})

describe('the average', () => {
  const hourly = (count: number, source = 'llama'): PriceObservation[] =>
    Array.from({ length: count }, (_, i) => seen(String(i + 1), (count - 1 - i) * hours, { source }))

  it('is the exact mean of the hours, the last price of each', () => {
    const { average } = choose([...hourly(24), seen('99', 30 * 60 + 5 * hours)])
    expect([shown(average.usd), average.observations, average.source]).toEqual(['12.5', 24, 'llama'])
  })

  it('needs 20 hours of one source; it never mixes two', () => {
    expect(choose(hourly(19)).average.reason).toBe('fewer than 20 hours of 2026-03-10 have a price of TST')
    const { average } = choose([...hourly(19), ...hourly(20, 'coinbase')])
    expect([average.source, average.observations]).toEqual(['coinbase', 20])
  })

  it('is what a source states, where it states one', () => {
    const { average, close } = choose([seen('2.5', 0, { kind: 'average' })])
    expect([shown(average.usd), close.usd]).toEqual(['2.5', null])
  })
})

describe('the hours', () => {
  it('have the last price before they begin, at most two hours old', () => {
    const { hours: prices } = choose([seen('5', 10 * hours), seen('6', 9.5 * hours), seen('7', 0)])
    expect([...prices].map(([hour, usd]) => [hour, formatPrice(usd)])).toEqual([
      [14, '5'],
      [15, '6'],
      [16, '6'],
    ])
  })
})

it('a peg prices every hour and every basis exactly', () => {
  const peg = pegPrices(priceScaled('0.00001'), on)
  expect([shown(peg.close.usd), shown(peg.average.usd), peg.hours.size, peg.close.source]).toEqual([
    '0.00001',
    '0.00001',
    24,
    'peg',
  ])
})
