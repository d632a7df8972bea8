import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Abi, encodeAbiParameters, encodeEventTopics, getAbiItem, parseAbiItem } from 'viem'
import { afterEach, describe, expect, test } from 'vitest'
import { createEvmSource } from '../../indexers/chains/evm/source.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import type { ChainSource, Logger } from '../../indexers/engine/ports.ts'
import { filecoinPayStreams, filecoinPayTokens } from '../../indexers/networks/filecoin_pay.ts'
import type { Event } from '../../pipeline/model/event.ts'
import type { Stream } from '../../pipeline/model/stream.ts'
import { type PlainChain, type PlainLog, startPlainNode } from '../support/evm_node.ts'

const recordings = join(import.meta.dirname, '../../../shared/recordings/filecoin')
const absent = !existsSync(recordings)

test.runIf(absent && process.env['CI'] !== undefined)('the recordings are there', () => {
  expect.fail('recordings of Filecoin are absent; in CI they must be at ../shared/recordings/filecoin')
})

const ignore = (): void => undefined
const refuse = (message: string): never => {
  throw new Error(`logged: ${message}`)
}
const logger: Logger = { debug: ignore, info: ignore, warn: refuse, error: refuse }
const never = new AbortController().signal
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const pay = '0x23b1e018f08bb982348b15a86ee926eebf7f4daa'
const usdfc = '0x80b98d3aa09ffff255c3ba4a241111ff1262f045'
const streams: readonly Stream[] = Object.entries(filecoinPayStreams).map(([name, declared], i) => ({
  ...declared,
  id: i + 1,
  name,
  network: 'filecoin',
  chain: 'filecoin-evm',
  role: declared.role ?? 'ledger',
  decimals: filecoinPayTokens[declared.token]?.decimals ?? 18,
}))

const recordedAbi = (): Abi =>
  JSON.parse(readFileSync(join(recordings, 'reference/filecoin-services_FilecoinPayV1.abi.json'), 'utf8'))

interface RecordedRail {
  readonly id: bigint
  readonly payer: string
  readonly payee: string
  readonly token: string
  readonly operator: string
  readonly block: number
  readonly logIndex: number
  readonly tx: string
}

/** Rails as a data portal decoded them from mainnet, April 2026. */
function recordedRails(): RecordedRail[] {
  const text = readFileSync(join(recordings, 'daily/filecoin_pay_rails_sample_2026-04.csv'), 'utf8')
  const [head = '', ...lines] = text.trim().split('\n')
  const columns = head.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    const cell = (name: string): string => cells[columns.indexOf(name)] ?? ''
    return {
      id: BigInt(cell('rail_id')),
      payer: cell('payer'),
      payee: cell('payee'),
      token: cell('token'),
      operator: cell('operator'),
      block: Number(cell('created_block')),
      logIndex: Number(cell('created_log_index')),
      tx: cell('created_transaction_hash'),
    }
  })
}

/** A log of the recorded ABI, written by viem. */
function logOf(
  place: { height: number; logIndex: number; tx: string },
  eventName: string,
  args: Readonly<Record<string, unknown>>,
): PlainLog {
  const abi = recordedAbi()
  const item = getAbiItem({ abi, name: eventName })
  if (item?.type !== 'event') throw new Error(`no event ${eventName}`)
  const open = item.inputs.filter((input) => !input.indexed)
  return {
    height: place.height,
    address: pay,
    topics: encodeEventTopics({ abi, eventName, args }) as string[],
    data: encodeAbiParameters(
      open,
      open.map((input) => args[input.name ?? '']),
    ),
    transactionHash: place.tx,
    logIndex: place.logIndex,
  }
}

const created = (rail: RecordedRail): PlainLog =>
  logOf({ height: rail.block, logIndex: rail.logIndex, tx: rail.tx }, 'RailCreated', {
    railId: rail.id,
    payer: rail.payer,
    payee: rail.payee,
    token: rail.token,
    operator: rail.operator,
    validator: rail.operator,
    serviceFeeRecipient: rail.operator,
    commissionRateBps: 0n,
  })

const txOf = (n: number): string => `0x${n.toString(16).padStart(64, '0')}`
/** What the contract takes of a payment: 0.5 %, rounded up. */
const feeOf = (gross: bigint): bigint => (gross + 199n) / 200n

function settledLog(height: number, n: number, railId: bigint, gross: bigint, commission = 0n): PlainLog {
  const networkFee = feeOf(gross)
  return logOf({ height, logIndex: n, tx: txOf(n) }, 'RailSettled', {
    railId,
    totalSettledAmount: gross,
    totalNetPayeeAmount: gross - networkFee - commission,
    operatorCommission: commission,
    networkFee,
    settledUpTo: BigInt(height),
  })
}

function onceLog(height: number, n: number, railId: bigint, gross: bigint): PlainLog {
  const networkFee = feeOf(gross)
  const rest = { operatorCommission: 0n, networkFee, netPayeeAmount: gross - networkFee }
  return logOf({ height, logIndex: n, tx: txOf(n) }, 'RailOneTimePaymentProcessed', { railId, ...rest })
}

async function served(chain: Omit<PlainChain, 'head' | 'timeOf'>): Promise<{
  source: ChainSource
  filters: Awaited<ReturnType<typeof startPlainNode>>['filters']
}> {
  const node = await startPlainNode({ head: 6_000_000, timeOf: (h) => 1_598_306_400 + 30 * h, ...chain })
  const pool = new EndpointPool({
    chain: 'filecoin-evm',
    variable: 'FILECOIN_RPC_URLS',
    urls: [node.url],
    logger,
    now: () => performance.now(),
    attempts: 2,
  })
  const source = createEvmSource({
    chain: 'filecoin-evm',
    chainId: 314,
    pool,
    logger,
    finality: { finalizedOr: 900 },
    emptyHeights: true,
    rangeSize: { start: 100_000, max: 100_000 },
  })
  closing.push(node.close, () => source.close())
  return { source, filters: node.filters }
}

const nameOf = (event: Event): string => streams.find((s) => s.id === event.streamId)?.name ?? ''
const rows = (events: readonly Event[]): [string, bigint][] =>
  events.map((e): [string, bigint] => [nameOf(e), e.amountRaw]).sort(([a], [b]) => (a < b ? -1 : 1))

describe.skipIf(absent)('Filecoin Pay', () => {
  test('declares its events and its call as the contract has them', () => {
    const abi = recordedAbi()
    const texts = streams.flatMap(
      (s) => JSON.stringify(s.settings).match(/(event|function) \w+\([^"]*/g) ?? [],
    )
    const declared = [...new Set(texts)].map((text) => parseAbiItem(text as string))
    expect(declared.length).toBe(5)
    for (const item of declared) {
      if (item.type !== 'event' && item.type !== 'function') throw new Error(`an ${item.type}`)
      const known = getAbiItem({ abi, name: item.name })
      if (known?.type !== 'event' && known?.type !== 'function')
        throw new Error(`${item.name} is not in the ABI`)
      const plain = (inputs: readonly object[]) =>
        inputs.map((input) =>
          ['type', 'name', 'indexed'].map((k) => (input as Record<string, unknown>)[k] ?? false),
        )
      expect([item.name, plain(item.inputs)]).toEqual([known.name, plain(known.inputs)])
    }
  })

  test('knows the token of every recorded rail, and tells set-up burns from payments for storage', async () => {
    const rails = recordedRails()
    const at = 5_950_000
    const logs = [
      ...rails.map(created),
      ...rails.map((rail, i) => settledLog(at, i + 1, rail.id, 1_000_000n + BigInt(i))),
    ]
    const { source, filters } = await served({ logs })
    const batch = await source.read({ from: at - 10, to: at + 10 }, streams, never)
    const expected = rails.map((rail) =>
      rail.payee === pay ? 'paySetUp' : rail.token === usdfc ? 'payUsdfc' : 'payUsdc',
    )
    const counted = new Set(['paySetUp', 'payUsdfc', 'payUsdc', 'payFil', 'payOther'])
    const whole = batch.events.filter((e) => counted.has(nameOf(e)))
    expect(whole.map((e) => [e.detail?.['railId'], nameOf(e), e.amountRaw])).toEqual(
      rails.map((rail, i) => [String(rail.id), expected[i], 1_000_000n + BigInt(i)]),
    )
    // Rails 1332, 1334, 1336 and 1338 pay the contract itself; rail 1330 pays in USDC.
    const kindOf = (id: bigint) => expected[rails.findIndex((r) => r.id === id)]
    expect([1332n, 1334n, 1336n, 1338n, 1330n, 53n].map(kindOf)).toEqual([
      'paySetUp',
      'paySetUp',
      'paySetUp',
      'paySetUp',
      'payUsdc',
      'payUsdfc',
    ])
    expect(batch.gaps).toEqual([])
    // The rails before the range were learned in few requests, and are not asked for again.
    const asked = filters.length
    await source.read({ from: at + 11, to: at + 20 }, streams, never)
    expect(filters.length - asked).toBe(3)
  })

  test('splits a payment into what payee, operator and network get, to the unit', async () => {
    const [rail] = recordedRails()
    if (rail === undefined) throw new Error('no rail')
    const at = rail.block + 100
    const gross = 20_000_000_000_000_001n
    const { source } = await served({
      logs: [created(rail), settledLog(at, 1, rail.id, gross, 7n), onceLog(at + 1, 2, rail.id, 999n)],
    })
    const { events } = await source.read({ from: at - 5, to: at + 5 }, streams, never)
    const fee = 100_000_000_000_001n
    expect(rows(events)).toEqual([
      ['payUsdfc', gross],
      ['payUsdfc', 999n],
      ['payUsdfcCommission', 7n],
      ['payUsdfcCommission', 0n],
      ['payUsdfcNet', gross - fee - 7n],
      ['payUsdfcNet', 994n],
      ['payUsdfcNetworkFee', fee],
      ['payUsdfcNetworkFee', 5n],
      ['payUsdfcOneTime', 999n],
      ['payUsdfcSettled', gross],
    ])
    expect(events[0]).toMatchObject({ sender: rail.payer, recipient: rail.payee, height: at })
  })

  test('stops where the parts of a settlement do not make its total', async () => {
    const [rail] = recordedRails()
    if (rail === undefined) throw new Error('no rail')
    const at = rail.block + 100
    const wrong = logOf({ height: at, logIndex: 1, tx: txOf(1) }, 'RailSettled', {
      railId: rail.id,
      totalSettledAmount: 1_000n,
      totalNetPayeeAmount: 994n,
      operatorCommission: 0n,
      networkFee: 5n,
      settledUpTo: 1n,
    })
    const { source } = await served({ logs: [created(rail), wrong] })
    await expect(source.read({ from: at, to: at }, streams, never)).rejects.toMatchObject({
      code: 'decode-failed',
      message: expect.stringMatching(/payUsdfc.*the amount is 1000, but should equal 999/),
    })
  })

  test('leaves a gap with a reason where the creation of a rail is not to be had', async () => {
    const { source } = await served({ logs: [settledLog(5_500_000, 1, 77n, 1_000n)] })
    const range = { from: 5_499_990, to: 5_500_010 }
    const batch = await source.read(range, streams, never)
    expect(batch.events).toEqual([])
    const reasons = new Set(batch.gaps.map((g) => `${g.code}: ${g.reason}`))
    expect([...reasons]).toEqual([
      'rpc-not-found: RailCreated of railId 77 is not known, needed at block 5500000: no endpoint holds logs that old, or it was made below the declared height',
    ])
    const idOf = (name: string) => streams.find((s) => s.name === name)?.id ?? 0
    expect(batch.covered.get(idOf('payUsdfc'))).toEqual([])
    expect(batch.covered.get(idOf('payAuctionBurns'))).toEqual([range])
  })

  test('says before a start what learning the rails will take', async () => {
    const { source } = await served({ logs: [] })
    expect(source.estimate({ from: 5_621_336, to: 5_721_335 }, streams)).toEqual({
      requests: 3 + 3 + 2,
      note: 'plus one header for each block that holds events, where logs have no timestamps; about 2 of them once, for earlier events that payments refer to',
    })
  })

  test('learns rails in ranges as small as the node wants them', async () => {
    const [rail] = recordedRails()
    if (rail === undefined) throw new Error('no rail')
    const { source } = await served({
      logs: [created(rail), onceLog(5_950_000, 1, rail.id, 999n)],
      rangeLimit: 30_000,
    })
    const { events } = await source.read({ from: 5_950_000, to: 5_950_000 }, streams, never)
    expect(rows(events)[0]).toEqual(['payUsdfc', 999n])
  })
})
