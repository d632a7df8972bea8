import { describe, expect, it } from 'vitest'
import type { NodeSocket, Twist } from '../../devnet/node.ts'
import { addressBytes, u64 } from '../../devnet/solana/instructions.ts'
import { simulateSolana } from '../../devnet/solana/simulation.ts'
import { programAddress } from '../../indexers/chains/solana/address.ts'
import type { Movement } from '../../indexers/chains/solana/token.ts'
import { movementsOf } from '../../indexers/chains/solana/token.ts'
import { readTransaction } from '../../indexers/chains/solana/transaction.ts'
import { addDays, day, dayNumber, dayOf, dayStart, unixSeconds } from '../../pipeline/model/time.ts'

const end = dayStart(day('2026-11-22'))
const days = 40
const from = addDays(day('2026-11-22'), -days)
const hnt = 'hntyVP6YFm1Hg25TN9WGLqM12b8TQmcknKrdu1oxWux'
const dc = 'dcuc8Amr83Wz27ZkQ2K9NS6r8zRpf1J6cvArEBDZDmm'
const render = 'rndrizKT3MK1iimdxRdWabcF7Zg7AR5T4nud4EkHBof'
const io = 'BZLbGTNCSFfoth2GYDtwr7e4imWzpR5jqcUuGEwr646K'

const honest: Twist = {
  head: (height) => height,
  hides: () => false,
  otherFork: () => false,
  network: (name) => name,
  strip: (record) => record,
}
const simulation = simulateSolana({ seed: 7, days, end })

interface Answer {
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

function post(body: unknown, twist = honest, of = simulation): unknown {
  const request = { method: 'POST', path: '/', query: new URLSearchParams(), body: JSON.stringify(body) }
  const reply = of.node.answer(request, twist)
  if (reply instanceof Promise) throw new TypeError('the simulated node answers at once')
  return JSON.parse(reply.body)
}

function rpc(method: string, params: readonly unknown[] = [], twist = honest, of = simulation): Answer {
  return post({ jsonrpc: '2.0', id: 1, method, params }, twist, of) as Answer
}

function result<T>(method: string, ...params: unknown[]): T {
  const { result: found, error } = rpc(method, params)
  if (error !== undefined) throw new Error(`${method}: ${error.message}`)
  return found as T
}

interface Listed {
  readonly signature: string
  readonly slot: number
  readonly err: unknown
  readonly blockTime: number
}

function listed(address: string, limit: number): Listed[] {
  const all: Listed[] = []
  for (;;) {
    const before = all.at(-1)?.signature
    const page = result<Listed[]>('getSignaturesForAddress', address, {
      limit,
      ...(before === undefined ? {} : { before }),
    })
    if (page.length === 0) return all
    all.push(...page)
  }
}

const mints = [hnt, dc, render, io]
const signatures = [...new Set(mints.flatMap((m) => listed(m, 1_000).map((l) => l.signature)))]

function movements(encoding: string, of: readonly string[]): Movement[] {
  return of.flatMap((signature) =>
    movementsOf(
      readTransaction(result('getTransaction', signature, { encoding, maxSupportedTransactionVersion: 0 })),
    ),
  )
}

const sum = (all: readonly Movement[], type: Movement['type'], mint: string): bigint =>
  all.reduce((total, m) => total + (m.type === type && m.mint === mint ? m.amountRaw : 0n), 0n)

describe('the simulated Solana', () => {
  const all = movements('json', signatures)
  const noted = (...entries: string[]): bigint =>
    entries.reduce((total, e) => total + simulation.books.total(e, from, day('2026-11-22')), 0n)

  it('holds transactions that the real decoder reads, with balances that agree, and adds up to its own books', () => {
    const helium = ['mobile', 'iot'].flatMap((of) => [`helium hotspots ${of}`, `helium stakers ${of}`])
    expect({
      hntMinted: sum(all, 'mint', hnt),
      hntBurned: sum(all, 'burn', hnt),
      dcMinted: sum(all, 'mint', dc),
      dcBurned: sum(all, 'burn', dc),
      renderMinted: sum(all, 'mint', render),
      renderBurned: sum(all, 'burn', render),
      ioMinted: sum(all, 'mint', io),
      ioBurned: sum(all, 'burn', io),
    }).toEqual({
      hntMinted: noted(...helium, 'helium supplement'),
      hntBurned: noted('helium purchases', 'helium no-emit', 'helium forfeits', 'helium other burns'),
      dcMinted: noted('helium credits minted'),
      dcBurned: noted('helium credits mobile', 'helium credits iot', 'helium credits other'),
      renderMinted: noted('render minted'),
      renderBurned: noted('render jobs burned', 'render other burns'),
      ioMinted: 0n,
      ioBurned: noted('io burned'),
    })
    expect(noted('helium purchases discretionary', 'render emitted') > 0n).toBe(true)
    expect(noted('helium other burns') * noted('render other burns') * noted('io burned') > 0n).toBe(true)
  })

  it('has supplies that changed by exactly what was minted and burned', () => {
    const before = simulation.chain.first
    for (const mint of mints) {
      const now = result<{ value: { amount: string } }>('getTokenSupply', mint).value.amount
      const then = simulation.chain.ledger.mint(mint).supply.at(before) ?? 0n
      expect(BigInt(now) - then).toBe(sum(all, 'mint', mint) - sum(all, 'burn', mint))
    }
  })

  it('writes each transaction alike in every encoding that can tell it', () => {
    const plain = all.map(({ batch: _, ...m }) => m)
    expect(movements('base64', signatures).map(({ batch: _, ...m }) => m)).toEqual(plain)
    const [sample] = [signatures.slice(0, 400)]
    const bare = (m: Movement) => [m.type, m.mint, m.amountRaw, m.from, m.to, m.authority]
    expect(movements('jsonParsed', sample).map(bare)).toEqual(movements('json', sample).map(bare))
  })

  it('has failed transactions, batches, lookup tables and calls within calls', () => {
    const answers = signatures.map((s) =>
      result<{ meta: { err: unknown }; version: unknown }>('getTransaction', s, {
        maxSupportedTransactionVersion: 0,
      }),
    )
    expect(answers.some((a) => a.meta.err !== null)).toBe(true)
    expect(new Set(answers.map((a) => a.version))).toEqual(new Set(['legacy', 0]))
    expect(all.some((m) => m.batch !== undefined)).toBe(true)
    expect(Math.max(...all.map((m) => m.callers.length))).toBe(4)
    expect(JSON.stringify(answers)).toContain('"addressTableLookups":[{')
  })

  it('lists signatures newest first, in pages that join, from any signature on', () => {
    const once = listed(hnt, 1_000)
    expect(listed(hnt, 7)).toEqual(once)
    expect(once.map((l) => l.slot)).toEqual([...once].map((l) => l.slot).sort((a, b) => b - a))
    const [anchor] = once.slice(10)
    if (anchor === undefined) throw new Error('too few signatures')
    const parent = result<{ parentSlot: number }>('getBlock', anchor.slot, {
      transactionDetails: 'none',
      maxSupportedTransactionVersion: 0,
    })
    const block = result<{ signatures: string[] }>('getBlock', parent.parentSlot, {
      transactionDetails: 'signatures',
      maxSupportedTransactionVersion: 0,
    })
    const vote = block.signatures[0]
    const older = once.filter((l) => l.slot < parent.parentSlot)
    expect(result<Listed[]>('getSignaturesForAddress', hnt, { before: vote, limit: 1_000 })).toEqual(older)
    expect(result<Listed[]>('getSignaturesForAddress', hnt, { until: vote, limit: 1_000 })).toEqual(
      once.slice(0, once.length - older.length),
    )
    expect(rpc('getSignaturesForAddress', [hnt, { before: '1'.repeat(64) }]).result).toEqual([])
    const [known, unknown] = result<{ value: unknown[] }>('getSignatureStatuses', [
      vote,
      '1'.repeat(64),
    ]).value
    expect(known).toMatchObject({ slot: parent.parentSlot, err: null })
    expect(unknown).toBeNull()
  })

  it('has blocks that follow each other, with slots that were skipped', () => {
    const { first } = simulation.chain
    const slots = result<number[]>('getBlocks', first, first + 2_000)
    expect(slots.length).toBeGreaterThan(1_900)
    expect(slots.length).toBeLessThan(1_960)
    let before: { blockhash: string; blockHeight: number } | undefined
    for (const slot of slots.slice(0, 300)) {
      const block = result<{
        blockhash: string
        previousBlockhash: string
        parentSlot: number
        blockHeight: number
        blockTime: number
      }>('getBlock', slot, { transactionDetails: 'none', maxSupportedTransactionVersion: 0 })
      if (before !== undefined) {
        expect(block).toMatchObject({
          previousBlockhash: before.blockhash,
          blockHeight: before.blockHeight + 1,
        })
      }
      expect(block.blockTime).toBe(result('getBlockTime', slot))
      before = block
    }
    const start = result<number>('getBlockTime', first)
    expect(dayOf(unixSeconds(start))).not.toBe(dayOf(unixSeconds(start + 8)))
  })

  it('gives the accounts of each day as the program writes them, in agreement with the transactions', () => {
    const last = dayNumber(day('2026-11-20'))
    const bytes = (name: string, of: string, epoch: number): Buffer => {
      const seeds = [Buffer.from(name), addressBytes(of), u64(epoch)]
      const [account] = result<{ value: { data: [string] }[] }>('getMultipleAccounts', [
        programAddress(seeds, 'hdaoVTCqhfHHo75XdAMxBKdUqvq1i5bF23sisBqVgGR'),
      ]).value
      return Buffer.from(account?.data[0] ?? '', 'base64')
    }
    const dao = bytes('dao_epoch_info', 'BQ3MCuTT5zVBhNfQ4SjMh3NPVhFy73MPV8rjfq5d1zie', last)
    const mobile = bytes('sub_dao_epoch_info', 'Gm9xDCJawDEKDrrQW6haw94gABaYzQwCq4ZQU8h8bd22', last)
    const of = (entry: string): bigint => simulation.books.days(entry).get(day('2026-11-20')) ?? 0n
    const minted = ['hotspots mobile', 'hotspots iot', 'stakers mobile', 'stakers iot'].map((e) =>
      of(`helium ${e} by epoch`),
    )
    const lost = dao.readBigUInt64LE(49) - minted.reduce((a, b) => a + b, 0n)
    expect(lost >= 0n && lost <= 2n).toBe(true)
    expect({
      epoch: Number(dao.readBigUInt64LE(9)),
      done: dao[89],
      stakers: dao.readBigUInt64LE(252),
      burned: mobile.readBigUInt64LE(48),
      options: [mobile[104], mobile[121]],
      mobile: [mobile.readBigUInt64LE(140), mobile.readBigUInt64LE(96)],
    }).toEqual({
      epoch: last,
      done: 1,
      stakers: of('helium stakers mobile by epoch') + of('helium stakers iot by epoch'),
      burned: of('helium credits mobile'),
      options: [1, 1],
      mobile: [of('helium hotspots mobile by epoch'), of('helium stakers mobile by epoch')],
    })
  })

  it('answers errors with the codes of a real node', () => {
    const { first } = simulation.chain
    const skipped = Array.from({ length: 64 }, (_, i) => first + i).find((s) => !simulation.chain.has(s)) ?? 0
    const head = result<number>('getSlot')
    const versioned = signatures.find((s) => rpc('getTransaction', [s, {}]).error !== undefined)
    const code = (method: string, ...params: unknown[]): number | undefined => rpc(method, params).error?.code
    expect([
      code('getBlock', skipped, {}),
      code('getBlock', first - 10, {}),
      code('getBlock', head + 1, {}),
      code('getBlockTime', skipped),
      code('getSlot', { minContextSlot: head + 1 }),
      code('getTransaction', versioned, {}),
      code('getTransaction', 5),
      code('getNothing'),
      code('getSignaturesForAddress', hnt, { limit: 1_001 }),
      code('getTokenSupply', '1'.repeat(32)),
    ]).toEqual([-32007, -32001, -32004, -32007, -32016, -32015, -32602, -32601, -32602, -32602])
    expect(post('no object')).toMatchObject({ error: { code: -32600 } })
    expect(result('getTransaction', '1'.repeat(64), {})).toBeNull()
  })

  it('answers batches in order, and newer slots only at a lower commitment', () => {
    const [a, b] = post([
      { id: 'a', method: 'getSlot', params: [{ commitment: 'processed' }] },
      { id: 'b', method: 'getSlot', params: [] },
    ]) as { id: string; result: number }[]
    expect([a?.id, b?.id]).toEqual(['a', 'b'])
    expect((a?.result ?? 0) - (b?.result ?? 0)).toBeGreaterThanOrEqual(30)
    expect(result<number>('getSlot', { commitment: 'confirmed' })).toBeGreaterThan(b?.result ?? 0)
  })

  it('lies when it is told to: an old head, hidden slots, another cluster, missing fields', () => {
    const head = result<number>('getSlot')
    const [newest] = listed(hnt, 1_000)
    if (newest === undefined) throw new Error('too few signatures')
    const behind = 60_000
    const stale: Twist = { ...honest, head: (h) => h - behind }
    expect(rpc('getSlot', [], stale).result).toBeLessThanOrEqual(head - behind + 40)
    expect((rpc('getSignaturesForAddress', [hnt, {}], stale).result as Listed[])[0]?.slot).toBeLessThan(
      head - behind,
    )
    const hiding: Twist = { ...honest, hides: (slot) => slot === newest.slot }
    expect(
      rpc('getTransaction', [newest.signature, { maxSupportedTransactionVersion: 0 }], hiding).result,
    ).toBeNull()
    expect(rpc('getBlock', [newest.slot, {}], hiding).error?.code).toBe(-32004)
    const elsewhere: Twist = { ...honest, network: (name) => `${name}.other` }
    expect(rpc('getGenesisHash', [], elsewhere).result).not.toBe(result('getGenesisHash'))
    const stripping: Twist = {
      ...honest,
      strip: (record) =>
        Object.fromEntries(Object.entries(record).filter(([k]) => k !== 'innerInstructions')),
    }
    const answer = rpc('getTransaction', [newest.signature, { maxSupportedTransactionVersion: 0 }], stripping)
    expect(answer.result).not.toHaveProperty('meta.innerInstructions')
    expect(answer.result).toHaveProperty('meta.err')
  })

  it('is the same for the same options, and goes on where time does', () => {
    const options = { seed: 3, days: 3, end: unixSeconds(end + 5_000) }
    const [one, two] = [simulateSolana(options), simulateSolana({ ...options, end })]
    two.advanceTo(options.end)
    const page = (of: typeof one): unknown => rpc('getSignaturesForAddress', [dc, {}], honest, of).result
    expect(page(two)).toEqual(page(one))
    expect(rpc('getSlot', [], honest, two)).toEqual(rpc('getSlot', [], honest, one))
  })

  it('tells subscribers of new slots until they leave', () => {
    const own = simulateSolana({ seed: 3, days: 1, end })
    const said: string[] = []
    const socket: NodeSocket = { send: (text) => said.push(text), close: () => undefined }
    const listener = own.node.connect?.(socket)
    listener?.message(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'slotSubscribe' }))
    listener?.message(JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'rootSubscribe' }))
    own.advanceTo(unixSeconds(end + 40))
    own.advanceTo(unixSeconds(end + 40))
    listener?.closed()
    own.advanceTo(unixSeconds(end + 80))
    const { head } = own.chain
    expect(said.map((text) => JSON.parse(text))).toEqual([
      { jsonrpc: '2.0', result: 1, id: 1 },
      { jsonrpc: '2.0', result: 2, id: 2 },
      {
        jsonrpc: '2.0',
        method: 'slotNotification',
        params: { subscription: 1, result: { slot: head - 10, parent: head - 11, root: head - 42 } },
      },
      { jsonrpc: '2.0', method: 'rootNotification', params: { subscription: 2, result: head - 42 } },
    ])
  })
})
