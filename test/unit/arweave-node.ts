import { createHash } from 'node:crypto'
import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import { inflationAt } from '../../indexers/chains/arweave/inflation.ts'
import { createArweaveSource } from '../../indexers/chains/arweave/source.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import type { ChainSource, Logger } from '../../indexers/engine/ports.ts'
import { arweave } from '../../indexers/networks/arweave.ts'
import type { Stream } from '../../pipeline/model/stream.ts'
import { unixSeconds } from '../../pipeline/model/time.ts'

interface Answer {
  readonly status: number
  readonly text: string
}
/** What a test node answers: an object (JSON), a status and text, or undefined for 404. */
export type Node = (url: string, body: string) => Answer | object | undefined

const ignore = (): void => undefined
const logger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }
const open: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

/** A source over nodes that answer with an object (JSON), with a status and text, or 404. */
export async function sourceOver(nodes: readonly Node[], attempts = 4): Promise<ChainSource> {
  const urls: string[] = []
  for (const node of nodes) {
    const server: Server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += String(chunk)
      })
      request.on('end', () => {
        const said = node(request.url ?? '', body) ?? { status: 404, text: 'Not Found.' }
        const answer = 'status' in said ? (said as Answer) : { status: 200, text: JSON.stringify(said) }
        response.writeHead(answer.status).end(answer.text)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    urls.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    open.push(() => new Promise((resolve) => server.close(resolve)))
  }
  const now = () => performance.now()
  const source = createArweaveSource(
    new EndpointPool({ chain: 'arweave', variable: 'ARWEAVE_URLS', urls, logger, now, attempts }),
    logger,
  )
  open.unshift(() => source.close())
  return source
}

/** The declared streams, numbered as a catalogue would. */
export const streams: readonly Stream[] = Object.entries(arweave.streams).map(([name, declared], i) => ({
  ...declared,
  id: i + 1,
  network: 'arweave',
  name,
  chain: 'arweave',
  role: declared.role ?? 'ledger',
  decimals: 12,
}))
/** The streams of these names. */
export const only = (...names: string[]): Stream[] => streams.filter((s) => names.includes(s.name))
/** The name of a stream. */
export const nameOf = (id: number): string => streams.find((s) => s.id === id)?.name ?? '?'
/** An id that belongs to a text. */
export const digest = (text: string, bytes: number): string =>
  createHash('sha384').update(text).digest().subarray(0, bytes).toString('base64url')
/** Hash of an invented block, or of its twin on a fork. */
export const blockId = (height: number, fork = ''): string => digest(`block ${height}${fork}`, 48)
/** Id of a transaction of an invented block. */
export const txOf = (height: number, i: number): string => digest(`tx ${height}.${i}`, 32)

/** First block of the invented chain. */
export const base = 1_200_000
/** When block `base + 10` was mined. */
export const midnight = unixSeconds(Date.parse('2023-06-15T00:00:00Z') / 1000)
/** Fees of a block, one a transaction. */
export const feesAt = (height: number): bigint[] =>
  height % 3 === 0 ? [] : [1_000_007n * BigInt(height % 7), 11n, 600n]
/** What the miner of a block gets of its fees. */
export const minerAt = (height: number): bigint =>
  feesAt(height).reduce((sum, fee) => sum + (fee * 2n) / 12n, 0n)
/** What the endowment gets of a block’s fees. */
export const endowmentAt = (height: number): bigint =>
  feesAt(height).reduce((sum, fee) => sum + fee, 0n) - minerAt(height)

/** A block of an invented chain that keeps the rules of 2.6; two minutes a block, midnight at 1,200,010. */
export function block(height: number, change: object = {}): object {
  let pool = 5n * 10n ** 16n
  for (let h = base; h <= height; h += 1) pool += endowmentAt(h)
  return {
    height,
    timestamp: midnight + (height - base - 10) * 120,
    indep_hash: blockId(height),
    previous_block: blockId(height - 1),
    txs: feesAt(height).map((_, i) => txOf(height, i)),
    reward_addr: 'm'.repeat(43),
    reward_pool: String(pool),
    reward: String(inflationAt(height) + minerAt(height)),
    debt_supply: '0',
    denomination: '1',
    double_signing_proof: {},
    ...change,
  }
}

/** The height that a request for a block names. */
export const heightOf = (url: string): number | undefined => {
  const text = /^\/block\/height\/(\d+)$/.exec(url)?.[1]
  return text === undefined ? undefined : Number(text)
}

/** A node without GraphQL. */
export const plain: Node = (url) => {
  const height = heightOf(url)
  if (height !== undefined) return height <= base + 100 ? block(height) : undefined
  if (url === '/info') return { network: 'arweave.N.1', height: base + 100 }
  for (let h = base; h <= base + 100; h += 1) {
    const i = feesAt(h).findIndex((_, at) => url === `/tx/${txOf(h, at)}`)
    if (i >= 0) return { id: txOf(h, i), reward: String(feesAt(h)[i]) }
  }
  return undefined
}

/** A gateway with GraphQL: four entries a page, a bundled item before each transaction. */
export const gateway: Node = (url, body) => {
  if (url !== '/graphql') return plain(url, body)
  const [, min, max] = /min: (\d+), max: (\d+)/.exec(body) ?? []
  const start = Number(/after: \\"(\d+)\\"/.exec(body)?.[1] ?? -1) + 1
  const nodes: object[] = []
  for (let height = Number(min); height <= Number(max); height += 1) {
    for (const [i, fee] of feesAt(height).entries()) {
      nodes.push({
        id: digest(`item ${height}.${i}`, 32),
        fee: { winston: '0' },
        bundledIn: { id: txOf(height, i) },
        block: { height },
      })
      nodes.push({ id: txOf(height, i), fee: { winston: String(fee) }, bundledIn: null, block: { height } })
    }
  }
  const edges = nodes.slice(start, start + 4).map((node, i) => ({ cursor: String(start + i), node }))
  return { data: { transactions: { pageInfo: { hasNextPage: start + 4 < nodes.length }, edges } } }
}

/** Reads a range without a way to stop it. */
export const read = (source: ChainSource, from: number, to: number, wanted: readonly Stream[]) =>
  source.read({ from, to }, wanted, new AbortController().signal)
/** The same node, noting what it is asked. */
export const counted =
  (node: Node, asked: string[]): Node =>
  (url, body) => {
    asked.push(url)
    return node(url, body)
  }
