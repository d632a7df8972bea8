import { expect, test } from 'vitest'
import { inflationAt } from '../../indexers/chains/arweave/inflation.ts'
import { unixSeconds } from '../../pipeline/model/time.ts'
import type { Node } from './arweave-node.ts'
import { base, block, blockId, heightOf, midnight, only, plain, read, sourceOver } from './arweave-node.ts'

const failing: readonly [string, Node, string][] = [
  ['429', () => ({ status: 429, text: 'slow down' }), 'answered 429'],
  ['an HTML page', () => ({ status: 200, text: '<html><body>Bad gateway' }), 'expected JSON'],
  [
    'a cut answer',
    () => ({ status: 200, text: JSON.stringify(block(base + 1)).slice(0, 90) }),
    'expected JSON',
  ],
  [
    'a stripped reward',
    (url) => block(heightOf(url) ?? 0, { reward: undefined }),
    "in field 'reward', got nothing",
  ],
  ['stripped txs', (url) => block(heightOf(url) ?? 0, { txs: undefined }), "in field 'txs', got nothing"],
  ['another height', (url) => block((heightOf(url) ?? 0) + 1), "in field 'height'"],
]

test.each(failing)('%s is refused with its reason', async (_, node, reason) => {
  await expect(
    read(await sourceOver([node], 1), base + 1, base + 1, only('inflation')),
  ).rejects.toMatchObject({
    code: 'rpc-unavailable',
    message: expect.stringContaining(reason),
  })
})

test.each([...failing, ['404', () => undefined, ''] as const])(
  '%s is survived through a second endpoint',
  async (_, node) => {
    const batch = await read(await sourceOver([node, plain]), base + 1, base + 1, only('inflation'))
    expect(batch.events.map((e) => e.amountRaw)).toEqual([inflationAt(base + 1)])
  },
)

test('another network, and a node that has not joined, are refused', async () => {
  const other = await sourceOver([() => ({ network: 'arweave.testnet', height: 5 })])
  await expect(other.identify()).rejects.toMatchObject({
    code: 'wrong-chain',
    message: expect.stringContaining("expected network 'arweave.N.1', got 'arweave.testnet'"),
  })
  const unjoined = await sourceOver([() => ({ network: 'arweave.N.1', height: -1 })], 1)
  await expect(unjoined.identify()).rejects.toMatchObject({ code: 'rpc-unavailable' })
})

test('finalized stays 50 blocks below the head; a time finds the first block not before it', async () => {
  const node: Node = (url, body) => {
    const height = heightOf(url)
    return height !== undefined && height < base
      ? block(base, { height, timestamp: midnight - 9_000 })
      : plain(url, body)
  }
  const lateAt13: Node = (url, body) =>
    heightOf(url) === base + 13 ? block(base + 13, { timestamp: midnight + 600 }) : node(url, body)
  const source = await sourceOver([lateAt13])
  expect(await source.finalized()).toBe(base + 50)
  expect(await source.head()).toMatchObject({ height: base + 100, hash: blockId(base + 100) })
  expect(await source.heightAt(midnight)).toBe(base + 10)
  expect(await source.heightAt(unixSeconds(midnight + 121))).toBe(base + 12)
  expect(await source.heightAt(unixSeconds(midnight + 600))).toBe(base + 13)
  expect(await source.heightAt(unixSeconds(midnight + 10_000_000))).toBe(base + 101)
})

test('a stop ends a read at once', async () => {
  const source = await sourceOver([() => ({ status: 500, text: '' })])
  const stop = new AbortController()
  const reading = source.read({ from: base + 1, to: base + 90 }, only('inflation'), stop.signal)
  setTimeout(() => stop.abort(), 20)
  await expect(reading).rejects.toMatchObject({ code: 'interrupted' })
})
