import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { amountIn, parseCoins } from '../../indexers/chains/cosmos/coins.ts'
import type { AttributeEncoding, BlockResults } from '../../indexers/chains/cosmos/events.ts'
import { everyEvent, readResults } from '../../indexers/chains/cosmos/events.ts'
import { BlockFacts, isUnknown } from '../../indexers/chains/cosmos/facts.ts'
import { coinsOf, isBroken, tallyBlock } from '../../indexers/chains/cosmos/proof.ts'
import { textIn } from '../../indexers/chains/cosmos/protobuf.ts'
import { readerOf } from '../../indexers/chains/cosmos/streams.ts'
import { needsOf, readWord } from '../../indexers/chains/cosmos/words.ts'
import { akash } from '../../indexers/networks/akash.ts'
import { unixSeconds } from '../../pipeline/model/time.ts'

const recordings = join(import.meta.dirname, '../../../shared/recordings/akash')
const absent = !existsSync(recordings)

test.runIf(absent && process.env.CI !== undefined)('the recordings are there', () => {
  expect.fail('recordings of Akash are absent; in CI they must be at ../shared/recordings/akash')
})

const place = { endpoint: 'recording', what: 'block_results' }
const read = (path: string): unknown => JSON.parse(readFileSync(join(recordings, path), 'utf8'))

function recorded(file: string, encoding?: AttributeEncoding): BlockResults {
  const answer = read(`cometbft/${file}`) as { result?: { height: string }; height?: string }
  const result = answer.result ?? answer
  return readResults(result, Number(result.height), place, encoding)
}

/** `60 basetcro; 1 ibc/6B…` as sums by denom; `-` is none. */
const sumsOf = (cell: string): Record<string, bigint> =>
  cell === '-'
    ? {}
    : Object.fromEntries(
        cell.split('; ').map((part) => {
          const [amount = '', denom = ''] = part.split(' ')
          return [denom, BigInt(amount)]
        }),
      )

function summed(results: BlockResults, type: string, key: string): Record<string, bigint> {
  const sums: Record<string, bigint> = {}
  for (const event of everyEvent(results)) {
    if (event.type !== type) continue
    for (const { denom, amount } of parseCoins(event.get(key) ?? '') ?? [])
      sums[denom] = (sums[denom] ?? 0n) + amount
  }
  return sums
}

const rows = absent
  ? []
  : readFileSync(join(recordings, 'MANIFEST.md'), 'utf8')
      .split('\n')
      .filter((line) => /^\| (tm034|comet)/.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()))

const stream = (name: string) => {
  const declared = akash.streams[name]
  if (declared === undefined) throw new Error(`Akash has no stream ${name}`)
  return {
    ...declared,
    id: 1,
    network: 'akash',
    name,
    chain: 'akash',
    role: declared.role ?? ('ledger' as const),
    decimals: 6,
  }
}

/** What one transaction or block gives to each stream of Akash that it gives anything. */
function booked(
  results: BlockResults,
  height: number,
  coinEvents: boolean,
  next?: BlockResults,
): Record<string, bigint | string> {
  const mark = { height, hash: 'AB'.repeat(32), parentHash: '', time: unixSeconds(1_662_489_968) }
  const tally = { mint: undefined, netBefore: 0n, netAfter: 0n }
  const txs = results.txs.map(() => new Uint8Array())
  const block = new BlockFacts(mark, { results, tally }, next && { results: next, tally }, txs)
  return Object.fromEntries(
    Object.keys(akash.streams).flatMap((name): [string, bigint | string][] => {
      const reader = readerOf(stream(name))
      if (
        needsOf(reader).apart !== undefined ||
        reader.word === 'cosmos.swept' ||
        reader.word === 'cosmos.unseenBurns'
      )
        return []
      const amounts = readWord(block, reader, { coinEvents })
      if (isUnknown(amounts)) return [[name, amounts.reason]]
      return amounts.length === 0 ? [] : [[name, amounts.reduce((sum, a) => sum + a.raw, 0n)]]
    }),
  )
}

const asResults = (height: number, tx: object, begin: object[] = []): BlockResults =>
  readResults(
    { height: String(height), txs_results: [tx], begin_block_events: begin, end_block_events: null },
    height,
    place,
  )

describe.skipIf(absent)(
  'recorded CometBFT answers (../shared/recordings/akash; skipped where it is absent)',
  () => {
    test('the manifest lists what is tested', () => {
      expect(rows.map((r) => r[1]).sort()).toEqual(readdirSync(join(recordings, 'cometbft')).sort())
      expect(rows.length).toBe(18)
    })

    test.each(rows)(
      '%s %s parses to its row of the manifest',
      (_, file, _sha, _source, _chain, txs, mint, coinbase, burn, fees, holds) => {
        const results = recorded(file ?? '')
        const failed = results.txs.filter((t) => t.code !== 0).length
        expect(`${results.txs.length} (${failed})`).toBe(txs)
        expect(summed(results, 'coinbase', 'amount')).toEqual(sumsOf(coinbase ?? ''))
        expect(summed(results, 'burn', 'amount')).toEqual(sumsOf(burn ?? ''))
        expect(summed(results, 'tx', 'fee')).toEqual(sumsOf(fees ?? ''))
        const coinEvents = holds === 'holds'
        expect([...everyEvent(results)].some((e) => e.type === 'coin_spent')).toBe(coinEvents)
        const denom = Object.keys(sumsOf(coinbase ?? '')).find((d) => !d.startsWith('ibc/')) ?? 'none'
        const tally = tallyBlock(results, denom, coinEvents)
        if (isBroken(tally)) throw new Error(tally.broken)
        expect(tally.mint === undefined ? '-' : String(tally.mint.amount)).toBe(mint)
        if ((tally.mint?.amount ?? 0n) > 0n) expect(tally.mint?.supplyBefore).toBeGreaterThan(0n)
        expect(results.encoding).toBe(file?.startsWith('tm034') ? 'base64' : 'plain')
      },
    )

    test('the supply of cosmoshub-4 at block 9399574, to the unit', () => {
      const tally = tallyBlock(
        recorded('tm034_cosmoshub-4_h9399574_tx_signer_empty_pubkey.json'),
        'uatom',
        true,
      )
      expect(tally).toMatchObject({ mint: { amount: 6_237_966n, supplyBefore: 288_067_375_192_591n } })
    })

    test('one event less, one more, or the wrong encoding: each block refuses it with both sides', () => {
      let dropped = 0
      for (const [, file = '', , , , , , , , , holds] of rows) {
        if (holds !== 'holds') continue
        const results = recorded(file)
        const lists = [results.begin, ...results.txs.map((t) => t.events), results.end]
        for (const [l, list] of lists.entries()) {
          const moves = list.findIndex(
            (e) => /^(coin_spent|coin_received|coinbase|burn)$/.test(e.type) && (coinsOf(e)?.length ?? 0) > 0,
          )
          if (moves === -1) continue
          const change = (events: typeof list, twice: boolean) =>
            twice ? [...events, ...events.slice(moves, moves + 1)] : events.filter((_, i) => i !== moves)
          for (const twice of [false, true]) {
            const changed = {
              ...results,
              begin: l === 0 ? change(results.begin, twice) : results.begin,
              txs: results.txs.map((t, i) => (l === i + 1 ? { ...t, events: change(t.events, twice) } : t)),
              end: l === lists.length - 1 ? change(results.end, twice) : results.end,
            }
            expect(tallyBlock(changed, 'none', true)).toMatchObject({
              broken: expect.stringMatching(
                /received - spent = .* made - burned = .*missing or doubled|x\/mint says/,
              ),
            })
            dropped += 1
          }
        }
        const other = results.encoding === 'plain' ? 'base64' : 'plain'
        expect(tallyBlock(recorded(file, other), 'none', true)).toMatchObject({
          broken: expect.stringContaining('no amount'),
        })
      }
      expect(dropped).toBeGreaterThan(40)
    })
  },
)

describe.skipIf(absent)('recorded Akash transactions', () => {
  test('7509217: 1,993 uakt were earned, not 5,001,993; the collateral and the refund are none of it', () => {
    const tx = read('akash-chain/tx_mainnet_7509217_close_deployment.json') as object
    const results = asResults(7_509_217, tx)
    expect(booked(results, 7_509_217, true)).toEqual({ leasesAkt: 1_993n, txFees: 8_605n })
    const tally = tallyBlock(results, 'uakt', true)
    expect(isBroken(tally)).toBe(false)
  })

  test.each([
    ['tx_mainnet2021_140325_2AF4A01B.json', 140_325],
    ['tx_mainnet2021_141905_DBB5AE97.json', 141_905],
    ['tx_mainnet2021_98503_94FEF5AC.json', 98_503],
  ])('%s: a fee of 5,000 uakt without an event of its own, and the deposit is no fee', (file, height) => {
    const { logs, ...tx } = read(`akash-chain/${file}`) as { logs: { events: object[] }[] }
    const results = asResults(height, { ...tx, events: logs.flatMap((l) => l.events) })
    const swept = { type: 'transfer', attributes: transferOf('5000uakt') }
    const next = asResults(height + 1, { code: 0, events: [] }, [swept])
    expect(booked(results, height, false, next)).toEqual({ txFees: 5_000n })
    const wrong = asResults(height + 1, { code: 0, events: [] }, [
      { ...swept, attributes: transferOf('5001uakt') },
    ])
    expect(booked(results, height, false, wrong).txFees).toMatch(/paid 5000 uakt in fees.* handed on 5001/)
  })

  test('1361880: a failed transaction of 2021 shows no event at all', () => {
    const { logs: _, ...tx } = read('akash-chain/tx_mainnet2021_1361880_554579ED.json') as { logs: unknown }
    expect([...everyEvent(asResults(1_361_880, { ...tx, events: null }))]).toEqual([])
  })

  test('the fee collector held one mint and the fees of block 28742443', () => {
    const { response } = read('akash-state/abci_query_fee_collector_balances_mainnet_28742443.json') as {
      response: { result: { response: { value: string } } }
    }
    const held = Buffer.from(response.result.response.value, 'base64')
    expect([textIn(held, [1, 1]), textIn(held, [1, 2])]).toEqual(['uakt', '2300756'])
    const state = read('akash-state/getblock_state_2026-09-22.json') as {
      supply_uakt: string
      mint_params: { blocks_per_year: string }
    }
    const mint = (BigInt(state.supply_uakt) * 4n) / 100n / BigInt(state.mint_params.blocks_per_year)
    // Three price updates of about 10,600 uakt each.
    const fees = 2_300_756n - mint
    expect(mint).toBe(2_268_537n)
    expect(fees).toBe(32_219n)
  })

  test('an answer of block 28742282 that its publisher trimmed is read, and refused by its sums', () => {
    const { result } = read('akash-chain/block_results_mainnet_28742282_TRIMMED.json') as { result: unknown }
    const results = readResults(result, 28_742_282, place)
    expect([results.encoding, results.begin.length, results.txs.length]).toEqual(['plain', 1, 1])
    expect(tallyBlock(results, 'uakt', true)).toMatchObject({ broken: expect.stringContaining('no amount') })
  })

  test('the recorded exchange of AKT for ACT: bought, locked and spread, and nothing burned', () => {
    const { pure_mint_wire_shape: event } = read('akash-state/bme_event_wire_shapes.json') as {
      pure_mint_wire_shape: { type: string; attributes: Record<string, string> }
    }
    const attributes = Object.entries({ ...event.attributes, mode: 'EndBlock' }).map(([key, value]) => ({
      key,
      value,
    }))
    const known = { type: 'message', attributes: [{ key: 'sender', value: 'akash1x' }] }
    const results = readResults(
      { height: '27000000', finalize_block_events: [known, { type: event.type, attributes }] },
      27_000_000,
      place,
    )
    expect(results.end).toHaveLength(1)
    expect(booked(results, 27_000_000, true)).toEqual({
      actBought: 10_529_003n,
      actBoughtByPrice: 10_529_003n,
      actReceived: 10_502_681n,
      actSpread: 26_322n,
      aktLocked: 20_000_000n,
    })
  })
})

/** A transfer from the fee collector to the module that distributes, as SDK 0.41 writes it. */
function transferOf(amount: string): { key: string; value: string }[] {
  const { collector, sweptTo } = stream('txFees').settings as { collector: string; sweptTo: string }
  return Object.entries({ recipient: sweptTo, sender: collector, amount }).map(([key, value]) => ({
    key,
    value,
  }))
}

test('sums of coins by denom', () => {
  expect(amountIn(parseCoins('1uakt,2ibc/17,3uakt') ?? [], 'uakt')).toBe(4n)
})
