import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { HttpAnswer } from '../../indexers/engine/endpoints.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import { parseExact } from '../../indexers/engine/json.ts'
import { plan, plannedHeights } from '../../indexers/engine/plan.ts'
import { RangeQueue } from '../../indexers/engine/queue.ts'
import { AimdRate } from '../../indexers/engine/rate.ts'
import { IndexerError } from '../../pipeline/model/errors.ts'
import type { HeightRange } from '../../pipeline/model/height.ts'
import type { Stream } from '../../pipeline/model/stream.ts'
import { createTestLogger } from '../support/chain.ts'

const stream = (id: number, life: Partial<Stream> = {}): Stream => ({
  id,
  network: 'n',
  name: `s${id}`,
  chain: 'c',
  kind: 'fee',
  class: 'payment',
  token: 'T',
  decimals: 0,
  revision: 1,
  role: 'ledger',
  method: 'events',
  meaning: 'm',
  evidence: ['e'],
  word: 'w',
  ...life,
})

describe('plan', () => {
  it('asks for every missing height of every stream exactly once', () => {
    const set = fc.array(
      fc.tuple(fc.nat(50), fc.nat(8)).map(([from, n]): HeightRange => ({ from, to: from + n })),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(set, set, fc.nat(30), (a, b, until) => {
        const streams = [stream(1), stream(2, { fromHeight: 10, toHeight: until })]
        const span = { from: 3, to: 55 }
        const coverage = new Map([
          [1, a],
          [2, b],
        ])
        const segments = plan(span, streams, coverage)
        const asked = segments.flatMap((s) =>
          s.streams.flatMap((x) =>
            Array.from({ length: s.range.to - s.range.from + 1 }, (_, i) => `${x.id} ${s.range.from + i}`),
          ),
        )
        const has = (ranges: HeightRange[], h: number): boolean =>
          ranges.some((r) => h >= r.from && h <= r.to)
        const expected: string[] = []
        for (let h = span.from; h <= span.to; h += 1) {
          if (!has(a, h)) expected.push(`1 ${h}`)
          if (h >= 10 && h <= until && !has(b, h)) expected.push(`2 ${h}`)
        }
        expect(asked.sort()).toEqual(expected.sort())
        expect(plannedHeights(segments)).toBe(new Set(expected.map((e) => e.split(' ')[1])).size)
      }),
    )
  })

  it('hands out ranges of a size that follows the node', () => {
    const lane = { streams: [], rangeSize: { start: 40, max: 80 } }
    const queue = new RangeQueue([{ range: { from: 1, to: 100 }, streams: [], lane }])
    const first = queue.take()
    expect(first?.range).toEqual({ from: 1, to: 40 })
    queue.learn(lane, 40, 100, 10)
    expect(queue.take()?.range).toEqual({ from: 41, to: 90 })
    if (first) queue.split(first)
    expect([queue.take(), queue.take(), queue.take(), queue.take()].map((s) => s?.range)).toEqual([
      { from: 1, to: 20 },
      { from: 21, to: 40 },
      { from: 91, to: 100 },
      undefined,
    ])
  })
})

describe('rate', () => {
  it('is free until the endpoint complains, then halves and grows again', () => {
    let now = 0
    const rate = new AimdRate(() => now)
    for (let i = 0; i < 100; i += 1) {
      now += 10
      rate.take()
      rate.succeeded()
      rate.done()
    }
    expect(rate.perSecond).toBe(Number.POSITIVE_INFINITY)
    rate.overloaded(1_000)
    const cut = rate.perSecond
    expect(cut).toBeGreaterThan(40)
    expect(cut).toBeLessThan(60)
    expect(rate.waitMs()).toBe(1_000)
    rate.overloaded(1_000)
    expect(rate.perSecond).toBe(cut)
    now += 1_500
    expect(rate.waitMs()).toBe(0)
    rate.take()
    rate.succeeded()
    expect(rate.perSecond).toBeGreaterThan(cut)
  })
})

describe('json', () => {
  it('keeps every digit of large integers', () => {
    const parsed = parseExact(
      '{"pool":3026104059201252123,"small":5,"list":[9007199254740993]}',
      'GET /x',
      'node',
    )
    expect(parsed).toEqual({ pool: 3026104059201252123n, small: 5, list: [9007199254740993n] })
  })

  it('says what came instead', () => {
    expect(() => parseExact('<html>busy</html>', 'GET /info', 'http://node')).toThrow(
      "http://node GET /info: expected JSON, got 17 characters that start '<html>busy</html>'",
    )
    expect(() => parseExact('', 'GET /info', 'http://node')).toThrow('an empty answer')
  })
})

describe('endpoints', () => {
  const servers: { close(): void; closeAllConnections(): void }[] = []
  afterEach(() => {
    for (const s of servers.splice(0)) {
      s.closeAllConnections()
      s.close()
    }
  })
  const serve = async (
    answer: (n: number) => {
      status?: number
      body?: string
      reset?: boolean
      hang?: boolean
      headers?: Record<string, string>
    },
  ): Promise<{ url: string; asked: () => number }> => {
    let asked = 0
    const server = createServer((request, response) => {
      const { status = 200, body = 'ok', reset, hang, headers = {} } = answer(asked++)
      if (hang) return
      if (reset) request.socket.destroy()
      else response.writeHead(status, headers).end(body)
    })
    servers.push(server)
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked }
  }
  const pool = (urls: string[], more: object = {}): EndpointPool =>
    new EndpointPool({
      chain: 'c',
      variable: 'C_URLS',
      urls,
      logger: createTestLogger('no warnings'),
      now: () => performance.now(),
      timeoutMs: 500,
      ...more,
    })
  const text = (answer: HttpAnswer): string => answer.text

  it('tries again after a refusal, a reset and a time-out', async () => {
    const node = await serve(
      (n) =>
        [
          { status: 429, headers: { 'retry-after': '0.1' } },
          { reset: true },
          { hang: true },
          { status: 502 },
        ][n] ?? {},
    )
    await expect(pool([node.url]).call({ what: 'GET /', accept: text })).resolves.toBe('ok')
    expect(node.asked()).toBe(5)
  })

  it('goes to the next endpoint when one answers nonsense', async () => {
    const bad = await serve(() => ({ body: '<html>' }))
    const good = await serve(() => ({ body: '{"a":1}' }))
    const made = pool([bad.url, good.url])
    await expect(
      made.call({ what: 'GET /', accept: (a) => parseExact(a.text, 'GET /', a.endpoint) }),
    ).resolves.toEqual({ a: 1 })
    expect(made.health().map((h) => [h.requests, h.failures])).toEqual([
      [1, 1],
      [1, 0],
    ])
  })

  it('names every endpoint and its own failure when none answers', async () => {
    const down = await serve(() => ({ status: 500 }))
    const made = pool([down.url, 'http://127.0.0.1:9'], { attempts: 2 })
    await expect(made.call({ what: 'GET /info', accept: text })).rejects.toThrow(
      /^c: GET \/info failed at every endpoint \(http:\/\/127.0.0.1:\d+: answered 500 \(GET \/info\); http:\/\/127.0.0.1:9: connect ECONNREFUSED.*set C_URLS/,
    )
  })

  it('believes "not found" only when every endpoint says so', async () => {
    const notFound = (): never => {
      throw new IndexerError('rpc-not-found', 'block 5 is not there')
    }
    const a = await serve(() => ({ status: 404 }))
    const b = await serve(() => ({ status: 200 }))
    await expect(
      pool([a.url, b.url]).call({ what: 'x', accept: (x) => (x.status === 404 ? notFound() : x.text) }),
    ).resolves.toBe('ok')
    await expect(pool([a.url]).call({ what: 'x', accept: notFound })).rejects.toMatchObject({
      code: 'rpc-not-found',
    })
  })

  it('refuses to mix real and simulated endpoints', async () => {
    const simulated = await serve(() => ({ status: 500, headers: { 'x-depindex-origin': 'simulated' } }))
    const live = await serve(() => ({}))
    const made = pool([simulated.url, live.url])
    await made.call({ what: 'x', accept: text })
    expect(() => made.origin()).toThrow(/mixes live and simulated/)
  })

  it('stops at once on the signal', async () => {
    const node = await serve(() => ({ hang: true }))
    const stop = new AbortController()
    const call = pool([node.url], { timeoutMs: 5_000 }).call({ what: 'x', accept: text, signal: stop.signal })
    setTimeout(() => stop.abort(), 50)
    await expect(call).rejects.toMatchObject({ code: 'interrupted' })
  })
})
