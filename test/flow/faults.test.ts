import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Misbehaviour } from '../../devnet/misbehave.ts'
import { startDevnet } from '../../devnet/start.ts'
import { createArweaveSource } from '../../indexers/chains/arweave/source.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import { sync } from '../../indexers/engine/sync.ts'
import { arweave } from '../../indexers/networks/arweave.ts'
import type { UnixSeconds } from '../../pipeline/model/time.ts'
import { day, dayStart } from '../../pipeline/model/time.ts'
import { prove } from '../../pipeline/rollups/prove.ts'
import { saveCatalogue } from '../../pipeline/store/catalogue.ts'
import { PostgresIndexStore } from '../../pipeline/store/index_store.ts'
import { createTestLogger } from '../support/chain.ts'
import { createDatabase } from '../support/database.ts'

let opened: Awaited<ReturnType<typeof createDatabase>>
beforeAll(async () => {
  opened = await createDatabase()
})
afterAll(() => opened.drop())

const misbehaviours: [string, Misbehaviour][] = [
  [
    'limits and silence',
    [
      { kind: 'rate-limited', probability: 0.02 },
      { kind: 'no-answer', probability: 0.003 },
    ],
  ],
  [
    'resets and cut answers',
    [
      { kind: 'reset', probability: 0.03 },
      { kind: 'cut-body', probability: 0.03 },
    ],
  ],
  [
    'pages of HTML',
    [
      { kind: 'html-page', probability: 0.03 },
      { kind: 'bad-gateway', probability: 0.03 },
    ],
  ],
  ['stripped fields', [{ kind: 'stripped', probability: 0.05, fields: ['reward_pool'] }]],
]

async function read(misbehave: Misbehaviour | undefined): Promise<unknown> {
  const { db } = opened
  await db.pool.query('truncate event, coverage, gap, block, day_height, stale')
  const devnet = await startDevnet({
    only: ['arweave'],
    seed: 9,
    days: 1,
    end: dayStart(day('2026-11-20')),
    ...(misbehave === undefined ? {} : { misbehave }),
  })
  const logger = createTestLogger('warnings')
  const pool = new EndpointPool({
    chain: 'arweave',
    variable: 'ARWEAVE_URLS',
    urls: [devnet.urls.arweave],
    logger,
    now: () => performance.now(),
    timeoutMs: 1_000,
    attempts: 12,
  })
  const source = createArweaveSource(pool, logger)
  const streams = await saveCatalogue(db, [arweave], 1_800_000_000 as UnixSeconds)
  const store = new PostgresIndexStore(db, () => 1_800_000_000 as UnixSeconds)
  await store.claimChain('arweave', await source.identify(), source.idEncoding)
  await sync({
    source,
    store,
    streams,
    span: { from: devnet.arweave.first, to: devnet.arweave.first + 250 },
    logger,
    now: () => performance.now(),
    signal: new AbortController().signal,
  })
  await source.close()
  await devnet.close()
  const events = await db.pool.query(
    "select stream_id, encode(tx_id, 'hex') as tx, position, amount_raw::text, height from event order by 1, 2, 3",
  )
  const coverage = await db.pool.query('select stream_id, heights::text from coverage order by 1')
  expect((await prove(db, { now: 1_800_000_000 as UnixSeconds })).map((p) => p.verdict)).toEqual([
    'held',
    'held',
  ])
  return { events: events.rows, coverage: coverage.rows }
}

it('a misbehaving node changes nothing of what is stored', async () => {
  const expected = await read(undefined)
  for (const [name, misbehave] of misbehaviours) expect(await read(misbehave), name).toEqual(expected)
}, 300_000)
