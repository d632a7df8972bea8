import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Devnet } from '../../devnet/start.ts'
import { startDevnet } from '../../devnet/start.ts'
import { day, dayStart } from '../../pipeline/model/time.ts'
import { createDatabase } from '../support/database.ts'
import { run } from '../support/process.ts'

let devnet: Devnet
let opened: Awaited<ReturnType<typeof createDatabase>>
beforeAll(async () => {
  opened = await createDatabase()
  devnet = await startDevnet({ only: ['solana'], seed: 3, days: 3, end: dayStart(day('2026-11-20')) })
})
afterAll(async () => {
  await opened.drop()
  await devnet.close()
})

it('a chain whose nodes are silent keeps a backfill from no other chain, and fails it at its end', async () => {
  const { code, stdout, stderr } = await run(
    ['backfill', 'render', '--from', '2026-11-18', '--to', '2026-11-18'],
    {
      ...devnet.environment,
      ETHEREUM_RPC_URLS: 'http://127.0.0.1:9',
      DATABASE_URL: opened.url,
    },
  )
  expect(stderr).toMatch(/left out/)
  expect(stdout).toMatch(/solana: read \d{4,} blocks/)
  expect(stderr).toMatch(/ethereum: left out, no node answers/)
  expect(stderr).toMatch(/eth_chainId failed at every endpoint .*ETHEREUM_RPC_URLS/)
  // Polygon's streams ended before: it is not even asked.
  expect(stderr).not.toMatch(/polygon/)
  expect(code).toBe(1)
}, 120_000)
