import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startDevnet } from '../../devnet/start.ts'
import { day, dayStart } from '../../pipeline/model/time.ts'
import { createDatabase } from '../support/database.ts'
import { dump } from '../support/dump.ts'
import { run } from '../support/process.ts'

it('a chain reorganised below its declared finality stops with what to do, and repair mends it', async () => {
  const devnet = await startDevnet({ only: ['arweave'], seed: 6, days: 1, end: dayStart(day('2026-11-20')) })
  const folder = mkdtempSync(join(tmpdir(), 'depindex-reorg-'))
  const [read, clean] = [await createDatabase(), await createDatabase()]
  const env = (url: string) => ({
    ...devnet.environment,
    DATABASE_URL: url,
    CWD: folder,
    LOG_LEVEL: 'silent',
  })
  const history = ['backfill', 'arweave', '--from', String(devnet.arweave.first)]
  expect(await run(history, env(read.url))).toMatchObject({ code: 0 })

  // Ten blocks of those that were final are replaced, and the chain goes on.
  devnet.arweave.fork(60)
  devnet.arweave.advance(30)
  const stopped = await run(history, env(read.url))
  expect(stopped.code).toBe(1)
  expect(stopped.stderr).toMatch(/does not follow|reorganised/)
  expect(stopped.stderr).toMatch(/depindex repair arweave/)
  const status = await run(['status'], env(read.url))
  expect(status.stdout).toMatch(/^\d+ things? needs? a look|^One thing needs a look/)
  expect(status.stdout).toMatch(/1\. BROKEN .*repair/)

  expect((await run(['repair', 'arweave'], env(read.url))).stdout).toMatch(
    /forgot everything from height \d+ on/,
  )
  expect(await run(history, env(read.url))).toMatchObject({ code: 0 })
  expect(await run(history, env(clean.url))).toMatchObject({ code: 0 })
  for (const { url } of [read, clean])
    expect(await run(['rollup', '--no-prices'], env(url))).toMatchObject({ code: 0 })
  expect(await dump(read.db)).toBe(await dump(clean.db))

  for (const { drop } of [read, clean]) await drop()
  await devnet.close()
  rmSync(folder, { recursive: true, force: true })
}, 240_000)
