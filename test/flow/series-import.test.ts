import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../commands/config.ts'
import { createReaders } from '../../commands/readers.ts'
import { importSeries } from '../../commands/series.ts'
import { defaultDefinitions } from '../../pipeline/model/series.ts'
import { day } from '../../pipeline/model/time.ts'
import { readSeries } from '../../pipeline/rollups/read_series.ts'
import { createDatabase } from '../support/database.ts'

const sample = new URL('../../../shared/samples/helium_published_weekly.csv', import.meta.url)
const present = existsSync(sample)
if (!present && process.env['CI']) throw new Error('../shared/samples is absent, but CI must run these tests')

let opened: Awaited<ReturnType<typeof createDatabase>>
let folder: string
beforeAll(async () => {
  opened = await createDatabase()
  folder = mkdtempSync(join(tmpdir(), 'depindex-series-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await opened.drop()
})

const said: string[] = []
const output = {
  text: (text: string) => void said.push(text),
  json: () => undefined,
  note: () => undefined,
}
const options = {
  stream: 'publishedMints,publishedBurns',
  source: 'weekly Dune results',
  licence: 'CC BY 4.0',
  retrieved: '2026-02-27',
  spread: 'even',
}
const importFile = async (text: string, more: Partial<typeof options> & { replace?: boolean } = {}) => {
  const file = join(folder, 'weeks.csv')
  writeFileSync(file, text)
  said.length = 0
  const config = { ...readConfig({}), DATABASE_URL: opened.url }
  await importSeries(file, { ...options, ...more }, config, output)
  return said.join('\n')
}
const events = async (): Promise<number> =>
  (await opened.db.pool.query('select count(*) as n from event')).rows[0].n
const ask = async (metric: string, from: string, to: string, more = {}) =>
  (
    await readSeries(opened.db, {
      ...defaultDefinitions,
      lens: 'PURCHASE',
      priceBasis: 'EVENT',
      networks: ['helium'],
      metrics: [metric],
      from: day(from),
      to: day(to),
      granularity: 'QUARTER',
      ...more,
    })
  ).map((p) => [p.date, p.value, p.quality, p.methods.join()])

const header = 'week_start,hnt_minted,mint_txs,usd_minted,hnt_burned,burn_txs,usd_burned,avg_price_usd\n'
const line = (of: string, cells: string): string => `${of},${cells}\n`
const good = line('2024-03-04', '100.5,21,201,10.25,3,20.5,2')

describe('malformed lines are refused by number, and nothing is imported', () => {
  it.each([
    [
      'a word for a number',
      line('2024-03-11', 'many,21,1,1,1,1,1'),
      /weeks.csv line 3: 'many' is not a plain decimal/,
    ],
    [
      'too many digits',
      line('2024-03-11', '1.123456789,21,1,1,1,1,1'),
      /line 3: '1.123456789' has more than 8 fraction digits/,
    ],
    ['a negative amount', line('2024-03-11', '-1,21,1,1,1,1,1'), /line 3: hnt_minted -1 is negative/],
    ['no amount', line('2024-03-11', ',21,1,1,1,1,1'), /line 3: no hnt_minted/],
    ['a short line', '2024-03-11,1\n', /line 3: 2 cells, where the header has 8 columns/],
    ['a day that is no Monday', line('2024-03-12', '1,21,1,1,1,1,1'), /line 3: 2024-03-12 is no Monday/],
    ['a day that does not exist', line('2024-02-30', '1,21,1,1,1,1,1'), /line 3: '2024-02-30' is not a day/],
    ['the same week twice', good, /line 3: a second line for 2024-03-04, after line 2/],
    ['a misplaced separator', line('2024-03-11', '"1,00.5",21,1,1,1,1,1'), /line 3: '1,00.5' is not a plain/],
    ['a quote that is not closed', '2024-03-11,"1,21,1,1,1,1,1\n', /line 3: a quote that is not closed/],
    ['a quote inside a number', '2024-03-11,1"0"0,21,1,1,1,1,1\n', /line 3: Invalid Opening Quote/],
    ['a number in exponent form', line('2024-03-11', '1e3,21,1,1,1,1,1'), /line 3: '1e3' is not a plain/],
  ])('%s', async (_name, bad, message) => {
    await expect(importFile(header + good + bad)).rejects.toThrow(message)
    await expect(importFile(header + good + bad)).rejects.toThrow(/Nothing was imported/)
    expect(await events()).toBe(0)
  })

  it('every one of them is named, not only the first', async () => {
    const bad = [
      line('2024-03-11', 'many,21,1,1,1,1,1'),
      line('2024-03-18', '5,21,1,1,1,1,1'),
      '2024-03-25,1\n',
      line('2024-04-02', '1,21,1,1,1,1,1'),
    ].join('')
    await expect(importFile(header + good + bad)).rejects.toThrow(
      /weeks.csv line 3: 'many' is not .*; line 5: 2 cells, .*; line 6: 2024-04-02 is no Monday.*\. Nothing was imported$/,
    )
    const many = Array.from({ length: 30 }, () => 'x\n').join('')
    await expect(importFile(header + many)).rejects.toThrow(/line 21: 1 cells.*; and 10 more lines\. Nothing/)
    expect(await events()).toBe(0)
  })

  it('a file without a column, without lines, or for an unknown stream', async () => {
    await expect(importFile('week,hnt\n2024-03-04,1\n')).rejects.toThrow(
      /line 1: no column 'week_start', 'hnt_minted', 'usd_minted'; the file has week, hnt/,
    )
    await expect(importFile(header)).rejects.toThrow(/no periods/)
    await expect(importFile(header + good, { stream: 'rewards' })).rejects.toThrow(
      /no imported series 'rewards'; known: helium publishedMints, helium publishedBurns/,
    )
    await expect(importFile(header + good, { licence: ' ' })).rejects.toThrow(/--licence must not be empty/)
    await expect(importFile(header + good, { retrieved: 'today' })).rejects.toThrow(/--retrieved: 'today'/)
    expect(await events()).toBe(0)
  })
})

describe('accepted forms', () => {
  it('quoted numbers, thousands separators and a byte order mark mean the same', async () => {
    const plain = line('2024-03-04', '100000.5,21,201000,10.25,3,20.5,2')
    const decorated = '2024-03-04,"100,000.50",21,"201,000",10.25,3,"20.5",2\n'
    expect(await importFile(header + plain, { spread: 'none' })).toContain('1 periods, 1 new events')
    expect(await importFile(`\ufeff${header}${decorated}`, { spread: 'none' })).toContain('0 new events')
    expect(await ask('emissions_usd', '2024-03-04', '2024-03-05', { granularity: 'WEEK' })).toEqual([
      ['2024-03-04', '201000', 'COMPLETE', 'import'],
    ])
    expect(await ask('emissions_usd', '2024-03-04', '2024-03-06', { granularity: 'DAY' })).toEqual([
      ['2024-03-04', null, 'PARTIAL', 'import'],
      ['2024-03-05', null, 'PARTIAL', 'import'],
    ])
  })

  it('other amounts for the same week are refused, and replaced only on request, with a note', async () => {
    const other = header + line('2024-03-04', '70,21,140,7,3,14,2')
    await expect(importFile(other)).rejects.toThrow(/differ from those already imported.*add --replace/)
    await importFile(other, { replace: true })
    expect(await ask('emissions_usd', '2024-03-04', '2024-03-06', { granularity: 'DAY' })).toEqual([
      ['2024-03-04', '20', 'ESTIMATED', 'import'],
      ['2024-03-05', '20', 'ESTIMATED', 'import'],
    ])
    const { rows } = await opened.db.pool.query(
      "select count(*) as n from restatement where subject = 'publishedMints'",
    )
    expect(rows[0].n).toBeGreaterThan(0)
  })
})

describe.skipIf(!present)('150 real weeks (skipped without ../shared/samples)', () => {
  it('give the quarterly subsidy ratio at the prices of the weeks, the migration mint apart', async () => {
    await opened.db.pool.query(
      'truncate event, coverage, flow_day, price_day, stale, day_height, restatement',
    )
    const text = readFileSync(sample, 'utf8')
    expect(await importFile(text)).toContain('149 periods, 1045 new events; 1 left out')

    // The second quarter of 2024, by hand from the file: dollars of each day of a week are a seventh of it.
    let [minted, burned] = [0, 0]
    for (const row of text.split('\n').slice(1)) {
      const [monday = '', , , usdMinted = '', , , usdBurned = ''] = row.split(',')
      if (monday === '') continue
      for (let i = 0; i < 7; i += 1) {
        const at = new Date(Date.parse(`${monday}T00:00:00Z`) + i * 86_400_000).toISOString().slice(0, 10)
        if (at < '2024-04-01' || at >= '2024-07-01') continue
        minted += Number(usdMinted) / 7
        burned += Number(usdBurned) / 7
      }
    }
    const [[, value, quality] = []] = await ask('subsidy_ratio', '2024-04-01', '2024-07-01')
    expect(Number(value)).toBeCloseTo(minted / burned, 5)
    expect(quality).toBe('ESTIMATED')

    const oneOff = await ask('one_off_mint_native', '2023-04-01', '2025-01-01', { granularity: 'WEEK' })
    expect(oneOff.filter(([, v]) => v !== null && v !== '0').map(([of, v]) => [of, v])).toEqual([
      ['2023-04-17', '144965361.52407258'],
      ['2024-12-02', '1300000'],
    ])
    expect(await ask('gross_emission_native', '2023-04-17', '2023-04-18', { granularity: 'WEEK' })).toEqual([
      ['2023-04-17', '411130.1041095', 'ESTIMATED', 'import'],
    ])
    const [imported] =
      (await createReaders(opened.db).getNetworks()).find((n) => n.id === 'helium')?.imports ?? []
    expect(imported).toMatchObject({
      source: 'weekly Dune results',
      licence: 'CC BY 4.0',
      retrievedOn: '2026-02-27',
      spread: 'even',
      periods: 149,
      from: '2023-04-17',
      to: '2026-02-22',
    })
  })
})
