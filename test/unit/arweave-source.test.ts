import { expect, test } from 'vitest'
import { inflationAt } from '../../indexers/chains/arweave/inflation.ts'
import type { Node } from './arweave-node.ts'
import {
  base,
  block,
  blockId,
  counted,
  digest,
  endowmentAt,
  feesAt,
  gateway,
  heightOf,
  minerAt,
  nameOf,
  only,
  plain,
  read,
  sourceOver,
  streams,
  txOf,
} from './arweave-node.ts'

test.each([
  ['a gateway with GraphQL', gateway],
  ['a node without', plain],
])('%s: all streams agree on every block', async (_, node) => {
  const batch = await read(await sourceOver([node]), base + 1, base + 20, streams)
  const sum = (name: string): bigint =>
    batch.events.filter((e) => nameOf(e.streamId) === name).reduce((total, e) => total + e.amountRaw, 0n)
  const heights = Array.from({ length: 20 }, (_, i) => base + 1 + i)
  const total = (of: (height: number) => bigint): bigint => heights.reduce((t, h) => t + of(h), 0n)
  expect(Object.fromEntries(streams.map((s) => [s.name, sum(s.name)]))).toEqual({
    inflation: total(inflationAt),
    debtSupply: 0n,
    fees: total((h) => minerAt(h) + endowmentAt(h)),
    feesMiner: total(minerAt),
    feesEndowment: total(endowmentAt),
    feesFromHeaders: total((h) => minerAt(h) + endowmentAt(h)),
    endowmentTakes: 0n,
  })
  expect(batch.gaps).toEqual([])
  expect([...batch.covered.values()]).toEqual(streams.map(() => [{ from: base + 1, to: base + 20 }]))
  expect(batch.days).toEqual([
    { day: '2023-06-14', last: base + 9 },
    { day: '2023-06-15', first: base + 10 },
  ])
  expect(batch.edges.map((e) => [e.height, e.hash, e.parentHash])).toEqual([
    [base + 1, blockId(base + 1), blockId(base)],
    [base + 20, blockId(base + 20), blockId(base + 19)],
  ])
})

test('events are named by the transaction or the block, in the chain’s own bytes', async () => {
  const batch = await read(await sourceOver([gateway]), base + 1, base + 1, only('inflation', 'fees'))
  expect(batch.events.map((e) => Buffer.from(e.txId).toString('base64url'))).toEqual([
    blockId(base + 1),
    ...feesAt(base + 1).map((_, i) => txOf(base + 1, i)),
  ])
  expect(batch.events[0]).toMatchObject({ position: 0, height: base + 1, recipient: 'm'.repeat(43) })
})

test('streams of headers ask for no transaction; GraphQL is given up after one refusal', async () => {
  const asked: string[] = []
  const source = await sourceOver([counted(plain, asked)])
  await read(source, base + 1, base + 5, only('inflation', 'debtSupply', 'feesFromHeaders'))
  expect(asked.filter((url) => !url.startsWith('/block/height/'))).toEqual([])
  await read(source, base + 1, base + 5, only('fees'))
  await read(source, base + 6, base + 9, only('fees'))
  expect(asked.filter((url) => url === '/graphql')).toHaveLength(1)
})

test('transactions that a gateway leaves out are asked one by one; pending ones make a gap', async () => {
  const pending = txOf(base + 2, 1)
  const lacking: Node = (url, body) => {
    if (url === `/tx/${pending}`) return { status: 202, text: 'Pending' }
    const answer = gateway(url, body)
    if (url !== '/graphql') return answer
    const text = JSON.stringify(answer)
    return {
      status: 200,
      text: text.replaceAll(pending, digest('x', 32)).replaceAll(txOf(base + 1, 0), digest('y', 32)),
    }
  }
  const batch = await read(await sourceOver([lacking]), base + 1, base + 4, only('fees'))
  expect(batch.gaps.map((g) => [g.from, g.to, g.code, g.reason])).toEqual([
    [base + 2, base + 2, 'rpc-not-found', expect.stringContaining(`${pending} (1 of 3 missing)`)],
  ])
  expect([...batch.covered.values()]).toEqual([
    [
      { from: base + 1, to: base + 1 },
      { from: base + 3, to: base + 4 },
    ],
  ])
})

test('a missing block is a gap of every stream, and of the next height where a difference is read', async () => {
  const lacking: Node = (url, body) => (heightOf(url) === base + 5 ? undefined : gateway(url, body))
  const batch = await read(
    await sourceOver([lacking]),
    base + 4,
    base + 7,
    only('inflation', 'fees', 'endowmentTakes'),
  )
  expect(batch.gaps.map((g) => [nameOf(g.streamId), g.from, g.code])).toEqual([
    ['inflation', base + 5, 'rpc-not-found'],
    ['fees', base + 5, 'rpc-not-found'],
    ['endowmentTakes', base + 5, 'rpc-not-found'],
    ['endowmentTakes', base + 6, 'rpc-not-found'],
  ])
})

test('the endowment pays: a guard event; it grows without fees: refused', async () => {
  const changed =
    (pool: bigint): Node =>
    (url, body) =>
      heightOf(url) === base + 3 ? block(base + 3, { reward_pool: String(pool) }) : gateway(url, body)
  const pool = BigInt((block(base + 2) as { reward_pool: string }).reward_pool)
  const batch = await read(
    await sourceOver([changed(pool - 77n)]),
    base + 3,
    base + 3,
    only('endowmentTakes'),
  )
  expect(batch.events.map((e) => e.amountRaw)).toEqual([77n])
  await expect(
    read(await sourceOver([changed(pool + 77n)]), base + 3, base + 3, only('endowmentTakes')),
  ).rejects.toMatchObject({ code: 'decode-failed', message: expect.stringContaining(`block ${base + 3}`) })
})

test('new debt is emission, and no fee; a double-signing proof makes a gap of what it blurs', async () => {
  const node: Node = (url, body) => {
    const height = heightOf(url)
    if (height === undefined || height < base + 3) return gateway(url, body)
    const reward = String(inflationAt(height) + minerAt(height) + (height === base + 3 ? 9n : 0n))
    return block(height, {
      debt_supply: '9',
      reward,
      double_signing_proof: height === base + 4 ? { a: 'b' } : {},
    })
  }
  const batch = await read(
    await sourceOver([node]),
    base + 3,
    base + 4,
    only('debtSupply', 'feesFromHeaders', 'fees'),
  )
  expect(
    batch.events.filter((e) => e.height === base + 3).map((e) => [nameOf(e.streamId), e.amountRaw]),
  ).toEqual([['debtSupply', 9n]])
  expect(batch.gaps.map((g) => [nameOf(g.streamId), g.from])).toEqual([['feesFromHeaders', base + 4]])
})

test('an unclaimed block of before 2.6 minted nothing', async () => {
  const node: Node = (url) => {
    const height = heightOf(url) ?? 0
    return block(height, {
      txs: [],
      reward_addr: height === 700_001 ? 'unclaimed' : 'm'.repeat(43),
      reward_pool: 5,
    })
  }
  const batch = await read(await sourceOver([node]), 700_000, 700_002, only('inflation'))
  expect(batch.events.map((e) => e.height)).toEqual([700_000, 700_002])
  expect([...batch.covered.values()]).toEqual([[{ from: 700_000, to: 700_002 }]])
})

test('neighbours that do not fit are asked again, and refused if they insist', async () => {
  let asked = 0
  const stale: Node = (url, body) => {
    if (heightOf(url) !== base + 4) return plain(url, body)
    asked += 1
    return block(base + 4, asked === 1 ? { indep_hash: blockId(base + 4, ' fork') } : {})
  }
  const batch = await read(await sourceOver([stale]), base + 1, base + 8, only('inflation'))
  expect(batch.events).toHaveLength(8)
  const broken: Node = (url, body) =>
    heightOf(url) === base + 4
      ? block(base + 4, { indep_hash: blockId(base + 4, ' fork') })
      : plain(url, body)
  await expect(read(await sourceOver([broken]), base + 1, base + 8, only('inflation'))).rejects.toMatchObject(
    {
      code: 'continuity-broken',
      message: expect.stringContaining(`block ${base + 5} names ${blockId(base + 4)}`),
    },
  )
})
