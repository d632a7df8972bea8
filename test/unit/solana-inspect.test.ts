import { afterEach, describe, expect, test } from 'vitest'
import { dailyAccounts } from '../../indexers/chains/solana/daily.ts'
import { createSolanaSource } from '../../indexers/chains/solana/source.ts'
import { splBurns, splMints } from '../../indexers/chains/solana/streams.ts'
import { defineNetwork } from '../../indexers/define.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import type { Finding } from '../../indexers/engine/ports.ts'
import type { NetworkDeclaration } from '../../pipeline/model/stream.ts'
import { createTestLogger } from '../support/chain.ts'
import { idOf, Ledger, mintAccount, tokenAccount } from '../support/solana_ledger.ts'

const logger = createTestLogger('warnings')
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const mint = idOf('mint')
const authority = idOf('authority')
const program = idOf('program')
const vault = idOf('vault')
const declared = { token: 'TOK', revision: 1, meaning: 'For a test.', evidence: ['tests'] } as const
const network = (more: Partial<NetworkDeclaration> = {}): NetworkDeclaration =>
  defineNetwork({
    id: 'test',
    name: 'Test',
    sector: 'none',
    description: 'For a test.',
    tokens: { TOK: { chain: 'solana', address: mint, decimals: 8, price: { unknown: 'a test' } } },
    streams: {
      rewards: splMints({
        ...declared,
        kind: 'emission',
        class: 'contributor',
        where: { mint, signaturesOf: [authority], to: [idOf('account paid')] },
      }),
      burned: splBurns({
        ...declared,
        kind: 'burn',
        class: 'other',
        where: { mint, from: [vault], under: [{ program }], authority: [idOf('nobody')] },
      }),
      daily: dailyAccounts({
        ...declared,
        kind: 'burn',
        class: 'usage',
        accounts: {
          program,
          seeds: [{ text: 'epoch' }, { epoch: 'u64' }],
          discriminator: '2df9b114aafb2525',
          value: [{ at: 8 }],
        },
      }),
    },
    absent: { fee: { truly: 'unknown', why: 'no wallet that payments go to was found' } },
    ...more,
  })

async function inspect(
  of: NetworkDeclaration,
  prepare: (ledger: Ledger) => void,
): Promise<readonly Finding[]> {
  const ledger = new Ledger({ first: 1_000, head: 2_000, time: 1_750_000_000 })
  ledger.accounts.set(mint, mintAccount(1_000n, authority))
  ledger.accounts.set(authority, { owner: program, data: Buffer.alloc(3) })
  ledger.accounts.set(program, { owner: idOf('loader'), data: Buffer.alloc(3), executable: true })
  ledger.accounts.set(vault, tokenAccount(mint, idOf('owner'), 900n))
  ledger.accounts.set(idOf('small'), tokenAccount(mint, authority, 100n))
  ledger.accounts.set(idOf('account paid'), tokenAccount(mint, idOf('owner'), 0n))
  ledger.add({ slot: 1_500, name: 'paid', kind: 'mint', amount: 7, mint, also: [authority] })
  prepare(ledger)
  await ledger.start()
  closing.push(() => ledger.close())
  const now = () => performance.now()
  const pool = new EndpointPool({
    chain: 'solana',
    variable: 'V',
    urls: [ledger.url],
    logger,
    now,
    attempts: 1,
  })
  const source = createSolanaSource({ pool, urls: [], logger, now })
  closing.push(() => source.close())
  return (await source.inspect?.(of, new AbortController().signal)) ?? []
}
const verdictOf = (findings: readonly Finding[], subject: string): string | undefined =>
  findings.find((f) => f.subject.startsWith(subject))?.verdict

describe('inspecting a declaration', () => {
  test('that fits finds nothing that differs, and says what is not declared and what to fill in', async () => {
    const findings = await inspect(network(), () => undefined)
    expect(findings.filter((f) => f.verdict === 'differs')).toEqual([])
    expect(findings).toContainEqual({
      verdict: 'same',
      subject: 'TOK mint authority',
      declared: 'rewards.signaturesOf',
      found: authority,
    })
    expect(findings.find((f) => f.subject === 'TOK supply')?.found).toBe('0.00001')
    expect(findings.find((f) => f.subject === 'TOK holder 1')).toEqual({
      verdict: 'news',
      subject: 'TOK holder 1',
      declared: 'burned.from',
      found: `${vault} of ${idOf('owner')}: 0.000009 (90.0 %)`,
    })
    expect(findings.find((f) => f.subject === `TOK minted to ${idOf('account paid')}`)).toMatchObject({
      verdict: 'same',
      declared: 'rewards',
      found: expect.stringContaining('1 mints of 0.00000007 together; called by no program'),
    })
    expect(findings.find((f) => f.subject === 'fee')).toMatchObject({
      verdict: 'fillIn',
      found: 'no wallet that payments go to was found',
    })
    expect(verdictOf(findings, 'signer ')).toBe('news')
  })

  test.each<[string, (ledger: Ledger) => void, string]>([
    [
      'a mint that no stream counts',
      (l) => l.add({ slot: 1_600, name: 'aside', kind: 'mint', amount: 9, mint, also: [authority] }),
      `TOK minted to ${idOf('account aside')}`,
    ],
    [
      'a program that is none',
      (l) => l.accounts.set(program, { owner: idOf('x'), data: Buffer.alloc(1) }),
      `program ${program}`,
    ],
    [
      'a token account of another mint',
      (l) => l.accounts.set(vault, tokenAccount(idOf('other'), idOf('o'), 1n)),
      `token account ${vault}`,
    ],
    ['an account that is gone', (l) => l.accounts.delete(authority), `account ${authority}`],
    [
      'a mint that is none',
      (l) => l.accounts.set(mint, { owner: program, data: Buffer.alloc(82) }),
      'TOK mint',
    ],
    [
      'other decimals',
      (l) =>
        l.accounts.set(mint, {
          ...mintAccount(1n, authority),
          data: mintAccount(1n, authority).data.fill(6, 44, 45),
        }),
      'TOK decimals',
    ],
  ])('shows %s as a difference', async (_, prepare, subject) => {
    expect(verdictOf(await inspect(network(), prepare), subject)).toBe('differs')
  })

  test('of a stream that has ended does not ask for accounts that are gone', async () => {
    const { streams } = network()
    const past = { ...streams['burned'], until: '2025-01-01' }
    const findings = await inspect(network({ streams: { ...streams, burned: past as never } }), (l) =>
      l.accounts.delete(vault),
    )
    expect(verdictOf(findings, `token account ${vault}`)).toBe('news')
  })

  test('names the authority to fill in where the declaration does not know it', async () => {
    const { streams } = network()
    const findings = await inspect(
      network({
        streams: { burned: streams['burned'] as never },
        absent: { emission: { truly: 'unknown', why: 'not found' }, fee: { truly: 'zero', why: 'none' } },
      }),
      () => undefined,
    )
    expect(findings.find((f) => f.subject === 'TOK mint authority')).toMatchObject({
      verdict: 'fillIn',
      found: `${authority}; page its signatures for mints: signaturesOf: ['${authority}']`,
    })
    expect(verdictOf(findings, 'TOK minted to')).toBe('fillIn')
    expect(findings.map((f) => f.subject)).not.toContain('fee')
  })

  test('of a mint that nobody can mint any more asks for no transactions', async () => {
    const findings = await inspect(network(), (l) => l.accounts.set(mint, mintAccount(5n)))
    expect(findings.find((f) => f.subject === 'TOK mint authority')?.found).toMatch(
      /nobody can mint any more/,
    )
    expect(verdictOf(findings, 'TOK minted')).toBeUndefined()
  })
})
