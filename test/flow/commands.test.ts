import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Devnet } from '../../devnet/start.ts'
import { startDevnet } from '../../devnet/start.ts'
import { day, dayStart } from '../../pipeline/model/time.ts'
import { createDatabase } from '../support/database.ts'
import { run, start } from '../support/process.ts'

let devnet: Devnet
let opened: Awaited<ReturnType<typeof createDatabase>>
let folder: string
let env: Record<string, string>

beforeAll(async () => {
  devnet = await startDevnet({ only: ['arweave'], seed: 3, days: 4, end: dayStart(day('2026-11-20')) })
  opened = await createDatabase()
  folder = mkdtempSync(join(tmpdir(), 'depindex-commands-'))
  env = {
    DATABASE_URL: opened.url,
    ...devnet.environment,
    CWD: folder,
    LOG_LEVEL: 'error',
  }
})
afterAll(async () => {
  await opened.drop()
  await devnet.close()
  rmSync(folder, { recursive: true })
})

const count = async (sql: string): Promise<number> => Number((await opened.db.pool.query(sql)).rows[0]?.n)

describe('bad input', () => {
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const refused = async (args: string[], more: Record<string, string>, message: RegExp): Promise<void> => {
    const { code, stderr, stdout } = await run(args, { ...env, ...more })
    expect(stderr.trim()).toMatch(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect([code, stdout]).toEqual([1, ''])
    expect(await count('select count(*) as n from event')).toBe(0)
  }
  it('an unknown network', () =>
    refused(['backfill', 'hellium'], {}, /unknown network 'hellium'; known: helium, .*arweave/))
  it('an unknown stream', () =>
    refused(
      ['backfill', 'arweave', '--stream', 'x'],
      {},
      /--stream: arweave has no stream 'x'; it has inflation/,
    ))
  it('a reversed range', () =>
    refused(['backfill', 'arweave', '--from', '200', '--to', '100'], {}, /--from 200 is after --to 100/))
  it('a reversed period', () =>
    refused(
      ['backfill', 'arweave', '--from', '2026-02-01', '--to', '2026-01-01'],
      {},
      /--from 2026-02-01 is after --to 2026-01-01/,
    ))
  it('a height beyond the head', () =>
    refused(
      ['backfill', 'arweave', '--to', '99999999'],
      {},
      /--to 99999999 is above the finalized height \d+ of arweave \(its head is \d+\)/,
    ))
  it('a range that is none', () =>
    refused(
      ['backfill', 'arweave', '--from', 'tomorrow'],
      {},
      /--from: 'tomorrow' is neither a height nor a day/,
    ))
  it('days that have not begun', () =>
    refused(['backfill', 'arweave', '--from', '2999-01-01'], {}, /--from 2999-01-01 is in the future/))
  it('days after the end of a stream', () =>
    refused(
      ['backfill', 'render', '--stream', 'escrowedEthereum', '--from', '2026-01-01'],
      {},
      /escrowedEthereum cannot happen from 2026-01-01 to now/,
    ))
  it('too many workers', () =>
    refused(
      ['backfill', 'arweave', '--workers', '0'],
      {},
      /--workers: '0' is not a whole number from 1 to 64/,
    ))
  it('a malformed price file', () =>
    refused(
      [
        'prices',
        'import',
        file('p.csv', 'token,date,usd,author\nAR,2026-01-01,2,me\nAR,2026-01-02,two,me\n'),
      ],
      {},
      /p\.csv line 3: 'two' is not a plain decimal number/,
    ))
  it('a missing price file', () =>
    refused(['prices', 'import', 'none.csv'], {}, /cannot read none\.csv: ENOENT/))
  it('a bad port', () => refused(['serve'], { PORT: '70000' }, /PORT: must be from 0 to 65535/))
  it('a bad address of a node', () =>
    refused(['backfill', 'arweave'], { ARWEAVE_URLS: 'ftp://x' }, /ARWEAVE_URLS: must be http/))
  it('a bad log level', () => refused(['status'], { LOG_LEVEL: 'loud' }, /LOG_LEVEL: must be trace/))
  it('a bad network setting', () =>
    refused(['up'], { NETWORKS: 'arweave,x' }, /NETWORKS: unknown network 'x'/))
  it('a database address that is none', () =>
    refused(['migrate'], { DATABASE_URL: 'mysql://x' }, /DATABASE_URL is not a Postgres address/))
  it('an unreachable database', () =>
    refused(
      ['status'],
      { DATABASE_URL: 'postgres://u:secret@127.0.0.1:9/x' },
      /^(?!.*secret).*cannot use the database at postgres:\/\/127\.0\.0\.1:9\/x \(DATABASE_URL\): connect ECONNREFUSED/,
    ))
  it('a database that does not exist', () =>
    refused(
      ['status'],
      { DATABASE_URL: opened.url.replace(/\/t_\w+$/, '/nowhere') },
      /database "nowhere" does not exist/,
    ))
  it(
    'an unreachable node',
    () =>
      refused(
        ['backfill', 'arweave'],
        { ARWEAVE_URLS: 'http://127.0.0.1:9' },
        /arweave: GET \/info failed at every endpoint \(http:\/\/127\.0\.0\.1:9: connect ECONNREFUSED.*ARWEAVE_URLS/,
      ),
    90_000,
  )
  it('a port in use', async () => {
    const server = createServer()
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    await refused(['serve'], { PORT: String(port) }, new RegExp(`${port}.*PORT`))
    server.close()
  })
  it('a read-only database', async () => {
    const admin = new pg.Client(opened.url)
    await admin.connect()
    await admin.query(
      `alter database ${new URL(opened.url).pathname.slice(1)} set default_transaction_read_only = on`,
    )
    await refused(['backfill', 'arweave'], {}, /the database .*read-only/)
    await admin.query('begin read write')
    await admin.query(
      `alter database ${new URL(opened.url).pathname.slice(1)} reset default_transaction_read_only`,
    )
    await admin.query('commit')
    await admin.end()
  })
})

describe('the whole way', () => {
  it('estimates without reading, reads, resumes, rolls up, verifies, exports and reports', async () => {
    const { first } = devnet.arweave
    const estimate = await run(['backfill', 'arweave', '--from', String(first), '--dry-run', '--json'], env)
    expect(JSON.parse(estimate.stdout)).toMatchObject([
      { chain: 'arweave', from: first, heights: devnet.arweave.head - 50 - first + 1 },
    ])
    expect(await count('select count(*) as n from event')).toBe(0)

    const read = await run(['backfill', 'arweave', '--from', String(first), '--json'], env)
    expect(read.stderr).toBe(`arweave: the endpoint serves simulated data\n`)
    expect(JSON.parse(read.stdout)).toMatchObject([
      {
        chain: 'arweave',
        origin: 'simulated',
        to: devnet.arweave.head - 50,
        gaps: [{ from: first }, { from: first }, { from: first }],
      },
    ])
    expect(await count('select max(height) as n from event')).toBeLessThanOrEqual(devnet.arweave.head - 50)
    const again = await run(['backfill', 'arweave', '--from', String(first + 1), '--json'], env)
    expect(JSON.parse(again.stdout)).toMatchObject([{ heights: 0, events: 0, gaps: [] }])

    const rolled = await run(['rollup'], env)
    expect(rolled.code).toBe(0)
    const metrics = await run(
      ['export', 'metrics', '--out', '-', '--from', '2026-11-16', '--to', '2026-11-19'],
      env,
    )
    const rows = metrics.stdout
      .trim()
      .split('\n')
      .map((line) => line.split(','))
      .filter((r, i) => i === 0 || r[2] === 'arweave')
    expect(rows.find((r) => r[0] === '2026-11-17' && r[3] === 'subsidy_ratio')?.[6]).toBe('COMPLETE')
    expect(rows.find((r) => r[0] === '2026-11-19' && r[3] === 'fees_usd')?.slice(4, 7)).toEqual([
      '',
      'USD',
      'PENDING',
    ])
    expect(
      rows
        .slice(1)
        .filter((r) => r[6] !== 'COMPLETE')
        .every((r) => r[4] === '' && r[7] !== ''),
    ).toBe(true)
    const events = await run(
      ['export', 'events', '--out', 'events.csv', '--from', '2026-11-16', '--to', '2026-11-19'],
      env,
    )
    expect([events.code, events.stderr]).toEqual([0, 'wrote events.csv\n'])

    const verified = await run(['verify', 'arweave', '--json'], env)
    expect([
      verified.code,
      JSON.parse(verified.stdout).map((p: { name: string; verdict: string }) => [p.name, p.verdict]),
    ]).toEqual([
      0,
      [
        ['fees = feesFromHeaders', 'held'],
        ['endowmentTakes = 0', 'held'],
      ],
    ])
    await opened.db.pool.query(
      "update event set amount_raw = amount_raw + 1 where (stream_id, tx_id) = (select stream_id, tx_id from event join stream s on s.id = stream_id where s.name = 'fees' order by height desc limit 1)",
    )
    const broken = await run(['verify', 'arweave'], env)
    expect([broken.code, broken.stdout]).toEqual([
      1,
      expect.stringMatching(/FAILED, residual 0\.000000000001 AR/),
    ])

    const status = await run(['status', '--json'], env)
    expect(JSON.parse(status.stdout)).toMatchObject({
      staleDays: 0,
      chains: [{ chain: 'arweave', origin: 'simulated', lastError: null }],
    })
  }, 120_000)

  it('refuses live-looking data in a database of simulated data', async () => {
    const other = await startDevnet({
      only: ['arweave'],
      seed: 3,
      days: 1,
      end: dayStart(day('2026-11-20')),
      misbehave: [{ kind: 'wrong-chain' }],
    })
    const { code, stderr } = await run(['backfill', 'arweave'], { ...env, ARWEAVE_URLS: other.urls.arweave })
    expect([code, stderr]).toEqual([1, expect.stringMatching(/arweave/)])
    await other.close()
  }, 90_000)
})

describe('up', () => {
  it('serves while no node answers, follows when one does, and stops within five seconds', async () => {
    const fresh = await createDatabase()
    const server = createServer()
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    await new Promise((done) => server.close(done))
    const { child, finished } = start(['up'], {
      ...env,
      DATABASE_URL: fresh.url,
      PORT: String(port),
      ARWEAVE_URLS: 'http://127.0.0.1:9',
      NETWORKS: 'arweave',
      LOG_LEVEL: 'info',
    })
    const health = async (): Promise<number> => {
      try {
        return (await fetch(`http://127.0.0.1:${port}/ready`)).status
      } catch {
        return 0
      }
    }
    for (let i = 0; i < 100 && (await health()) !== 200; i += 1)
      await new Promise((done) => setTimeout(done, 100))
    expect(await health()).toBe(200)
    for (let i = 0; i < 300; i += 1) {
      const { rows } = await fresh.db.pool.query('select error from chain where error is not null')
      if (rows.length > 0) break
      await new Promise((done) => setTimeout(done, 100))
    }
    const asked = performance.now()
    child.kill('SIGTERM')
    const { code, stderr } = await finished
    expect(performance.now() - asked).toBeLessThan(5_000)
    expect(code).toBe(0)
    expect(stderr).toMatch(
      /GET \/info failed at every endpoint \(http:\/\/127\.0\.0\.1:9: connect ECONNREFUSED/,
    )
    expect(stderr).toMatch(/trying again in/)
    await fresh.drop()
  }, 90_000)
})
