import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeTransaction } from '../../indexers/chains/solana/decode.ts'
import { matcherOf, splBurns, splMints } from '../../indexers/chains/solana/streams.ts'
import type { Movement } from '../../indexers/chains/solana/token.ts'
import { checkMint, movementsOf } from '../../indexers/chains/solana/token.ts'
import type { Transaction } from '../../indexers/chains/solana/transaction.ts'
import { readTransaction } from '../../indexers/chains/solana/transaction.ts'
import { IndexerError } from '../../pipeline/model/errors.ts'
import { seeded } from '../support/random.ts'

const folder = new URL('../../../shared/recordings/solana/', import.meta.url)
const present = existsSync(folder)
if (!present && process.env['CI'])
  throw new Error('../shared/recordings is absent, but CI must run these tests')

interface Fact {
  readonly signature: string
  readonly slot?: number
  readonly time: string | null
  readonly err: unknown
  readonly topInstructions: number
  readonly innerInstructions: number
  readonly token: readonly {
    path: string
    program: string
    type: string
    amountRaw?: string
    mint?: string
    from?: string
    to?: string
    authority?: string
  }[]
}

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
const facts = present ? (read('FACTS.json') as Record<string, Fact[]>) : {}
/** Recorded as RPC answers; the others are instruction trees without balances. */
const files = Object.keys(facts).filter(
  (f) => !f.startsWith('generic-custom/') && existsSync(new URL(f, folder)),
)

/** The transactions of a file, whichever answer it holds. */
function answersOf(file: string): unknown[] {
  const answer = read(file) as Record<string, unknown> | unknown[]
  if (Array.isArray(answer)) return answer
  const result = ('result' in answer ? answer['result'] : answer) as Record<string, unknown>
  return Array.isArray(result['transactions']) ? result['transactions'] : [result]
}

/** A movement as FACTS writes it. */
const written = (m: Movement) => ({
  path: m.inner === undefined ? String(m.top) : `${m.top}.${m.inner}`,
  program: m.program,
  amountRaw: m.amountRaw.toString(),
  mint: m.mint,
  from: m.from,
  to: m.to,
  authority: m.authority,
})
const moving: Record<string, string> = {
  transfer: 'transfer',
  transferChecked: 'transfer',
  mintTo: 'mint',
  mintToChecked: 'mint',
  burn: 'burn',
  burnChecked: 'burn',
}

describe.skipIf(!present)('recorded transactions (skipped without ../shared/recordings)', () => {
  it('are many', () => {
    expect(files.length).toBeGreaterThan(30)
  })

  it.each(files)('%s', (file) => {
    const expected = facts[file] ?? []
    const made = answersOf(file).map((answer) => readTransaction(answer))
    expect(made.map((t) => t.signature)).toEqual(expected.map((f) => f.signature))
    for (const [i, transaction] of made.entries()) {
      const fact = expected[i] as Fact
      expect(transaction.failed).toBe(fact.err !== null)
      if (fact.time !== null && transaction.time !== null)
        expect(new Date(transaction.time * 1000).toISOString()).toBe(fact.time)
      expect(movementsOf(transaction).map((m) => ({ type: m.type, ...written(m) }))).toEqual(
        fact.err !== null
          ? []
          : fact.token
              .filter((t) => moving[t.type] !== undefined)
              .map(({ type, ...t }) => ({
                type: moving[type],
                path: t.path,
                program: t.program,
                amountRaw: t.amountRaw,
                mint: t.mint,
                from: t.from,
                to: t.to,
                authority: t.authority,
              })),
      )
    }
  })

  it('the forfeited staking reward is two burns under claim_rewards_v1, called by the task runner', () => {
    const [answer] = answersOf('helium/mainnet_claim_rewards_v1_forfeit_burn_slot409977754.json')
    const burns = movementsOf(readTransaction(answer))
    expect(burns.map((b) => [b.type, b.amountRaw])).toEqual([
      ['burn', 787n],
      ['burn', 79_944n],
    ])
    expect(burns[1]?.callers.map((c) => c.program)).toEqual([
      'tuktukUrfhXT6ZT77QTU8RQtvgL967uRuVagWF57zVA',
      'hdaoVTCqhfHHo75XdAMxBKdUqvq1i5bF23sisBqVgGR',
      'circAbx64bbsscPbQzZAUvuXpHqrCe6fLMzc2uKXz9g',
    ])
  })

  const sample = (): Record<string, unknown> =>
    structuredClone(answersOf('generic-raw/pumpfun_create_0.json')[0]) as Record<string, unknown>
  interface Damaged {
    readonly meta: { postTokenBalances: { uiTokenAmount: { amount: unknown } }[] }
    readonly transaction: { signatures: string[]; message: { accountKeys: string[] } }
  }
  const damaged: readonly (readonly [string, (t: Damaged) => void, RegExp])[] = [
    ['no meta', (t) => Reflect.deleteProperty(t, 'meta'), /meta must be an object, the node gave nothing/],
    ['no error field', (t) => Reflect.deleteProperty(t.meta, 'err'), /the node gave no meta.err/],
    [
      'no balances',
      (t) => Reflect.deleteProperty(t.meta, 'postTokenBalances'),
      /meta.postTokenBalances must be a list/,
    ],
    [
      'no inner instructions',
      (t) => Reflect.deleteProperty(t.meta, 'innerInstructions'),
      /meta.innerInstructions must be a list/,
    ],
    [
      'no signature',
      (t) => Object.assign(t.transaction, { signatures: [] }),
      /transaction.signatures.0 must be a text/,
    ],
    ['keys cut off', (t) => t.transaction.message.accountKeys.splice(2), /account \d+ that .* names/],
    [
      'an amount that is a number',
      (t) => Object.assign(t.meta.postTokenBalances[0] ?? {}, { uiTokenAmount: { amount: 5 } }),
      /amount must be the text of an unsigned 64-bit number, the node gave 5/,
    ],
  ]
  it.each(damaged)('a damaged answer is refused by field: %s', (_name, damage, message) => {
    const answer = sample()
    damage(answer as unknown as Damaged)
    expect(() => readTransaction(answer)).toThrow(message)
    expect(() => readTransaction(answer)).toThrow(/Solana transaction/)
  })

  it('a node that recorded no inner instructions is believed only where no balance hides a mint or burn', () => {
    const answer = sample()
    Object.assign(answer['meta'] as object, { innerInstructions: null })
    const transaction = readTransaction(answer)
    const movements = movementsOf(transaction)
    const [created] = facts['generic-raw/pumpfun_create_0.json']?.[0]?.token ?? []
    expect(() => checkMint(transaction, movements, created?.mint ?? '')).toThrow(
      /mint less burn 0 of 5dNYcC.*balances change by 1000000000000000 \(the node recorded no inner instructions/,
    )
  })

  it('a mint or burn that the balances contradict is refused, naming the transaction', () => {
    const answer = sample()
    const balances = (answer['meta'] as { postTokenBalances: { uiTokenAmount: { amount: string } }[] })
      .postTokenBalances
    const [first] = balances
    if (first !== undefined) first.uiTokenAmount.amount = '1'
    expect(() => movementsOf(readTransaction(answer))).toThrow(
      /Solana transaction 2s393PSY.*mint less burn 1000000000000000 of 5dNYcC.*but its token balances change by/,
    )
  })
})

describe.skipIf(!present)('mutated transactions (skipped without ../shared/recordings)', () => {
  const originals = present ? files.flatMap(answersOf) : []
  const odd: readonly unknown[] = [null, -1, 1.5, 2 ** 60, '', '99999999999999999999', 'x', [], {}, true]

  /** Every place in a JSON value. */
  function placesIn(
    value: unknown,
    path: readonly (string | number)[] = [],
  ): (readonly (string | number)[])[] {
    if (typeof value !== 'object' || value === null) return [path]
    const inner = Object.entries(value).flatMap(([k, v]) =>
      placesIn(v, [...path, Array.isArray(value) ? Number(k) : k]),
    )
    return [path, ...inner]
  }

  function mutate(value: unknown, next: () => number): void {
    const places = placesIn(value).filter(
      (p) => p.length > 0 && !p.includes('logMessages') && !p.includes('rewards'),
    )
    for (let count = 1 + Math.floor(next() * 3); count > 0; count -= 1) {
      const path = places[Math.floor(next() * places.length)] ?? []
      let at = value as Record<string | number, unknown> | undefined
      for (const step of path.slice(0, -1)) at = at?.[step] as typeof at
      const last = path.at(-1)
      if (at === undefined || at === null || typeof at !== 'object' || last === undefined) continue
      const seen = at[last]
      const choice = next()
      if (choice < 0.3) Reflect.deleteProperty(at, last)
      else if (choice < 0.6 && typeof seen === 'number') at[last] = seen + Math.floor(next() * 5) - 2
      else if (choice < 0.6 && typeof seen === 'string' && seen.length > 1)
        at[last] = `${seen.slice(1)}${seen.slice(0, 1)}`
      else at[last] = structuredClone(odd[Math.floor(next() * odd.length)])
    }
  }

  /** The mints whose events, as streams of all mints and burns give them, are not what the balances changed by. */
  function contradicted(transaction: Transaction, movements: readonly Movement[]): string[] {
    const mints = new Set(movements.flatMap((m) => (m.type === 'transfer' ? [] : (m.mint ?? []))))
    const told = {
      kind: 'burn',
      class: 'other',
      token: 'T',
      revision: 1,
      meaning: 'm',
      evidence: ['e'],
    } as const
    const numbered = { network: 'test', name: 's', chain: 'solana', role: 'ledger', decimals: 0 } as const
    return [...mints].filter((mint) => {
      if (!/^[1-9A-HJ-NP-Za-km-z]{32,88}$/.test(mint)) return false
      const events = decodeTransaction(transaction, [
        matcherOf({ ...splMints({ ...told, where: { mint } }), ...numbered, id: 1 }),
        matcherOf({ ...splBurns({ ...told, where: { mint } }), ...numbered, id: -1 }),
      ])
      const net = events.reduce((sum, e) => sum + BigInt(e.streamId) * e.amountRaw, 0n)
      const held = [...transaction.balances.values()].filter((b) => b.mint === mint)
      const charged = movements.some(
        (m) => m.mint === mint && m.type === 'transfer' && m.program === 'token2022',
      )
      const change = held.reduce((sum, b) => sum + b.post - b.pre, 0n)
      return charged ? change > net : change !== net
    })
  }

  it('never give a mint or burn that the balances contradict, and fail in no other way than by a clear error', {
    timeout: 600_000,
  }, () => {
    const runs = Number(process.env['RUNS'] ?? 3_000)
    const outcomes = { decoded: 0, refused: 0 }
    let slowestMs = 0
    for (let seed = 1; seed <= runs; seed += 1) {
      const next = seeded(seed)
      const answer = structuredClone(originals[Math.floor(next() * originals.length)])
      mutate(answer, next)
      const startedAt = performance.now()
      try {
        const transaction = readTransaction(answer)
        const movements = movementsOf(transaction)
        for (const m of movements) if (m.type !== 'transfer') checkMint(transaction, movements, m.mint ?? '')
        expect(contradicted(transaction, movements), `seed ${seed}`).toEqual([])
        outcomes.decoded += 1
      } catch (error) {
        if (!(error instanceof IndexerError))
          throw new Error(`seed ${seed}: ${String(error)}`, { cause: error })
        outcomes.refused += 1
      }
      slowestMs = Math.max(slowestMs, performance.now() - startedAt)
    }
    expect(slowestMs).toBeLessThan(5_000)
    expect(outcomes.decoded).toBeGreaterThan(runs / 10)
    expect(outcomes.refused).toBeGreaterThan(runs / 10)
  })
})

describe('token instructions', () => {
  const transaction = (
    data: number[],
    accounts: string[],
    balances: Transaction['balances'],
  ): Transaction => ({
    signature: 'sig',
    slot: 1,
    time: null,
    failed: false,
    callsKnown: true,
    balances,
    instructions: [
      {
        top: 0,
        inner: undefined,
        callers: [],
        program: 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA',
        accounts,
        data: toBase58(data),
        parsed: undefined,
      },
    ],
  })

  it('are unpacked from a p-token batch', () => {
    // Recorded: MintTo 76,000,000 inside opcode 255 (recordings, generic-custom/5cqt7QpW).
    const data = [0xff, 3, 9, 7, 0, 0xab, 0x87, 4, 0, 0, 0, 0]
    const balances = new Map([['to', { mint: 'mint', owner: 'o', pre: 0n, post: 76_000_000n }]])
    expect(movementsOf(transaction(data, ['mint', 'to', 'auth'], balances))).toMatchObject([
      { type: 'mint', batch: 0, amountRaw: 76_000_000n, mint: 'mint', to: 'to', authority: 'auth' },
    ])
    expect(() => movementsOf(transaction(data.slice(0, 8), ['mint', 'to', 'auth'], balances))).toThrow(
      /batch whose entry 0 is cut/,
    )
    expect(() => movementsOf(transaction(data, ['mint'], balances))).toThrow(/batch whose entry 0 is cut/)
  })

  it('of an unknown kind are an error, known ones without amounts are nothing', () => {
    expect(movementsOf(transaction([9], ['a', 'b', 'c'], new Map()))).toEqual([])
    expect(() => movementsOf(transaction([77], ['a'], new Map()))).toThrow(
      /token instruction 0 has the unknown kind 77/,
    )
    expect(() => movementsOf(transaction([8, 1], ['a', 'b', 'c'], new Map()))).toThrow(/too few bytes/)
  })
})

function toBase58(bytes: number[]): string {
  const digits = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  for (; value > 0n; value /= 58n) text = `${digits[Number(value % 58n)]}${text}`
  return text
}
