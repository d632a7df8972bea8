import { afterEach, describe, expect, test } from 'vitest'
import { simulateAo } from '../../devnet/ao/node.ts'
import { type Fault, Faults } from '../../devnet/misbehave.ts'
import { startServer } from '../../devnet/server.ts'
import { createAoSource } from '../../indexers/chains/ao/source.ts'
import { aoCounter } from '../../indexers/chains/ao/streams.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import type { Logger } from '../../indexers/engine/ports.ts'
import type { Stream } from '../../pipeline/model/stream.ts'
import { dayOf, unixSeconds } from '../../pipeline/model/time.ts'

const ignore = (): void => undefined
const logger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }
const never = new AbortController().signal
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const end = unixSeconds(Date.parse('2026-11-20T12:00:00Z') / 1000)
const process = 'p'.repeat(43)
const stream: Stream = {
  ...aoCounter({
    kind: 'emission',
    class: 'staker',
    token: 'AO',
    key: 'minted',
    revision: 1,
    meaning: 'm',
    evidence: ['e'],
  }),
  id: 1,
  name: 'minted',
  network: 'n',
  chain: 'ao',
  role: 'ledger',
  decimals: 12,
}

async function served(faults: readonly Fault[] = []) {
  const { node, scenario } = simulateAo({ seed: 9, days: 3, end })
  const server = await startServer({
    nodes: new Map([['/ao', node]]),
    faults: new Faults(9, faults),
    host: '127.0.0.1',
    port: 0,
  })
  const pool = new EndpointPool({
    chain: 'ao',
    variable: 'AO_URLS',
    urls: [`${server.url}/ao`],
    logger,
    now: () => performance.now(),
    attempts: 2,
  })
  const source = createAoSource(pool, process)
  closing.push(server.close, () => source.close())
  return { source, scenario }
}

describe('a counter of an AO process', () => {
  test('grows day by day by what its states differ, whatever the ranges', async () => {
    const { source, scenario } = await served()
    const last = await source.finalized()
    expect(last).toBe(scenario.head)
    const whole = await source.read({ from: scenario.first, to: last }, [stream], never)
    expect(whole.events.map((e) => dayOf(e.happenedAt))).toEqual([
      '2026-11-17',
      '2026-11-18',
      '2026-11-19',
      '2026-11-20',
    ])
    for (const event of whole.events) {
      const from = event.fromHeight ?? 0
      expect(event.amountRaw).toBe(scenario.mintedAt(event.height) - scenario.mintedAt(from - 1))
      expect(dayOf(unixSeconds(Math.floor(scenario.millisecondsOf(from) / 1000)))).toBe(
        dayOf(event.happenedAt),
      )
    }
    // About 6,200 AO a day by the rule; the slots around midnight move it by less than a slot's worth.
    expect(Number((whole.events[1]?.amountRaw ?? 0n) / 10n ** 12n)).toBeGreaterThan(6_000)
    expect(whole.days.map((d) => [d.day, d.first !== undefined, d.last !== undefined])).toEqual([
      ['2026-11-16', false, true],
      ['2026-11-17', true, true],
      ['2026-11-18', true, true],
      ['2026-11-19', true, true],
      ['2026-11-20', true, false],
    ])
    const parts = []
    for (let from = scenario.first; from <= last; from += 50) {
      const to = Math.min(last, from + 49)
      const batch = await source.read({ from, to }, [stream], never)
      expect(batch.covered.get(1)).toEqual([{ from, to }])
      parts.push(...batch.events)
    }
    const sum = (events: readonly { amountRaw: bigint }[]): bigint =>
      events.reduce((all, e) => all + e.amountRaw, 0n)
    expect(sum(parts)).toBe(sum(whole.events))
    expect(new Set(parts.map((e) => `${Buffer.from(e.txId).toString('hex')} ${e.position}`)).size).toBe(
      parts.length,
    )
  })

  test('leaves a gap with a reason where a state is gone', async () => {
    const { source, scenario } = await served()
    const from = scenario.first - 48
    const batch = await source.read({ from, to: scenario.first + 10 }, [stream], never)
    expect(batch.events).toEqual([])
    expect(batch.gaps).toEqual([
      {
        streamId: 1,
        from,
        to: scenario.first + 10,
        code: 'rpc-not-found',
        reason: expect.stringMatching(
          /state of the process is not to be had: .*compute&slot=\d+\/minted: answered 404/,
        ),
      },
    ])
  })

  test('finds slots by time, and reads itself after the newest', async () => {
    const { source, scenario } = await served()
    const at = scenario.first + 20
    const time = unixSeconds(Math.floor(scenario.millisecondsOf(at) / 1000))
    expect(await source.heightAt(time)).toBe(at)
    expect(await source.heightAt(unixSeconds(0))).toBe(1)
    expect(await source.heightAt(unixSeconds(end + 1))).toBe(scenario.head + 1)
    const [reading] =
      (await source.readCounters?.(
        [
          {
            token: 'AO',
            counter: 'minted',
            meaning: 'm',
            evidence: ['e'],
            word: 'ao.counter',
            settings: { key: 'minted' },
            network: 'n',
            name: 'minted',
            chain: 'ao',
            decimals: 12,
          },
        ],
        undefined,
        never,
      )) ?? []
    expect(reading).toMatchObject({
      counter: 'minted',
      height: scenario.head,
      value: scenario.mintedAt(scenario.head),
    })
  })

  test('is refused from a page that is no answer of such a node', async () => {
    const { source } = await served([{ kind: 'html-page' }])
    await expect(source.finalized()).rejects.toMatchObject({
      code: 'rpc-unavailable',
      message: expect.stringMatching(/slot\/current.*expected a slot number/),
    })
  })
})
