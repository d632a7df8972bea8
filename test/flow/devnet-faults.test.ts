import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, type TestContext } from 'vitest'
import { z } from 'zod'
import type { Fault } from '../../devnet/misbehave.ts'
import { type Devnet, type DevnetOptions, startDevnet } from '../../devnet/start.ts'
import { codeOf } from '../../pipeline/model/errors.ts'
import { day, dayStart } from '../../pipeline/model/time.ts'

const end = dayStart(day('2026-11-22'))
const open: Devnet[] = []

async function start(misbehave: readonly Fault[], options: Partial<DevnetOptions> = {}): Promise<Devnet> {
  const devnet = await startDevnet({ only: ['arweave'], seed: 7, days: 1, end, misbehave, ...options })
  open.push(devnet)
  return devnet
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((devnet) => devnet.close()))
})

const get = (devnet: Devnet, path: string, signal?: AbortSignal): Promise<Response> =>
  fetch(devnet.urls.arweave + path, signal === undefined ? {} : { signal })

describe('misbehaviour on the wire', () => {
  it('limits the rate, and tells when to come back', async () => {
    const devnet = await start([{ kind: 'rate-limited', times: 2 }])
    const answers = [await get(devnet, '/info'), await get(devnet, '/info'), await get(devnet, '/info')]
    expect(answers.map((answer) => answer.status)).toEqual([429, 429, 200])
    expect(answers[0]?.headers.get('retry-after')).toMatch(/^[01]$/)
    expect(devnet.faults.counts['rate-limited']).toBe(2)
  })

  it('keeps silent', async () => {
    const devnet = await start([{ kind: 'no-answer' }])
    await expect(get(devnet, '/info', AbortSignal.timeout(150))).rejects.toMatchObject({
      name: 'TimeoutError',
    })
    expect(devnet.faults.counts['no-answer']).toBe(1)
  })

  it('resets the connection', async () => {
    const devnet = await start([{ kind: 'reset', times: 1 }])
    await expect(get(devnet, '/info')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
    expect((await get(devnet, '/info')).status).toBe(200)
  })

  it('cuts JSON, and no other answer', async () => {
    const devnet = await start([{ kind: 'cut-body' }])
    const answer = await get(devnet, '/info')
    expect(answer.status).toBe(200)
    await expect(answer.json()).rejects.toThrow(SyntaxError)
    expect(await (await get(devnet, '/inflation/2048241')).text()).toBe('130734565824')
    expect(devnet.faults.counts['cut-body']).toBe(1)
  })

  it('sends HTML with 200 and with 502', async () => {
    const devnet = await start([{ kind: 'html-page', path: /info$/ }, { kind: 'bad-gateway' }])
    const [page, gateway] = [await get(devnet, '/info'), await get(devnet, '/block/current')]
    expect([page.status, gateway.status]).toEqual([200, 502])
    expect(await page.text()).toContain('<html>')
    expect(await gateway.text()).toContain('Bad Gateway')
  })

  it('draws by seed, path and try: the same run again, another on a retry', async () => {
    const run = async (seed: number): Promise<number[]> => {
      const devnet = await start([{ kind: 'bad-gateway', probability: 0.5 }], { seed })
      const statuses: number[] = []
      for (let ask = 0; ask < 24; ask += 1) statuses.push((await get(devnet, '/info')).status)
      return statuses
    }
    const once = await run(1)
    expect(await run(1)).toEqual(once)
    expect(await run(2)).not.toEqual(once)
    expect(new Set(once)).toEqual(new Set([200, 502]))
  })

  it('behaves again when told to', async () => {
    const devnet = await start([{ kind: 'bad-gateway' }])
    expect((await get(devnet, '/info')).status).toBe(502)
    devnet.faults.set([])
    expect((await get(devnet, '/info')).status).toBe(200)
  })
})

describe('misbehaviour of the node', () => {
  it('lags behind with all it says', async () => {
    const devnet = await start([{ kind: 'stale-head', blocks: 20 }])
    const { head } = devnet.arweave
    expect(await (await get(devnet, '/info')).json()).toMatchObject({ height: head - 20 })
    expect((await get(devnet, `/block/height/${head - 20}`)).status).toBe(200)
    expect((await get(devnet, `/block/height/${head - 19}`)).status).toBe(404)
  })

  it('never holds some blocks', async () => {
    const devnet = await start([{ kind: 'missing-block', probability: 0.2 }])
    const { first } = devnet.arweave
    const status = (at: number): Promise<number> =>
      get(devnet, `/block/height/${first + at}`).then((a) => a.status)
    const all = await Promise.all(Array.from({ length: 60 }, (_, at) => status(at)))
    expect(await Promise.all(all.map((_, at) => status(at)))).toEqual(all)
    const missing = all.filter((code) => code === 404).length
    expect(missing > 3 && missing < 25).toBe(true)
    devnet.faults.set([{ kind: 'missing-block', heights: [first + 5] }])
    expect([await status(4), await status(5)]).toEqual([200, 404])
  })

  it('answers from two forks in turn', async () => {
    const devnet = await start([{ kind: 'other-fork', times: 1 }])
    const path = `/block/height/${devnet.arweave.head}`
    const links = z.object({ height: z.number(), indep_hash: z.string(), previous_block: z.string() })
    const rival = links.parse(await (await get(devnet, path)).json())
    const main = links.parse(await (await get(devnet, path)).json())
    expect(rival.height).toBe(main.height)
    expect(rival.indep_hash).not.toBe(main.indep_hash)
    expect(rival.previous_block).not.toBe(main.previous_block)
  })

  it('names another network, and strips fields', async () => {
    const devnet = await start([{ kind: 'wrong-chain' }, { kind: 'stripped', fields: ['reward_pool'] }])
    expect(await (await get(devnet, '/info')).json()).toMatchObject({ network: 'arweave.simulated.other' })
    const block = await (await get(devnet, '/block/current')).json()
    expect(block).toHaveProperty('reward')
    expect(block).not.toHaveProperty('reward_pool')
    expect(devnet.faults.counts).toMatchObject({ 'wrong-chain': 1, stripped: 1, reset: 0 })
  })
})

describe('close', () => {
  it('cuts silent connections and leaves no handle', async () => {
    const handles = (): number =>
      process.getActiveResourcesInfo().filter((what) => what === 'TCPServerWrap').length
    const before = handles()
    const devnet = await startDevnet({
      only: ['arweave'],
      seed: 7,
      days: 1,
      end,
      misbehave: [{ kind: 'no-answer' }],
    })
    expect(handles()).toBe(before + 1)
    const asked = get(devnet, '/info')
    const cut = expect(asked).rejects.toThrow('fetch failed')
    while (devnet.faults.counts['no-answer'] === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await devnet.close()
    await cut
    expect(handles()).toBe(before)
    await expect(get(devnet, '/info')).rejects.toThrow('fetch failed')
  })

  it('refuses a port that is taken', async () => {
    const devnet = await start([])
    const port = Number(new URL(devnet.urls.arweave).port)
    await expect(start([], { port })).rejects.toMatchObject({ code: 'port-in-use' })
  })
})

describe('replay', () => {
  const recordings = fileURLToPath(new URL('../../../shared/recordings', import.meta.url))

  /** The recordings are not part of the repository. Without them CI fails, and a laptop skips. */
  function present(context: TestContext): boolean {
    if (existsSync(recordings)) return true
    if (process.env['CI'] !== undefined)
      throw new Error('no recordings beside the project, in ../shared/recordings')
    context.skip('no recordings beside the project, in ../shared/recordings')
    return false
  }

  it('serves the recorded bytes, and 404 for all else', async (context) => {
    if (!present(context)) return
    const devnet = await start([], { recordings })
    const file = (name: string): string => readFileSync(`${recordings}/arweave/${name}`, 'utf8')
    const block = await get(devnet, '/block/height/633719')
    expect(block.headers.get('x-depindex-origin')).toBe('replayed')
    expect(await block.text()).toBe(file('blocks-json/goar_633719.json'))
    const early = await get(devnet, '/block/height/200')
    expect(await early.text()).toBe(file('blocks-early/blocks_1-200.ndjson').trimEnd().split('\n').at(-1))
    const id = '8V0K0DltgqPzBDa_FYyOdWnfhSngRj7ORH0lnOeqChw'
    expect(await (await get(devnet, `/tx/${id}`)).text()).toBe(file(`txs/ario_${id}.json`))
    expect(await (await get(devnet, '/info')).json()).toMatchObject({
      network: 'arweave.N.1',
      height: 982_575,
    })
    for (const path of [
      '/block/height/201',
      '/block/hash/x',
      `/tx/${id}/reward`,
      '/graphql',
      '/inflation/5',
    ]) {
      expect((await get(devnet, path)).status).toBe(404)
    }
    expect(() => devnet.arweave.advance(1)).toThrow('cannot be steered')
  })

  it('refuses a folder without recordings, and names it', async () => {
    const error = await start([], { recordings: 'test/flow' }).catch((thrown: unknown) => thrown)
    expect(codeOf(error)).toBe('bad-argument')
    expect(String(error)).toContain("'test/flow' hold no chain that can be replayed")
  })
})
