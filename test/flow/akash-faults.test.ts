import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { AkashNode, type AkashNodeOptions } from '../../devnet/cosmos/node.ts'
import { AkashScenario } from '../../devnet/cosmos/scenario.ts'
import { Faults, type Misbehaviour } from '../../devnet/misbehave.ts'
import type { DevnetNode } from '../../devnet/node.ts'
import type { Batch } from '../../pipeline/model/batch.ts'
import { akashSource, akashStreams } from '../support/akash.ts'
import { pick } from '../support/streams.ts'
import { type Tamper, tampered } from '../support/tampered.ts'

const scenario = new AkashScenario({ seed: 7, days: 3 })
const at = scenario.first + 40
const range = { from: at - 5, to: at + 5 }
const streams = pick(akashStreams, 'inflation', 'slashed', 'leasesAct', 'txFees', 'aktLocked')

async function read(
  nodes: readonly DevnetNode[],
  misbehave: Misbehaviour = [],
  span = range,
): Promise<Batch> {
  const source = await akashSource(nodes, { attempts: 12, misbehave })
  return source.read(span, streams, new AbortController().signal)
}

const honest = (options: AkashNodeOptions = {}): DevnetNode => new AkashNode(scenario, options)

/** A node that changes the results of one block. */
const lying = (
  change: (answer: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
  height = at,
): DevnetNode =>
  tampered(honest(), (method, asked, answer) =>
    method === 'block_results' && asked === height ? change(answer) : answer,
  )

/** Events by height, so that two readings can be compared. */
const found = (batch: Batch): string[] =>
  batch.events.map((e) => `${e.height} ${e.streamId} ${e.position} ${e.amountRaw}`).sort()

const without = (batch: Batch, ...heights: number[]): string[] =>
  found(batch).filter((line) => !heights.includes(Number(line.split(' ')[0])))

/** Heights that no stream got, with the reason. */
const refused = (batch: Batch): Map<number, string> =>
  new Map(
    batch.gaps.flatMap(({ from, to, reason }) =>
      Array.from({ length: to - from + 1 }, (_, i) => [from + i, reason] as const),
    ),
  )

const eventShape = z.looseObject({
  type: z.string(),
  attributes: z.array(z.looseObject({ key: z.string(), value: z.string() })),
})
type WireEvent = z.infer<typeof eventShape>

/** Changes the block's own events. */
const inBlock =
  (change: (events: WireEvent[]) => WireEvent[]) => (answer: Readonly<Record<string, unknown>>) => ({
    ...answer,
    finalize_block_events: change(z.array(eventShape).parse(answer['finalize_block_events'])),
  })

describe('a node of Akash that is wrong', () => {
  it('leaves what it pruned as gaps that name both heights, and another node fills them', async () => {
    const whole = await read([honest()])
    const pruned = await read([honest({ lowest: at })])
    const missing = [...refused(pruned).keys()].sort((a, b) => a - b)
    expect(missing).toEqual([1, 2, 3, 4, 5].map((n) => range.from + n - 1))
    expect([...refused(pruned).values()].every((reason) => reason.includes(String(at)))).toBe(true)
    expect(found(pruned)).toEqual(without(whole, ...missing))
    const both = await read([honest({ lowest: at }), honest()])
    expect([both.gaps, found(both)]).toEqual([[], found(whole)])
  })

  it('is not believed when it drops an event of a movement', async () => {
    const whole = await read([honest()])
    const drop = inBlock((events) => {
      const first = events.findIndex((event) => event.type === 'coin_received')
      return events.filter((_, index) => index !== first)
    })
    const batch = await read([lying(drop)])
    expect([...refused(batch).keys()]).toEqual([at])
    expect(refused(batch).get(at)).toMatch(/uakt/)
    expect(found(batch)).toEqual(without(whole, at))
  })

  it('is not believed when it drops a burn whole, though every block balances', async () => {
    const slashed = Array.from({ length: 140 }, (_, n) => scenario.first + n).find(
      (height) =>
        height > scenario.first + 3 && scenario.block(height).begin.some((fact) => fact.kind === 'burn'),
    )
    if (slashed === undefined) throw new Error('no stake is slashed in these days')
    const span = { from: slashed - 2, to: slashed + 2 }
    const whole = await read([honest()], [], span)
    const drop = inBlock((events) => {
      const burn = events.findIndex((event) => event.type === 'burn')
      return events.filter((_, index) => index !== burn && index !== burn - 1)
    })
    const batch = await read([lying(drop, slashed)], [], span)
    // The burn is missed by the supply of the next block; which of the two lies, nobody can tell.
    expect([...refused(batch).keys()].sort()).toEqual([slashed, slashed + 1])
    expect(found(whole).length).toBeGreaterThan(found(batch).length)
    expect(found(batch).every((line) => found(whole).includes(line))).toBe(true)
  })

  it('is not believed when it gives the block before once more', async () => {
    const doubled: Tamper = (method, height, answer) =>
      method === 'block_results' && height === at ? { ...before, height: String(at) } : answer
    const before = z
      .looseObject({ result: z.record(z.string(), z.unknown()) })
      .parse(JSON.parse(await results(at - 1))).result
    const whole = await read([honest()])
    const batch = await read([tampered(honest(), doubled)])
    expect(refused(batch).has(at)).toBe(true)
    expect(found(batch).every((line) => found(whole).includes(line))).toBe(true)
    expect(found(batch).some((line) => line.startsWith(`${at} `))).toBe(false)
  })

  it('is read alike when all is in base64, and not believed when only the values are', async () => {
    const whole = await read([honest()])
    const base64 = (text: string): string => Buffer.from(text).toString('base64')
    const encoded = (keys: boolean) => (answer: Readonly<Record<string, unknown>>) => {
      const write = (events: unknown): WireEvent[] =>
        z
          .array(eventShape)
          .parse(events)
          .map((event) => ({
            ...event,
            attributes: event.attributes.map((a) => ({
              ...a,
              key: keys ? base64(a.key) : a.key,
              value: base64(a.value),
            })),
          }))
      const txs = z.array(z.looseObject({ events: z.unknown() })).parse(answer['txs_results'])
      return {
        ...answer,
        finalize_block_events: write(answer['finalize_block_events']),
        txs_results: txs.map((tx) => ({ ...tx, events: write(tx.events) })),
      }
    }
    const same = await read([lying(encoded(true))])
    expect([same.gaps, found(same)]).toEqual([[], found(whole)])
    const batch = await read([lying(encoded(false))])
    expect([...refused(batch).keys()]).toEqual([at])
    expect(found(batch)).toEqual(without(whole, at))
  })

  it('changes nothing with faults on the wire', async () => {
    const whole = await read([honest()])
    const batch = await read(
      [honest(), honest()],
      [
        { kind: 'rate-limited', probability: 0.1, times: 4 },
        { kind: 'cut-body', probability: 0.2, times: 3 },
        { kind: 'html-page', probability: 0.2, times: 3 },
        { kind: 'stripped', probability: 0.05, times: 2, fields: ['time'] },
      ],
    )
    expect([batch.gaps, found(batch)]).toEqual([[], found(whole)])
  })

  it('is refused when it is of another chain, or of another fork', async () => {
    await expect(read([honest()], [{ kind: 'wrong-chain' }])).rejects.toMatchObject({ code: 'wrong-chain' })
    const forked = tampered(honest(), (method, asked, answer) =>
      method === 'block' && asked === at ? { ...answer, block_id: { hash: 'F0'.repeat(32) } } : answer,
    )
    await expect(read([forked])).rejects.toMatchObject({ code: 'continuity-broken' })
  })
})

/** The answer of an honest node for the results of a block. */
async function results(height: number): Promise<string> {
  const faults = new Faults(7)
  const reply = await honest().answer(
    {
      method: 'GET',
      path: '/block_results',
      query: new URLSearchParams({ height: String(height) }),
      body: '',
    },
    faults.meet('/akash', '').twist,
  )
  return reply.body
}
