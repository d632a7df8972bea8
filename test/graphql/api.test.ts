import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildSchema, isEnumType, isInputObjectType, isObjectType } from 'graphql'
import { afterEach, describe, expect, it } from 'vitest'
import { IndexerError } from '../../pipeline/model/errors.ts'
import type { Answer, Fake } from './fake.ts'
import { createFake, startFake } from './fake.ts'

const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const api of running.splice(0)) await api.close()
})
const start = async (fake: Fake = createFake(), more = {}) => {
  const api = await startFake(fake, more)
  running.push(api)
  return { fake, ...api }
}
/** The page that an answer to {@link series} holds. */
const pageOf = (answer: Answer) =>
  answer.data?.['metricSeries'] as unknown as { nodes: unknown[]; pageInfo: { endCursor: string } }
const series = (
  args: string,
  fields = 'nodes { date network metric value quality reason } pageInfo { hasNextPage endCursor }',
): string =>
  `{ metricSeries(metrics: [FEES_USD, SUBSIDY_RATIO], from: "2026-01-01", to: "2026-01-11", ${args}) { ${fields} } }`

describe('schema', () => {
  it('says what every type, field, argument and enum value means', async () => {
    const { url } = await start()
    const schema = buildSchema(await (await fetch(`${url}/schema.graphql`)).text())
    const bare: string[] = []
    let seen = 0
    const check = (name: string, description: string | null | undefined): void => {
      seen += 1
      if (!description) bare.push(name)
    }
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__') || ['String', 'Int', 'Float', 'Boolean', 'ID'].includes(type.name))
        continue
      check(type.name, type.description)
      if (isEnumType(type)) for (const v of type.getValues()) check(`${type.name}.${v.name}`, v.description)
      if (isObjectType(type) || isInputObjectType(type)) {
        for (const f of Object.values(type.getFields())) {
          check(`${type.name}.${f.name}`, f.description)
          if ('args' in f) for (const a of f.args) check(`${type.name}.${f.name}(${a.name})`, a.description)
        }
      }
    }
    expect(bare).toEqual([])
    expect(seen).toBeGreaterThan(100)
  })
})

describe('paging', () => {
  it('walks all values without loss or repeat, as of the instant of the first page', async () => {
    const { ask, fake } = await start()
    const seen: string[] = []
    let after = ''
    do {
      const { data } = await ask(series(`first: 7${after === '' ? '' : `, after: "${after}"`}`))
      const page = data?.['metricSeries'] as unknown as {
        nodes: { date: string; network: string; metric: string }[]
        pageInfo: { hasNextPage: boolean; endCursor: string }
      }
      seen.push(...page.nodes.map((n) => `${n.date} ${n.network} ${n.metric}`))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : ''
    } while (after !== '')
    expect(seen).toHaveLength(40)
    expect(new Set(seen).size).toBe(40)
    expect([...seen].sort((a, b) => a.slice(0, 10).localeCompare(b.slice(0, 10)))).toEqual(seen)
    expect(new Set(fake.asked.series.slice(1).map((q) => q.asOf))).toEqual(
      new Set([Date.parse('2026-02-01T00:00:01Z') / 1000]),
    )
  })

  it('walks all events', async () => {
    const { ask } = await start()
    const seen: string[] = []
    let after = 'null'
    do {
      const { data } = await ask(
        `{ events(first: 10, after: ${after}) { edges { cursor node { txHash amountRaw amount } } pageInfo { hasNextPage endCursor } } }`,
      )
      const page = data?.['events'] as unknown as {
        edges: { node: { txHash: string } }[]
        pageInfo: { hasNextPage: boolean; endCursor: string }
      }
      seen.push(...page.edges.map((e) => e.node.txHash))
      after = page.pageInfo.hasNextPage ? JSON.stringify(page.pageInfo.endCursor) : ''
    } while (after !== '')
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `hash-${i}`))
  })

  it('refuses a cursor of another query, and what is no cursor', async () => {
    const { ask } = await start()
    const cursor = pageOf(await ask(series('first: 3'))).pageInfo.endCursor
    const other = await ask(series(`lens: PURCHASE, first: 3, after: "${cursor}"`))
    expect(other.errors?.[0]?.message).toBe(
      'after: this cursor belongs to a query with other arguments; only `first` may differ',
    )
    const none = await ask(series('after: "xyz"'))
    expect(none.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'after' })
  })
})

describe('values', () => {
  it('are exact text, and null with a reason', async () => {
    const { ask } = await start()
    const page = pageOf(await ask(series('networks: [ALPHA, IO_NET], first: 4')))
    expect(page.nodes).toEqual([
      {
        date: '2026-01-01',
        network: 'ALPHA',
        metric: 'FEES_USD',
        value: '1.50',
        quality: 'COMPLETE',
        reason: null,
      },
      {
        date: '2026-01-01',
        network: 'ALPHA',
        metric: 'SUBSIDY_RATIO',
        value: '1.50',
        quality: 'COMPLETE',
        reason: null,
      },
      {
        date: '2026-01-01',
        network: 'IO_NET',
        metric: 'FEES_USD',
        value: null,
        quality: 'NO_COVERAGE',
        reason: 'no block had been read',
      },
      {
        date: '2026-01-01',
        network: 'IO_NET',
        metric: 'SUBSIDY_RATIO',
        value: null,
        quality: 'NO_COVERAGE',
        reason: 'no block had been read',
      },
    ])
    const events = await ask('{ events(first: 1) { nodes { amountRaw amount simulated } } }')
    expect(events.data).toEqual({
      events: {
        nodes: [
          { amountRaw: '12345678901234567890123', amount: '12345678901234567.890123', simulated: true },
        ],
      },
    })
  })
})

describe('limits', () => {
  const refused: [string, string, RegExp][] = [
    [
      'a page too long',
      series('first: 5001'),
      /first: 5001 rows were asked for; the limit metricRows is 5000/,
    ],
    ['an empty page', series('first: 0'), /first: 0 is not above zero/],
    ['too many events', '{ events(first: 501) { nodes { height } } }', /the limit eventRows is 500/],
    [
      'a period too long',
      '{ metricSeries(metrics: [FEES_USD], from: "2000-01-01", to: "2026-01-01") { nodes { date } } }',
      /the limit periodDays is 3700/,
    ],
    [
      'a period turned round',
      '{ metricSeries(metrics: [FEES_USD], from: "2026-01-02", to: "2026-01-01") { nodes { date } } }',
      /to: 2026-01-01 is not after from 2026-01-02/,
    ],
    [
      'a day that does not exist',
      '{ metricSeries(metrics: [FEES_USD], from: "2026-02-30", to: "2026-03-01") { nodes { date } } }',
      /from: '2026-02-30' is not a day/,
    ],
    [
      'an unknown metric',
      '{ metricSeries(metrics: [REVENUE], from: "2026-01-01", to: "2026-01-02") { nodes { date } } }',
      /REVENUE/,
    ],
    ['an unknown network', '{ network(slug: "alpa") { name } }', /no network 'alpa'.*Known: alpha, io-net/],
    [
      'too many aliases',
      `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: status { now }`).join(' ')} }`,
      /the limit queryAliases is 30/,
    ],
    ['a query too long', `{ ${'status { now } '.repeat(700)} }`, /token/i],
  ]
  it.each(refused)('%s', async (_, query, message) => {
    const { ask } = await start()
    const { errors } = await ask(query)
    expect(errors?.[0]?.message).toMatch(message)
  })

  it('a body too large', async () => {
    const { url } = await start()
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"query":"${' '.repeat(300_000)}"}`,
    })
    expect([response.status, await response.text()]).toEqual([
      413,
      expect.stringContaining('the limit is bodyBytes'),
    ])
  })

  it('forged requests, batches and bodies that are not JSON', async () => {
    const { url } = await start()
    const forged = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '{"query":"{ status { now } }"}',
    })
    expect(forged.status).toBe(400)
    const bare = await fetch(`${url}/graphql?query=${encodeURIComponent('{ networks { name } }')}`)
    expect(bare.status).toBe(400)
    const preflighted = await fetch(`${url}/graphql?query=${encodeURIComponent('{ networks { name } }')}`, {
      headers: { 'apollo-require-preflight': 'yes' },
    })
    expect([preflighted.status, await preflighted.json()]).toEqual([
      200,
      { data: { networks: [{ name: 'Alpha' }] } },
    ])
    expect((await fetch(`${url}/graphql?query=${encodeURIComponent('{ networks { name } }')}`)).status).toBe(
      400,
    )
    const broken = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":',
    })
    expect([broken.status, await broken.text()]).toEqual([
      400,
      expect.stringContaining('the body is not JSON'),
    ])
  })
})

describe('answers', () => {
  it('are kept until data changes, compressed, and 304 to who has them', async () => {
    const { url, fake } = await start()
    const ask = (headers: Record<string, string> = {}) =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query: series('first: 40') }),
      })
    const first = await ask()
    const etag = first.headers.get('etag') ?? ''
    expect([first.headers.get('content-encoding'), first.headers.get('x-depindex-origin')]).toEqual([
      'gzip',
      'simulated',
    ])
    expect((await first.text()).length).toBeGreaterThan(1_000)
    expect((await ask()).headers.get('etag')).toBe(etag)
    expect(fake.asked.series).toHaveLength(1)
    expect((await ask({ 'if-none-match': etag })).status).toBe(304)
    fake.version = '2'
    await ask()
    expect(fake.asked.series).toHaveLength(2)
  })

  it('of the present moment are not kept', async () => {
    const { ask } = await start()
    expect((await ask('{ status { now } }')).headers.get('cache-control')).toBe('no-store')
  })

  it('hide what is not meant for clients, and log it', async () => {
    const { ask, fake, log } = await start()
    fake.failure = new Error('password=secret')
    const masked = await ask(series('first: 1'))
    expect(JSON.stringify(masked.errors)).not.toContain('secret')
    expect(masked.errors?.[0]).toMatchObject({
      message: expect.stringMatching(/^internal error; the log has it under request id/),
      extensions: { code: 'INTERNAL' },
    })
    expect(log.join()).toContain('password=secret')
    fake.failure = new IndexerError('store-unavailable', 'the database is gone')
    const known = await ask(series('first: 2'))
    expect(known.errors?.[0]).toMatchObject({
      message: 'the database is gone',
      extensions: { code: 'STORE_UNAVAILABLE', errorCode: 'store-unavailable', retryable: true },
    })
    fake.failure = undefined
    expect((await ask(series('first: 2'))).errors).toBeUndefined()
  })
})

describe('routes', () => {
  it('say whether the server lives and is ready', async () => {
    const { url, fake } = await start()
    expect((await fetch(`${url}/health`)).status).toBe(200)
    expect((await fetch(`${url}/ready`)).status).toBe(200)
    fake.ready = new IndexerError('store-not-migrated', 'run: depindex migrate')
    const response = await fetch(`${url}/ready`)
    expect([response.status, await response.json()]).toEqual([
      503,
      { status: 'not ready', reason: 'run: depindex migrate' },
    ])
  })

  it('count for Prometheus, name what there is, and take only their methods', async () => {
    const { url } = await start()
    const missing = await fetch(`${url}/nothing`)
    expect([missing.status, await missing.json()]).toMatchObject([
      404,
      { known: expect.arrayContaining(['/graphql']) },
    ])
    const wrong = await fetch(`${url}/health`, { method: 'DELETE' })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
    expect(
      (await fetch(`${url}/graphql`, { method: 'OPTIONS' })).headers.get('access-control-allow-methods'),
    ).toBe('GET, POST')
    expect(await (await fetch(`${url}/metrics`)).text()).toContain(
      'depindex_http_requests_total{route="unknown",status="404"} 1',
    )
  })

  it('serve the dashboard under a policy that lets it ask no other host', async () => {
    const page = '<script type="importmap">{}</script>'
    const assets = new Map([['main.js', { type: 'text/javascript', text: 'go()' }]])
    const api = await startFake(createFake(), { dashboard: { page, assets } })
    for (const path of ['/', '/compare', '/network/arweave']) {
      const answer = await fetch(api.url + path)
      expect(await answer.text()).toBe(page)
      const policy = answer.headers.get('content-security-policy')
      expect(policy).toContain("default-src 'none'; script-src 'self' 'sha256-")
      expect(policy).toContain("connect-src 'self'")
    }
    expect(await (await fetch(`${api.url}/assets/main.js`)).text()).toBe('go()')
    expect((await fetch(`${api.url}/assets/other.js`)).status).toBe(404)
    await api.close()
  })

  it('refuse a port in use by name', async () => {
    const server = createServer()
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    await expect(startFake(createFake(), { port })).rejects.toThrow(
      `port ${port} on 127.0.0.1 is in use; set PORT to another one`,
    )
    server.close()
  })
})
