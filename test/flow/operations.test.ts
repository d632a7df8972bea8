import { mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Devnet } from '../../devnet/start.ts'
import { startDevnet } from '../../devnet/start.ts'
import { day, dayStart } from '../../pipeline/model/time.ts'
import { openDatabase } from '../../pipeline/store/database.ts'
import { createDatabase } from '../support/database.ts'
import { dump } from '../support/dump.ts'
import { run, start } from '../support/process.ts'

let devnet: Devnet
const folder = mkdtempSync(join(tmpdir(), 'depindex-operations-'))
const opened: Awaited<ReturnType<typeof createDatabase>>[] = []

beforeAll(async () => {
  devnet = await startDevnet({ only: ['arweave'], seed: 4, days: 2, end: dayStart(day('2026-11-20')) })
})
afterAll(async () => {
  for (const { drop } of opened) await drop()
  await devnet.close()
  rmSync(folder, { recursive: true })
})

async function database() {
  const made = await createDatabase()
  opened.push(made)
  return { ...made, env: { DATABASE_URL: made.url, ...devnet.environment, CWD: folder, NETWORKS: 'arweave' } }
}

const history = (): string[] => ['backfill', 'arweave', '--from', String(devnet.arweave.first)]

/** Asks until the answer is wanted, at most half a minute. */
async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  for (let i = 0; i < 300; i += 1) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await pause(100)
  }
  throw new Error(`it never came to: ${what}`)
}

/** What a process writes to standard error as it runs. */
function overhear({ child }: ReturnType<typeof start>): () => string {
  let heard = ''
  child.stderr?.on('data', (d) => {
    heard += d
  })
  return () => heard
}

describe('backup and restore', () => {
  it('give a database that rebuilds to the same values, and refuse what is damaged', async () => {
    const one = await database()
    expect(await run(history(), { ...one.env, LOG_LEVEL: 'silent' })).toMatchObject({ code: 0 })
    await run(['rollup', '--no-prices'], one.env)
    const file = join(folder, 'depindex.backup')
    expect((await run(['backup', file], one.env)).stdout).toMatch(
      /wrote .*depindex\.backup: \d+ rows of \d+ tables/,
    )
    const two = await database()
    expect((await run(['restore', file], two.env)).stdout).toMatch(/restored \d+ rows/)
    expect(await dump(two.db)).toBe(await dump(one.db))
    expect((await run(['rollup', '--all', '--no-prices'], two.env)).stdout).toMatch(/ 0 changed/)
    expect(await dump(two.db)).toBe(await dump(one.db))
    expect((await run(['restore', file], two.env)).stderr).toMatch(/already holds data/)

    truncateSync(file, Math.floor(statSync(file).size / 2))
    const three = await database()
    expect((await run(['restore', file], three.env)).stderr).toMatch(
      /cannot read the backup .*unexpected end of file/,
    )
    expect((await three.db.pool.query('select count(*)::int as n from event')).rows).toEqual([{ n: 0 }])
    expect((await run(['restore', join(folder, 'none')], three.env)).stderr).toMatch(
      /cannot read the backup.*ENOENT/,
    )
    expect((await run(['backup', '/nowhere/x'], three.env)).stderr).toMatch(
      /cannot write \/nowhere\/x: ENOENT/,
    )
  }, 180_000)
})

describe('roles', () => {
  it('a writer reads, rolls up and works on the queue, and cannot change the schema', async () => {
    const { env, url } = await database()
    const name = `writer_${Math.random().toString(36).slice(2, 10)}`
    const made = await run(['migrate', '--writer-role', name], {
      ...env,
      WRITER_PASSWORD: 'planted-password',
    })
    expect(made).toMatchObject({ code: 0 })
    const own = new URL(url)
    own.username = name
    own.password = 'planted-password'
    const asWriter = { ...env, DATABASE_URL: own.toString(), LOG_LEVEL: 'warn' }
    const read = await run(history(), asWriter)
    expect([read.code, read.stderr]).toEqual([0, expect.not.stringMatching(/permission|planted/)])
    expect(await run(['rollup', '--no-prices'], asWriter)).toMatchObject({ code: 0 })
    expect(await run(['status'], asWriter)).toMatchObject({ code: 0 })
    expect(await run(['retry'], asWriter)).toMatchObject({ code: 0 })
    const db = await openDatabase({ url: own.toString(), origin: 'the test' })
    for (const sql of [
      'drop table event',
      'create table public.x (a int)',
      'alter table event add x int',
      'create role y',
      'delete from kysely_migration',
      'truncate event',
    ])
      await expect(db.pool.query(sql), sql).rejects.toThrow(/permission denied|must be owner/)
    await db.close()
  }, 180_000)
})

describe('metrics and stopping', () => {
  it('a worker tells what it asks of nodes and what waits, and stops within five seconds of silence', async () => {
    const { env } = await database()
    await run(['migrate'], env)
    const working = start(['worker'], { ...env, METRICS_PORT: '0' })
    const heard = overhear(working)
    const url = await until('an address', async () => /metrics at (\S+)/.exec(heard())?.[1])
    const asking = start([...history(), '--workers', '1'], { ...env, LOG_LEVEL: 'silent' })
    const text = await until('requests', async () => {
      const answer = await (await fetch(url)).text()
      return /depindex_endpoint_requests_total\{chain="arweave",endpoint="[^"]+"\} [1-9]/.test(answer)
        ? answer
        : undefined
    })
    for (const name of [
      'endpoint_failures_total',
      'database_up 1',
      'workers ',
      'rollup_waiting_seconds',
      'stale_days',
    ])
      expect(text).toContain(`depindex_${name}`)
    // Every node falls silent, so that requests under way hang.
    devnet.faults.set([{ kind: 'no-answer' }])
    await pause(300)
    const asked = performance.now()
    working.child.kill('SIGTERM')
    asking.child.kill('SIGTERM')
    expect((await working.finished).code).toBe(0)
    expect((await asking.finished).code).toBe(130)
    expect(performance.now() - asked).toBeLessThan(5_000)
    devnet.faults.set([])
  }, 120_000)

  it('up serves every figure of the alert file, and stops within five seconds of silence', async () => {
    const { env } = await database()
    const running = start(['up'], { ...env, PORT: '0', LOG_LEVEL: 'info' })
    const heard = overhear(running)
    const api = await until('an address', async () => /serves (\S+)\/graphql/.exec(heard())?.[1])
    const text = await until('figures', async () => {
      const answer = await (await fetch(`${api}/metrics`)).text()
      return answer.includes('depindex_chain_seen_age_seconds{') ? answer : undefined
    })
    for (const name of await alertNames())
      expect(text, name).toContain(`# TYPE ${name.replace(/_(bucket|count|sum)$/, '')}`)
    devnet.faults.set([{ kind: 'no-answer' }])
    await pause(300)
    const asked = performance.now()
    running.child.kill('SIGTERM')
    expect((await running.finished).code).toBe(0)
    expect(performance.now() - asked).toBeLessThan(5_000)
    devnet.faults.set([])
  }, 120_000)
})

/** Names of the figures that the example alerts ask for. */
async function alertNames(): Promise<string[]> {
  const { readFileSync } = await import('node:fs')
  const text = readFileSync(new URL('../../docs/operations/alerts.yml', import.meta.url), 'utf8')
  const names = [...new Set(text.match(/depindex_[a-z_]+/g) ?? [])]
  expect(names.length).toBeGreaterThan(8)
  return names
}

describe('secrets', () => {
  it('of addresses, keys and the database reach no log, error, figure, status or answer', async () => {
    const planted = [
      'planted0path1key2planted3',
      'planted-query',
      'planted-user',
      'planted-word',
      'planted-pass',
    ]
    // A node that repeats what it was asked, as many do, in every way of failing.
    let asked = 0
    const server = createServer((request, response) => {
      asked += 1
      const echo = `Cannot ${request.method} ${request.url} with ${planted.join(' ')}`
      if (asked % 4 === 0)
        response
          .writeHead(302, { location: `http://other.example${request.url}?key=planted-query` })
          .end(echo)
      else if (asked % 4 === 1) response.writeHead(200, { 'content-type': 'text/html' }).end(echo)
      else if (asked % 4 === 2) response.writeHead(403).end(echo)
      else response.writeHead(500).end(echo)
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    const node = `http://planted-user:planted-word@127.0.0.1:${port}/v2/${planted[0]}`
    const { env, url, db } = await database()
    const address = new URL(url)
    const role = `planted_${Math.random().toString(36).slice(2, 10)}`
    await db.pool.query(`create role ${role} login superuser password 'planted-pass'`)
    address.username = role
    address.password = 'planted-pass'
    const leaky = {
      ...env,
      DATABASE_URL: address.toString(),
      ARWEAVE_URLS: node,
      LLAMA_COINS_BASE_URL: node,
      COINGECKO_API_KEY: 'planted-query',
      API_KEYS: 'me:planted-word-two',
      LOG_LEVEL: 'trace',
      PORT: '0',
    }
    const said: string[] = []
    const say = async (args: string[], more = {}): Promise<void> => {
      const { stdout, stderr } = await run(args, { ...leaky, ...more })
      said.push(stdout, stderr)
    }
    await say(['migrate'])
    await say(history())
    const running = start(['up'], leaky)
    const heard = overhear(running)
    const api = await until('an address', async () => /serves (\S+)\/graphql/.exec(heard())?.[1])
    await until(
      'an error',
      async () => (await db.pool.query('select 1 from chain where error is not null')).rows[0],
    )
    said.push(await (await fetch(`${api}/metrics`)).text())
    const answer = await fetch(`${api}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': 'planted-word-two' },
      body: JSON.stringify({ query: '{ status { chains { chain lastError } } }' }),
    })
    said.push(await answer.text())
    await say(['status'])
    await say(['status', '--json'])
    await say(['rollup'])
    running.child.kill('SIGTERM')
    said.push((await running.finished).stderr)
    await say(['status'], {
      DATABASE_URL: 'postgres://planted-user:planted-pass@127.0.0.1:9/x?password=planted-query',
    })
    await say(['status'], { DATABASE_URL: 'mysql://planted-user:planted-pass@127.0.0.1:9/x' })
    await say(['status'], { ARWEAVE_URLS: `ftp://planted-user:planted-word@x/${planted[0]}` })
    const all = said.join('\n')
    expect(all).toContain('arweave is not read on')
    expect(all).toMatch(/answered 302 to .*not followed/)
    for (const line of all.split('\n'))
      for (const secret of [...planted, 'planted-word-two']) expect(line).not.toContain(secret)
    server.close()
    server.closeAllConnections()
    await opened.at(-1)?.drop()
    opened.pop()
  }, 180_000)
})
