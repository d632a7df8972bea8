import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startDevnet } from '../../devnet/start.ts'
import { day, dayStart } from '../../pipeline/model/time.ts'
import { serverHome } from '../../pipeline/store/binaries.ts'
import { openDatabase } from '../../pipeline/store/database.ts'
import { openEmbedded, wipeEmbedded } from '../../pipeline/store/embedded.ts'
import { dump } from '../support/dump.ts'
import { run, start } from '../support/process.ts'
import { seeded } from '../support/random.ts'

/** Four in CI, more by hand: npm run test:kill. */
const kills = Number(process.env['KILLS'] ?? 4)

/** What the embedded database in a folder holds. */
async function dumpOf(data: string): Promise<string> {
  const server = await openEmbedded(data)
  const db = await openDatabase({ url: server.url, origin: 'the test' })
  const text = await dump(db)
  await db.close()
  await server.release()
  return text
}

it(`killing process and database at ${kills} random moments ends in the same state as an uninterrupted run`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'depindex-kill-'))
  chmodSync(folder, 0o755)
  const devnet = await startDevnet({ only: ['arweave'], seed: 5, days: 6, end: dayStart(day('2026-11-20')) })
  const env = (data: string) => ({
    DEPINDEX_DATA: join(folder, data),
    ARWEAVE_URLS: devnet.urls.arweave,
    CWD: folder,
    LOG_LEVEL: 'silent',
  })
  const args = ['backfill', 'arweave', '--from', String(devnet.arweave.first)]
  expect((await run(args, env('clean'))).code).toBe(0)
  const expected = await dumpOf(join(folder, 'clean'))

  const random = seeded(Number(process.env['SEED'] ?? 1))
  let midway = 0
  for (let i = 0; i < kills; i += 1) {
    const { child, finished } = start(args, env('killed'))
    // The first start also makes the database; killing that too is part of it.
    await new Promise((done) => setTimeout(done, 300 + random() * 2_500))
    child.kill('SIGKILL')
    if ((await finished).code === null) midway += 1
    if (i % 2 === 1) killDatabase(join(folder, 'killed'))
    await new Promise((done) => setTimeout(done, 300))
  }
  expect(midway).toBeGreaterThan(0)
  const last = await run(args, env('killed'))
  expect([last.code, last.stderr.replace(/^(arweave: .*\n)*/, '')]).toEqual([0, ''])
  expect(await dumpOf(join(folder, 'killed'))).toBe(expected)

  await devnet.close()
  for (const data of ['clean', 'killed']) await wipeEmbedded(join(folder, data))
  rmSync(folder, { recursive: true, force: true })
}, 600_000)

function killDatabase(data: string): void {
  try {
    const file = join(serverHome(data).directory, 'postgres-18', 'postmaster.pid')
    process.kill(Number(readFileSync(file, 'utf8').split('\n')[0]), 'SIGKILL')
  } catch {
    // Killed before the database came up: nothing to kill.
  }
}
