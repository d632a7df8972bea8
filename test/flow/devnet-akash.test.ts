import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { modules } from '../../devnet/cosmos/accounts.ts'
import { upgradeNamed, upgrades } from '../../devnet/cosmos/eras.ts'
import { AkashNode } from '../../devnet/cosmos/node.ts'
import { AkashScenario } from '../../devnet/cosmos/scenario.ts'
import type { AkashSimulation } from '../../devnet/cosmos/simulation.ts'
import { Faults, type Misbehaviour } from '../../devnet/misbehave.ts'
import { type DevnetServer, startServer } from '../../devnet/server.ts'
import { type Devnet, startDevnet } from '../../devnet/start.ts'
import { day, dayStart } from '../../pipeline/model/time.ts'
import { coins, type Results, read18, readEvents, resultsShape, Tally } from '../support/cosmos.ts'

const end = dayStart(day('2026-11-22'))
const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

async function start(misbehave: Misbehaviour = [], seed = 7): Promise<Devnet> {
  const devnet = await startDevnet({ seed, days: 3, end, misbehave, only: ['akash'] })
  open.push(devnet)
  return devnet
}

async function serve(node: AkashNode): Promise<string> {
  const server: DevnetServer = await startServer({
    nodes: new Map([['/akash', node]]),
    faults: new Faults(7),
    host: '127.0.0.1',
    port: 0,
  })
  open.push(server)
  return `${server.url}/akash`
}

const scenarioOf = (devnet: Devnet): AkashScenario =>
  (devnet.simulation('/akash') as AkashSimulation).scenario

const urlOf = (devnet: Devnet): string => devnet.urls['akash'] ?? ''

/** One call by path; the result, or the error's data. */
async function get(url: string, path: string): Promise<unknown> {
  const answer = await fetch(url + path)
  const body = z
    .object({ result: z.unknown().optional(), error: z.object({ data: z.string() }).optional() })
    .parse(await answer.json())
  return body.error === undefined ? body.result : `${answer.status} ${body.error.data}`
}

async function post(url: string, body: unknown): Promise<unknown> {
  return (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json()
}

async function results(url: string, height: number): Promise<Results> {
  return resultsShape.parse(await get(url, `/block_results?height=${height}`))
}

const headerShape = z.object({
  chain_id: z.string(),
  height: z.string(),
  time: z.string(),
  last_block_id: z.object({ hash: z.string() }),
  data_hash: z.string(),
})
const blockShape = z.object({
  block_id: z.object({ hash: z.string() }),
  block: z.object({ header: headerShape, data: z.object({ txs: z.array(z.string()) }) }),
})

const uakt = (amount: bigint): Map<string, bigint> => new Map([['uakt', amount]])

describe('the simulated Akash', () => {
  it('gives the same bytes for the same seed, and others for another', async () => {
    const [one, same, other] = [await start(), await start(), await start([], 8)]
    const path = `/block_results?height=${scenarioOf(one).first + 60}`
    const text = async (devnet: Devnet): Promise<string> => (await fetch(urlOf(devnet) + path)).text()
    const first = await text(one)
    expect(await text(same)).toBe(first)
    expect(await text(other)).not.toBe(first)
  })

  it('says that it is simulated, what its network is and which heights it has', async () => {
    const devnet = await start()
    const { first, head } = scenarioOf(devnet)
    expect((await fetch(`${urlOf(devnet)}/status`)).headers.get('x-depindex-origin')).toBe('simulated')
    expect(await get(urlOf(devnet), '/status')).toMatchObject({
      node_info: { network: 'akashnet-2.simulated' },
      sync_info: {
        earliest_block_height: String(first),
        latest_block_height: String(head),
        catching_up: false,
      },
    })
    expect(head - first).toBeGreaterThan(140)
  })

  it('chains blocks by hash, with rising times and the root over their transactions', async () => {
    const devnet = await start()
    const { first, head } = scenarioOf(devnet)
    let parent: z.infer<typeof blockShape> | undefined
    for (let height = first; height <= head; height += 1) {
      const here = blockShape.parse(await get(urlOf(devnet), `/block?height=${height}`))
      if (parent !== undefined) {
        expect(here.block.header.last_block_id.hash).toBe(parent.block_id.hash)
        expect(Date.parse(here.block.header.time)).toBeGreaterThan(Date.parse(parent.block.header.time))
      }
      const leaves = here.block.data.txs.map((tx) => sha(Buffer.from(tx, 'base64')))
      expect(here.block.header.data_hash).toBe(root(leaves).toString('hex').toUpperCase())
      parent = here
    }
  })

  it('conserves every coin in every block, and its supply follows from mints and burns alone', async () => {
    const devnet = await start()
    const { first, head } = scenarioOf(devnet)
    await conserved(urlOf(devnet), first, head)
  })

  it('books what its events say', async () => {
    const devnet = await start()
    const { first, head, book } = scenarioOf(devnet)
    const seen = new Tally()
    for (let height = first; height <= head; height += 1) {
      for (const { type, of } of readEvents(await results(urlOf(devnet), height))) {
        if (type === 'mint') seen.add('inflation', uakt(BigInt(of['amount'] ?? '')))
        if (type === 'tx' && of['fee'] !== undefined) seen.add('fee', coins(of['fee']))
        if (type === 'burn') seen.add(`burn ${of['burner']}`, coins(of['amount'] ?? ''))
        if (type === 'coinbase') seen.add(`coinbase ${of['minter']}`, coins(of['amount'] ?? ''))
        if (type === 'transfer' && of['sender'] === modules.escrow)
          seen.add('from escrow', coins(of['amount'] ?? ''))
        if (type === 'transfer' && of['recipient'] === modules.escrow)
          seen.add('to escrow', coins(of['amount'] ?? ''))
      }
    }
    expect(seen.get('inflation uakt')).toBe(book.sum('inflation', 'uakt'))
    expect(seen.get('fee uakt')).toBe(book.sum('transaction fee', 'uakt'))
    expect(seen.get(`burn ${modules.bme} uact`)).toBe(book.sum('burn redeemed credits', 'uact'))
    expect(seen.get(`coinbase ${modules.bme} uact`)).toBe(book.sum('credits minted', 'uact'))
    expect(seen.get(`coinbase ${modules.bme} uakt`)).toBe(book.sum('shortfall', 'uakt'))
    expect(seen.get('to escrow uact')).toBe(book.sum('deposit', 'uact') + book.sum('collateral in', 'uact'))
    const out = ['lease payment', 'refund', 'collateral out'] as const
    expect(seen.get('from escrow uact')).toBe(out.reduce((all, flow) => all + book.sum(flow, 'uact'), 0n))
    const must = [
      'lease payment uact',
      'collateral out uakt',
      'shortfall uakt',
      'released uakt',
      'cancelled uakt',
    ]
    expect(must.filter((key) => !book.keys.includes(key))).toEqual([])
  })
})

/** Every coin in every block; and the supply before each mint, from the mint's own figures, from one block to the next. */
async function conserved(url: string, first: number, head: number): Promise<void> {
  let supply: bigint | undefined
  let since = 0n
  for (let height = first; height <= head; height += 1) {
    const moved = new Tally()
    for (const { type, of } of readEvents(await results(url, height))) {
      const amount = coins(type === 'mint' ? '' : (of['amount'] ?? '').replace(/\.\d+/g, ''))
      if (type === 'coin_received' || type === 'burn') moved.add('coins', amount)
      if (type === 'coin_spent' || type === 'coinbase') moved.add('coins', amount, -1n)
      if (type === 'coinbase') since += amount.get('uakt') ?? 0n
      if (type === 'burn') since -= amount.get('uakt') ?? 0n
      if (type !== 'mint') continue
      const [provisions, inflation] = [read18(of['annual_provisions'] ?? ''), read18(of['inflation'] ?? '')]
      expect(provisions % inflation).toBe(0n)
      const before = provisions / inflation
      // The mint's own coinbase comes before its event.
      const minted = BigInt(of['amount'] ?? '')
      if (supply !== undefined) expect(before - supply).toBe(since - minted)
      supply = before
      since = minted
    }
    expect({ height, ...moved.left }).toEqual({ height })
  }
}

const sha = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

function root(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves
  if (only === undefined) return sha(Buffer.alloc(0))
  if (leaves.length === 1) return sha(Buffer.concat([Buffer.of(0), only]))
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1))
  return sha(Buffer.concat([Buffer.of(1), root(leaves.slice(0, split)), root(leaves.slice(split))]))
}

describe('around the upgrades of the past', () => {
  it.each(upgrades.map((u) => u.name).filter((name) => name !== 'mainnet3'))(
    'conserves every coin around %s',
    async (around) => {
      const chain = new AkashScenario({ seed: 3, days: 8, around })
      await conserved(await serve(new AkashNode(chain)), chain.first, chain.head)
      const { height } = upgradeNamed(around)
      expect([height > chain.first, height < chain.head]).toEqual([true, true])
      expect(chain.block(height).transactions).toEqual([])
    },
  )

  it('leaves no event of failed transactions, and none of coins, before mainnet3', async () => {
    const chain = new AkashScenario({ seed: 3, days: 4, around: 'mainnet3' })
    const url = await serve(new AkashNode(chain))
    const { height: upgrade } = upgradeNamed('mainnet3')
    const failed = { before: 0, after: 0 }
    for (let height = chain.first; height <= chain.head; height += 1) {
      const found = await results(url, height)
      const events = readEvents(found)
      const coinEvents = events.filter(({ type }) => type === 'coin_spent' || type === 'coinbase').length
      expect([height, coinEvents > 0]).toEqual([height, height >= upgrade])
      for (const one of found.txs_results ?? []) {
        if (one.code === 0) continue
        failed[height < upgrade ? 'before' : 'after'] += 1
        expect(one.events.length > 0).toBe(height >= upgrade)
      }
    }
    expect([failed.before > 0, failed.after > 0]).toEqual([true, true])
  })

  it('changes from base64 in two lists to plain text in one at v1.0.0', async () => {
    const chain = new AkashScenario({ seed: 3, days: 1, around: 'v1.0.0' })
    const url = await serve(new AkashNode(chain))
    const { height } = upgradeNamed('v1.0.0')
    const [before, after] = [await results(url, height - 1), await results(url, height)]
    expect(before.begin_block_events?.some((e) => e.attributes.some((a) => a.key === 'YW1vdW50'))).toBe(true)
    expect(before.finalize_block_events).toBeUndefined()
    expect(after.finalize_block_events?.some((e) => e.attributes.some((a) => a.key === 'amount'))).toBe(true)
    expect([after.begin_block_events, after.txs_results]).toEqual([undefined, null])
  })

  it('closes stuck deployments, converts leases and funds escrow without a transaction', async () => {
    const stuck = new AkashScenario({ seed: 3, days: 24, around: 'v1.1.0' })
    expect(
      stuck
        .block(upgradeNamed('v1.1.0').height)
        .before.some((f) => f.kind === 'market' && f.what === 'lease-closed'),
    ).toBe(true)
    const credits = new AkashScenario({ seed: 3, days: 8, around: 'v2.0.0' })
    const { height } = upgradeNamed('v2.0.0')
    expect(credits.block(height).before.filter((f) => f.kind === 'burn').length).toBe(1)
    expect(credits.block(height + 4).end.filter((f) => f.kind === 'burn').length).toBe(1)
    expect(
      credits.book.keys.filter((key) => key.startsWith('take') || key.startsWith('burn migration')).length,
    ).toBe(4)
    const plug = new AkashScenario({ seed: 3, days: 1, around: 'v2.1.0' })
    expect(plug.book.sum('community funds', 'uakt')).toBe(427_414_453n)
  })
})

describe('the RPC of the simulated Akash', () => {
  it('answers by path, by JSON-RPC and in batches alike', async () => {
    const devnet = await start()
    const url = urlOf(devnet)
    const height = String(scenarioOf(devnet).first + 5)
    const byPath = await get(url, `/block_results?height=${height}`)
    const one = { jsonrpc: '2.0', id: 4, method: 'block_results', params: { height } }
    expect(await post(url, one)).toEqual({ jsonrpc: '2.0', id: 4, result: byPath })
    expect(await post(url, [one, { ...one, id: 5, params: [height] }])).toEqual([
      { jsonrpc: '2.0', id: 4, result: byPath },
      { jsonrpc: '2.0', id: 5, result: byPath },
    ])
    expect(await post(url, Array(11).fill(one))).toMatchObject({ error: { code: -32600 } })
    expect(await post(url, { ...one, method: 'nothing' })).toMatchObject({ error: { code: -32601 } })
  })

  it('gives at most twenty headers, newest first', async () => {
    const devnet = await start()
    const { first } = scenarioOf(devnet)
    const found = z
      .object({ block_metas: z.array(z.object({ header: headerShape })) })
      .parse(await get(urlOf(devnet), `/blockchain?minHeight=${first}&maxHeight=${first + 30}`))
    const heights = found.block_metas.map((meta) => Number(meta.header.height))
    expect(heights).toEqual(Array.from({ length: 20 }, (_, at) => first + 30 - at))
  })

  it('says which heights it lacks: pruned, above the head, hidden, discarded', async () => {
    const chain = new AkashScenario({ seed: 7, days: 2, end })
    const url = await serve(new AkashNode(chain, { lowest: chain.first + 10 }))
    const low = `height ${chain.first} is not available, lowest height is ${chain.first + 10}`
    expect(await get(url, `/block?height=${chain.first}`)).toBe(`500 ${low}`)
    expect(
      await post(url, { id: 1, method: 'block_results', params: { height: String(chain.first) } }),
    ).toMatchObject({
      error: { code: -32603, data: low },
    })
    const above = chain.head + 1
    expect(await get(url, `/block?height=${above}`)).toBe(
      `500 height ${above} must be less than or equal to the current blockchain height ${chain.head}`,
    )
    expect(await get(url, `/abci_query?path="/x"&height=${chain.first}`)).toMatchObject({
      response: { code: 26 },
    })
    const forgetful = await serve(new AkashNode(chain, { discardsResults: true }))
    expect(await get(forgetful, '/block_results')).toBe('500 node is not persisting finalize block responses')
    const hidden = await start([{ kind: 'missing-block', heights: [chain.first + 60] }])
    expect(await get(urlOf(hidden), `/block?height=${chain.first + 60}`)).toMatch('is not available')
  })

  it('lies when told to: head, network, fork, fields', async () => {
    const devnet = await start([{ kind: 'stale-head', blocks: 9 }, { kind: 'wrong-chain' }])
    const { head } = scenarioOf(devnet)
    expect(await get(urlOf(devnet), '/status')).toMatchObject({
      node_info: { network: 'akashnet-2.simulated.other' },
      sync_info: { latest_block_height: String(head - 9) },
    })
    devnet.faults.set([{ kind: 'other-fork', times: 1 }])
    const path = `/block?height=${head}`
    const [rival, main] = [await get(urlOf(devnet), path), await get(urlOf(devnet), path)].map((b) =>
      blockShape.parse(b),
    )
    expect(rival?.block_id.hash).not.toBe(main?.block_id.hash)
    expect(rival?.block.header.last_block_id.hash).not.toBe(main?.block.header.last_block_id.hash)
    devnet.faults.set([{ kind: 'stripped', fields: ['finalize_block_events', 'time'] }])
    expect(await get(urlOf(devnet), '/block_results')).not.toHaveProperty('finalize_block_events')
    expect(await get(urlOf(devnet), path)).not.toHaveProperty('block.header.time')
  })

  it('tells supplies and balances of any height, and the same at the head by REST', async () => {
    const devnet = await start()
    const [url, { first, head }] = [urlOf(devnet), scenarioOf(devnet)]
    const at = first + 40
    const answer = await get(
      url,
      `/abci_query?path="/cosmos.bank.v1beta1.Query/SupplyOf"&data=0x0a0475616b74&height=${at}`,
    )
    const { response } = z
      .object({ response: z.object({ value: z.string(), height: z.string() }) })
      .parse(answer)
    // A coin within a message: 0a <length> 0a 04 uakt 12 <length> <digits>.
    const digits = Buffer.from(response.value, 'base64').subarray(10).toString()
    const mint = (of: Results) => readEvents(of).find(({ type }) => type === 'mint')?.of ?? {}
    const next = mint(await results(url, at + 1))
    const burnedFirst = readEvents(await results(url, at + 1)).findIndex(({ type }) => type === 'burn')
    const mintFirst = readEvents(await results(url, at + 1)).findIndex(({ type }) => type === 'mint')
    expect(burnedFirst === -1 || burnedFirst > mintFirst).toBe(true)
    expect(BigInt(digits)).toBe(read18(next['annual_provisions'] ?? '') / read18(next['inflation'] ?? '1'))
    const rest = await (await fetch(`${url}/cosmos/bank/v1beta1/balances/${modules.feeCollector}`)).json()
    const last = readEvents(await results(url, head))
    const held = new Tally()
    for (const { type, of } of last) {
      if (type === 'tx' && of['fee'] !== undefined) held.add('held', coins(of['fee']))
      if (type === 'mint') held.add('held', uakt(BigInt(of['amount'] ?? '')))
    }
    const list = z
      .object({ balances: z.array(z.object({ denom: z.string(), amount: z.string() })) })
      .parse(rest)
    expect(Object.fromEntries(list.balances.map((c) => [`held ${c.denom}`, BigInt(c.amount)]))).toEqual(
      held.left,
    )
  })

  it('lists every lease there was, page by page, as it stood after a block', async () => {
    const devnet = await start()
    const [url, chain] = [urlOf(devnet), scenarioOf(devnet)]
    const at = chain.head - 20
    const paid = new Map<string, bigint>()
    for (let key = Buffer.alloc(0), pages = 0; pages === 0 || key.length > 0; pages += 1) {
      const page = Buffer.concat([field(1, key), Buffer.of(24, 7)])
      const data = field(2, page).toString('hex')
      const path = `/abci_query?path="/akash.market.v1beta5.Query/Leases"&data=0x${data}&height=${at}`
      const { response } = z.object({ response: z.object({ value: z.string() }) }).parse(await get(url, path))
      const answer = fieldsOf(Buffer.from(response.value, 'base64'))
      for (const entry of answer.filter(([number]) => number === 1)) {
        const [lease, payment] = fieldsOf(entry[1]).map(([, bytes]) => fieldsOf(bytes))
        const id = fieldsOf(lease?.[0]?.[1] ?? Buffer.alloc(0))
        const withdrawn = fieldsOf(
          fieldsOf(payment?.[1]?.[1] ?? Buffer.alloc(0)).at(-1)?.[1] ?? Buffer.alloc(0),
        )
        paid.set(`${id[0]?.[1]} ${id.at(-1)?.[1]}`, BigInt(String(withdrawn[1]?.[1])))
      }
      expect(answer.filter(([number]) => number === 1).length).toBeLessThanOrEqual(7)
      key = Buffer.from(
        fieldsOf(answer.find(([number]) => number === 2)?.[1] ?? Buffer.alloc(0))[0]?.[1] ?? [],
      )
    }
    const known = chain
      .leasesAt(at)
      .map(({ id, withdrawn }): [string, bigint] => [
        `${id.owner} ${id.provider}`,
        withdrawn.findLast(({ height }) => height <= at)?.amount ?? 0n,
      ])
    expect(known.length).toBeGreaterThan(20)
    expect(paid).toEqual(new Map(known))
  })

  it('lists the open accounts, whose funds and the collateral of bids are all that escrow holds', async () => {
    const devnet = await start()
    const [url, { head, book }] = [urlOf(devnet), scenarioOf(devnet)]
    const data = field(5, Buffer.of(24, 0x90, 0x4e)).toString('hex')
    const path = `/abci_query?path="/akash.escrow.v1.Query/Accounts"&data=0x${data}&height=${head}`
    const { response } = z.object({ response: z.object({ value: z.string() }) }).parse(await get(url, path))
    const accounts = fieldsOf(Buffer.from(response.value, 'base64')).filter(([number]) => number === 1)
    const funds = accounts.map(([, account]) => {
      const state = fieldsOf(fieldsOf(account)[1]?.[1] ?? Buffer.alloc(0))
      return BigInt(String(fieldsOf(state.at(-1)?.[1] ?? Buffer.alloc(0))[1]?.[1]))
    })
    const held = scenarioOf(devnet).block(head).state.balances.get(modules.escrow)?.get('uact') ?? 0n
    const collateral = book.sum('collateral in', 'uact') - book.sum('collateral out', 'uact')
    expect(accounts.length).toBeGreaterThan(5)
    expect(funds.reduce((all, amount) => all + amount, 0n)).toBe((held - collateral) * 10n ** 18n)
  })

  it('accrues what leases are paid in the end, and not a unit more than a settlement drops', async () => {
    const chain = new AkashScenario({ seed: 7, days: 20 })
    const settled = chain.book.sum('lease payment', 'uact')
    const records = chain.leasesAt(chain.head)
    const rates = records.filter((r) => r.closed === undefined).reduce((all, r) => all + r.price.amount, 0n)
    const settlements = BigInt(records.reduce((all, { withdrawn }) => all + withdrawn.length, 0))
    const accrued = chain.book.sum('accrued 18', 'uact')
    // Open leases are not settled for some blocks, a hundred at the most.
    const gap = accrued / 10n ** 18n - settled
    expect(gap).toBeGreaterThanOrEqual(0n)
    expect(gap).toBeLessThan((rates / 10n ** 18n) * 100n + settlements)
    const closed = records.filter((r) => r.closed !== undefined)
    expect(closed.length).toBeGreaterThan(100)
  })

  it('finds transactions by hash', async () => {
    const devnet = await start()
    const { head } = scenarioOf(devnet)
    const { block } = blockShape.parse(await get(urlOf(devnet), `/block?height=${head}`))
    const [tx = ''] = block.data.txs
    const hash = sha(Buffer.from(tx, 'base64')).toString('hex').toUpperCase()
    expect(await get(urlOf(devnet), `/tx?hash=0x${hash}`)).toMatchObject({
      hash,
      height: String(head),
      index: 0,
      tx,
    })
    expect(await get(urlOf(devnet), `/tx?hash=0x${'0'.repeat(64)}`)).toMatch('500 tx (0000')
  })

  it('tells new blocks to subscribers', async () => {
    const chain = new AkashScenario({ seed: 7, days: 1, end })
    const url = await serve(new AkashNode(chain))
    const socket = new WebSocket(`${url.replace('http', 'ws')}/websocket`)
    const told: unknown[] = []
    socket.on('message', (data) => told.push(JSON.parse(String(data))))
    await new Promise((resolve) => socket.once('open', resolve))
    socket.send(
      JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'subscribe',
        params: { query: "tm.event='NewBlock'" },
      }),
    )
    await new Promise((resolve) => socket.once('message', resolve))
    const before = chain.head
    const heard = new Promise((resolve) => socket.once('message', resolve))
    chain.advanceTo(chain.timeOf(before + 1))
    await heard
    socket.close()
    expect(told).toMatchObject([
      { id: 1, result: {} },
      { id: 1, result: { data: { value: { block: { header: { height: String(before + 1) } } } } } },
    ])
  })

  it('makes blocks for those who only listen, while time runs on', async () => {
    const devnet = await startDevnet({ seed: 7, days: 1, end, only: ['akash'], live: true, speed: 20_000 })
    open.push(devnet)
    const socket = new WebSocket(`${urlOf(devnet).replace('http', 'ws')}/websocket`)
    await new Promise((resolve) => socket.once('open', resolve))
    const heard: string[] = []
    const thrice = new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        heard.push(String(data))
        if (heard.length === 3) resolve()
      })
    })
    socket.send(JSON.stringify({ id: 1, method: 'subscribe', params: ["tm.event='NewBlock'"] }))
    await thrice
    socket.close()
    expect(heard[1]).toContain('tendermint/event/NewBlock')
  })
})

/** A field with its length, shorter than 128 bytes. */
const field = (number: number, bytes: Buffer): Buffer =>
  bytes.length === 0 ? bytes : Buffer.concat([Buffer.of((number << 3) | 2, bytes.length), bytes])

/** The fields of a message that have a length, in order; whole numbers are left out. */
function fieldsOf(bytes: Buffer): [number: number, bytes: Buffer][] {
  const found: [number, Buffer][] = []
  const varint = (from: number): [value: number, next: number] => {
    let [value, shift, at] = [0, 0, from]
    for (; ; at += 1, shift += 7) {
      value += ((bytes[at] ?? 0) & 127) * 2 ** shift
      if ((bytes[at] ?? 0) < 128) return [value, at + 1]
    }
  }
  for (let at = 0; at < bytes.length; ) {
    const [key, next] = varint(at)
    const [value, after] = varint(next)
    if (key % 8 === 2) found.push([key >> 3, bytes.subarray(after, after + value)])
    at = key % 8 === 2 ? after + value : after
  }
  return found
}
