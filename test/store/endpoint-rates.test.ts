import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import { EndpointRates } from '../../pipeline/store/endpoint_rates.ts'
import { createDatabase } from '../support/database.ts'

let opened: Awaited<ReturnType<typeof createDatabase>>
beforeAll(async () => {
  opened = await createDatabase()
  await opened.db.pool.query("insert into worker (id, host, pid) values ('a', 'h', 1), ('b', 'h', 2)")
})
afterAll(() => opened.drop())

const fail = (error: unknown): never => {
  throw error
}

/** Waits until a limit is what it should be, at most ten seconds. */
async function settles(rates: EndpointRates, limit: number): Promise<void> {
  for (let i = 0; i < 100 && rates.limit('e') !== limit; i += 1) await pause(100)
  expect(rates.limit('e')).toBe(limit)
}

it('what one process found out binds the others, each to its part, and grows again while nobody is refused', async () => {
  const [one, other] = [new EndpointRates(opened.db, fail), new EndpointRates(opened.db, fail)]
  await settles(one, Number.POSITIVE_INFINITY)
  one.complained('e', 20)
  await settles(one, 20)
  await settles(other, 20)
  await opened.db.pool.query("insert into worker (id, host, pid) values ('c', 'h', 3), ('d', 'h', 4)")
  await settles(other, 10)
  await opened.db.pool.query("update endpoint_rate set changed_at = now() - interval '6 s'")
  await settles(one, 49 / 4)
  await one.close()
  await other.close()
}, 60_000)

it('keeps a process that starts late from being refused all over again', async () => {
  let refused = 0
  let served = 0
  let window = { at: 0, count: 0 }
  const node = createServer((_request, response) => {
    const at = Math.floor(performance.now() / 100)
    window = window.at === at ? { at, count: window.count + 1 } : { at, count: 1 }
    if (window.count > 4) {
      refused += 1
      response.writeHead(429).end()
    } else {
      served += 1
      response.end('ok')
    }
  })
  await new Promise<void>((done) => node.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(node.address() as AddressInfo).port}`
  const logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  }
  const rates = new EndpointRates(opened.db, fail)
  const pool = (): EndpointPool =>
    new EndpointPool({
      chain: 'c',
      variable: 'V',
      urls: [url],
      logger,
      now: () => performance.now(),
      attempts: 30,
      share: rates,
    })
  const ask = async (of: EndpointPool, times: number): Promise<void> => {
    await Promise.all(Array.from({ length: times }, () => of.call({ what: 'GET /', accept: () => true })))
  }
  const first = pool()
  await ask(first, 40)
  const learned = refused
  expect(learned).toBeGreaterThan(0)
  const second = pool()
  await ask(second, 20)
  expect(served).toBe(60)
  expect(refused - learned).toBeLessThan(Math.max(6, learned))
  await first.close()
  await second.close()
  await rates.close()
  node.close()
}, 60_000)
