import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { WorkQueue } from '../../pipeline/jobs/queue.ts'
import { IndexerError } from '../../pipeline/model/errors.ts'
import type { RangeJob } from '../../pipeline/model/work.ts'
import { dropLeases, holdLease } from '../../pipeline/store/leases.ts'
import { getDeadRanges, getWorkers } from '../../pipeline/store/work.ts'
import { createDatabase } from '../support/database.ts'

let opened: Awaited<ReturnType<typeof createDatabase>>
let queue: WorkQueue
beforeAll(async () => {
  opened = await createDatabase()
})
afterAll(() => opened.drop())
beforeEach(async () => {
  queue = await WorkQueue.open(opened.db)
})
afterEach(() => queue.close())

const job = (from: number, more: Partial<RangeJob> = {}): RangeJob => ({
  network: 'testnet',
  chain: 'testchain',
  streams: ['rewards', 'payments'],
  from,
  to: from + 9,
  ...more,
})

/** Works until the queue is empty or the handler says that it has seen enough. */
async function work(
  handle: (job: RangeJob, signal: AbortSignal) => Promise<void>,
  enough = Number.POSITIVE_INFINITY,
) {
  const stop = new AbortController()
  const tried: string[] = []
  const working = queue.work(
    {
      concurrency: 1,
      handle: async (taken, signal) => {
        tried.push(`${taken.from}-${taken.to}`)
        if (tried.length >= enough) setTimeout(() => stop.abort(), 20)
        await handle(taken, signal)
      },
      unheard: (error) => {
        throw error
      },
      failed: (taken, _error, given) => tried.push(`${taken.from} ${given}`),
    },
    stop.signal,
  )
  while (!stop.signal.aborted) {
    if ((await queue.pending()).length === 0) stop.abort()
    await new Promise((done) => setTimeout(done, 50))
  }
  await working
  return tried
}

it('takes jobs by priority, each once, and one that waits already is not put twice', async () => {
  await queue.add([job(10), job(20)], 10)
  await queue.add([job(20)], 10)
  await queue.add([job(90)], 0)
  expect((await queue.pending()).map((j) => j.from).sort()).toEqual([10, 20, 90])
  expect(await work(async () => undefined)).toEqual(['90-99', '10-19', '20-29'])
  expect(await getWorkers(opened.db)).toEqual([])
})

it('gives up at once what trying again cannot help, and keeps why', async () => {
  await queue.add([job(10)], 10)
  const tried = await work(async () => {
    throw new IndexerError('decode-failed', 'instruction 4 has 7 accounts')
  })
  expect(tried).toEqual(['10-19', '10 dead'])
  expect(await getDeadRanges(opened.db)).toMatchObject([
    { ...job(10), attempts: 1, code: 'decode-failed', reason: 'instruction 4 has 7 accounts' },
  ])
  await opened.db.pool.query('delete from dead_range')
})

it('tries again later what may succeed then', async () => {
  await queue.add([job(10)], 10)
  let failures = 1
  const tried = await work(async () => {
    failures -= 1
    if (failures >= 0) throw new IndexerError('rpc-unavailable', 'no answer')
  })
  expect(tried).toEqual(['10-19', '10 retry', '10-19'])
  expect(await getDeadRanges(opened.db)).toEqual([])
})

it('puts back at once, and as if it had not been tried, what the end of the process interrupted', async () => {
  await queue.add([job(10)], 10)
  await work(
    (_job, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new IndexerError('interrupted', 'stopped')))
      }),
    1,
  )
  const { rows } = await opened.db.pool.query(
    'select attempts, locked_at, run_at <= now() as due from graphile_worker.jobs',
  )
  expect(rows).toEqual([{ attempts: 0, locked_at: null, due: true }])
  expect(await work(async () => undefined)).toEqual(['10-19'])
})

it('gives back what a process holds that has fallen silent', async () => {
  await queue.add([job(10)], 10)
  await opened.db.pool.query(
    "insert into worker (id, host, pid, seen_at) values ('gone', 'elsewhere', 1, now() - interval '31 s')",
  )
  await opened.db.pool.query(
    "update graphile_worker._private_jobs set locked_by = 'gone', locked_at = now() - interval '1 s', attempts = 1",
  )
  expect(await work(async () => undefined)).toEqual(['10-19'])
})

it('gives up a job that no process has survived', async () => {
  await queue.add([job(10), job(20)], 10)
  await opened.db.pool.query(
    "update graphile_worker._private_jobs set attempts = max_attempts where key like '%:10-19:%' or key like '%:10:19:%'",
  )
  expect(await work(async () => undefined)).toEqual(['20-29'])
  expect(await getDeadRanges(opened.db)).toMatchObject([{ from: 10, attempts: 8, code: 'interrupted' }])
})

it('lets one process at a time follow a chain', async () => {
  expect(await holdLease(opened.db, 'testchain', 'a')).toBe(true)
  expect(await holdLease(opened.db, 'testchain', 'b')).toBe(false)
  expect(await holdLease(opened.db, 'testchain', 'a')).toBe(true)
  await opened.db.pool.query("update chain_lease set until = now() - interval '1 s'")
  expect(await holdLease(opened.db, 'testchain', 'b')).toBe(true)
  expect(await holdLease(opened.db, 'testchain', 'a')).toBe(false)
  await dropLeases(opened.db, 'b')
  expect(await holdLease(opened.db, 'testchain', 'a')).toBe(true)
})
