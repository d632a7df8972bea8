import { afterEach, describe, expect, test } from 'vitest'
import { dailyAccounts, dailyOf } from '../../indexers/chains/solana/daily.ts'
import { createSolanaSource } from '../../indexers/chains/solana/source.ts'
import { splBurns, splMints } from '../../indexers/chains/solana/streams.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import type { ChainSource, Logger } from '../../indexers/engine/ports.ts'
import type { Stream, StreamDeclaration } from '../../pipeline/model/stream.ts'
import { day as dayNamed, dayStart } from '../../pipeline/model/time.ts'
import type { Made } from '../support/solana_ledger.ts'
import { idOf, Ledger, Refusal } from '../support/solana_ledger.ts'

const refuse = (message: string): never => {
  throw new Error(`logged: ${message}`)
}
const logger: Logger = { debug: () => undefined, info: () => undefined, warn: refuse, error: refuse }
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const mint = idOf('mint')
const other = idOf('other mint')
const counter = idOf('counter')
const start = dayStart(dayNamed('2025-06-01'))
const signal = new AbortController().signal

async function started(ledger: Ledger): Promise<Ledger> {
  await ledger.start()
  closing.push(() => ledger.close())
  return ledger
}

function sourceOf(ledgers: readonly Ledger[], attempts = 2): ChainSource {
  const urls = ledgers.map((l) => l.url)
  const now = () => performance.now()
  const pool = new EndpointPool({ chain: 'solana', variable: 'SOLANA_RPC_URLS', urls, logger, now, attempts })
  const source = createSolanaSource({ pool, urls, logger, now })
  closing.push(() => source.close())
  return source
}

const numbered = (id: number, declaration: StreamDeclaration): Stream => ({
  ...declaration,
  id,
  network: 'test',
  name: `s${id}`,
  chain: 'solana',
  role: 'ledger',
  decimals: 8,
})
const declared = {
  class: 'other',
  token: 'T',
  revision: 1,
  meaning: 'For a test.',
  evidence: ['tests'],
} as const
const mints = numbered(1, splMints({ ...declared, kind: 'emission', class: 'contributor', where: { mint } }))
const burns = numbered(2, splBurns({ ...declared, kind: 'burn', where: { mint } }))
const viaCounter = numbered(
  3,
  splBurns({ ...declared, kind: 'burn', where: { mint, signaturesOf: [counter] } }),
)

/** A burn or mint every `every` slots from 1,000 on, named by its slot. */
const made = (from: number, to: number, every: number): Made[] => {
  const all: Made[] = []
  for (let slot = from; slot <= to; slot += every)
    all.push({ slot, name: `t${slot}`, kind: slot % 2 === 0 ? 'mint' : 'burn', amount: slot, mint })
  return all
}
const ledgerOf = (options: Partial<ConstructorParameters<typeof Ledger>[0]> = {}): Ledger =>
  new Ledger({ first: 1_000, head: 3_000, time: start + 43_200, ...options })

const amounts = (batch: Awaited<ReturnType<ChainSource['read']>>) =>
  batch.events
    .map((e) => [e.streamId, e.height, Number(e.amountRaw)])
    .sort((a, b) => (a[1] ?? 0) - (b[1] ?? 0))

describe('reading a window of slots', () => {
  test('finds every transaction of it and none beside, whatever the size of the pages', async () => {
    for (const page of [1_000, 7]) {
      const ledger = await started(ledgerOf().add(...made(1_001, 2_900, 13)))
      ledger.rules.page = page
      const batch = await sourceOf([ledger]).read({ from: 1_500, to: 2_200 }, [mints, burns], signal)
      const expected = made(1_001, 2_900, 13).filter((m) => m.slot >= 1_500 && m.slot <= 2_200)
      expect(amounts(batch)).toEqual(expected.map((m) => [m.kind === 'mint' ? 1 : 2, m.slot, m.amount]))
      expect(batch.covered.get(1)).toEqual([{ from: 1_500, to: 2_200 }])
      expect(batch.gaps).toEqual([])
      // One walk and one fetch serve both streams.
      expect(ledger.count('getTransaction')).toBe(expected.length)
    }
  })

  test('of windows side by side gives the same as one window, and their ends meet across skipped slots', async () => {
    const skipped = [1_499, 1_500, 1_501, 2_000, 2_001, 2_200, 2_201]
    const all = made(1_003, 2_900, 10).filter((m) => !skipped.includes(m.slot))
    const ledger = await started(ledgerOf({ skipped }).add(...all))
    const source = sourceOf([ledger])
    const whole = await source.read({ from: 1_400, to: 2_300 }, [mints, burns], signal)
    const parts = await Promise.all(
      [
        [1_400, 1_500],
        [1_501, 2_000],
        [2_001, 2_200],
        [2_201, 2_300],
      ].map(([from = 0, to = 0]) => source.read({ from, to }, [mints, burns], signal)),
    )
    expect(parts.flatMap(amounts)).toEqual(amounts(whole))
    for (const [i, part] of parts.slice(1).entries()) {
      const below = parts[i]?.edges.at(-1)
      expect(part.edges[0]?.parentHash).toBe(below?.hash)
      expect(part.edges[0]?.height).toBe((below?.height ?? 0) + 1)
    }
    expect(whole.edges[0]).toEqual({
      height: 1_400,
      hash: 'hash1400',
      parentHash: 'hash1399',
      time: ledger.timeOf(1_400),
    })
  })

  test('in which every slot is skipped is covered, and empty', async () => {
    const ledger = await started(ledgerOf({ skipped: [1_500, 1_501, 1_502] }))
    const batch = await sourceOf([ledger]).read({ from: 1_500, to: 1_501 }, [mints], signal)
    expect(batch.covered.get(1)).toEqual([{ from: 1_500, to: 1_501 }])
    expect(batch.edges.map((e) => [e.hash, e.parentHash])).toEqual([
      ['hash1499', 'hash1499'],
      ['hash1499', 'hash1499'],
    ])
  })

  test('fetches no failed transaction, and none that only another account lists', async () => {
    const ledger = await started(
      ledgerOf().add(
        { slot: 1_600, name: 'failed', kind: 'burn', amount: 5, mint, failed: true },
        { slot: 1_601, name: 'plain', kind: 'burn', amount: 6, mint },
        { slot: 1_602, name: 'counted', kind: 'burn', amount: 7, mint, also: [counter] },
        { slot: 1_603, name: 'other', kind: 'burn', amount: 8, mint: other, also: [counter] },
      ),
    )
    const source = sourceOf([ledger])
    const alone = await source.read({ from: 1_500, to: 1_700 }, [viaCounter], signal)
    expect(amounts(alone)).toEqual([[3, 1_602, 7]])
    expect(ledger.count('getTransaction')).toBe(2)
    const together = await source.read({ from: 1_500, to: 1_700 }, [burns, viaCounter], signal)
    expect(amounts(together)).toEqual([
      [2, 1_601, 6],
      [2, 1_602, 7],
      [3, 1_602, 7],
    ])
  })

  test('keeps a stream to its days', async () => {
    const ledger = await started(ledgerOf().add(...made(1_001, 2_900, 100)))
    const source = sourceOf([ledger])
    const past = { ...burns, until: '2025-06-01' }
    expect(amounts(await source.read({ from: 1_500, to: 2_000 }, [past], signal))).toEqual([])
    expect(ledger.count('getSignaturesForAddress')).toBe(0)
  })

  test('that holds too many transactions asks for smaller ranges', async () => {
    const many = Array.from({ length: 4_100 }, (_, i): Made => {
      return { slot: 1_100 + (i % 500), name: `m${i}`, kind: 'mint', amount: 1, mint }
    })
    const ledger = await started(ledgerOf().add(...many))
    await expect(sourceOf([ledger]).read({ from: 1_001, to: 2_000 }, [mints], signal)).rejects.toMatchObject({
      code: 'rpc-too-large',
    })
  })
})

describe('a node that does not hold everything', () => {
  test('makes a gap of what lies below its first block, and the rest is read', async () => {
    const ledger = await started(ledgerOf().add(...made(1_001, 2_900, 100)))
    ledger.rules.pruned = 1_700
    const batch = await sourceOf([ledger]).read({ from: 1_500, to: 2_000 }, [mints, burns], signal)
    expect(batch.covered.get(2)).toEqual([{ from: 1_701, to: 2_000 }])
    expect(batch.gaps[0]).toMatchObject({ from: 1_500, to: 1_700, code: 'rpc-not-found' })
    expect(batch.gaps[0]?.reason).toMatch(/hold blocks from slot 1700 on: .*cleaned up/)
    expect(amounts(batch).map(([, slot]) => slot)).toEqual([1_701, 1_801, 1_901])
  })

  test('is helped out by one that does', async () => {
    const pruned = await started(ledgerOf().add(...made(1_001, 2_900, 100)))
    pruned.rules.pruned = 1_700
    const whole = await started(ledgerOf().add(...made(1_001, 2_900, 100)))
    const batch = await sourceOf([pruned, whole]).read({ from: 1_500, to: 2_000 }, [mints, burns], signal)
    expect(batch.gaps).toEqual([])
    expect(amounts(batch)).toHaveLength(5)
  })

  test('makes a gap of the slot of a listed transaction that it does not hold', async () => {
    const ledger = await started(ledgerOf().add(...made(1_001, 2_900, 100)))
    ledger.rules.lost = [idOf('t1701', 64)]
    const batch = await sourceOf([ledger]).read({ from: 1_500, to: 2_000 }, [mints, burns], signal)
    expect(batch.covered.get(2)).toEqual([
      { from: 1_500, to: 1_700 },
      { from: 1_702, to: 2_000 },
    ])
    expect(batch.gaps.map((g) => [g.from, g.to])).toEqual([
      [1_701, 1_701],
      [1_701, 1_701],
    ])
    expect(batch.gaps[0]?.reason).toMatch(/it lists .* of slot 1701, but does not hold it/)
    expect(amounts(batch)).toHaveLength(4)
  })

  test('is not believed to list nothing where it does not know the page’s start', async () => {
    const ledger = await started(ledgerOf().add(...made(1_001, 2_900, 100)))
    ledger.rules.unknown = ['vote2001']
    const batch = await sourceOf([ledger]).read({ from: 1_500, to: 2_000 }, [burns], signal)
    expect(batch.covered.get(2)).toEqual([])
    expect(batch.gaps[0]).toMatchObject({ from: 1_500, to: 2_000 })
    expect(batch.gaps[0]?.reason).toMatch(/does not know vote2001, below which it lists nothing/)
  })

  test('is not believed to hold no block where it is behind', async () => {
    const ledger = await started(ledgerOf().add(...made(1_001, 2_900, 100)))
    ledger.rules.finalized = 1_800
    const batch = await sourceOf([ledger]).read({ from: 1_500, to: 2_000 }, [burns], signal)
    expect(batch.covered.get(2)).toBeUndefined()
    expect(batch.gaps[0]?.reason).toMatch(/not available for slot 2001/)
  })
})

describe('a node that refuses', () => {
  const expected = made(1_001, 2_900, 13).filter((m) => m.slot >= 1_500 && m.slot <= 2_200).length

  test.each([
    ['batches of more than three', { batch: 3 }],
    ['batches', { batch: 0 }],
    ['all but five requests of a batch', { elements: 5 }],
    ['for a moment, with 429', { http: [{ status: 429, body: '' }] }],
    ['for a moment, with 403', { http: [{ status: 403, body: 'Forbidden' }] }],
    [
      'for a moment, being behind',
      {
        http: [
          {
            status: 200,
            body: '{"jsonrpc":"2.0","id":0,"error":{"code":-32005,"message":"Node is behind by 42 slots"}}',
          },
        ],
      },
    ],
    ['for a moment, with a web page', { http: [{ status: 200, body: '<html>' }] }],
  ])('%s changes nothing', async (_, rules) => {
    const ledger = await started(ledgerOf().add(...made(1_001, 2_900, 13)))
    ledger.rules = structuredClone(rules)
    const batch = await sourceOf([ledger]).read({ from: 1_500, to: 2_200 }, [mints, burns], signal)
    expect(batch.events).toHaveLength(expected)
    expect(batch.gaps).toEqual([])
  })

  const spoiled: readonly (readonly [
    string,
    string,
    (result: Record<string, unknown>) => unknown,
    RegExp,
  ])[] = [
    [
      'a list in the wrong order',
      'getSignaturesForAddress',
      (r) => [...(r as unknown as unknown[])].reverse(),
      /is of slot \d+, after/,
    ],
    [
      'a list without err',
      'getSignaturesForAddress',
      (r) => (r as unknown as object[]).map((row) => ({ ...row, err: undefined })),
      /row 0 of .* has no err/,
    ],
    ['no list', 'getSignaturesForAddress', () => 'busy', /the list must be a list/],
    [
      'a transaction of another slot',
      'getTransaction',
      (r) => ({ ...r, slot: 7 }),
      /is of slot 7, the list says/,
    ],
    [
      'a transaction without meta',
      'getTransaction',
      (r) => ({ ...r, meta: undefined }),
      /meta must be an object/,
    ],
    ['a block without a hash', 'getBlock', (r) => ({ ...r, blockhash: '' }), /blockhash must be a text/],
    [
      'a block of another ledger',
      'getBlock',
      (r) => ({ ...r, previousBlockhash: 'x' }),
      /names x as its parent/,
    ],
  ]
  test.each(spoiled)('to make sense is refused by field: %s', async (_, method, spoil, message) => {
    const ledger = await started(ledgerOf().add(...made(1_001, 2_900, 100)))
    ledger.rules.spoil = (asked, result) =>
      asked === method ? spoil(result as Record<string, unknown>) : result
    const reading = sourceOf([ledger], 1).read({ from: 1_500, to: 2_000 }, [mints, burns], signal)
    await expect(reading).rejects.toThrow(message)
  })
})

describe('times and days', () => {
  const slotsPerDay = 216_000
  const skipped = Array.from({ length: 900 }, (_, i) => 1_000 + slotsPerDay - 450 + i).filter(
    (s) => s % 3 !== 0,
  )
  const longLedger = () => new Ledger({ first: 1_000, head: 1_000 + 3 * slotsPerDay, time: start, skipped })

  test('are found to the slot, in a few questions a day', async () => {
    const ledger = await started(longLedger())
    const source = sourceOf([ledger])
    const batch = await source.read({ from: 1_001, to: 1_000 + 2.5 * slotsPerDay }, [], signal)
    const firstOf = (days: number): number => {
      let slot = 1_000 + days * slotsPerDay
      while (ledger.skipped.has(slot)) slot += 1
      return slot
    }
    expect(batch.days).toEqual([
      { day: '2025-06-01', last: firstOf(1) - 1 },
      { day: '2025-06-02', first: firstOf(1), last: firstOf(2) - 1 },
      { day: '2025-06-03', first: firstOf(2) },
    ])
    expect(batch.touchedDays).toEqual(['2025-06-01', '2025-06-02', '2025-06-03'])
    expect(ledger.count('getBlockTime')).toBeLessThan(30)
    expect(await source.heightAt(dayStart(dayNamed('2025-06-03')))).toBe(firstOf(2))
    expect(await source.heightAt(dayStart(dayNamed('2024-01-01')))).toBe(1_000)
    expect(await source.heightAt(dayStart(dayNamed('2026-01-01')))).toBe(ledger.head + 1)
  })

  const program = idOf('program')
  const dailyBurned = numbered(
    9,
    dailyAccounts({
      ...declared,
      kind: 'burn',
      accounts: {
        program,
        seeds: [{ text: 'epoch_info' }, { address: mint }, { epoch: 'u64' }],
        discriminator: '2df9b114aafb2525',
        epochAt: 8,
        value: [{ at: 16 }, { at: 24, type: 'u128', minus: true }],
        complete: [{ at: 40 }],
      },
    }),
  )
  const account = (epoch: number, amount: number, closed = 1): { owner: string; data: Buffer } => {
    const data = Buffer.alloc(41)
    data.write('2df9b114aafb2525', 'hex')
    data.writeBigUInt64LE(BigInt(epoch), 8)
    data.writeBigUInt64LE(BigInt(amount), 16)
    data.writeBigUInt64LE(5n, 24)
    data[40] = closed
    return { owner: program, data }
  }

  test('of accounts that a program keeps by day give an event a day, or a gap that says what is wrong', async () => {
    const { addressOf } = dailyOf(dailyBurned)
    const ledger = await started(longLedger())
    const first = start / 86_400
    ledger.accounts.set(addressOf(first), account(first, 1_000))
    ledger.accounts.set(addressOf(first + 1), account(first + 1, 700, 0))
    const source = sourceOf([ledger])
    const batch = await source.read({ from: 1_001, to: ledger.head - 10 }, [dailyBurned], signal)
    const [day1, day2] = batch.days
    expect(batch.events).toMatchObject([
      {
        streamId: 9,
        amountRaw: 995n,
        fromHeight: 1_000,
        height: day1?.last,
        accruedFrom: '2025-06-01',
        accruedTo: '2025-06-01',
      },
    ])
    expect(batch.gaps.map((g) => [g.from, g.to])).toEqual([[day2?.first, day2?.last]])
    expect(batch.gaps[0]?.reason).toMatch(/the account of 2025-06-02, .* is not closed yet/)
    // The day is known whole, from below the range on; one that is not closed, or has not ended, is not known at all.
    expect(batch.covered.get(9)).toEqual([{ from: 1_000, to: day1?.last }])
    // Closed meanwhile, but not looked at again within the minute.
    ledger.accounts.set(addressOf(first + 1), account(first + 1, 700))
    expect(
      (await source.read({ from: day2?.first ?? 0, to: day2?.last ?? 0 }, [dailyBurned], signal)).gaps,
    ).toHaveLength(1)
    const later = sourceOf([ledger])
    const again = await later.read(
      { from: (day2?.last ?? 0) - 5, to: day2?.last ?? 0 },
      [dailyBurned],
      signal,
    )
    expect(again.events).toMatchObject([{ amountRaw: 695n, fromHeight: day2?.first, height: day2?.last }])
    expect(again.covered.get(9)).toEqual([{ from: day2?.first, to: day2?.last }])
  })

  const reasons: readonly (readonly [string, (of: { owner: string; data: Buffer }) => void, RegExp])[] = [
    ['of another program', (a) => Object.assign(a, { owner: idOf('other') }), /belongs to .*, not/],
    [
      'of another kind',
      (a) => a.data.write('ffff', 'hex'),
      /is of the kind ffffb114aafb2525, not 2df9b114aafb2525/,
    ],
    ['of another day', (a) => a.data.writeBigUInt64LE(7n, 8), /names the epoch 7 at byte 8, not/],
    [
      'too short for its numbers',
      (a) => Object.assign(a, { data: a.data.subarray(0, 20) }),
      /its byte 40 is zero or absent/,
    ],
  ]
  test.each(reasons)('are gaps for an account %s', async (_, damage, message) => {
    const ledger = await started(longLedger())
    const first = start / 86_400
    const damaged = account(first, 1_000)
    damage(damaged)
    ledger.accounts.set(dailyOf(dailyBurned).addressOf(first), damaged)
    const batch = await sourceOf([ledger]).read(
      { from: 1_001, to: 1_000 + 1.5 * slotsPerDay },
      [dailyBurned],
      signal,
    )
    expect(batch.events).toEqual([])
    expect(batch.gaps[0]?.reason).toMatch(message)
  })

  test('of a range whose end block is missing are read in smaller ranges, so that only its neighbourhood is a gap', async () => {
    const ledger = await started(longLedger())
    const end = 1_000 + 2 * slotsPerDay
    ledger.rules.spoil = (method, result) => {
      if (method !== 'getBlock' || (result as { parentSlot: number }).parentSlot !== end) return result
      throw new Refusal(-32004, `Block not available for slot ${end + 1}`)
    }
    const source = sourceOf([ledger])
    await expect(source.read({ from: 1_001, to: end }, [mints], signal)).rejects.toMatchObject({
      code: 'rpc-too-large',
    })
    const day = await source.read({ from: end - 99, to: end }, [mints], signal)
    expect(day.gaps[0]).toMatchObject({
      from: end - 99,
      to: end,
      reason: expect.stringMatching(/not available/),
    })
  })

  test('of accounts can be paid later, and be differences to the day before', async () => {
    const later = numbered(
      9,
      dailyAccounts({
        ...declared,
        kind: 'emission',
        class: 'contributor',
        accounts: {
          program,
          seeds: [{ text: 'epoch_info' }, { epoch: 'u64' }],
          discriminator: '2df9b114aafb2525',
          value: [{ at: 16 }, { at: 16, days: -1, minus: true }],
          paidAfterDays: 1,
        },
      }),
    )
    const ledger = await started(longLedger())
    const first = start / 86_400
    // Day 2 is booked with the accounts of the day before it and the one before that.
    ledger.accounts.set(dailyOf(later).addressOf(first - 1), account(first - 1, 300))
    ledger.accounts.set(dailyOf(later).addressOf(first), account(first, 1_000))
    const batch = await sourceOf([ledger]).read(
      { from: 1_001, to: 1_000 + 2.5 * slotsPerDay },
      [later],
      signal,
    )
    expect(batch.events).toMatchObject([
      {
        amountRaw: 700n,
        fromHeight: batch.days[1]?.first,
        height: batch.days[1]?.last,
        accruedFrom: '2025-06-01',
      },
    ])
    expect(batch.gaps[0]?.reason).toMatch(/the account of 2025-05-31|the account of 2025-05-30/)
  })
})
