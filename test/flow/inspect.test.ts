import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig, withSettings } from '../../commands/config.ts'
import { inspect } from '../../commands/inspect.ts'
import type { Output } from '../../commands/output.ts'
import type { Devnet } from '../../devnet/start.ts'
import { startDevnet } from '../../devnet/start.ts'
import type { Finding, Logger } from '../../indexers/engine/ports.ts'
import { IndexerError } from '../../pipeline/model/errors.ts'
import { day, dayStart } from '../../pipeline/model/time.ts'

const logger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
const signal = new AbortController().signal
let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet({ seed: 3, days: 3, end: dayStart(day('2026-11-22')), only: ['solana'] })
})
afterAll(() => devnet.close())

async function run(network: string, json: boolean) {
  const said: { texts: string[]; notes: string[]; json: unknown } = { texts: [], notes: [], json: undefined }
  const output: Output = {
    text: (text) => void said.texts.push(text),
    note: (text) => void said.notes.push(text),
    json: (value) => {
      said.json = value
    },
  }
  const config = withSettings(readConfig({}), devnet.environment)
  const fits = await inspect(network, { json }, config, logger, output, signal)
  return { ...said, fits, findings: said.json as (Finding & { chain: string })[] }
}

describe('depindex inspect', () => {
  test('finds Helium as declared: mints, authorities, programs, accounts, and every recent mint counted', async () => {
    const { fits, findings, notes } = await run('helium', true)
    expect(findings.filter((f) => f.verdict === 'differs')).toEqual([])
    expect(fits).toBe(true)
    expect(notes).toContain('solana: the endpoint serves simulated data')
    const minted = findings.filter((f) => f.subject.startsWith('HNT minted to'))
    expect(minted.length).toBeGreaterThan(3)
    for (const f of minted)
      expect(f).toMatchObject({ verdict: 'same', declared: expect.stringMatching(/\w/) })
  })

  test.each([
    ['render', 'RENDER mint authority'],
    ['ionet', 'IO mint authority'],
  ])('says of %s what to fill in', async (network, subject) => {
    const { fits, findings } = await run(network, true)
    expect(fits).toBe(true)
    expect(findings.find((f) => f.subject === subject)?.verdict).toBe('fillIn')
    expect(findings.find((f) => f.subject === 'emission')?.verdict).toBe('fillIn')
  })

  test('says of a network that no node is asked about that nothing was compared', async () => {
    const { texts } = await run('arweave', false)
    expect(texts).toEqual(['Arweave: nothing was compared; none of its chains knows what to ask'])
  })

  test('prints a table with what differs and what to fill in first', async () => {
    const { texts } = await run('ionet', false)
    expect(texts[0]).toMatch(/fill in[\s\S]*IO supply[\s\S]*ok/)
    expect(texts[0]).toMatch(/io\.net: 0 differences, \d+ things to fill in, \d+ as declared$/)
  })

  test('names the known networks where it is asked for another', async () => {
    await expect(run('nowhere', true)).rejects.toThrow(IndexerError)
    await expect(run('nowhere', true)).rejects.toThrow(/inspect: unknown network 'nowhere'; known: helium/)
  })
})
