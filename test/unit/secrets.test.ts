import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import { hideSecrets, secretsOf } from '../../pipeline/model/secrets.ts'
import { createTestLogger } from '../support/chain.ts'

describe('secrets of an address', () => {
  it('are user, password, values of the query and long path parts, as written and as meant', () => {
    expect(
      secretsOf(
        'https://me%40x:pass%20word@node.example/v2/0123456789abcdefghij/rpc?key=queryvalue&n=1',
      ).sort(),
    ).toEqual(
      [
        'me%40x',
        'me@x',
        'me%2540x',
        'pass%20word',
        'pass word',
        'pass%2520word',
        '0123456789abcdefghij',
        'queryvalue',
      ].sort(),
    )
    expect(secretsOf('not an address')).toEqual([])
  })

  it('are hidden in any text, the longest first', () => {
    expect(hideSecrets('GET /v2/abcdef?abcd failed', ['abcd', 'abcdef', 'x'])).toBe('GET /v2/***?*** failed')
  })
})

describe('a pool of endpoints', () => {
  it('follows no redirect, and hides its keys in what nodes say', async () => {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(request.url ?? '')
      if (asked.length > 1) response.writeHead(502).end('down')
      else response.writeHead(307, { location: `http://127.0.0.1:${port}/inside?key=planted-key` }).end()
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    const pool = new EndpointPool({
      chain: 'arweave',
      variable: 'ARWEAVE_URLS',
      urls: [`http://127.0.0.1:${port}/v2/planted0path1key2planted3`],
      logger: createTestLogger('warnings'),
      now: () => performance.now(),
      attempts: 1,
    })
    await expect(pool.call({ what: 'GET /info', path: '/info', accept: (a) => a.text })).rejects.toThrow(
      `answered 307 to http://127.0.0.1:${port}/inside?key=***, which is not followed; name the address that answers in ARWEAVE_URLS`,
    )
    expect(asked).toEqual(['/v2/planted0path1key2planted3/info'])
    await pool.close()
    server.close()
  })
})
