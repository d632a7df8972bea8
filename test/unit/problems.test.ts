import { describe, expect, it } from 'vitest'
import type { Observed } from '../../commands/problems.ts'
import { describeProblems, findProblems } from '../../commands/problems.ts'

const chain: Observed['status']['chains'][number] = {
  chain: 'arweave',
  origin: 'live',
  head: 100,
  finalized: 50,
  headTime: '2026-01-02T02:58:00Z',
  lastSeenAt: '2026-01-02T02:59:30Z',
  lastError: null,
}
const well: Observed = {
  status: { dataVersion: '1', now: '2026-01-02T03:00:00Z', staleDays: 0, chains: [chain], proofs: [] },
  coverage: [],
  work: { pending: [], workers: [], paused: [], dead: [] },
  health: {
    staleSeconds: null,
    publishedSeconds: 20,
    waiting: {},
    dead: {},
    workers: 1,
    failedProofs: {},
    pricesSeconds: 60,
  },
}
const withChain = (more: Partial<typeof chain>): Observed => ({
  ...well,
  status: { ...well.status, chains: [{ ...chain, ...more }] },
})
const said = (observed: Observed): string[] =>
  findProblems(observed).map((p) => `${p.severity}: ${p.what} -> ${p.todo}`)

describe('what is wrong at three in the morning', () => {
  it('is nothing when all goes well', () => {
    expect(describeProblems(findProblems(well))).toEqual(['Nothing is wrong.'])
  })

  it('is named worst first, with what to do', () => {
    const lines = describeProblems(
      findProblems({
        ...withChain({ lastSeenAt: '2026-01-02T00:59:00Z' }),
        work: {
          ...well.work,
          paused: ['akash'],
          dead: [
            {
              id: 1,
              network: 'arweave',
              chain: 'arweave',
              streams: ['fees'],
              from: 1,
              to: 9,
              attempts: 8,
              code: 'decode-failed',
              reason: 'block 4 has no reward',
            },
          ],
        },
        health: { ...well.health, dead: { arweave: 1 } },
      }),
    )
    expect(lines).toEqual([
      '3 things need a look, worst first:',
      '1. BROKEN 1 range of arweave was given up and stays missing; the first is arweave 1 to 9: block 4 has no reward',
      '   To do: mend the reason, then: depindex retry arweave',
      '2. LATE nobody has looked at arweave for 2 hours',
      '   To do: start depindex up (one running process is enough), or read the log of the one that runs',
      '3. LOOK akash is paused',
      '   To do: depindex resume akash',
      '',
    ])
  })

  it('a reorganised chain is broken and wants repair; nodes that do not answer are late', () => {
    expect(said(withChain({ lastError: 'arweave: block 5 does not follow block 4' }))).toEqual([
      expect.stringMatching(/^broken: arweave is not read on: .* -> depindex repair arweave, then/),
    ])
    expect(said(withChain({ lastError: 'arweave: GET /info failed at every endpoint (x: y)' }))).toEqual([
      expect.stringMatching(/^late: arweave is not read on/),
    ])
  })

  it('nodes that stand still are late, simulated ones are not', () => {
    expect(said(withChain({ headTime: '2026-01-01T22:00:00Z' }))).toEqual([
      expect.stringMatching(/^late: the newest block that the nodes of arweave know is 5 hours old/),
    ])
    expect(said(withChain({ origin: 'simulated', headTime: '2020-01-01T00:00:00Z' }))).toEqual([])
  })

  it('jobs without workers, days that wait, gaps and failed proofs', () => {
    const proof = {
      network: 'arweave',
      token: 'AR',
      proof: 'fees = feesFromHeaders',
      from: '2026-01-01',
      to: '2026-01-01',
      expectedRaw: '3',
      observedRaw: '2',
      residualRaw: '1',
      ok: false,
    }
    expect(
      said({
        status: { ...well.status, proofs: [proof, { ...proof, ok: true }] },
        coverage: [
          {
            network: 'arweave',
            stream: 'fees',
            chain: 'arweave',
            revision: 1,
            covered: [],
            gaps: [{ from: 1, to: 2, code: 'rpc-not-found', reason: 'not found' }],
            heightsCovered: 0,
            heightsMissing: 2,
            behindBy: null,
          },
        ],
        work: { ...well.work, pending: [{ network: 'arweave', chain: 'arweave', jobs: 4, from: 1, to: 9 }] },
        health: { ...well.health, workers: 0, staleSeconds: 1_500 },
      }),
    ).toEqual([
      expect.stringMatching(/^broken: two independent paths differ: arweave fees = feesFromHeaders, 1 of/),
      expect.stringMatching(/^late: 4 ranges wait and no process takes them/),
      expect.stringMatching(/^late: changed days have waited 25 minutes/),
      expect.stringMatching(
        /^look: nodes did not give 1 range of arweave fees; the first is 1 to 2: not found/,
      ),
    ])
  })
})
