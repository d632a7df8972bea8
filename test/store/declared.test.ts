import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rawAmount } from '../../pipeline/model/amount.ts'
import type { Event } from '../../pipeline/model/event.ts'
import type { NetworkDeclaration, Stream, StreamDeclaration } from '../../pipeline/model/stream.ts'
import { addDays, unixSeconds } from '../../pipeline/model/time.ts'
import { prove } from '../../pipeline/rollups/prove.ts'
import { saveCatalogue } from '../../pipeline/store/catalogue.ts'
import { testNetwork } from '../support/database.ts'
import type { Ledger } from '../support/ledger.ts'
import { openLedger, start } from '../support/ledger.ts'

let ledger: Ledger
beforeEach(async () => {
  ledger = await openLedger()
})
afterEach(() => ledger.drop())

const base = testNetwork.streams['rewards'] as StreamDeclaration
const burns: StreamDeclaration = { ...base, kind: 'burn', class: 'usage' }
const paid: StreamDeclaration = {
  ...base,
  kind: 'fee',
  class: 'payment',
  lens: 'CONSUMPTION',
  accrues: [{ holders: '0.95', protocol: '0.05' }],
  scale: [{ times: '1/0.95' }, { since: '2026-01-02', times: '1/0.6' }],
  estimated: 'the operator keeps the rest off chain',
}
const network = (
  streams: Record<string, StreamDeclaration>,
  more: Partial<NetworkDeclaration> = {},
): NetworkDeclaration => ({
  ...testNetwork,
  tokens: { TST: { chain: 'testchain', decimals: 6, price: { fixedUsd: '2' } } },
  streams,
  absent: { burn: { truly: 'zero', why: '' }, emission: { truly: 'zero', why: '' } },
  ...more,
})
const one = addDays(start, 1)
const two = addDays(start, 2)

describe('a stream with a scale', () => {
  it('gives days of the exact multiple while its events keep what the chain says, and the burn is proved by itself', async () => {
    const streams = await ledger.declare(network({ burns, paid }))
    const [burned, fee] = streams as [Stream, Stream]
    const both = (height: number, tokens: number, act: string): Event[] =>
      [burned, fee].map((s) => ledger.event(s, height, tokens, { act, txId: Buffer.from(act) }))
    await ledger.save(streams, [0, 1], [...both(3, 9.5, 'a'), ...both(4, 9.5, 'b'), ...both(30, 6, 'c')])
    await ledger.store.saveReadings([ledger.reading(0, 1_000), ledger.reading(47, 975)])
    await ledger.rebuild()
    expect(await ledger.ask('fees_usd', {}, two)).toEqual([
      ['40', 'ESTIMATED'],
      ['20', 'ESTIMATED'],
    ])
    expect(await ledger.ask('holders_revenue_usd', {}, two)).toEqual([
      ['38', 'ESTIMATED'],
      ['19', 'ESTIMATED'],
    ])
    expect(await ledger.ask('gross_burn_native', {}, two)).toEqual([
      ['19', 'COMPLETE'],
      ['6', 'COMPLETE'],
    ])
    const seen = await ledger.events('paid')
    expect(seen.map((e) => e.amount)).toEqual(['6', '9.5', '9.5'])
    expect((await prove(ledger.db, { now: ledger.now() })).map((p) => [p.verdict, p.residualRaw])).toEqual([
      ['held', 0n],
    ])
  })
})

describe('a declaration that changes without another reading', () => {
  it('rebuilds the days it shapes: a scale, a fixed price; nothing where it stays the same', async () => {
    const [fee] = (await ledger.declare(network({ paid }))) as [Stream]
    await ledger.save([fee], [0, 1], [ledger.event(fee, 3, 9.5)])
    await ledger.rebuild()
    expect(await ledger.ask('fees_usd', {}, one)).toEqual([['20', 'ESTIMATED']])
    await saveCatalogue(ledger.db, [network({ paid })], ledger.now())
    expect(await ledger.rebuild()).toEqual({ rebuilt: 0, changed: 0 })

    const before = ledger.tick()
    await saveCatalogue(ledger.db, [network({ paid: { ...paid, scale: [{ times: '2' }] } })], ledger.now())
    await ledger.rebuild()
    expect(await ledger.ask('fees_usd', {}, one)).toEqual([['38', 'ESTIMATED']])
    expect(await ledger.ask('fees_usd', { asOf: before }, one)).toEqual([['20', 'ESTIMATED']])

    const cheap = { TST: { chain: 'testchain', decimals: 6, price: { fixedUsd: '1' } } }
    ledger.tick()
    await saveCatalogue(
      ledger.db,
      [network({ paid: { ...paid, scale: [{ times: '2' }] } }, { tokens: cheap })],
      ledger.now(),
    )
    await ledger.rebuild()
    expect(await ledger.ask('fees_usd', {}, one)).toEqual([['19', 'ESTIMATED']])
    const noted = (await ledger.restatements(before)).filter((r) => r.priceBasis === 'DAY_CLOSE')
    expect(noted.map((r) => [r.oldUsd, r.newUsd, r.reason])).toEqual([
      ['38', '19', 'price or decimals declared differently; price 2 (peg) became 1 (peg)'],
      ['20', '38', 'declared differently'],
      [
        null,
        null,
        'the declaration changed: scale [{"times": "1/0.95"}, {"since": "2026-01-02", "times": "1/0.6"}] became [{"times": "2"}]',
      ],
    ])
  })
})

describe('a fixed price of a token without decimals', () => {
  it('is exact by every basis: 123,457 Data Credits at $0.00001 are $1.23457', async () => {
    const [fee] = (await ledger.declare(
      network(
        { credits: { ...base, kind: 'fee', class: 'payment', lens: 'CONSUMPTION', token: 'DC' } },
        {
          tokens: {
            TST: { chain: 'testchain', decimals: 6, price: { market: 'test' } },
            DC: { chain: 'testchain', decimals: 0, price: { fixedUsd: '0.00001' } },
          },
        },
      ),
    )) as [Stream]
    const credits = (height: number, count: bigint) =>
      ledger.event(fee, height, 0, { amountRaw: rawAmount(count) })
    await ledger.save([fee], [0, 0], [credits(3, 123_450n), credits(9, 7n)])
    await ledger.rebuild()
    for (const priceBasis of ['DAY_CLOSE', 'DAY_AVG', 'EVENT', 'PEG'] as const)
      expect(await ledger.ask('fees_usd', { priceBasis }, one)).toEqual([['1.23457', 'COMPLETE']])
    expect((await ledger.events('credits')).map((e) => e.amount)).toEqual(['7', '123450'])
  })
})

describe('tokens locked and released', () => {
  it('are metrics of their own and leave burns, emissions and the supply proof alone', async () => {
    const lock: StreamDeclaration = { ...base, kind: 'lock', class: 'lock' }
    const streams = await ledger.declare(
      network({ burns, vaulted: lock, unvaulted: { ...lock, class: 'release' } }, { absent: {} }),
    )
    const [burned, vaulted, unvaulted] = streams as [Stream, Stream, Stream]
    await ledger.save(
      streams,
      [0, 0],
      [ledger.event(burned, 3, 1), ledger.event(vaulted, 4, 500), ledger.event(unvaulted, 5, 200)],
    )
    await ledger.store.saveReadings([ledger.reading(0, 1_000), ledger.reading(23, 999)])
    await ledger.save(streams, [1, 1], [])
    await ledger.store.saveReadings([ledger.reading(47, 999)])
    await ledger.rebuild()
    for (const [metric, value] of [
      ['locked_native', '500'],
      ['released_native', '200'],
      ['net_locked_native', '300'],
      ['gross_burn_native', '1'],
    ] as const)
      expect(await ledger.ask(metric, {}, one)).toEqual([[value, 'COMPLETE']])
    expect((await prove(ledger.db, { now: ledger.now() })).map((p) => p.verdict)).toEqual(['held'])
    expect((await ledger.events()).map((e) => [e.kind, e.amount])).toEqual([
      ['lock', '200'],
      ['lock', '500'],
      ['burn', '1'],
    ])
  })
})

it('an oracle price that comes with blocks is chosen by rank, and compared with the others', async () => {
  const [rewards] = (await ledger.declare({
    ...testNetwork,
    streams: { rewards: base },
    absent: { burn: { truly: 'zero', why: '' }, fee: { truly: 'zero', why: '' } },
  })) as [Stream]
  const close = unixSeconds(ledger.timeOf(24) - 60)
  const oracle = ledger.price('2', close, { source: 'oracle', kind: 'spot' })
  await ledger.save([rewards], [0, 1], [ledger.event(rewards, 3, 1)], { prices: [oracle] })
  await ledger.rebuild(['llama', 'oracle'])
  expect(await ledger.ask('emissions_usd', {}, one)).toEqual([['2', 'COMPLETE']])
  await ledger.rebuild(['llama'])
  await ledger.prices([ledger.price('2.1', close, { source: 'llama' })])
  await ledger.rebuild(['llama', 'oracle'])
  expect(await ledger.point('emissions_usd')).toMatchObject({
    value: '2.1',
    warning: '2026-01-01: llama says 2.1, oracle says 2: 5.0 % apart',
  })
  await ledger.prices([ledger.price('2', close, { source: 'llama' })])
  await ledger.rebuild(['oracle', 'llama'])
  expect(await ledger.point('emissions_usd')).toMatchObject({ value: '2', warning: null })
})
