import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Devnet } from '../../devnet/start.ts'
import { startDevnet } from '../../devnet/start.ts'
import { day, dayStart } from '../../pipeline/model/time.ts'
import type { Database } from '../../pipeline/store/database.ts'
import { createDatabase } from '../support/database.ts'
import { dump } from '../support/dump.ts'
import { run, start } from '../support/process.ts'

let devnet: Devnet
const opened: Awaited<ReturnType<typeof createDatabase>>[] = []
const folder = mkdtempSync(join(tmpdir(), 'depindex-workers-'))

beforeAll(async () => {
  devnet = await startDevnet({ only: ['arweave'], seed: 9, days: 5, end: dayStart(day('2026-11-20')) })
})
afterAll(async () => {
  for (const { drop } of opened) await drop()
  await devnet.close()
  rmSync(folder, { recursive: true })
})

async function database(): Promise<{ db: Database; env: Record<string, string> }> {
  const made = await createDatabase()
  opened.push(made)
  const env = { DATABASE_URL: made.url, ...devnet.environment, CWD: folder, LOG_LEVEL: 'silent' }
  return { db: made.db, env }
}

const backfill = (): string[] => ['backfill', 'arweave', '--from', String(devnet.arweave.first)]

/** Waits, at most twenty seconds, until a question is answered with yes. */
async function until(what: string, yes: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i += 1) {
    if (await yes()) return
    await pause(100)
  }
  throw new Error(`it never came to: ${what}`)
}

const ask = async (db: Database, sql: string): Promise<number> =>
  Number((await db.pool.query(sql)).rows[0]?.n ?? 0)

it('several processes share a backfill, and one that is killed loses and doubles nothing', async () => {
  const clean = await database()
  expect((await run(backfill(), clean.env)).code).toBe(0)

  const shared = await database()
  await run(['migrate'], shared.env)
  const workers = [1, 2].map(() => start(['worker', '--concurrency', '2'], shared.env))
  await until('two workers', async () => (await ask(shared.db, 'select count(*) as n from worker')) === 2)
  const asking = start([...backfill(), '--workers', '1'], shared.env)
  await until(
    'a worker that holds a job',
    async () =>
      (await ask(
        shared.db,
        `select count(*) as n from graphile_worker.jobs j, worker w where w.pid = ${workers[0]?.child.pid} and j.locked_by = w.id`,
      )) > 0,
  )
  workers[0]?.child.kill('SIGKILL')
  expect(await asking.finished).toMatchObject({ code: 0 })
  workers[1]?.child.kill('SIGTERM')
  expect((await workers[1]?.finished)?.code).toBe(0)

  await run(['rollup', '--no-prices'], shared.env)
  await run(['rollup', '--no-prices'], clean.env)
  expect(await dump(shared.db)).toBe(await dump(clean.db))
  expect(await ask(shared.db, 'select count(*) as n from graphile_worker.jobs')).toBe(0)
}, 120_000)

it('what one run did not end is taken up by the next one, which waits for jobs that others hold', async () => {
  const { db, env } = await database()
  const first = start([...backfill(), '--workers', '1'], env)
  await until('events', async () => (await ask(db, 'select count(*) as n from event')) > 0)
  first.child.kill('SIGINT')
  expect((await first.finished).code).toBe(130)
  const left = await ask(db, 'select count(*) as n from graphile_worker.jobs')
  expect(left).toBeGreaterThan(0)
  expect(
    await ask(
      db,
      'select count(*) as n from graphile_worker.jobs where locked_at is not null or run_at > now()',
    ),
  ).toBe(0)
  const both = [start(backfill(), env), start(backfill(), env)]
  for (const { finished } of both) expect((await finished).code).toBe(0)
  expect(await ask(db, 'select count(*) as n from graphile_worker.jobs')).toBe(0)
  expect(await ask(db, 'select count(*) as n from worker')).toBe(0)
}, 120_000)

it('a paused network waits on every machine until it is resumed', async () => {
  const { db, env } = await database()
  await run(['migrate'], env)
  expect((await run(['pause', 'arweave'], env)).stdout).toContain('Arweave is paused')
  const asking = start(backfill(), env)
  await until(
    'jobs that wait',
    async () =>
      (await ask(
        db,
        "select count(*) as n from pg_views where schemaname = 'graphile_worker' and viewname = 'jobs'",
      )) > 0 && (await ask(db, 'select count(*) as n from graphile_worker.jobs')) > 0,
  )
  await pause(1_500)
  expect(await ask(db, 'select count(*) as n from event')).toBe(0)
  expect((await run(['status'], env)).stdout).toMatch(/arweave on arweave: \d+ ranges wait.*\(PAUSED\)/)
  expect((await run(['resume', 'arweave'], env)).stdout).toContain('Arweave is not paused')
  expect((await asking.finished).code).toBe(0)
  expect(await ask(db, 'select count(*) as n from event')).toBeGreaterThan(0)
}, 120_000)
