import { encodeAbiParameters, encodeEventTopics, encodeFunctionData, pad, parseAbi } from 'viem'
import { afterEach, describe, expect, test } from 'vitest'
import type { RpcAsked } from '../../devnet/evm/scripted.ts'
import { createEvmSource } from '../../indexers/chains/evm/source.ts'
import { transferTopic } from '../../indexers/chains/evm/streams.ts'
import { type EventRule, evmCalls, evmEvents } from '../../indexers/chains/evm/words.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import type { ChainSource, Logger } from '../../indexers/engine/ports.ts'
import type { Stream, StreamDeclaration } from '../../pipeline/model/stream.ts'
import { type PlainChain, type PlainLog, plainHash, startPlainNode } from '../support/evm_node.ts'

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

const contract = `0x${'c0'.repeat(20)}`
const alice = `0x${'a1'.repeat(20)}`
const bob = `0x${'b0'.repeat(20)}`
const token = `0x${'70'.repeat(20)}`
const tx = (n: number): string => `0x${n.toString(16).padStart(64, '0')}`
const declared = {
  kind: 'fee',
  class: 'payment',
  lens: 'CONSUMPTION',
  token: 'T',
  revision: 1,
  meaning: 'm',
  evidence: ['e'],
} as const
const numbered = (...declarations: StreamDeclaration[]): Stream[] =>
  declarations.map((d, i) => ({
    ...d,
    id: i + 1,
    name: `s${i + 1}`,
    network: 'n',
    chain: 'c',
    role: 'ledger',
    decimals: 18,
  }))

const abi = parseAbi([
  'event Escrowed(address indexed sender, string job, uint256 amount)',
  'event Moved(address indexed from, int256 gross, uint256 cut, bool good)',
  'event Withdrawn(address indexed token, address indexed to, uint256 amount)',
  'function burn(address token, uint256 least) payable',
])

type Values = readonly unknown[]
function log(
  height: number,
  logIndex: number,
  eventName: 'Escrowed' | 'Moved' | 'Withdrawn',
  args: Record<string, unknown>,
  open: Values,
  types: readonly string[],
  n = logIndex,
): PlainLog {
  return {
    height,
    address: contract,
    topics: encodeEventTopics({ abi, eventName, args } as Parameters<
      typeof encodeEventTopics
    >[0]) as string[],
    data: encodeAbiParameters(
      types.map((type) => ({ type })),
      open as unknown[],
    ),
    transactionHash: tx(n),
    logIndex,
  }
}
const escrowed = (height: number, at: number, job: string, amount: bigint) =>
  log(height, at, 'Escrowed', { sender: alice }, [job, amount], ['string', 'uint256'])
const moved = (height: number, at: number, gross: bigint, cut: bigint, good = true) =>
  log(height, at, 'Moved', { from: alice }, [gross, cut, good], ['int256', 'uint256', 'bool'])

async function served(chain: Partial<PlainChain>, more: { emptyHeights?: boolean } = {}) {
  const node = await startPlainNode({
    head: 1_000,
    timeOf: (h) => 1_704_146_400 + 60 * h,
    logs: [],
    ...chain,
  })
  const pool = new EndpointPool({
    chain: 'c',
    variable: 'C',
    urls: [node.url],
    logger,
    now: () => performance.now(),
    attempts: 2,
  })
  const source: ChainSource = createEvmSource({
    chain: 'c',
    chainId: 1,
    pool,
    logger,
    finality: 'finalized',
    ...more,
  })
  closing.push(node.close, () => source.close())
  return { source, node }
}
const rule: EventRule = {
  event: 'event Escrowed(address indexed sender, string job, uint256 amount)',
  amount: 'amount',
}
const movedRule: EventRule = {
  event: 'event Moved(address indexed from, int256 gross, uint256 cut, bool good)',
  amount: 'gross - cut',
}

describe('events of contracts', () => {
  test('give amount, parties and text arguments', async () => {
    const { source } = await served({
      logs: [escrowed(5, 3, 'job ⚙ 1', 10n ** 18n), escrowed(50, 4, 'outside', 1n)],
    })
    const stream = numbered(
      evmEvents({
        ...declared,
        contracts: [contract.toUpperCase().replace('0X', '0x')],
        events: [{ ...rule, sender: 'sender', detail: ['job'] }],
      }),
    )
    const { events } = await source.read({ from: 1, to: 9 }, stream, never)
    expect(events).toEqual([
      {
        streamId: 1,
        txId: Buffer.from(tx(3).slice(2), 'hex'),
        position: 3,
        amountRaw: 10n ** 18n,
        height: 5,
        happenedAt: 1_704_146_700,
        sender: alice,
        detail: { job: 'job ⚙ 1' },
      },
    ])
  })

  test('take sums and differences, and the first alternative whose conditions hold', async () => {
    const { source } = await served({
      logs: [moved(5, 1, 100n, 30n), moved(5, 2, 7n, 0n, false), escrowed(6, 3, 'Big', 5n)],
    })
    const streams = numbered(
      evmEvents({
        ...declared,
        contracts: [contract],
        events: [
          { ...movedRule, where: { good: ['true'] } },
          { ...movedRule, amount: 'gross' },
          { ...rule, where: { job: { not: ['small'] } } },
        ],
      }),
      evmEvents({
        ...declared,
        contracts: [contract],
        events: [{ ...rule, where: { job: ['BIG'], sender: [bob] } }],
      }),
      evmEvents({ ...declared, contracts: [contract], fromHeight: 6, events: [movedRule] }),
    )
    const { events } = await source.read({ from: 1, to: 9 }, streams, never)
    expect(events.map((e) => [e.streamId, e.position, e.amountRaw])).toEqual([
      [1, 1, 70n],
      [1, 2, 7n],
      [1, 3, 5n],
    ])
  })

  test('ask with one filter for all streams', async () => {
    const { source, node } = await served({})
    await source.read(
      { from: 1, to: 9 },
      numbered(
        evmEvents({ ...declared, contracts: [contract], events: [rule] }),
        evmEvents({ ...declared, contracts: [bob], events: [movedRule] }),
      ),
      never,
    )
    expect(node.filters.map((f) => f.filter['address'])).toEqual([[bob, contract]])
  })

  test.each([
    [
      'an amount below zero',
      [moved(5, 1, 1n, 30n)],
      'decode-failed',
      /n stream s1: block 5, transaction 0x0+1: the amount is -29, below zero/,
    ],
    [
      'an event with other indexed arguments',
      [{ ...moved(5, 1, 1n, 0n), topics: [...moved(5, 1, 1n, 0n).topics, pad(bob as `0x${string}`)] }],
      'decode-failed',
      /the event Moved does not fit its declaration/,
    ],
    [
      'data that is cut',
      [{ ...moved(5, 1, 1n, 0n), data: '0x00' }],
      'decode-failed',
      /the event Moved does not fit its declaration/,
    ],
  ])('are refused with %s', async (_, logs, code, message) => {
    const { source } = await served({ logs })
    const streams = numbered(evmEvents({ ...declared, contracts: [contract], events: [movedRule] }))
    await expect(source.read({ from: 1, to: 9 }, streams, never)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })

  test.each([
    [{ amount: 'amount * 2' }, "n stream s1: 'amount * 2' is no sum of arguments"],
    [{ amount: 'job' }, "n stream s1: 'job' names job, which is no whole-number argument"],
    [{ sender: 'payer' }, "n stream s1: no event of it has an argument 'payer'"],
    [{ where: { nobody: ['x'] } }, "n stream s1: no event of it has an argument 'nobody'"],
    [
      { event: 'event Escrowed(address, string, uint256)' },
      "n stream s1: 'event Escrowed(address, string, uint256)' has unnamed arguments",
    ],
    [{ event: 'function f()' }, "n stream s1: 'function f()' is no event"],
    [{ event: 'hello' }, /n stream s1: 'hello' is no ABI item/],
    [
      { join: { event: movedRule.event, on: 'job', fromHeight: 1 } },
      "n stream s1: no event of it has an argument 'job'",
    ],
  ])('are refused where they are declared wrongly: %o', async (wrong, message) => {
    const { source } = await served({})
    const streams = numbered(
      evmEvents({ ...declared, contracts: [contract], events: [{ ...rule, ...wrong } as EventRule] }),
    )
    await expect(source.read({ from: 1, to: 9 }, streams, never)).rejects.toThrow(message)
  })
})

describe('calls that leave no event', () => {
  const stream = numbered(
    evmCalls({
      ...declared,
      contract,
      call: 'function burn(address token, uint256 least) payable',
      explainedBy: {
        event: 'event Withdrawn(address indexed token, address indexed to, uint256 amount)',
        token: 'token',
        recipient: 'to',
        amount: 'amount',
      },
    }),
  )
  const input = encodeFunctionData({ abi, functionName: 'burn', args: [token as `0x${string}`, 1n] })
  const out = (height: number, n: number, to: string, amount: bigint, logIndex = 1): PlainLog => ({
    height,
    address: token,
    topics: [transferTopic, pad(contract as `0x${string}`), pad(to as `0x${string}`)],
    data: pad(`0x${amount.toString(16)}`),
    transactionHash: tx(n),
    logIndex,
  })
  const withdrawn = (height: number, n: number, to: string, amount: bigint) =>
    log(height, 9, 'Withdrawn', { token, to }, [amount], ['uint256'], n)
  const sent = (to: string, data: string, value: bigint) => ({
    result: { from: alice, to, input: data, value: `0x${value.toString(16)}` },
  })
  const answers = (known: Readonly<Record<string, object>>) => (asked: RpcAsked) =>
    known[`${asked.method} ${asked.params[0]}`]

  test('are told from withdrawals, and their value is the one of the transaction', async () => {
    const { source, node } = await served({
      logs: [
        out(5, 1, bob, 70n),
        out(6, 2, bob, 50n),
        withdrawn(6, 2, bob, 50n),
        out(7, 3, bob, 50n),
        withdrawn(7, 3, bob, 51n),
      ],
      answer: answers({
        [`eth_getTransactionByHash ${tx(1)}`]: sent(contract, input, 12n),
        [`eth_getTransactionByHash ${tx(3)}`]: sent(contract, input, 13n),
      }),
    })
    const batch = await source.read({ from: 1, to: 9 }, stream, never)
    expect(batch.events.map((e) => [e.height, e.position, e.amountRaw, e.sender, e.detail])).toEqual([
      [5, 0, 12n, alice, { token, tokens: '70' }],
      [7, 0, 13n, alice, { token, tokens: '50' }],
    ])
    expect(node.filters.map((f) => f.filter['topics'])).toEqual([
      [transferTopic, pad(contract as `0x${string}`)],
      [encodeEventTopics({ abi, eventName: 'Withdrawn' })[0]],
    ])
  })

  const traced = (steps: readonly object[]) => ({ result: steps })
  const step = (path: readonly number[], to: string, data: string, value: bigint, more: object = {}) => ({
    type: 'call',
    traceAddress: path,
    action: { callType: 'call', from: bob, to, input: data, value: `0x${value.toString(16)}` },
    ...more,
  })

  test('made by another contract are found in the trace, without what failed', async () => {
    const { source } = await served({
      logs: [out(5, 1, bob, 70n)],
      answer: answers({
        [`eth_getTransactionByHash ${tx(1)}`]: sent(bob, '0x12345678', 0n),
        [`trace_transaction ${tx(1)}`]: traced([
          step([], bob, '0x12345678', 0n),
          step([0], contract, input, 5n),
          step([1], bob, '0x', 0n, {
            error: 'Reverted',
            action: { callType: 'delegatecall', from: bob, to: bob, input: '0x', value: '0x0' },
          }),
          step([1, 0], contract, input, 6n),
          step([2], contract, '0xdeadbeef', 7n),
          step([3], contract, input, 8n),
        ]),
      }),
    })
    const { events } = await source.read({ from: 1, to: 9 }, stream, never)
    expect(events.map((e) => [e.position, e.amountRaw, e.sender])).toEqual([
      [1, 5n, bob],
      [5, 8n, bob],
    ])
  })

  test('leave a gap at their height where the node offers no traces', async () => {
    const { source } = await served({
      logs: [out(5, 1, bob, 70n)],
      answer: answers({ [`eth_getTransactionByHash ${tx(1)}`]: sent(bob, '0x', 0n) }),
    })
    const batch = await source.read({ from: 1, to: 9 }, stream, never)
    expect(batch.events).toEqual([])
    expect(batch.covered.get(1)).toEqual([
      { from: 1, to: 4 },
      { from: 6, to: 9 },
    ])
    expect(batch.gaps).toEqual([
      {
        streamId: 1,
        code: 'rpc-refused',
        from: 5,
        to: 5,
        reason: expect.stringMatching(
          /only a trace says with what value: .*trace_transaction.*method not found/,
        ),
      },
    ])
  })
})

describe('heights without a block', () => {
  const streams = numbered(evmEvents({ ...declared, contracts: [contract], events: [rule] }))
  // 2024-01-01T22:00 plus a minute a height: the midnight is at 120.
  const isEmpty = (h: number): boolean => (h >= 110 && h < 125) || (h >= 7 && h < 9)

  test('are covered, and the blocks around them frame the range', async () => {
    const { source } = await served(
      { isEmpty, logs: [escrowed(109, 1, 'j', 5n), escrowed(125, 2, 'j', 6n)] },
      { emptyHeights: true },
    )
    const batch = await source.read({ from: 8, to: 112 }, streams, never)
    expect(batch.events.map((e) => [e.height, e.amountRaw])).toEqual([[109, 5n]])
    expect(batch.edges.map((e) => e.height)).toEqual([6, 9, 109])
    expect(batch.covered.get(1)).toEqual([{ from: 8, to: 112 }])
    expect([batch.touchedDays, batch.days]).toEqual([['2024-01-01'], []])
    const next = await source.read({ from: 113, to: 130 }, streams, never)
    expect(next.edges.map((e) => e.height)).toEqual([109, 125, 130])
    expect(next.days).toEqual([
      { day: '2024-01-01', last: 109 },
      { day: '2024-01-02', first: 125 },
    ])
    const none = await source.read({ from: 111, to: 113 }, streams, never)
    expect([none.edges.map((e) => e.height), none.touchedDays, none.covered.get(1)]).toEqual([
      [109],
      ['2024-01-01'],
      [{ from: 111, to: 113 }],
    ])
  })

  test('are passed over when a time is looked for', async () => {
    const { source } = await served({ isEmpty }, { emptyHeights: true })
    const midnight = 1_704_153_600
    expect(await source.heightAt(midnight as Parameters<ChainSource['heightAt']>[0])).toBe(125)
  })

  test('do not hide a parent that does not fit', async () => {
    const { source } = await served(
      { isEmpty: (h) => isEmpty(h) && h !== 0, logs: [] },
      { emptyHeights: true },
    )
    expect(plainHash(6)).not.toBe(plainHash(9))
    const batch = await source.read({ from: 9, to: 20 }, streams, never)
    // The block before the range, below the empty heights, is given so that the store can compare it.
    expect(batch.edges.map((e) => [e.height, e.parentHash])).toEqual([
      [9, plainHash(6)],
      [20, plainHash(19)],
    ])
  })
})
