import { finished } from 'node:stream/promises'
import pg from 'pg'
import copyStreams from 'pg-copy-streams'

interface Log {
  topics: string[]
  data: string
  blockNumber: string
  transactionHash: string
  logIndex: string
}

const zeroTopic = `0x${'0'.repeat(64)}`
const step = 1_000
const parallel = 4
const headersPerCall = 100

async function post<T>(url: string, body: unknown): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await response.json()) as T
}

const hex = (n: number): string => `0x${n.toString(16)}`

async function readRange(
  url: string,
  from: number,
  to: number,
  contracts: readonly string[],
  treasury: string,
): Promise<string> {
  const { result } = await post<{ result: Log[] }>(url, {
    jsonrpc: '2.0',
    id: 1,
    method: 'eth_getLogs',
    params: [{ address: contracts, fromBlock: hex(from), toBlock: hex(to) }],
  })
  const blocks = [...new Set(result.map((l) => l.blockNumber))]
  const times = new Map<string, number>()
  for (let i = 0; i < blocks.length; i += headersPerCall) {
    const calls = blocks
      .slice(i, i + headersPerCall)
      .map((b, id) => ({ jsonrpc: '2.0', id, method: 'eth_getBlockByNumber', params: [b, false] }))
    for (const { result: block } of await post<{ result: { number: string; timestamp: string } }[]>(
      url,
      calls,
    ))
      times.set(block.number, Number(block.timestamp))
  }
  let rows = ''
  for (const log of result) {
    const [, sender = '', recipient = ''] = log.topics
    const kind =
      sender === zeroTopic
        ? 'mint'
        : recipient === zeroTopic
          ? 'burn'
          : recipient.endsWith(treasury.slice(2))
            ? 'fee'
            : undefined
    if (kind !== undefined)
      rows += `${Number(log.blockNumber)}-${Number(log.logIndex)}\t${kind}\t${sender}\t${recipient}\t${BigInt(log.data)}\t${times.get(log.blockNumber)}\t${log.transactionHash}\n`
  }
  return rows
}

/** The least that can be done: read logs and headers, COPY rows with a primary key. No checks, no resuming. */
export async function floor(
  url: string,
  database: string,
  from: number,
  to: number,
  contracts: readonly string[],
  treasury: string,
): Promise<number> {
  const db = new pg.Client(database)
  await db.connect()
  await db.query(
    'create table floor_event (id text primary key, kind text, sender text, recipient text, amount numeric, time int, tx text)',
  )
  const queue: Promise<string>[] = []
  let next = from
  const take = (): void => {
    if (next > to) return
    queue.push(readRange(url, next, Math.min(to, next + step - 1), contracts, treasury))
    next += step
  }
  for (let i = 0; i < parallel; i += 1) take()
  const stream = db.query(copyStreams.from('copy floor_event from stdin'))
  while (queue.length > 0) {
    const rows = await queue.shift()
    take()
    if (rows !== undefined && !stream.write(rows)) await new Promise((done) => stream.once('drain', done))
  }
  stream.end()
  await finished(stream)
  const { rows } = await db.query<{ n: string }>('select count(*) as n from floor_event')
  await db.end()
  return Number(rows[0]?.n)
}
