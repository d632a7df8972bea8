import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { buildSchema } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GoldenApi, openGoldenApi } from '../support/api.ts'
import { createQueryMaker } from '../support/fuzz.ts'
import { seeded } from '../support/random.ts'

/** How many queries are tried: `FUZZ=10000` for all of them. */
const count = Number(process.env['FUZZ'] ?? 300)
const seed = Number(process.env['FUZZ_SEED'] ?? 7)

let golden: GoldenApi
const log: string[] = []
beforeAll(async () => {
  const keep = (message: string, facts?: object): void => void log.push(`${message} ${JSON.stringify(facts)}`)
  golden = await openGoldenApi({
    logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: keep },
  })
})
afterAll(() => golden.close())

const ask = (query: string): Promise<Response> =>
  fetch(`${golden.api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })

describe('whatever is asked', () => {
  it(
    `is answered or refused by name, never by accident (${count} queries of seed ${seed})`,
    async () => {
      const schema = buildSchema(await (await fetch(`${golden.api.url}/schema.graphql`)).text())
      const make = createQueryMaker(schema, seeded(seed))
      let answered = 0
      for (let i = 0; i < count; i += 1) {
        const query = make()
        const response = await ask(query)
        const text = await response.text()
        expect([200, 400], `${i}: ${query}\n${text.slice(0, 500)}`).toContain(response.status)
        expect(text, `${i}: ${query}`).not.toMatch(/"INTERNAL|node_modules|\.ts:\d+|select .* from /)
        if (response.status === 200 && !text.startsWith('{"errors"')) answered += 1
      }
      expect(log).toEqual([])
      // Most of them must get as far as the store, or nothing is tested.
      expect(answered).toBeGreaterThan(count / 3)
    },
    60_000 + count * 200,
  )

  const nested = (depth: number): string =>
    `{ metricSeries(metrics: [FEES_USD], from: "2026-01-01", to: "2026-01-02") { nodes { flows { events { nodes { ${'legs { '.repeat(depth)}txHash${' }'.repeat(depth)} } } } } } }`
  const bombs: [string, string, RegExp][] = [
    ['deep', nested(50), /queryDepth/],
    [
      'aliased',
      `{ ${Array.from({ length: 100 }, (_, i) => `a${i}: networks { name }`).join(' ')} }`,
      /queryAliases/,
    ],
    ['long', `{ ${'networks { name } '.repeat(2_000)} }`, /token/i],
    [
      'of fragments that spread each other',
      `{ networks { ...f0 } } ${Array.from({ length: 25 }, (_, i) => `fragment f${i} on NetworkInfo { ...f${i + 1} ...f${i + 1} }`).join(' ')} fragment f25 on NetworkInfo { a: name b: name }`,
      /queryAliases/,
    ],
    [
      'of fragments in a circle',
      '{ networks { ...a } } fragment a on NetworkInfo { ...b } fragment b on NetworkInfo { ...a }',
      /itself/,
    ],
    [
      'of pages in pages',
      '{ metricSeries(metrics: [FEES_USD], from: "2026-01-01", to: "2026-01-02", first: 5000) { nodes { flows(first: 1000) { events(first: 500) { nodes { txHash } } } } } }',
      /queryRows/,
    ],
    [
      'of long lists',
      `{ metricSeries(metrics: [${'FEES_USD, '.repeat(1_900)}], from: "2026-01-01", to: "2026-01-02") { nodes { value } } }`,
      /token|"value"/i,
    ],
  ]
  it.each(bombs)('a bomb that is %s is refused or harmless, at once', async (_, query, expected) => {
    const startedAt = performance.now()
    const text = await (await ask(query)).text()
    expect(text).toMatch(expected)
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })
})

describe('a thousand slow clients', () => {
  // Times of a busy machine: what must hold is that it can be so.
  it('keep nobody waiting, and no memory', { retry: 2 }, async () => {
    const port = Number(new URL(golden.api.url).port)
    const medianMs = async (): Promise<number> => {
      const times: number[] = []
      for (let i = 0; i < 40; i += 1) {
        const startedAt = performance.now()
        await (await ask(`{ networks { name } status { now } }`)).text()
        times.push(performance.now() - startedAt)
      }
      return times.sort((a, b) => a - b)[20] ?? 0
    }
    await medianMs()
    const alone = await medianMs()
    const before = process.memoryUsage().rss
    const sockets: Socket[] = []
    for (let i = 0; i < 1_000; i += 1) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined)
      // Half of them never end their headers, half promise a body that they do not send.
      const head = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 200000\r\n`
      await new Promise<void>((done) =>
        socket.write(i % 2 === 0 ? head : `${head}\r\n{"query":"`, () => done()),
      )
      sockets.push(socket)
    }
    const crowded = await medianMs()
    const grown = process.memoryUsage().rss - before
    for (const socket of sockets) socket.destroy()
    // Both sides of the thousand connections are in this process.
    expect(grown).toBeLessThan(300 * 1024 * 1024)
    expect(crowded).toBeLessThan(Math.max(2 * alone, alone + 15))
    expect((await fetch(`${golden.api.url}/health`)).status).toBe(200)
  })
})
