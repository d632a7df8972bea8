import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPriceFile } from '../../pipeline/imports/price_file.ts'
import { priceScaled } from '../../pipeline/model/amount.ts'
import type { UnixSeconds } from '../../pipeline/model/time.ts'
import { day, dayStart } from '../../pipeline/model/time.ts'
import { chooseDayPrices } from '../../pipeline/rollups/choose.ts'
import type { Database } from '../../pipeline/store/database.ts'
import { getObservations } from '../../pipeline/store/observations.ts'
import { savePrices } from '../../pipeline/store/prices.ts'
import { createDatabase } from '../support/database.ts'

const now = 1_800_000_000 as UnixSeconds
const at = (of: string, hours: number): UnixSeconds => (dayStart(day(of)) + hours * 3_600) as UnixSeconds

describe('prices', () => {
  let opened: Awaited<ReturnType<typeof createDatabase>>
  let db: Database
  beforeAll(async () => {
    opened = await createDatabase()
    db = opened.db
  })
  afterAll(() => opened.drop())

  it('are chosen by rank and age, never from the future, never too old, never unsure', async () => {
    const observe = (source: string, usd: string, observedAt: UnixSeconds, confidence?: number) => ({
      token: 'TST',
      source,
      kind: 'close' as const,
      usd: priceScaled(usd),
      observedAt,
      ...(confidence === undefined ? {} : { confidence }),
    })
    const prices = [
      observe('llama', '1', at('2026-01-01', 23)),
      observe('manual', '9', at('2026-01-01', 24)),
      observe('llama', '2', at('2026-01-02', 24.1)),
      observe('llama', '3', at('2026-01-04', 14)),
      observe('llama', '7', at('2026-01-07', 23), 0.4),
    ]
    expect(await savePrices(db, prices, now)).toBe(5)
    expect(await savePrices(db, prices, now)).toBe(0)
    const days = [
      '2026-01-01',
      '2026-01-02',
      '2026-01-03',
      '2026-01-04',
      '2026-01-05',
      '2026-01-06',
      '2026-01-07',
    ]
    const choose = async (of: readonly string[], ranking: readonly string[]) => {
      const observed = await getObservations(
        db.pool,
        of.map((d) => ({ token: 'TST', day: day(d) })),
      )
      return of.map((d) => {
        const { close } = chooseDayPrices(
          'TST',
          { market: 'test' },
          day(d),
          observed.get(`TST ${d}`) ?? [],
          ranking,
        )
        return [d, close.usd === null ? null : close.usd / 10n ** 18n, close.source, close.quality]
      })
    }
    expect(await choose(days, ['llama', 'manual'])).toEqual([
      ['2026-01-01', 1n, 'llama', 'COMPLETE'],
      ['2026-01-02', 9n, 'manual', 'COMPLETE'],
      ['2026-01-03', 2n, 'llama', 'COMPLETE'],
      ['2026-01-04', 3n, 'llama', 'COMPLETE'],
      ['2026-01-05', 3n, 'llama', 'STALE_PRICE'],
      ['2026-01-06', null, null, 'NO_PRICE'],
      ['2026-01-07', null, null, 'NO_PRICE'],
    ])
    expect(await choose(['2026-01-01'], ['manual', 'llama'])).toEqual([
      ['2026-01-01', 9n, 'manual', 'COMPLETE'],
    ])
  })
})

describe('a price file', () => {
  const read = (text: string) => readPriceFile(text, 'p.csv', new Set(['AR', 'HNT']))
  it('is read with a BOM, quotes and a note', () => {
    expect(
      read('\uFEFFtoken,date,usd,author,note\r\nAR,2026-01-01,"1.97",me,"from, the exchange"\n'),
    ).toEqual([
      {
        token: 'AR',
        source: 'manual',
        kind: 'close',
        usd: 1_970_000_000_000_000_000n,
        observedAt: at('2026-01-01', 24),
        author: 'me',
        note: 'from, the exchange',
      },
    ])
  })
  it('takes thousands separators and small prices in exponent form', () => {
    const usd = read('token,date,usd,author\nAR,2026-01-01,"1,234.5",me\nHNT,2026-01-01,1e-7,me\n').map(
      (p) => p.usd,
    )
    expect(usd).toEqual([1_234_500_000_000_000_000_000n, 100_000_000_000n])
  })
  it.each([
    [
      'token,date,usd,author\nAR,2026-01-01,1.9,me\nAR,2026-02-30,2,me\n',
      "p.csv line 3: '2026-02-30' is not a day",
    ],
    ['token,date,usd,author\nAR,2026-01-01,"1,9",me\n', "p.csv line 2: '1,9' is not a plain decimal number"],
    ['token,date,usd,author\nXX,2026-01-01,1,me\n', "p.csv line 2: unknown token 'XX'; known: AR, HNT"],
    ['token,date,usd\nAR,2026-01-01,1\n', "p.csv line 1: no column 'author'; the file has token, date, usd"],
    [
      'token,date,usd,author\nAR,2026-01-01,1,me,extra\n',
      'p.csv line 2: 5 cells, where the header has 4 columns',
    ],
    [
      'token,date,usd,author\nAR,2026-01-01,1,me\nAR,2026-01-01,2,me\n',
      'p.csv line 3: a second price of AR on 2026-01-01, after line 2',
    ],
    ['token,date,usd,author\nAR,2026-01-01,0,me\n', "p.csv line 2: price '0' is not above zero"],
    ['token,date,usd,author\nAR,2026-01-01,1,\n', 'p.csv line 2: no author'],
    [
      'token,date,usd,author\nXX,2026-01-01,1,me\nAR,2026-01-01,1,me\nAR,2026-01-02,1\n',
      "p.csv line 2: unknown token 'XX'; known: AR, HNT; line 4: 3 cells, where",
    ],
    ['', 'p.csv line 1: no prices'],
  ])('with a bad line is refused by number: %j', (text, message) => {
    expect(() => read(text)).toThrow(message)
    expect(() => read(text)).toThrow('Nothing was imported')
  })
})
