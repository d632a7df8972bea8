import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { readAward } from '../../indexers/chains/filecoin/award.ts'
import { isRefusal, LotusRpc, lotusError, type Question } from '../../indexers/chains/filecoin/rpc.ts'
import { readTipset } from '../../indexers/chains/filecoin/tipset.ts'
import { EndpointPool } from '../../indexers/engine/endpoints.ts'
import { codeOf } from '../../pipeline/model/errors.ts'
import { silentLogger } from '../support/streams.ts'

interface Asked {
  readonly id: number
  readonly method: string
  readonly params: readonly number[]
}

const open: (Server | EndpointPool)[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse())
    await (one instanceof EndpointPool ? one.close() : new Promise((done) => one.close(done)))
})

/** An endpoint that answers each POST with what `answer` makes of it. */
async function serve(...answers: readonly ((asked: readonly Asked[]) => unknown)[]): Promise<LotusRpc> {
  const urls = []
  for (const answer of answers) {
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const part of request) body += part
      const asked = JSON.parse(body)
      const made = answer(Array.isArray(asked) ? asked : [asked])
      response.end(
        typeof made === 'string'
          ? made
          : JSON.stringify(Array.isArray(asked) ? made : Array.isArray(made) ? made[0] : made),
      )
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    open.push(server)
    urls.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  }
  const pool = new EndpointPool({
    chain: 'filecoin',
    variable: 'FILECOIN_RPC_URLS',
    urls,
    logger: silentLogger,
    now: () => performance.now(),
    attempts: 2,
  })
  open.push(pool)
  return new LotusRpc(pool)
}

const question = (value: number): Question<number> => ({
  method: 'Echo',
  params: [value],
  height: value,
  read: Number,
})
const echo = (asked: readonly Asked[]) =>
  asked.map(({ id, params }) => ({ jsonrpc: '2.0', id, result: params[0] }))
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

describe('Lotus JSON-RPC', () => {
  it('sends the prefix, many questions in one POST, and takes answers in any order', async () => {
    const sizes: number[] = []
    const rpc = await serve((asked) => {
      sizes.push(asked.length)
      expect(asked.every((a) => a.method === 'Filecoin.Echo')).toBe(true)
      return echo(asked).reverse()
    })
    expect(await rpc.batch(numbers(150).map(question))).toEqual(numbers(150))
    expect(sizes.sort((a, b) => b - a)).toEqual([64, 64, 22])
  })

  it('halves batches that a node does not take', async () => {
    const rpc = await serve((asked) =>
      asked.length > 10 ? { error: { code: -32_000, message: 'batch too large' } } : echo(asked),
    )
    expect(await rpc.batch(numbers(50).map(question))).toEqual(numbers(50))
  })

  it('keeps what is known of a batch, and says what no endpoint answers', async () => {
    const rpc = await serve((asked) =>
      asked.map(({ id, params }) =>
        (params[0] ?? 0) % 2 === 0
          ? {
              id,
              error: { code: 1, message: 'bad tipset height: lookbacks of more than 24h0m0s are disallowed' },
            }
          : { id, result: params[0] },
      ),
    )
    const [odd, even] = await rpc.batch([question(1), question(2)])
    expect(odd).toBe(1)
    expect(even !== undefined && typeof even === 'object' && isRefusal(even) && even.refused.message).toMatch(
      /Echo at height 2: error 1, 'bad tipset height: lookbacks of more than 24h0m0s are disallowed'\. The endpoint does not go back that far; add an archival endpoint/,
    )
  })

  it('asks the next endpoint for what the first one does not hold or serve', async () => {
    const rpc = await serve(
      (asked) => asked.map(({ id }) => ({ id, error: { code: -32_601, message: 'method not found' } })),
      echo,
    )
    expect(await rpc.ask(question(7))).toBe(7)
  })

  it.each([
    ['a page', () => '<html>', /expected JSON, got 6 characters that start '<html>'/],
    [
      'an answer without an id of the batch',
      (asked: readonly Asked[]) => echo(asked).slice(1),
      /a batch of 2 was answered without the id 0/,
    ],
    [
      'neither a result nor an error',
      (asked: readonly Asked[]) => asked.map(({ id }) => ({ id })),
      /neither a result nor an error/,
    ],
  ])('does not take %s for an answer', async (_, answer, message) => {
    await expect((await serve(answer)).batch([question(1), question(2)])).rejects.toThrow(message)
  })

  it('tells what an error means by its code and text', () => {
    const place = { endpoint: 'node', method: 'StateGetActor', height: 5 }
    const codes = [
      { code: 1, message: 'ipld: could not find bafy' },
      { code: 12, message: 'null round' },
      { code: -32_601, message: 'no such method' },
      { code: 1, message: 'looking for tipset with height greater than start point' },
      { code: 429, message: '' },
      { code: -32_000, message: 'rate limit exceeded' },
      { code: 1, message: 'something else' },
    ].map((error) => codeOf(lotusError(error, place)))
    expect(codes).toEqual([
      'rpc-not-found',
      'rpc-not-found',
      'rpc-not-found',
      'rpc-not-found',
      'rpc-rate-limited',
      'rpc-rate-limited',
      'rpc-unavailable',
    ])
  })
})

describe('answers of a node', () => {
  const place = { endpoint: 'node', method: 'ChainHead' }
  const cid = (letter: string) => ({ '/': `bafy2bzace${letter.repeat(52)}` })
  const block = {
    Miner: 't01000',
    ElectionProof: { WinCount: 1 },
    Parents: [cid('a')],
    Height: 10,
    Timestamp: 1_598_306_700,
    ParentBaseFee: '81005545557450609733887972962386',
  }
  const tipset = { Cids: [cid('b')], Blocks: [block], Height: 10 }

  it('keep amounts exact that no number holds, and addresses in one writing', () => {
    expect(readTipset(tipset, place)).toMatchObject({
      baseFee: 81_005_545_557_450_609_733_887_972_962_386n,
      blocks: [{ miner: 'f01000' }],
    })
  })

  it.each([
    [
      "a time that is not the height's",
      { Timestamp: 1_598_306_701 },
      /time 1598306700 of height 10 in field 'Timestamp', got 1598306701/,
    ],
    [
      'an amount that is a number',
      { ParentBaseFee: 100 },
      /an amount in attoFIL in field 'ParentBaseFee', got 100/,
    ],
    ['a missing proof of election', { ElectionProof: null }, /an object in field 'ElectionProof', got null/],
    ['another height', { Height: 11 }, /blocks of height 10, got 11/],
  ])('are refused for %s', (_, change, message) => {
    expect(() => readTipset({ ...tipset, Blocks: [{ ...block, ...change }] }, place)).toThrow(message)
  })

  it('of a reward are refused unless they are exactly the four parameters', () => {
    expect(readAward('hEQAsfh9QEgAAirzXagWYQE=', place)).toEqual({
      penalty: 0n,
      gasReward: 610_174_690_137_697n,
      winCount: 1,
    })
    for (const wrong of [
      '',
      'hEQAsfh9QEgAAirzXagWYQ==',
      'hEQAsfh9QEgAAirzXagWYQEB',
      'g0QAsfh9QEgAAirzXagWYQE=',
      null,
    ])
      expect(() => readAward(wrong, place)).toThrow(
        /expected the CBOR of \[miner, penalty, gasReward, winCount\]/,
      )
  })
})
