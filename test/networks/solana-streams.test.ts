import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeTransaction } from '../../indexers/chains/solana/decode.ts'
import type { MovementFilter } from '../../indexers/chains/solana/streams.ts'
import {
  matcherOf,
  splBurns,
  splMints,
  splTransfers,
  splUnpaired,
} from '../../indexers/chains/solana/streams.ts'
import type { Transaction } from '../../indexers/chains/solana/transaction.ts'
import { readTransaction } from '../../indexers/chains/solana/transaction.ts'
import { encodeId } from '../../pipeline/model/encoding.ts'
import type { Stream, StreamDeclaration } from '../../pipeline/model/stream.ts'
import { unixSeconds } from '../../pipeline/model/time.ts'

const claim = new URL(
  '../../../shared/recordings/solana/helium/mainnet_claim_rewards_v1_forfeit_burn_slot409977754.json',
  import.meta.url,
)
const present = existsSync(claim)
if (!present && process.env['CI'])
  throw new Error('../shared/recordings is absent, but CI must run these tests')

const hnt = 'hntyVP6YFm1Hg25TN9WGLqM12b8TQmcknKrdu1oxWux'
const subDaos = 'hdaoVTCqhfHHo75XdAMxBKdUqvq1i5bF23sisBqVgGR'
const breaker = 'circAbx64bbsscPbQzZAUvuXpHqrCe6fLMzc2uKXz9g'
const dataCredits = 'credMBJhYFzfn7NxBMdU4aUqFggAjgztaCcv2Fo6fPT'
const claimRewards = { program: subDaos, discriminator: '60b6c45174ce9a69' }
const burnV0 = { program: breaker, discriminator: 'adf6f0eae5b2f939' }

const declared = {
  kind: 'burn',
  class: 'other',
  token: 'HNT',
  revision: 1,
  meaning: 'For a test.',
  evidence: ['tests'],
} as const
const matcher = (
  id: number,
  word: (o: Parameters<typeof splBurns>[0]) => StreamDeclaration,
  where: MovementFilter,
) =>
  matcherOf({
    ...word({ ...declared, where }),
    id,
    network: 'test',
    name: `s${id}`,
    chain: 'solana',
    role: 'ledger',
    decimals: 8,
  } as Stream)

describe.skipIf(!present)('the recorded claim (skipped without ../shared/recordings)', () => {
  const transaction = present ? readTransaction(JSON.parse(readFileSync(claim, 'utf8'))) : undefined
  const decode = (...filters: MovementFilter[]) =>
    transaction === undefined
      ? []
      : decodeTransaction(
          transaction,
          filters.map((where, i) => matcher(i + 1, splBurns, where)),
        ).map((e) => [e.streamId, e.amountRaw])

  it('gives two forfeited rewards under claim_rewards_v1, negative where they are emission given back', () => {
    expect(decode({ mint: hnt, under: [claimRewards], calledBy: [burnV0], negative: true })).toEqual([
      [1, -787n],
      [1, -79_944n],
    ])
  })

  it('gives no purchase, nothing for another instruction of the same program, nothing for another program with the same bytes', () => {
    expect(
      decode(
        { mint: hnt, under: [{ program: dataCredits, discriminator: '4e6da984905edd39' }] },
        { mint: hnt, under: [{ program: subDaos, discriminator: 'a6ce1d9d4990a429' }] },
        { mint: hnt, under: [{ program: dataCredits, discriminator: '60b6c45174ce9a69' }] },
        { mint: hnt, calledBy: [claimRewards] },
        { mint: hnt, notUnder: [claimRewards] },
        { mint: hnt, exceptTransactions: [transaction?.signature ?? ''] },
      ),
    ).toEqual([])
  })

  it('names signature, slot, time and who burned, and gives legs of one act the same name, whatever else is read', () => {
    const both = { mint: hnt, under: [claimRewards], leg: true }
    const events =
      transaction === undefined
        ? []
        : decodeTransaction(transaction, [matcher(1, splBurns, both), matcher(2, splBurns, both)])
    expect(events).toHaveLength(4)
    expect(encodeId(events[0]?.txId ?? Buffer.alloc(0), 'base58')).toBe(transaction?.signature)
    expect(events[0]).toMatchObject({
      height: 409_977_754,
      happenedAt: unixSeconds(Date.parse('2026-03-31T00:15:43Z') / 1000),
      sender: 'A7AjQhocZZvQXQJ5ducRF7gkconjNZfMNCjKguShoe8G',
      detail: { authority: 'GjumWQJZUcUwYdMkHDPDCRFhA7AQmb1kLapqLmDAYTVY' },
    })
    const alone = transaction && decodeTransaction(transaction, [matcher(2, splBurns, both)])
    expect(alone?.map((e) => e.act)).toEqual(events.filter((e) => e.streamId === 2).map((e) => e.act))
    expect(decode({ mint: hnt }).length).toBe(2)
    expect(events[0]?.act).toBe(events[1]?.act)
    expect(events[0]?.act).not.toBe(events[2]?.act)
  })
})

describe('made-up transactions', () => {
  /** Placeholders in the shape of addresses. */
  const owner = 'escrow'.repeat(6)
  const signer = 'auth'.repeat(9)
  const token = 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA'
  const amount = (tag: number, units: number, more: number[] = []): string => {
    const data = Buffer.alloc(9 + more.length)
    data[0] = tag
    data.writeBigUInt64LE(BigInt(units), 1)
    data.set(more, 9)
    return encodeId(data, 'base58')
  }
  /** issue_rewards_v0 for an epoch, which mints. */
  const issued = (epoch: Buffer, more: Partial<Transaction> = {}): Transaction => {
    const data = encodeId(Buffer.concat([Buffer.from('a6ce1d9d4990a429', 'hex'), epoch]), 'base58')
    return {
      signature: '5cqt7QpW2WhyQoJC7u8WhVivoUC5rWrHudWAssYrm2xDTTvVszVAXyCidco5DAXqwc4u4DSAXmmt1kzCKwJP2iW8',
      slot: 7,
      time: unixSeconds(1_700_000_000),
      failed: false,
      callsKnown: true,
      balances: new Map([[owner, { mint: hnt, owner: 'o', pre: 0n, post: 50n }]]),
      instructions: [
        {
          top: 0,
          inner: 0,
          callers: [{ program: subDaos, accounts: ['dao', breaker], data }],
          program: token,
          accounts: [hnt, owner, signer],
          data: amount(7, 50),
          parsed: undefined,
        },
      ],
      ...more,
    }
  }
  const epoch = (day: number): Buffer => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64LE(BigInt(day))
    return bytes
  }
  const rewards = matcher(1, splMints, {
    mint: hnt,
    under: [{ program: subDaos, discriminator: 'a6ce1d9d4990a429' }],
    epoch: { program: subDaos, discriminator: 'a6ce1d9d4990a429', offset: 8 },
  })

  it('book an epoch payment on the day that it is for', () => {
    expect(decodeTransaction(issued(epoch(19_465)), [rewards])).toMatchObject([
      { amountRaw: 50n, recipient: owner, accruedFrom: '2023-04-18', accruedTo: '2023-04-18' },
    ])
    expect(() => decodeTransaction(issued(Buffer.alloc(4)), [rewards])).toThrow(/names no epoch at byte 8/)
  })

  it('tell callers apart by an account of the call, and accounts by which are left out', () => {
    const count = (where: Omit<MovementFilter, 'mint'>): number =>
      decodeTransaction(issued(epoch(1)), [matcher(1, splMints, { mint: hnt, ...where })]).length
    const key = (at: number, is: string) => ({ program: subDaos, account: { at, is: [is] } })
    expect(count({ under: [key(1, breaker)] })).toBe(1)
    expect(count({ under: [key(1, hnt)] })).toBe(0)
    expect(count({ under: [key(7, breaker)] })).toBe(0)
    expect(count({ notCalledBy: [key(1, breaker)] })).toBe(0)
    expect(count({ notCalledBy: [{ program: breaker }] })).toBe(1)
    expect(count({ notTo: [hnt], notFrom: [hnt] })).toBe(1)
    expect(count({ notTo: [owner] })).toBe(0)
  })

  it('count a signer on its declared days only, and ask for a block time where days decide', () => {
    // The transaction is of 2023-11-14.
    const count = (list: MovementFilter['authority']): number =>
      decodeTransaction(issued(epoch(1)), [
        matcher(1, splMints, { mint: hnt, ...(list && { authority: list }) }),
      ]).length
    expect(count([signer])).toBe(1)
    expect(count([{ address: signer, since: '2023-11-14', until: '2023-11-15' }])).toBe(1)
    expect(count([{ address: signer, until: '2023-11-14' }])).toBe(0)
    expect(count([{ address: signer, since: '2023-11-15' }])).toBe(0)
    expect(
      decodeTransaction(issued(epoch(1)), [
        matcher(1, splMints, { mint: hnt, notAuthority: [{ address: signer }] }),
      ]),
    ).toEqual([])
    expect(() =>
      decodeTransaction(issued(epoch(1), { time: null }), [
        matcher(1, splMints, { mint: hnt, notAuthority: [{ address: signer }] }),
      ]),
    ).toThrow(/without a block time/)
  })

  it('are not refused for what other tokens do, but for what is not understood of their own', () => {
    const unknown = (accounts: string[]) =>
      issued(epoch(1), {
        instructions: [
          ...issued(epoch(1)).instructions,
          {
            top: 1,
            inner: undefined,
            callers: [],
            program: token,
            accounts,
            data: amount(99, 1),
            parsed: undefined,
          },
        ],
      })
    const other = 'other'.repeat(8)
    expect(decodeTransaction(unknown([other]), [rewards])).toHaveLength(1)
    for (const own of [hnt, owner])
      expect(() => decodeTransaction(unknown([other, own]), [rewards])).toThrow(
        /token instruction 1 has the unknown kind 99/,
      )
    // A burn of another token that its balances do not show.
    const [made] = issued(epoch(1)).instructions
    const strange = issued(epoch(1), {
      instructions: [
        ...(made ? [made] : []),
        {
          top: 1,
          inner: undefined,
          callers: [],
          program: token,
          accounts: [owner, other, signer],
          data: amount(8, 9),
          parsed: undefined,
        },
      ],
    })
    expect(decodeTransaction(strange, [rewards])).toHaveLength(1)
    expect(() => decodeTransaction(strange, [rewards, matcher(2, splBurns, { mint: other })])).toThrow(
      /mint less burn -9 of otherother/,
    )
  })

  it('give nothing where they failed', () => {
    expect(decodeTransaction(issued(epoch(1), { failed: true }), [rewards])).toEqual([])
  })

  it('are refused without inner instructions, a slot or a time, so that another node is asked', () => {
    expect(() => decodeTransaction(issued(epoch(1), { callsKnown: false }), [rewards])).toThrow(
      /without inner instructions/,
    )
    expect(() => decodeTransaction(issued(epoch(1), { time: null }), [rewards])).toThrow(
      /without a slot and a block time/,
    )
  })

  it('count what arrived, not what was sent, where the mint charges for transfers', () => {
    const fee = Buffer.alloc(8)
    fee.writeBigUInt64LE(4n)
    const data = Buffer.concat([Buffer.from([26, 1]), epoch(100), Buffer.from([6]), fee])
    const transfer = issued(epoch(1), {
      instructions: [
        {
          top: 0,
          inner: undefined,
          callers: [],
          program: 'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb',
          accounts: ['a', hnt, breaker, 'auth'],
          data: encodeId(data, 'base58'),
          parsed: undefined,
        },
      ],
    })
    expect(
      decodeTransaction(transfer, [matcher(1, splTransfers, { mint: hnt, to: [breaker] })]),
    ).toMatchObject([{ amountRaw: 96n }])
    expect(decodeTransaction(transfer, [matcher(1, splTransfers, { mint: hnt, to: [subDaos] })])).toEqual([])
  })

  it('are picked by their exact amount', () => {
    const of = (more: Partial<MovementFilter>) =>
      decodeTransaction(issued(epoch(1)), [matcher(1, splMints, { mint: hnt, ...more })]).length
    expect([
      of({ amountRaw: ['50'] }),
      of({ amountRaw: ['51'] }),
      of({ notAmountRaw: ['50'] }),
      of({ notAmountRaw: ['51'] }),
    ]).toEqual([1, 0, 0, 1])
  })

  it('show a purchase that burned without minting once in the same call, and no other', () => {
    const dc = 'dcuc8Amr83Wz27ZkQ2K9NS6r8zRpf1J6cvArEBDZDmm'
    const within = { program: dataCredits, discriminator: '4e6da984905edd39' }
    const call = (): Transaction['instructions'][number]['callers'][number] => ({
      program: dataCredits,
      accounts: [],
      data: encodeId(Buffer.from('4e6da984905edd39', 'hex'), 'base58'),
    })
    const bought = (kinds: readonly (readonly ['burn' | 'mint', number])[]) => {
      const calls = [call(), call()]
      const change = (kind: string): bigint => 5n * BigInt(kinds.filter(([k]) => k === kind).length)
      return issued(epoch(1), {
        balances: new Map([
          ['h', { mint: hnt, owner: 'o', pre: 100n, post: 100n - change('burn') }],
          ['d', { mint: dc, owner: 'o', pre: 0n, post: change('mint') }],
        ]),
        instructions: kinds.map(([kind, by], inner) => ({
          top: by,
          inner,
          callers: calls.slice(by, by + 1),
          program: token,
          accounts: kind === 'burn' ? ['h', hnt, 'o'] : [dc, 'd', 'o'],
          data: amount(kind === 'burn' ? 8 : 7, 5),
          parsed: undefined,
        })),
      })
    }
    const guard = matcherOf({
      ...splUnpaired({
        ...declared,
        type: 'burn',
        where: { mint: hnt, under: [within] },
        pair: { within, type: 'mint', mint: dc },
      }),
      id: 1,
      network: 'test',
      name: 's1',
      chain: 'solana',
      role: 'guard',
      decimals: 8,
    })
    const seen = (...kinds: (readonly ['burn' | 'mint', number])[]) =>
      decodeTransaction(bought(kinds), [guard]).length
    expect(seen(['burn', 0], ['mint', 0])).toBe(0)
    expect(seen(['burn', 0], ['mint', 0], ['burn', 1], ['mint', 1])).toBe(0)
    expect(seen(['burn', 0])).toBe(1)
    expect(seen(['burn', 0], ['mint', 1])).toBe(1)
    expect(seen(['burn', 0], ['mint', 0], ['mint', 0])).toBe(1)
    expect(seen(['burn', 0], ['burn', 0], ['mint', 0])).toBe(2)
    expect(() => matcher(1, (o) => splUnpaired({ ...o, type: 'burn' } as never), { mint: hnt })).toThrow(
      /setting 'pair'/,
    )
  })

  it('come from declarations that are checked', () => {
    expect(() => matcher(1, splBurns, { mint: 'x' })).toThrow(
      /test stream s1: setting 'mint': must be base58/,
    )
    expect(() =>
      matcher(1, splBurns, { mint: hnt, under: [{ program: subDaos, discriminator: '60' }] }),
    ).toThrow(/setting 'under.0.discriminator': must be eight bytes in hex/)
    expect(() => matcher(1, splBurns, { mint: hnt, of: 1 } as never)).toThrow(/Unrecognized key/)
    expect(() =>
      matcherOf({
        ...splBurns({ ...declared, where: { mint: hnt } }),
        word: 'solana.x',
        network: 'n',
        name: 's',
      } as Stream),
    ).toThrow(/Solana knows solana.spl.mints, solana.spl.burns, solana.spl.transfers, not 'solana.x'/)
  })
})
