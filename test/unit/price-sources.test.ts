import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { priceScaled } from '../../pipeline/model/amount.ts'
import type { PriceDeclaration } from '../../pipeline/model/stream.ts'
import { day, dayStart, unixSeconds } from '../../pipeline/model/time.ts'
import type { PriceSource } from '../../pipeline/prices/source.ts'
import { binance } from '../../pipeline/prices/sources/binance.ts'
import { coinbase } from '../../pipeline/prices/sources/coinbase.ts'
import { coingecko } from '../../pipeline/prices/sources/coingecko.ts'
import { llama } from '../../pipeline/prices/sources/llama.ts'
import { pyth } from '../../pipeline/prices/sources/pyth.ts'

/** The price that every simulated service gives: more digits than a float holds. */
const exact = '1.97345612345678901'
const start = dayStart(day('2026-01-01'))
const secondsPerDay = 86_400
const declared: PriceDeclaration = {
  market: 'test-coin',
  instruments: {
    binance: [
      { id: 'OLDUSDT', until: '2024-07-22' },
      { id: 'NEWUSDT', since: '2024-07-22' },
    ],
    coinbase: [{ id: 'NEW-USD' }],
    pyth: [{ id: '0xAB12' }],
  },
}

interface Case {
  readonly name: string
  readonly make: (base: string) => PriceSource
  /** The answer that the real service would give, with one observation at each instant. */
  readonly answer: (times: readonly number[], url: URL) => string
  readonly empty: string
  /** A value of the wrong type where a price belongs. */
  readonly wrong: string
}

const cases: readonly Case[] = [
  {
    name: 'llama',
    make: llama,
    answer: (times) =>
      `{"coins":{"coingecko:test-coin":{"symbol":"TST","confidence":0.99,"prices":[${times.map((t) => `{"timestamp":${t},"price":${exact}}`).join()}]}}}`,
    empty: '{"coins":{}}',
    wrong: '{"coins":{"coingecko:test-coin":{"prices":[{"timestamp":1,"price":null}]}}}',
  },
  {
    name: 'coingecko',
    make: (base) => coingecko(base, 'secret'),
    answer: (times) =>
      `{"prices":[${times.map((t) => `[${t}000,${exact}]`).join()}],"market_caps":[],"total_volumes":[]}`,
    empty: '{"prices":[],"market_caps":[],"total_volumes":[]}',
    wrong: '{"prices":[[1,null]]}',
  },
  {
    name: 'binance',
    make: binance,
    answer: (times, url) => {
      const step = url.searchParams.get('interval') === '1d' ? secondsPerDay : 3_600
      const candle = (t: number): string =>
        `[${t - step}000,"1","2","0.5","${exact}","10",${t}000,"20",5,"1","1","0"]`
      return `[${times.map(candle).join()}]`
    },
    empty: '[]',
    wrong: '[[1,"1","2","0.5",null]]',
  },
  {
    name: 'coinbase',
    make: coinbase,
    answer: (times, url) => {
      const step = Number(url.searchParams.get('granularity'))
      const candle = (t: number): string => `[${t - step},0.5,2,1,${exact},10]`
      return `[${[...times].reverse().map(candle).join()}]`
    },
    empty: '[]',
    wrong: '[[1,0.5,2,1,{},10]]',
  },
  {
    name: 'pyth',
    make: (base) => pyth(base, 'secret'),
    answer: (times, url) => {
      const asked = Number(url.pathname.split('/').at(-1))
      // The service gives the first update at or after the instant asked for.
      const first = times.find((t) => t >= asked)
      const parsed =
        first === undefined
          ? ''
          : `{"id":"ab12","price":{"price":"197345612345678901","conf":"1973456123456789","expo":-17,"publish_time":${first}}}`
      return `{"binary":{"encoding":"hex","data":[]},"parsed":[${parsed}]}`
    },
    empty: '{"binary":{},"parsed":[]}',
    wrong: '{"parsed":[{"id":"ab12","price":{"price":1.5,"conf":"1","expo":-17,"publish_time":1}}]}',
  },
]

let answers: ((request: IncomingMessage, response: ServerResponse) => void)[]
let asked: { url: URL; headers: IncomingMessage['headers'] }[]
let base: string
let close: () => Promise<void>

beforeEach(async () => {
  answers = []
  asked = []
  const server = createServer((request, response) => {
    asked.push({ url: new URL(request.url ?? '/', 'http://local'), headers: request.headers })
    const next = answers.length > 1 ? answers.shift() : answers[0]
    next?.(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  close = async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
})
afterEach(() => close())

const reply =
  (body: string, status = 200, headers: Record<string, string> = {}) =>
  (_: IncomingMessage, response: ServerResponse): void =>
    void response.writeHead(status, headers).end(body)
const query = (source: PriceSource, days: number, every: 'day' | 'hour') => ({
  token: 'TST',
  id: source.instruments(declared).at(-1)?.id ?? '',
  since: start,
  until: unixSeconds(start + days * secondsPerDay + 1),
  every,
})

describe.each(cases)('$name', ({ name, make, answer, empty, wrong }) => {
  const serve = (times: readonly number[]): void => {
    answers = [
      (request, response) =>
        reply(answer(times, new URL(request.url ?? '/', 'http://local')))(request, response),
    ]
  }
  const ask = (days: number, every: 'day' | 'hour') => {
    const source = make(`${base}/`)
    return source.getPrices(query(source, days, every))
  }

  it('gives the closes of days, every digit, and nothing outside the time asked for', async () => {
    const ends = [1, 2, 3].map((i) => start + i * secondsPerDay)
    serve([start - 60, ...ends, start + 5 * secondsPerDay])
    const found = await ask(3, 'day')
    expect(found.map((o) => o.observedAt).sort()).toEqual(ends)
    expect(new Set(found.map((o) => `${o.token} ${o.source} ${o.usd}`))).toEqual(
      new Set([`TST ${name} ${priceScaled(exact)}`]),
    )
  })

  it('gives hours', async () => {
    const ends = Array.from({ length: 24 }, (_, i) => start + (i + 1) * 3_600)
    serve(ends)
    expect((await ask(1, 'hour')).map((o) => o.observedAt).sort()).toEqual(ends)
  })

  it('gives nothing for what it does not know', async () => {
    answers = [reply(empty)]
    expect(await ask(1, 'day')).toEqual([])
  })

  it('tries again when it is asked too often or the service is down', async () => {
    const end = start + secondsPerDay
    const good = (request: IncomingMessage, response: ServerResponse): void =>
      reply(answer([end], new URL(request.url ?? '/', 'http://local')))(request, response)
    answers = [reply('slow down', 429, { 'retry-after': '0' }), reply('oops', 503), good]
    expect((await ask(1, 'day')).map((o) => o.observedAt)).toEqual([end])
    expect(asked).toHaveLength(3)
  })

  it.each([
    ['a page', '<html><body>blocked</body></html>', "expected JSON, got '<html><body>blocked"],
    ['a cut answer', '', 'expected JSON'],
    ['a wrong type', '', 'unexpected answer at'],
  ])(
    'refuses %s, naming what was wrong and the variable to set',
    async (kind, body, message) => {
      const bodies: Record<string, string> = {
        'a cut answer': `${empty.slice(0, -1)}`,
        'a wrong type': wrong,
      }
      answers = [reply(bodies[kind] ?? body)]
      const failed = ask(1, 'day')
      await expect(failed).rejects.toThrow(message)
      await expect(failed).rejects.toThrow(
        new RegExp(`price source ${name} at http://127.0.0.1:\\d+: .*_BASE_URL`),
      )
      await expect(failed).rejects.not.toThrow('secret')
    },
    20_000,
  )

  it('does not ask again what was refused, and says so when nobody answers', async () => {
    answers = [reply('{"error":"unknown"}', 404)]
    await expect(ask(1, 'day')).rejects.toThrow('answered 404')
    expect(asked).toHaveLength(1)
    await close()
    await expect(ask(1, 'day')).rejects.toThrow(/ECONNREFUSED/)
  }, 20_000)

  it('has no name for a token without a market', () => {
    expect(make(base).instruments({ fixedUsd: '1' })).toEqual([])
    expect(make(base).instruments({ unknown: 'no market' })).toEqual([])
  })
})

describe('each service in its own way', () => {
  it('llama is asked a minute before each step ends', async () => {
    answers = [reply('{"coins":{}}')]
    const source = llama(base)
    await source.getPrices({ ...query(source, 2, 'day'), until: unixSeconds(start + 2 * secondsPerDay) })
    expect(`${asked[0]?.url.pathname}${asked[0]?.url.search}`).toBe(
      `/chart/coingecko%3Atest-coin?start=${start + secondsPerDay - 60}&span=2&period=1d&searchWidth=12h`,
    )
  })

  it('coingecko explains its limit of a year, and sends the key in the header of the address', async () => {
    answers = [reply('{"error":{"status":{"error_code":10012}}}', 401)]
    const source = coingecko(base, 'k')
    await expect(source.getPrices(query(source, 1, 'day'))).rejects.toThrow(
      'it gives only the last 365 days without a paid key (its error 10012)',
    )
    expect(asked[0]?.headers['x-cg-demo-api-key']).toBe('k')
  })

  it('binance is asked for the candles that end in the time, a thousand at once', async () => {
    answers = [reply('[]')]
    const source = binance(base)
    await source.getPrices({ ...query(source, 1, 'hour'), until: unixSeconds(start + 1_500 * 3_600) })
    expect(asked.map((a) => a.url.search)).toEqual([
      `?symbol=NEWUSDT&interval=1h&startTime=${start - 3_600}000&endTime=${start + 999 * 3_600 - 1}999&limit=1000`,
      `?symbol=NEWUSDT&interval=1h&startTime=${start + 999 * 3_600}000&endTime=${start + 1_499 * 3_600 - 1}999&limit=1000`,
    ])
  })

  it('binance has each name of a token for its dates', () => {
    const moved = {
      llama: [
        { id: 'old-coin', until: '2024-01-01' },
        { id: 'new-coin', since: '2024-01-01' },
      ],
    }
    const dated = { ...declared, instruments: { ...declared.instruments, ...moved } }
    expect(llama(base).instruments(dated)).toEqual(moved.llama)
    expect(coingecko(base, undefined).instruments(dated)).toEqual([{ id: 'test-coin' }])
    expect(binance(base).instruments(declared)).toEqual([
      { id: 'OLDUSDT', until: '2024-07-22' },
      { id: 'NEWUSDT', since: '2024-07-22' },
    ])
  })

  it('pyth keeps how sure it is, and is not asked at its own address without a key', async () => {
    answers = [
      reply(
        `{"parsed":[{"id":"ab12","price":{"price":"200000000","conf":"120000000","expo":-8,"publish_time":${start + secondsPerDay - 29}}}]}`,
      ),
    ]
    const source = pyth(base, undefined)
    const [found] = await source.getPrices(query(source, 1, 'day'))
    expect([found?.usd, found?.confidence]).toEqual([priceScaled('2'), 0.4])
    expect(pyth('https://hermes.pyth.network', undefined).instruments(declared)).toEqual([])
    expect(pyth('https://hermes.pyth.network', 'k').instruments(declared)).toHaveLength(1)
  })
})
