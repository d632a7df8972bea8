import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Devnet } from '../../devnet/start.ts'
import { startDevnet } from '../../devnet/start.ts'
import { SolanaClient } from '../../indexers/chains/solana/client.ts'
import { listTransactions } from '../../indexers/chains/solana/signatures.ts'
import { createSolanaSource, mainnetGenesis } from '../../indexers/chains/solana/source.ts'
import { matcherOf, splBurns, splMints, splTransfers } from '../../indexers/chains/solana/streams.ts'
import { movementsOf } from '../../indexers/chains/solana/token.ts'
import { readTransaction } from '../../indexers/chains/solana/transaction.ts'
import { fetchEvents } from '../../indexers/chains/solana/transactions.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import type { Logger } from '../../indexers/engine/ports.ts'
import { encodeId } from '../../pipeline/model/encoding.ts'
import type { Stream } from '../../pipeline/model/stream.ts'
import { unixSeconds } from '../../pipeline/model/time.ts'

const folder = new URL('../../../shared/recordings/', import.meta.url)
const present = existsSync(folder)
if (!present && process.env['CI'])
  throw new Error('../shared/recordings is absent, but CI must run these tests')

interface Fact {
  readonly signature: string
  readonly slot: number | string
  readonly err: unknown
  readonly token: readonly {
    path: string
    type: string
    amountRaw?: string
    mint?: string
    from?: string
    to?: string
  }[]
}
const facts: Record<string, Fact[]> = present
  ? (JSON.parse(readFileSync(new URL('solana/FACTS.json', folder), 'utf8')) as Record<string, Fact[]>)
  : {}
const single = Object.entries(facts).filter(([file]) => /^(helium|generic-(raw|parsed))/.test(file))
const kinds: Record<string, 'mint' | 'burn' | 'transfer'> = {
  transfer: 'transfer',
  transferChecked: 'transfer',
  mintTo: 'mint',
  mintToChecked: 'mint',
  burn: 'burn',
  burnChecked: 'burn',
}
const signal = new AbortController().signal
const logger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

describe.skipIf(!present)('recorded answers over HTTP (skipped without ../shared/recordings)', () => {
  let devnet: Devnet
  let pool: EndpointPool
  let client: SolanaClient
  beforeAll(async () => {
    const end = unixSeconds(1_780_000_000)
    devnet = await startDevnet({ seed: 1, days: 1, end, recordings: folder.pathname })
    const urls = [devnet.urls['solana'] ?? '']
    pool = new EndpointPool({
      chain: 'solana',
      variable: 'V',
      urls,
      logger,
      now: () => performance.now(),
      attempts: 1,
    })
    client = new SolanaClient(pool)
  })
  afterAll(async () => {
    await pool.close()
    await devnet.close()
  })

  /** Streams that take every movement of some mints. */
  const allOf = (mints: Iterable<string>) =>
    [...mints].flatMap((mint, m) =>
      [splMints, splBurns, splTransfers].map((word, w) => {
        const declared = {
          kind: 'burn',
          class: 'other',
          token: 'T',
          revision: 1,
          meaning: 'm',
          evidence: ['e'],
        } as const
        const numbered = {
          id: m * 3 + w,
          network: 'test',
          name: `s${m}${w}`,
          chain: 'solana',
          role: 'ledger',
          decimals: 0,
        }
        return matcherOf({ ...word({ ...declared, where: { mint } }), ...numbered } as Stream)
      }),
    )

  test.each(single)('%s gives its events through the client', async (_, [fact]) => {
    const { signature, slot, token } = fact as Fact
    const moved = token.filter((t) => kinds[t.type] !== undefined)
    const named = new Set(moved.flatMap((t) => t.mint ?? []))
    const wanted = [{ signature, slot: Number(slot), failed: false, matchers: allOf(named) }]
    const { events, missing } = await fetchEvents(client, wanted, signal)
    expect(missing).toEqual([])
    expect(events.map((e) => [encodeId(e.txId, 'base58'), e.height, e.sender, e.recipient])).toEqual(
      moved.map((t) => [signature, slot, t.from, t.to]),
    )
    // What a mint keeps back for a transfer arrives nowhere.
    for (const [i, event] of events.entries())
      expect(event.amountRaw <= BigInt(moved[i]?.amountRaw ?? 0)).toBe(true)
    expect(
      events.filter((e, i) => e.amountRaw === BigInt(moved[i]?.amountRaw ?? -1)).length,
    ).toBeGreaterThanOrEqual(moved.length - 1)
  })

  test.each(Object.keys(facts).filter((f) => f.startsWith('generic-blocks')))(
    '%s gives its transactions',
    async (file) => {
      const slot = Number(/\d+$/.exec(String(facts[file]?.[0]?.slot))?.[0]) + 1
      const transactions = await client.call({
        method: 'getBlock',
        params: [slot, { transactionDetails: 'full' }],
        read: (result) => (result as { transactions: unknown[] }).transactions.map((t) => readTransaction(t)),
      })
      expect(
        transactions.map((t) => [t.signature, t.failed, movementsOf(t).map((m) => [m.type, m.amountRaw])]),
      ).toEqual(
        facts[file]?.map((f) => [
          f.signature,
          f.err !== null,
          f.err !== null ? [] : f.token.map((t) => [kinds[t.type], BigInt(t.amountRaw ?? 0)]),
        ]),
      )
    },
  )

  test('the claim gives two forfeited rewards of 787 and 79,944 bones, and no fee', async () => {
    const [fact] = facts['helium/mainnet_claim_rewards_v1_forfeit_burn_slot409977754.json'] ?? []
    const { signature = '', slot } = fact ?? {}
    const hnt = 'hntyVP6YFm1Hg25TN9WGLqM12b8TQmcknKrdu1oxWux'
    const credits = 'dcuc8Amr83Wz27ZkQ2K9NS6r8zRpf1J6cvArEBDZDmm'
    const matchers = allOf([hnt, credits])
    const { events } = await fetchEvents(
      client,
      [{ signature, slot: Number(slot), failed: false, matchers }],
      signal,
    )
    expect(events.map((e) => [e.streamId, e.amountRaw])).toEqual([
      [1, 787n],
      [1, 79_944n],
    ])
  })

  test.each([5, 1_000])('a list of transactions is paged to its end by %i', async (limit) => {
    const account = '4kLALtynrmd6pU2LkGXZCmUaMDfsnVixs7SkLjPKNJQG'
    const listed = await listTransactions(
      client,
      account,
      { from: 11_913_988, to: 241_535_258 },
      undefined,
      signal,
      limit,
    )
    expect(listed).toHaveLength(25)
    expect(new Set(listed.map((l) => l.signature)).size).toBe(25)
    expect([listed[0]?.slot, listed.at(-1)?.slot]).toEqual([241_535_258, 11_913_988])
    expect(listed.every((l) => !l.failed)).toBe(true)
  })

  test('is of the main cluster, and says that it is a replay', async () => {
    const source = createSolanaSource({ pool, urls: [], logger, now: () => performance.now() })
    expect(await source.identify()).toEqual({ network: mainnetGenesis, origin: 'replayed' })
    expect((await source.head()).hash).toMatch(/^[1-9A-HJ-NP-Za-km-z]{32,44}$/)
  })

  const trimmed: readonly (readonly [string, RegExp])[] = [
    ['meta', /getTransaction .*: meta must be an object, the node gave nothing/],
    ['transaction', /getTransaction .*: transaction must be an object, the node gave nothing/],
    ['slot', /is of slot null, the list says/],
    ['blockTime', /the node gave it without a slot and a block time/],
  ]
  test.each(trimmed)('a transaction trimmed of %s is refused by name', async (field, message) => {
    const [, [fact] = []] = single.find(([file]) => file.includes('pumpfun_create')) ?? []
    const { signature = '', slot, token = [] } = fact ?? {}
    const wanted = [
      { signature, slot: Number(slot), failed: false, matchers: allOf(token.map((t) => t.mint ?? '')) },
    ]
    devnet.faults.set([{ kind: 'stripped', fields: [field] }])
    try {
      await expect(fetchEvents(client, wanted, signal)).rejects.toThrow(message)
    } finally {
      devnet.faults.set([])
    }
  })

  test('an answer cut in half is refused, and one that the node hides is missing, with the reason', async () => {
    const [, [fact] = []] = single[0] ?? []
    const { signature = '', slot } = fact ?? {}
    const wanted = [{ signature, slot: Number(slot), failed: false, matchers: allOf([]) }]
    devnet.faults.set([{ kind: 'cut-body' }])
    await expect(fetchEvents(client, wanted, signal)).rejects.toThrow(
      /getTransaction: expected JSON, got \d+ characters/,
    )
    devnet.faults.set([{ kind: 'missing-block' }])
    const { missing } = await fetchEvents(client, wanted, signal)
    expect(missing[0]?.reason).toMatch(
      new RegExp(`it lists ${signature} of slot ${slot}, but does not hold it`),
    )
    devnet.faults.set([])
  })
})
