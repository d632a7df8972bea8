import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { faultKinds } from '../../devnet/misbehave.ts'
import type { Devnet } from '../../devnet/start.ts'
import { startDevnet } from '../../devnet/start.ts'
import { dayOf, dayStart, unixSeconds } from '../../pipeline/model/time.ts'
import { openDatabase } from '../../pipeline/store/database.ts'
import { createDatabase } from '../support/database.ts'
import { dump } from '../support/dump.ts'
import { OwnServer } from '../support/own_server.ts'
import { run } from '../support/process.ts'
import { Crew } from './crew.ts'
import type { Mishap } from './plan.ts'
import { planOf } from './plan.ts'
import { keptSeeds } from './seeds.ts'

const days = 2
const lookEveryMs = 50
/** Where nothing gets on, the next thing goes wrong after about six seconds. */
const mostLooks = 100
const asked = (process.env['SIM_SEEDS'] ?? '1').split(',').map(Number)
const seeds = [...new Set([...asked, ...keptSeeds.map((k) => k.seed)])]

const history = (devnet: Devnet): string[] => ['backfill', 'arweave', '--from', String(devnet.arweave.first)]

/** What a run with nothing wrong ends in. */
async function cleanRun(devnet: Devnet, env: Record<string, string>): Promise<string> {
  const { db, url, drop } = await createDatabase()
  expect(await run(history(devnet), { ...env, DATABASE_URL: url })).toMatchObject({ code: 0 })
  expect(await run(['rollup', '--no-prices'], { ...env, DATABASE_URL: url })).toMatchObject({ code: 0 })
  const text = await dump(db)
  await drop()
  return text
}

const fullDisk = `
  create or replace function sim_full() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
  set lock_timeout = '2s';
  create or replace trigger sim_full before insert on event for each statement execute function sim_full()`

async function happen(mishap: Mishap, server: OwnServer, devnet: Devnet, crew: Crew): Promise<void> {
  switch (mishap.kind) {
    case 'misbehave':
      devnet.faults.set(mishap.faults)
      return
    case 'kill':
      crew.kill(mishap.role)
      return
    case 'disconnect':
      await server.run(
        "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
      )
      return
    case 'crash':
      await server.crash()
      return
    case 'disk-full':
      await server.run(fullDisk)
      return
    case 'disk-free':
      await server.run('drop trigger if exists sim_full on event')
  }
}

/** Waits until so many events are stored, or for a while where nothing gets on. */
async function reached(server: OwnServer, events: number): Promise<void> {
  for (let i = 0; i < mostLooks; i += 1) {
    const stored = await server.run('select count(*)::int as n from event').catch(() => undefined)
    if (stored !== undefined && stored.rows[0]?.n >= events) return
    await pause(lookEveryMs)
  }
}

describe('a seeded run in which everything goes wrong', () => {
  it.each(seeds)(
    'ends as a clean run does: seed %i',
    async (seed) => {
      const plan = planOf(seed)
      const end = dayStart(dayOf(unixSeconds(Math.floor(Date.now() / 1000))))
      const devnet = await startDevnet({ only: ['arweave'], seed, days, end })
      const folder = mkdtempSync(join(tmpdir(), 'depindex-sim-'))
      const calm = {
        ...devnet.environment,
        NETWORKS: 'arweave',
        FOLLOW_DAYS: '1',
        PORT: '0',
        CWD: folder,
        LOG_LEVEL: 'silent',
      }
      const server = await OwnServer.start()
      try {
        const expected = await cleanRun(devnet, calm)
        const env = { ...calm, DATABASE_URL: server.url }
        // A node that lies about its chain before anything is known of it is believed: that is not tried here.
        const { first } = devnet.arweave
        expect(
          await run(['backfill', 'arweave', '--from', String(first), '--to', String(first + 9)], env),
        ).toMatchObject({ code: 0 })

        const whole = JSON.parse(expected)[0].length
        const [before, ...steps] = plan.steps
        if (before?.mishap.kind === 'misbehave') devnet.faults.set(before.mishap.faults)
        const crew = new Crew(plan, env, history(devnet))
        for (const { share, mishap } of steps) {
          await reached(server, share * whole)
          await happen(mishap, server, devnet, crew)
        }
        await reached(server, 0.8 * whole)
        const stopMs = await crew.stop()
        const met = Object.values(devnet.faults.counts).reduce((sum, n) => sum + n, 0)
        const read = await server.run('select count(*)::int as n from event')
        const show = process.env['SIM_SHOW']
        if (show !== undefined) {
          const line = { seed, met, events: read.rows[0]?.n, stopMs, complaints: crew.complaints }
          appendFileSync(show, `${JSON.stringify(line)}\n`)
        }
        // A run in which nothing happened proves nothing.
        expect(met).toBeGreaterThan(0)
        expect(read.rows[0]?.n).toBeGreaterThan(0)

        devnet.faults.set([])
        await server.run('drop trigger if exists sim_full on event')
        // What the node took in its bad hour is found out anew only slowly.
        await server.run('delete from endpoint_rate')
        for (const args of [['repair', 'arweave'], ['retry'], history(devnet), ['rollup', '--no-prices']])
          expect([args[0], await run(args, env)]).toMatchObject([args[0], { code: 0 }])
        const db = await openDatabase({ url: server.url, origin: 'the test' })
        const ended = await dump(db)
        const left = await db.pool.query('select count(*)::int as n from graphile_worker.jobs')
        await db.close()
        const why = `npm run test:sim -- --seed ${seed}\n${JSON.stringify(plan)}\n${crew.complaints.join('\n')}`
        expect(ended === expected ? 'the same' : firstDifference(ended, expected), why).toBe('the same')
        expect(left.rows[0], why).toEqual({ n: 0 })
      } finally {
        await server.close()
        await devnet.close()
        rmSync(folder, { recursive: true, force: true })
      }
    },
    480_000,
  )

  it('is the same plan for the same seed, and twenty seeds have every fault', () => {
    expect(planOf(7)).toEqual(planOf(7))
    const met = new Set<string>()
    for (let seed = 1; seed <= 20; seed += 1) {
      for (const { mishap } of planOf(seed).steps) {
        met.add(mishap.kind)
        if (mishap.kind === 'misbehave') for (const fault of mishap.faults) met.add(fault.kind)
      }
    }
    expect([...met]).toEqual(
      expect.arrayContaining([...faultKinds, 'kill', 'disconnect', 'crash', 'disk-full', 'disk-free']),
    )
  })
})

/** Where two dumps part, with a little of what is around. */
function firstDifference(one: string, other: string): string {
  let at = 0
  while (at < one.length && one[at] === other[at]) at += 1
  return `at ${at}: ...${one.slice(at - 80, at + 160)} | instead of ...${other.slice(at - 80, at + 160)}`
}
