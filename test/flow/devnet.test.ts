import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { simulatedNetwork } from '../../devnet/arweave/node.ts'
import { type Devnet, type DevnetOptions, startDevnet } from '../../devnet/start.ts'
import { inflationAt } from '../../indexers/chains/arweave/inflation.ts'
import { day, dayStart, secondsPerDay } from '../../pipeline/model/time.ts'

const end = dayStart(day('2026-11-22'))
const open: Devnet[] = []

async function start(options: Partial<DevnetOptions> = {}): Promise<Devnet> {
  const devnet = await startDevnet({ only: ['arweave'], seed: 7, days: 2, end, ...options })
  open.push(devnet)
  return devnet
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((devnet) => devnet.close()))
})

const blockShape = z.object({
  height: z.number(),
  timestamp: z.number(),
  indep_hash: z.string().regex(/^[\w-]{64}$/),
  previous_block: z.string().regex(/^[\w-]{64}$/),
  txs: z.array(z.string().regex(/^[\w-]{43}$/)),
  reward: z.string().transform(BigInt),
  reward_pool: z.string().transform(BigInt),
  weave_size: z.string().transform(BigInt),
  block_size: z.string().transform(BigInt),
  debt_supply: z.literal('0'),
  denomination: z.literal('1'),
  double_signing_proof: z.strictObject({}),
})
type Block = z.infer<typeof blockShape>

const infoShape = z.object({
  network: z.string(),
  height: z.number(),
  current: z.string(),
  blocks: z.number(),
})

const pageShape = z.object({
  data: z.object({
    transactions: z.object({
      pageInfo: z.object({ hasNextPage: z.boolean() }),
      edges: z.array(
        z.object({
          cursor: z.string(),
          node: z.object({
            id: z.string(),
            fee: z.object({ winston: z.string(), ar: z.string() }),
            quantity: z.object({ winston: z.string() }),
            bundledIn: z.object({ id: z.string() }).nullable(),
            block: z.object({ height: z.number(), timestamp: z.number() }),
          }),
        }),
      ),
    }),
  }),
})
type Node = z.infer<typeof pageShape>['data']['transactions']['edges'][number]['node']

async function text(url: string): Promise<string> {
  return (await fetch(url)).text()
}

async function block(devnet: Devnet, height: number): Promise<Block> {
  return blockShape.parse(JSON.parse(await text(`${devnet.urls.arweave}/block/height/${height}`)))
}

async function info(devnet: Devnet): Promise<z.infer<typeof infoShape>> {
  return infoShape.parse(JSON.parse(await text(`${devnet.urls.arweave}/info`)))
}

const query = `query($min: Int!, $max: Int!, $after: String, $first: Int, $sort: SortOrder) {
  transactions(block: { min: $min, max: $max }, first: $first, after: $after, sort: $sort) {
    pageInfo { hasNextPage }
    edges { cursor node { id fee { winston ar } quantity { winston } bundledIn { id } block { height timestamp } } }
  }
}`

async function listed(
  devnet: Devnet,
  variables: Record<string, unknown>,
): Promise<{ nodes: Node[]; pages: number[] }> {
  const nodes: Node[] = []
  const pages: number[] = []
  for (let after: string | undefined; pages.length < 100; ) {
    const body = JSON.stringify({ query, variables: { ...variables, after } })
    const answer = await fetch(`${devnet.urls.arweave}/graphql`, { method: 'POST', body })
    const { edges, pageInfo } = pageShape.parse(await answer.json()).data.transactions
    nodes.push(...edges.map((edge) => edge.node))
    pages.push(edges.length)
    if (!pageInfo.hasNextPage) break
    after = edges.at(-1)?.cursor
  }
  return { nodes, pages }
}

const sum = (values: readonly bigint[]): bigint => values.reduce((all, value) => all + value, 0n)

describe('the simulated Arweave', () => {
  it('gives the same bytes for the same seed, and others for another', async () => {
    const [one, same, other] = await Promise.all([start(), start(), start({ seed: 8 })])
    const path = `/block/height/${one.arweave.first + 500}`
    const first = await text(one.urls.arweave + path)
    expect(await text(same.urls.arweave + path)).toBe(first)
    expect(await text(other.urls.arweave + path)).not.toBe(first)
  })

  it('says that it is simulated and where its head is', async () => {
    const devnet = await start()
    const answer = await fetch(`${devnet.urls.arweave}/info`)
    expect(answer.headers.get('x-depindex-origin')).toBe('simulated')
    const { height, network, current, blocks } = infoShape.parse(await answer.json())
    expect({ height, network, blocks }).toEqual({
      height: devnet.arweave.head,
      network: simulatedNetwork,
      blocks: height - devnet.arweave.first + 1,
    })
    const head = await block(devnet, height)
    expect(head.indep_hash).toBe(current)
    expect(Math.abs(height - 2_048_241)).toBeLessThan(3)
    expect(head.timestamp).toBeGreaterThan(end - 200)
    expect(head.timestamp).toBeLessThanOrEqual(end)
    expect((await block(devnet, devnet.arweave.first)).timestamp).toBeLessThan(end - 2 * secondsPerDay)
  })

  it('conserves every winston and byte over 400 blocks, from headers and from transactions', async () => {
    const devnet = await start()
    const { first } = devnet.arweave
    const { nodes } = await listed(devnet, { min: first, max: first + 400, first: 100, sort: 'HEIGHT_ASC' })
    const fees = new Map<number, Node[]>()
    for (const node of nodes.filter((listedNode) => listedNode.bundledIn === null)) {
      fees.set(node.block.height, [...(fees.get(node.block.height) ?? []), node])
    }
    let before = await block(devnet, first)
    for (let height = first + 1; height <= first + 400; height += 1) {
      const here = await block(devnet, height)
      const paid = (fees.get(height) ?? []).map((node) => BigInt(node.fee.winston))
      const miner = sum(paid.map((fee) => (fee * 2n) / 12n))
      expect({
        parent: here.previous_block,
        ids: (fees.get(height) ?? []).map((node) => node.id),
        reward: here.reward,
        pool: here.reward_pool,
        weave: here.weave_size,
      }).toEqual({
        parent: before.indep_hash,
        ids: here.txs,
        reward: inflationAt(height) + miner,
        pool: before.reward_pool + sum(paid) - miner,
        weave: before.weave_size + here.block_size,
      })
      before = here
    }
    expect(nodes.some((node) => node.bundledIn !== null && node.fee.winston === '0')).toBe(true)
    expect(fees.size).toBeLessThan(400)
  })

  it('splits fees by 21 from height 2,069,870', async () => {
    const devnet = await start({ days: 2, end: dayStart(day('2026-12-25')) })
    const height = 2_069_870
    expect(devnet.arweave.first).toBeLessThan(height - 1)
    for (const [at, split] of [
      [height - 1, (fee: bigint) => (fee * 2n) / 12n],
      [height + 1, (fee: bigint) => fee / 21n],
    ] as const) {
      const { nodes } = await listed(devnet, { min: at, max: at, first: 100 })
      const paid = nodes.map((node) => split(BigInt(node.fee.winston)))
      expect((await block(devnet, at)).reward).toBe(inflationAt(at) + sum(paid))
    }
  })

  it('collects a few hundred AR of fees a day, less at the weekend', async () => {
    const devnet = await start({ days: 9 })
    const [start8, start2, start1] = [8, 2, 1].map((days) => devnet.arweave.head - days * 680)
    const pools = await Promise.all(
      [start8, start2, start1].map(async (at) => (await block(devnet, at ?? 0)).reward_pool),
    )
    const perDay = (from: number, to: number, days: number): number =>
      Number(((pools[to] ?? 0n) - (pools[from] ?? 0n)) / 10n ** 12n / BigInt(days))
    expect(perDay(0, 1, 6)).toBeGreaterThan(120)
    expect(perDay(0, 1, 6)).toBeLessThan(400)
    expect(perDay(1, 2, 1)).toBeLessThan(perDay(0, 1, 6))
  })

  it('answers 404 for what it does not hold', async () => {
    const devnet = await start()
    const { first, head } = devnet.arweave
    const unknown = [
      '/',
      '/nothing',
      `/block/height/${first - 1}`,
      `/block/height/${head + 1}`,
      '/block/height/x',
    ]
    const ids = [
      `/block/hash/${'A'.repeat(64)}`,
      `/tx/${'A'.repeat(43)}`,
      `/tx/${'A'.repeat(43)}/reward`,
      '/tx/x',
    ]
    const seen = await Promise.all(
      [...unknown, ...ids].map(async (path) => (await fetch(devnet.urls.arweave + path)).status),
    )
    expect(seen).toEqual([...unknown, ...ids].map(() => 404))
  })

  it('finds blocks by hash and transactions by id', async () => {
    const devnet = await start()
    const url = devnet.urls.arweave
    const { nodes } = await listed(devnet, {
      min: devnet.arweave.first + 9,
      max: devnet.arweave.first + 20,
      first: 1,
    })
    const [node] = nodes
    if (node === undefined) throw new Error('no transaction in 12 blocks')
    const path = `${url}/block/height/${node.block.height}`
    const { indep_hash } = await block(devnet, node.block.height)
    expect(await text(`${url}/block/hash/${indep_hash}`)).toBe(await text(path))
    expect(JSON.parse(await text(`${url}/tx/${node.id}`))).toMatchObject({
      id: node.id,
      reward: node.fee.winston,
    })
    expect(await text(`${url}/tx/${node.id}/reward`)).toBe(node.fee.winston)
    expect(JSON.parse(await text(`${url}/tx/${node.id}/status`))).toEqual({
      block_height: node.block.height,
      block_indep_hash: indep_hash,
      number_of_confirmations: devnet.arweave.head - node.block.height + 1,
    })
    expect(await text(`${url}/inflation/2048241`)).toBe('130734565824')
  })

  it('pages both ways through the same list, at most 100 a page', async () => {
    const devnet = await start()
    const range = { min: devnet.arweave.first + 3, max: devnet.arweave.first + 60 }
    const up = await listed(devnet, { ...range, first: 1_000, sort: 'HEIGHT_ASC' })
    const down = await listed(devnet, { ...range, first: 37, sort: 'HEIGHT_DESC' })
    expect(up.pages[0]).toBe(100)
    const sorted = (nodes: readonly Node[]): string[] => nodes.map((node) => node.id).sort()
    expect(sorted(down.nodes)).toEqual(sorted(up.nodes))
    expect(new Set(sorted(up.nodes)).size).toBe(up.nodes.length)
    const heights = down.nodes.map((node) => node.block.height)
    expect(heights).toEqual([...heights].sort((a, b) => b - a))
  })

  it('refuses GraphQL that a gateway would not know', async () => {
    const devnet = await start()
    for (const body of ['{', '{}', JSON.stringify({ query: '{ rewards { id } }' })]) {
      const answer = await fetch(`${devnet.urls.arweave}/graphql`, { method: 'POST', body })
      expect(answer.status).toBe(400)
      expect(await answer.json()).toHaveProperty('errors')
    }
  })

  it('mines on request and with the clock', async () => {
    let ms = 1_000
    const devnet = await start({ live: true, speed: 10, now: () => ms })
    const before = devnet.arweave.head
    ms += 127_000
    expect(Math.abs((await info(devnet)).height - before - 10)).toBeLessThanOrEqual(1)
    devnet.arweave.advance(50)
    const { height } = await info(devnet)
    expect(Math.abs(height - before - 60)).toBeLessThanOrEqual(1)
    expect((await block(devnet, height)).previous_block).toBe((await block(devnet, height - 1)).indep_hash)
  })

  it('forks: other hashes and transactions from the depth on, the same below, and still one chain', async () => {
    const devnet = await start()
    const { head } = devnet.arweave
    const heights = Array.from({ length: 12 }, (_, at) => head - 11 + at)
    const before = await Promise.all(heights.map((height) => block(devnet, height)))
    devnet.arweave.fork(5)
    devnet.arweave.fork(2)
    const after = await Promise.all(heights.map((height) => block(devnet, height)))
    const changed = heights.filter((_, at) => before[at]?.indep_hash !== after[at]?.indep_hash)
    expect(changed).toEqual(heights.slice(-5))
    for (const [at, here] of after.entries()) {
      const parent = after[at - 1]
      if (parent !== undefined) expect(here.previous_block).toBe(parent.indep_hash)
    }
    expect((await fetch(`${devnet.urls.arweave}/block/hash/${before.at(-1)?.indep_hash}`)).status).toBe(404)
  })
})
