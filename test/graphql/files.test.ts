import { createHash } from 'node:crypto'
import { parse } from 'csv-parse/sync'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Column, Row } from '../../graphql/files/columns.ts'
import { writeCsv } from '../../graphql/files/csv.ts'
import { openFile } from '../../graphql/files/file.ts'
import { writeParquet } from '../../graphql/files/parquet.ts'
import { readMetricsFile } from '../../graphql/files/request.ts'
import { type GoldenApi, openGoldenApi } from '../support/api.ts'
import { notingReaders, publishedAt } from '../support/golden_store.ts'

let golden: GoldenApi
beforeAll(async () => {
  golden = await openGoldenApi()
})
afterAll(() => golden.close())

const get = async (path: string): Promise<Response> => fetch(`${golden.api.url}${path}`)
const rowsOf = async (path: string): Promise<Record<string, string>[]> =>
  parse(await (await get(path)).text(), { columns: true })
const parquetOf = async (path: string): Promise<Record<string, unknown>[]> =>
  parquetReadObjects({ file: await (await get(path)).arrayBuffer() })
/** A wide file of some networks, whether the API knows them or not. */
async function writtenWide(networks: readonly string[]): Promise<string> {
  const { readers } = notingReaders(golden.db)
  const given = new Map([
    ['metrics', 'fees_usd'],
    ['shape', 'wide'],
    ['notes', 'false'],
    ['from', '2026-01-03'],
    ['to', '2026-01-04'],
  ])
  const wanted = readMetricsFile(given, { networks, metrics: ['fees_usd'] }, publishedAt)
  const { chunks } = await openFile(wanted, 'csv', readers, 'test')
  let text = ''
  for await (const chunk of chunks) text += chunk
  return text
}

const range = 'from=2026-01-03&to=2026-01-06'

async function* once(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  yield rows
}
async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const chunk of chunks) text += chunk
  return text
}
async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<ArrayBuffer> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return new Uint8Array(Buffer.concat(parts)).buffer
}

describe('metrics as CSV', () => {
  it('long: a row for each value, empty with a reason where there is none', async () => {
    const rows = await rowsOf(`/v1/metrics.csv?networks=alpha,IO_NET&metrics=fees_usd&${range}`)
    expect(rows.map((r) => [r['date'], r['network'], r['value'], r['quality'], r['reason']])).toEqual([
      ['2026-01-03', 'alpha', '6.000336', 'COMPLETE', ''],
      ['2026-01-03', 'io-net', '', 'NO_COVERAGE', '2026-01-03: not read'],
      ['2026-01-04', 'alpha', '6.00048', 'COMPLETE', ''],
      ['2026-01-04', 'io-net', '', 'NO_COVERAGE', '2026-01-04: not read'],
      ['2026-01-05', 'alpha', '', 'PENDING', '2026-01-05: the day has not ended on the chain'],
      ['2026-01-05', 'io-net', '', 'NO_COVERAGE', '2026-01-05: not read'],
    ])
  })

  it('quotes every decimal, and nothing else that needs no quotes', async () => {
    const text = await (await get(`/v1/metrics.csv?networks=alpha&metrics=fees_usd&${range}`)).text()
    expect(text.split('\n')[1]).toBe(
      '2026-01-03,2026-01-03,alpha,fees_usd,"6.000336",USD,COMPLETE,,,events,2026-01-05T00:10:00Z,1,1,true,1,1,1',
    )
  })

  it('wide: a row for each date, with quality and reason beside each value unless they are left out', async () => {
    const path = `/v1/metrics.csv?shape=wide&networks=alpha,io-net&metrics=fees_usd,subsidy_ratio&${range}`
    const rows = await rowsOf(path)
    expect(rows).toHaveLength(3)
    expect(rows[0]).toMatchObject({
      date: '2026-01-03',
      'alpha.fees_usd': '6.000336',
      'alpha.fees_usd.quality': 'COMPLETE',
      'io-net.subsidy_ratio': '',
      'io-net.subsidy_ratio.reason': '2026-01-03: not read',
    })
    expect(Object.keys((await rowsOf(`${path}&notes=false`))[0] ?? {})).toEqual([
      'date',
      'alpha.fees_usd',
      'alpha.subsidy_ratio',
      'io-net.fees_usd',
      'io-net.subsidy_ratio',
    ])
  })

  it('wide: a network that the store does not know yet has empty cells, and moves no others', async () => {
    const columns = await writtenWide(['nowhere', 'alpha'])
    expect(columns).toBe('date,nowhere.fees_usd,alpha.fees_usd\n2026-01-03,,"6.000336"\n')
  })

  it('says nothing was published yet for an instant before it was', async () => {
    const [row] = await rowsOf(
      `/v1/metrics.csv?networks=alpha&metrics=fees_usd&${range}&asOf=2026-01-04T00:00:00Z`,
    )
    expect(row).toMatchObject({ value: '', quality: 'NO_COVERAGE' })
  })
})

describe('events as CSV', () => {
  it('are listed oldest first, stream by stream', async () => {
    const rows = await rowsOf('/v1/events.csv?networks=alpha&stream=payments&from=2026-01-01&to=2026-01-02')
    expect(rows.map((r) => [r['happened_at'], r['amount'], r['amount_raw'], r['tx']])).toEqual([
      ['2026-01-01T00:00:00Z', '1', '1000000', '00000000'],
      ['2026-01-01T08:00:00Z', '1.000008', '1000008', '00000008'],
      ['2026-01-01T16:00:00Z', '1.000016', '1000016', '00000010'],
    ])
  })

  it('wide: say everything that is known, with the page of the transaction', async () => {
    const [row] = await rowsOf(
      '/v1/events.csv?networks=alpha&kind=burn&shape=wide&from=2026-01-01&to=2026-01-02',
    )
    expect(row).toMatchObject({
      chain: 'alphachain',
      class: 'usage',
      act: 'pay 0',
      tx_url: 'https://alpha.example/tx/00000000',
      simulated: 'true',
    })
  })
})

describe('Parquet', () => {
  it('has the same rows with typed columns and says how they were made', async () => {
    const path = `/v1/metrics.parquet?networks=alpha,io-net&metrics=fees_usd&${range}`
    const rows = await parquetOf(path)
    expect(rows[0]).toMatchObject({
      date: new Date('2026-01-03T00:00:00Z'),
      network: 'alpha',
      // The test's own reader makes a float of it; the bytes are exact, as the test below shows.
      value: expect.closeTo(6.000336, 12),
      value_text: '6.000336',
      available_at: new Date('2026-01-05T00:10:00Z'),
      revision: 1n,
      simulated: true,
    })
    expect(rows[1]).toMatchObject({ value: null, value_text: null, reason: '2026-01-03: not read' })
    expect(rows).toHaveLength(6)
    const { schema, key_value_metadata: facts = [] } = parquetMetadata(await (await get(path)).arrayBuffer())
    expect(schema.find((s) => s.name === 'value')).toMatchObject({
      converted_type: 'DECIMAL',
      precision: 38,
      scale: 18,
    })
    expect(Object.fromEntries(facts.map((f) => [f.key, f.value]))).toMatchObject({
      program: 'depindex test',
      as_of: '2026-01-05T00:10:00Z',
      methodology: '{"fees_usd":1}',
    })
  })

  it('has events too', async () => {
    const rows = await parquetOf('/v1/events.parquet?networks=io-net&from=2026-01-01&to=2026-01-02')
    expect(rows).toHaveLength(24)
    expect(rows[0]).toMatchObject({
      amount: expect.closeTo(0.05, 12),
      amount_raw: '5000000',
      height: 0n,
      tx: '00000000',
    })
  })

  const columns: Column[] = [
    { name: 'value', type: 'decimal', meaning: 'v' },
    { name: 'note', type: 'text', meaning: 'n' },
  ]
  const raw = async (rows: readonly Row[]) =>
    parquetReadObjects({ file: await bytesOf(writeParquet(columns, once(rows), {})), utf8: true })

  it('keeps a decimal exact, or gives it as text alone where 38 digits do not hold it', async () => {
    const exact = '12345678901234567890.123456789012345678'
    const file = await bytesOf(writeParquet(columns, once([[exact, null]]), {}))
    const bytes = Buffer.from(file)
    const unscaled = 12345678901234567890123456789012345678n
    expect(bytes.includes(Buffer.from(unscaled.toString(16).padStart(32, '0'), 'hex'))).toBe(true)
    const [long, fine, negative] = await raw([
      ['1'.padEnd(78, '7'), 'x'],
      ['0.1234567890123456789', 'y'],
      ['-2.5', 'z'],
    ])
    expect(long).toEqual({ value: null, value_text: '1'.padEnd(78, '7'), note: 'x' })
    expect(fine).toEqual({ value: null, value_text: '0.1234567890123456789', note: 'y' })
    expect(negative).toEqual({ value: -2.5, value_text: '-2.5', note: 'z' })
  })

  it('is written in groups of rows, and is a file even without rows', async () => {
    expect(await raw([])).toEqual([])
    const many = Array.from({ length: 45_000 }, (_, i): Row => [String(i), null])
    const file = await bytesOf(writeParquet(columns, once(many), {}))
    expect(parquetMetadata(file).row_groups.map((g) => g.num_rows)).toEqual([20_000n, 20_000n, 5_000n])
    expect((await parquetReadObjects({ file })).at(-1)).toMatchObject({ value: 44_999 })
  })
})

describe('a file', () => {
  it('has a manifest that asks for the same bytes again', async () => {
    const path = `/v1/manifest?file=metrics.csv&networks=alpha&metrics=fees_usd,subsidy_ratio&${range}`
    const manifest = (await (await get(path)).json()) as { address: string; columns: object[] }
    const text = await (await get(manifest.address)).text()
    expect(manifest).toMatchObject({
      file: 'metrics.csv',
      rows: 6,
      bytes: text.length,
      sha256: createHash('sha256').update(text).digest('hex'),
      facts: { as_of: '2026-01-05T00:10:00Z', shape: 'long' },
    })
    expect(manifest.columns[4]).toMatchObject({ name: 'value', type: 'decimal' })
  })

  it('is compressed for who takes it, kept by who has it, and immutable as of a past instant', async () => {
    const path = `/v1/metrics.csv?networks=alpha&${range}`
    const now = await get(path)
    expect([now.headers.get('content-encoding'), now.headers.get('cache-control')]).toEqual([
      'gzip',
      'public, max-age=600',
    ])
    const again = await fetch(`${golden.api.url}${path}`, {
      headers: { 'if-none-match': now.headers.get('etag') ?? '' },
    })
    expect(again.status).toBe(304)
    expect((await get(`${path}&asOf=2026-01-04T00:00:00Z`)).headers.get('cache-control')).toBe(
      'public, max-age=31536000, immutable',
    )
    const head = await fetch(`${golden.api.url}${path}`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  it.each([
    ['networks=alhpa', "networks: there is no network 'alhpa'. Did you mean 'alpha'? Known: alpha, io-net"],
    ['metrics=fee_usd', /^metrics: there is no metric 'fee_usd'\. Did you mean .*'fees_usd'/],
    ['from=2026-02-30', /^from: '2026-02-30' is not a day/],
    ['from=2026-02-02&to=2026-02-01', /^to: 2026-02-01 is not after from 2026-02-02/],
    ['from=1990-01-01', /the limit is 8000$/],
    ['lens=X', /^lens: 'X' is none of CONSUMPTION/],
    ['asOf=yesterday', /^asOf: 'yesterday' is not an instant/],
    ['form=2026-01-01', /^form: there is no argument 'form'. Did you mean 'from'\?/],
  ])('refuses %s by name', async (search, message) => {
    const answer = await get(`/v1/metrics.csv?${search}`)
    const { errors } = (await answer.json()) as { errors: { message: string; extensions: object }[] }
    expect([answer.status, errors[0]?.extensions]).toEqual([400, { code: 'BAD_USER_INPUT' }])
    expect(errors[0]?.message).toMatch(message)
  })

  it('holds nothing that a spreadsheet runs as a formula', async () => {
    const columns: Column[] = ['a', 'b', 'c'].map((name) => ({ name, type: 'text', meaning: name }))
    const text = await textOf(
      writeCsv(
        [
          ...columns,
          { name: 'd', type: 'decimal', meaning: 'd' },
          { name: 'e', type: 'digits', meaning: 'e' },
        ],
        once([['=HYPERLINK("http://x")', '+1', '@a, b', '-5', '-77777777777777777777']]),
      ),
    )
    expect(text).toBe('a,b,c,d,e\n"\'=HYPERLINK(""http://x"")",\'+1,"\'@a, b","-5","-77777777777777777777"\n')
  })
})
