import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { readPersistedQueries } from '../../graphql/persisted.ts'
import { createFake, startFake } from './fake.ts'

const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const api of running.splice(0)) await api.close()
})
const start = async (more = {}) => {
  const fake = createFake()
  const api = await startFake(fake, more)
  running.push(api)
  return { ...api, fake }
}
const query = '{ networks { name } }'
const post = (url: string, body: object, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
const open = { apiKeys: [], pointsPerMinute: 0, trustedProxies: 0 }

describe('keys', () => {
  const guard = { ...open, apiKeys: [{ name: 'me', key: 'open-sesame' }] }

  it('open the API by each of the three ways, and nothing else does', async () => {
    const { url } = await start({ guard })
    const statuses = async (headers: Record<string, string>, search = '') =>
      (await post(`${url}/graphql${search}`, { query }, headers)).status
    expect([
      await statuses({ authorization: 'Bearer open-sesame' }),
      await statuses({ 'x-api-key': 'open-sesame' }),
      await statuses({}, '?key=open-sesame'),
      await statuses({}),
      await statuses({ 'x-api-key': 'open-sesam' }),
      await statuses({ authorization: 'Basic open-sesame' }),
    ]).toEqual([200, 200, 200, 401, 401, 401])
  })

  it('are not asked for by health checks and preflights, and keep answers out of shared caches', async () => {
    const { url } = await start({ guard })
    expect((await fetch(`${url}/health`)).status).toBe(200)
    expect((await fetch(`${url}/graphql`, { method: 'OPTIONS' })).status).toBe(204)
    const answer = await post(`${url}/graphql?key=open-sesame`, { query })
    expect(answer.headers.get('cache-control')).toMatch(/^private/)
    const refused = await post(`${url}/graphql`, { query })
    expect([refused.headers.get('www-authenticate'), await refused.json()]).toMatchObject([
      'Bearer',
      { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    ])
  })
})

describe('the rate limit', () => {
  it('counts down in headers and ends with 429 and when to ask again', async () => {
    const { url } = await start({ guard: { ...open, pointsPerMinute: 2 } })
    const seen: (string | number | null)[][] = []
    for (let i = 0; i < 3; i += 1) {
      const { status, headers } = await post(`${url}/graphql`, { query })
      seen.push([status, headers.get('ratelimit-limit'), headers.get('ratelimit-remaining')])
      if (i < 2) continue
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      expect(headers.get('retry-after')).toBe(headers.get('ratelimit-reset'))
    }
    expect(seen).toEqual([
      [200, '2', '1'],
      [200, '2', '0'],
      [429, '2', '0'],
    ])
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })

  it('charges a large query more than a small one', async () => {
    const { url } = await start({ guard: { ...open, pointsPerMinute: 100 } })
    const large =
      '{ metricSeries(metrics: [FEES_USD], from: "2026-01-01", to: "2026-01-02", first: 5000) { nodes { date } } }'
    await post(`${url}/graphql`, { query: large })
    const { headers } = await post(`${url}/graphql`, { query })
    expect(headers.get('ratelimit-remaining')).toBe('93')
  })

  it('counts clients apart behind a proxy that is trusted, and not otherwise', async () => {
    const remaining = async (trustedProxies: number) => {
      const { url } = await start({ guard: { ...open, pointsPerMinute: 10, trustedProxies } })
      await post(`${url}/graphql`, { query }, { 'x-forwarded-for': '10.0.0.1' })
      const { headers } = await post(`${url}/graphql`, { query }, { 'x-forwarded-for': '10.0.0.2' })
      return headers.get('ratelimit-remaining')
    }
    expect([await remaining(1), await remaining(0)]).toEqual(['9', '8'])
  })
})

describe('persisted queries', () => {
  const sha = (text: string): string => createHash('sha256').update(text).digest('hex')
  const hashed = (text: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: sha(text) } } })

  it('are kept by their hash, so that the next request need not send the text', async () => {
    const { url } = await start()
    const missing = await post(`${url}/graphql`, hashed(query))
    expect(await missing.json()).toMatchObject({
      errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    })
    await post(`${url}/graphql`, { query, ...hashed(query) })
    const found = await post(`${url}/graphql`, hashed(query))
    expect(await found.json()).toEqual({ data: { networks: [{ name: 'Alpha' }] } })
  })

  it('can be the only ones that are answered', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'depindex-persisted-'))
    const file = join(folder, 'list.json')
    writeFileSync(file, JSON.stringify([query]))
    const { url } = await start({ persisted: readPersistedQueries(file) })
    const ask = async (body: object) => {
      const answer = await post(`${url}/graphql`, body)
      return [answer.status, JSON.stringify(await answer.json())]
    }
    const data = '{"data":{"networks":[{"name":"Alpha"}]}}'
    expect(await ask({ query })).toEqual([200, data])
    expect(await ask(hashed(query))).toEqual([200, data])
    expect(await ask({ query: '{ networks { id } }' })).toEqual([
      403,
      expect.stringContaining('QUERY_NOT_ALLOWED'),
    ])
    expect((await ask({}))[0]).toBe(403)
    const got = await fetch(
      `${url}/graphql?extensions=${encodeURIComponent(JSON.stringify(hashed(query).extensions))}`,
      { headers: { 'apollo-require-preflight': 'yes' } },
    )
    expect(await got.text()).toBe(`${data}\n`)
    writeFileSync(file, '{"a": 1}')
    expect(() => readPersistedQueries(file)).toThrow(/PERSISTED_QUERIES: .*list\.json holds no list/)
    rmSync(folder, { recursive: true })
  })
})

describe('answers as of a past instant', () => {
  const series = (asOf: string, fields = 'nodes { date }'): string =>
    `{ metricSeries(metrics: [FEES_USD], from: "2026-01-01", to: "2026-01-03" ${asOf}) { ${fields} } }`
  it.each([
    ['never change', series(', asOf: "2026-01-05T00:00:00Z"'), 'public, max-age=31536000, immutable'],
    ['may change where no instant is given', series(''), 'public, max-age=30, stale-while-revalidate=300'],
    [
      'may change where the instant is so near that something may still be published for it',
      series(', asOf: "2026-01-31T23:30:00Z"'),
      'public, max-age=30, stale-while-revalidate=300',
    ],
    [
      'never change with their events either',
      series(', asOf: "2026-01-05T00:00:00Z"', 'nodes { events { txHash } }'),
      'public, max-age=31536000, immutable',
    ],
  ])('%s', async (_, text, expected) => {
    const { url } = await start()
    expect((await post(`${url}/graphql`, { query: text })).headers.get('cache-control')).toBe(expected)
  })
})

describe('what is no request', () => {
  it('is answered with 400, and the server goes on', async () => {
    const { url } = await start()
    const { port } = new URL(url)
    const said = await new Promise<string>((done) => {
      let text = ''
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write('GET // HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'),
      )
      socket.on('data', (d) => {
        text += d
      })
      socket.on('close', () => done(text))
    })
    expect(said).toMatch(/^HTTP\/1\.1 400/)
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })
})
