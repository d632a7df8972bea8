import { setMaxListeners } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { FilecoinNode, type RpcHook } from '../../devnet/filecoin/node.ts'
import { nextTipset } from '../../devnet/filecoin/rounds.ts'
import { FilecoinScenario } from '../../devnet/filecoin/scenario.ts'
import { traceJson } from '../../devnet/filecoin/traces.ts'
import { Faults } from '../../devnet/misbehave.ts'
import { RpcFault } from '../../devnet/rpc.ts'
import { startServer } from '../../devnet/server.ts'
import { createFilecoinSource } from '../../indexers/chains/filecoin/source.ts'
import { countersOf } from '../../indexers/define.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import type { Batch, ChainSource } from '../../indexers/engine/ports.ts'
import { filecoin } from '../../indexers/networks/filecoin.ts'
import { day, dayStart } from '../../pipeline/model/time.ts'
import { silentLogger, streamsOf } from '../support/streams.ts'

const end = dayStart(day('2026-11-22'))
const streams = streamsOf(filecoin, 'filecoin')
const signal = AbortSignal.timeout(120_000)
setMaxListeners(0, signal)
const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function serve(
  chain: FilecoinScenario,
  ...hooks: readonly (readonly RpcHook[])[]
): Promise<ChainSource> {
  const nodes = hooks.map((own, i) => [`/n${i}`, new FilecoinNode(chain, own)] as const)
  const server = await startServer({
    nodes: new Map(nodes),
    faults: new Faults(1),
    host: '127.0.0.1',
    port: 0,
  })
  const pool = new EndpointPool({
    chain: 'filecoin',
    variable: 'FILECOIN_RPC_URLS',
    urls: nodes.map(([prefix]) => server.url + prefix),
    logger: silentLogger,
    now: () => performance.now(),
  })
  const source = createFilecoinSource(pool, silentLogger)
  open.push(server, source)
  return source
}

/** A method that the node answers in its own way, or not at all. */
function hook(method: string, answer?: (params: readonly unknown[]) => unknown): RpcHook {
  return {
    handles: (asked) => asked === `Filecoin.${method}`,
    answer: (asked, params) => {
      if (answer === undefined) throw new RpcFault(-32_601, `method '${asked}' not found`)
      return answer(params)
    },
  }
}

const sumOf = (batch: Batch, name: string): bigint => {
  const id = streams.find((s) => s.name === name)?.id
  return batch.events.filter((e) => e.streamId === id).reduce((sum, e) => sum + e.amountRaw, 0n)
}
const gapsOf = (batch: Batch, name: string) =>
  batch.gaps.filter((g) => g.streamId === streams.find((s) => s.name === name)?.id)

describe('finality of Filecoin', () => {
  const chain = new FilecoinScenario({ seed: 3, days: 2, end })

  it('is what the node says, else its newest F3 certificate, else 900 epochs', async () => {
    const said = await (await serve(chain, [])).finalized()
    expect(said).toBe((chain.heightAt(chain.head - 20) ?? 0) - 1)
    const none = hook('ChainGetFinalizedTipSet')
    const certified = hook('F3GetLatestCertificate', () => ({
      GPBFTInstance: 7,
      ECChain: [{ Epoch: chain.head - 300 }, { Epoch: chain.head - 100 }],
    }))
    expect(await (await serve(chain, [none, certified])).finalized()).toBe(
      (chain.heightAt(chain.head - 100) ?? 0) - 1,
    )
    for (const without of [hook('F3GetLatestCertificate'), hook('F3GetLatestCertificate', () => null)])
      expect(await (await serve(chain, [none, without])).finalized()).toBe(
        (chain.heightAt(chain.head - 900) ?? 0) - 1,
      )
  })
})

describe('a tipset that breaks an identity', () => {
  const chain = new FilecoinScenario({ seed: 4, days: 1, end })

  it('is refused with both sides when a transfer is missing from its trace; counters and messages go on', async () => {
    const bad = nextTipset(4, chain.first + 1_000)
    const trace = hook('StateCompute', ([height]) => {
      const made = traceJson(chain, chain.tipset(Number(height))) as {
        Trace: { ExecutionTrace: { Subcalls: { Subcalls: unknown[] }[] } }[]
      }
      if (height === bad) made.Trace.at(-1)?.ExecutionTrace.Subcalls[0]?.Subcalls.splice(1, 1)
      return made
    })
    const source = await serve(chain, [trace])
    const range = { from: chain.first, to: await source.finalized() }
    const batch = await source.read(range, streams, signal)
    const [lost] = chain.tipset(bad).cron
    const { burnt } = chain.stateBefore(bad)
    const grown = chain.stateBefore(bad + 1).burnt - burnt
    expect(gapsOf(batch, 'sectorFees')).toEqual([
      expect.objectContaining({ from: bad, to: bad, code: 'decode-failed' }),
    ])
    expect(gapsOf(batch, 'sectorFees')[0]?.reason).toContain(
      `Filecoin tipset ${bad}: growth of f099 = gas burned + transfers to f099 inside executions: ${grown} and ${grown - (lost?.amount ?? 0n)} attoFIL`,
    )
    const book = chain.book(range)
    expect([sumOf(batch, 'gasBurn'), sumOf(batch, 'minted')]).toEqual([book.gasBurn, book.minted])
    expect(gapsOf(batch, 'gasBurn').concat(gapsOf(batch, 'burned'))).toEqual([])
  })

  it('is refused when its child has another number of receipts, or f02 grew by something else', async () => {
    const receipts = hook('ChainGetParentReceipts', () => [])
    const batch = await (await serve(chain, [receipts])).read(
      { from: chain.first, to: chain.first + 10 },
      streams,
      signal,
    )
    expect(gapsOf(batch, 'gasFees')[0]?.reason).toMatch(
      /its blocks hold \d+ messages to execute, its child has 0 receipts/,
    )
    const off = hook('StateReadState', ([, key]) => {
      const cid = (key as { '/': string }[])[0]?.['/'] ?? ''
      const height = chain.findBlock(cid)?.height ?? 0
      const made = chain.rewardState(height) as {
        Balance: string
        State: { TotalStoragePowerReward: string }
      }
      if (height === chain.first) return made
      made.State.TotalStoragePowerReward = String(BigInt(made.State.TotalStoragePowerReward) + 1n)
      return made
    })
    const wrong = await (await serve(chain, [off])).read(
      { from: chain.first, to: chain.first + 10 },
      streams,
      signal,
    )
    expect(gapsOf(wrong, 'sectorFees')[0]?.reason).toMatch(
      /growth of f02's counter = rewards of the blocks by their wins: \d+ and \d+ attoFIL, -?\d+ apart/,
    )
  })
})

describe('a node without traces', () => {
  const chain = new FilecoinScenario({ seed: 6, days: 1, end })

  it('leaves the causes of burns as a gap, and everything else as it is', async () => {
    const source = await serve(chain, [hook('StateCompute')])
    const range = { from: chain.first, to: await source.finalized() }
    const batch = await source.read(range, streams, signal)
    const book = chain.book(range)
    expect(sumOf(batch, 'internalBurns')).toBe(sumOf(batch, 'burned') - book.gasBurn)
    expect(gapsOf(batch, 'penalties')[0]?.reason).toMatch(
      /StateCompute .* Add an endpoint that serves StateCompute/,
    )
    expect(gapsOf(batch, 'internalBurns')).toEqual([])
  })

  it('is not asked again for what it does not serve', async () => {
    let asked = 0
    const counting: RpcHook = {
      handles: (method) => {
        if (method === 'Filecoin.ChainGetTipSetByHeight') asked += 1
        return false
      },
      answer: () => undefined,
    }
    const source = await serve(chain, [counting, hook('StateCompute')])
    const range = { from: chain.first, to: await source.finalized() }
    const traced = streams.filter((s) => s.name === 'penalties')
    expect((await source.read(range, traced, signal)).gaps.length).toBeGreaterThan(0)
    const before = asked
    expect((await source.read(range, traced, signal)).gaps).toMatchObject([range])
    expect(asked).toBe(before)
  })

  it('gives the counters that it serves', async () => {
    const source = await serve(chain, [hook('StateVMCirculatingSupplyInternal')])
    const counters = countersOf([filecoin]).filter((c) => c.chain === 'filecoin')
    const height = (await source.finalized()) - 2_000
    const readings = await source.readCounters?.(counters, height, signal)
    expect(readings?.map((r) => [r.counter, r.height, r.value])).toEqual([
      ['supply', height, chain.supplyBefore(height + 1)],
    ])
    const all = await (await serve(chain, [])).readCounters?.(counters, height, signal)
    expect(all?.map((r) => [r.counter, r.value])).toEqual([
      ['supply', chain.supplyBefore(height + 1)],
      ['circulating', BigInt(chain.circulation(nextTipset(6, height + 1)).FilCirculating ?? 0)],
      ['locked', BigInt(chain.circulation(nextTipset(6, height + 1)).FilLocked ?? 0)],
    ])
  })

  it('is helped by another endpoint that has them', async () => {
    const source = await serve(chain, [hook('StateCompute')], [])
    const range = { from: chain.first, to: await source.finalized() }
    const batch = await source.read(range, streams, signal)
    expect(batch.gaps).toEqual([])
    expect(sumOf(batch, 'penalties')).toBe(chain.book(range).penalties)
  })
})

describe('network version 29', () => {
  const old = new FilecoinScenario({ seed: 8, days: 2, end })
  const streamsFrom = nextTipset(8, old.first + 3_000)
  const chain = new FilecoinScenario({ seed: 8, days: 2, end, streamsFrom })

  it('is seen in the state: what is minted has parts, and what is burned at once is in emission and burn', async () => {
    const source = await serve(chain, [])
    const range = { from: chain.first, to: await source.finalized() }
    const batch = await source.read(range, streams, signal)
    expect(batch.gaps).toEqual([])
    const book = chain.book(range)
    expect(book.burnedAtSource > 0n && book.explicit > 0n).toBe(true)
    const booked = (name: string): bigint => sumOf(batch, name)
    expect({
      minted: booked('minted'),
      blocks: booked('blockRewards'),
      miners: booked('mintedToMiners'),
      explicit: booked('mintedExplicit'),
      burned: booked('mintedBurned'),
      other: booked('otherBurns'),
    }).toEqual({
      minted: book.minted,
      blocks: book.minted,
      miners: book.minted - book.explicit - book.burnedAtSource,
      explicit: book.explicit,
      burned: book.burnedAtSource,
      other: book.otherBurns,
    })
    const supplies = (batch.readings ?? []).filter((r) => r.counter === 'supply')
    const [first, last] = [supplies[0], supplies.at(-1)]
    const between = chain.book({ from: (first?.height ?? 0) + 1, to: last?.height ?? 0 })
    const burns =
      between.gasBurn + between.sectorFees + between.penalties + between.contractBurns + between.otherBurns
    expect((last?.value ?? 0n) - (first?.value ?? 0n)).toBe(between.minted - burns)
  })
})
