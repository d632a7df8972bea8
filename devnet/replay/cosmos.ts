import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { IndexerError, messageOf } from '../../pipeline/model/errors.ts'
import type { HeightRange } from '../../pipeline/model/height.ts'
import { normalise } from '../../pipeline/model/height.ts'
import {
  answerJson,
  callOfQuery,
  type RpcCall,
  RpcRefusal,
  readHex,
  readWhole,
  respond,
} from '../cosmos/rpc.ts'
import {
  type DevnetNode,
  jsonReply,
  type NodeReply,
  type NodeRequest,
  type Twist,
  textReply,
} from '../node.ts'
import type { Replay } from '../simulation.ts'

const chainId = 'akashnet-2'

const heightText = z.string().regex(/^\d{1,12}$/)
const resultsShape = z.object({ height: heightText, txs_results: z.unknown() })
const blockShape = z.looseObject({
  block_id: z.unknown(),
  block: z.looseObject({ header: z.looseObject({ height: heightText, time: z.string() }) }),
})
const queryShape = z.object({
  request: z.object({
    method: z.literal('abci_query'),
    params: z.object({ path: z.string(), data: z.string() }),
  }),
  response: z.object({ result: z.unknown() }),
})
const envelope = z.object({ result: z.record(z.string(), z.unknown()) })

/**
 * Serves recorded answers of real CometBFT nodes: the result of each call is what was recorded. What was not recorded is
 * refused as a node refuses what it has pruned.
 *
 * The recordings of Akash hold no whole block. Its answers that were cut by their publishers, and `block_results` of
 * other chains of the same make in `cometbft/`, are served by height all the same, for tests of the client.
 */
export class CosmosReplay implements DevnetNode, Replay {
  readonly chain = 'akash'
  readonly prefix = '/akash'
  readonly variable = 'AKASH_RPC_URLS'
  readonly origin = 'replayed'
  readonly #results = new Map<number, unknown>()
  readonly #blocks = new Map<number, z.infer<typeof blockShape>>()
  readonly #queries = new Map<string, unknown>()

  /**
   * @param root The folder `akash` of the recordings: every JSON in its folders that has the shape of an answer counts.
   * @throws IndexerError `bad-file` for a file that is not JSON.
   */
  constructor(root: string) {
    for (const { file, value } of readFolders(root)) this.#keep(file, value)
  }

  /** A replay of what can be read whole; undefined if a folder of recordings has no whole block of Akash. */
  static open(folder: string): CosmosReplay | undefined {
    const root = join(folder, 'akash')
    const replay = existsSync(root) ? new CosmosReplay(root) : undefined
    return replay === undefined || replay.recorded.length === 0 ? undefined : replay
  }

  get node(): DevnetNode {
    return this
  }

  /** Heights whose block and results are both recorded. */
  get recorded(): readonly HeightRange[] {
    const whole = [...this.#blocks.keys()].filter((height) => this.#results.has(height))
    return normalise(whole.map((height) => ({ from: height, to: height })))
  }

  /** Heights whose results are recorded, lowest first. */
  get heights(): number[] {
    return [...this.#results.keys()].sort((a, b) => a - b)
  }

  answer({ method, path, query, body }: NodeRequest, twist: Twist): NodeReply {
    const handle = (call: RpcCall): unknown => this.#call(call, twist)
    if (method === 'POST')
      return path === '/' ? answerJson(body, handle) : textReply('404 page not found', 404)
    const { body: answered, failed } = respond(-1, callOfQuery(path, query), handle)
    return jsonReply(answered, failed ? 500 : 200)
  }

  #keep(file: string, value: unknown): void {
    const query = queryShape.safeParse(value)
    if (query.success) {
      const { path, data } = query.data.request.params
      this.#queries.set(`${path} ${data.toLowerCase()}`, query.data.response.result)
      return
    }
    const inner = envelope.safeParse(value)
    const result = inner.success ? inner.data.result : value
    const results = resultsShape.safeParse(result)
    const block = blockShape.safeParse(result)
    if (results.success && 'txs_results' in results.data)
      this.#add(this.#results, Number(results.data.height), result, file)
    if (block.success) this.#add(this.#blocks, Number(block.data.block.header.height), block.data, file)
  }

  #add<T>(to: Map<number, T>, height: number, result: T, file: string): void {
    if (to.has(height))
      throw new IndexerError('bad-file', `${file}: height ${height} is recorded twice`, { file, height })
    to.set(height, result)
  }

  #call(call: RpcCall, twist: Twist): unknown {
    switch (call.method) {
      case 'status':
        return this.#status(twist)
      case 'block':
        return this.#recorded(this.#blocks, call, twist)
      case 'blockchain':
        return this.#headers(call)
      case 'block_results':
        return this.#recorded(this.#results, call, twist)
      case 'abci_query': {
        const data = readHex(call.text('data') ?? '').toString('hex')
        const found = this.#queries.get(`${call.text('path')} ${data}`)
        if (found === undefined) throw new RpcRefusal(`query ${call.text('path')} was not recorded`)
        return found
      }
      default:
        throw new RpcRefusal(call.method, 'method')
    }
  }

  #recorded(from: ReadonlyMap<number, unknown>, call: RpcCall, twist: Twist): unknown {
    const height = Number(call.text('height'))
    const found = twist.hides(height) ? undefined : from.get(height)
    if (found === undefined) {
      throw new RpcRefusal(
        `height ${height} is not available, lowest height is ${this.heights[0] ?? 0}: it was not recorded`,
      )
    }
    return found
  }

  /** What is said of the newest recorded block. */
  #status(twist: Twist): object {
    const heights = [...this.#blocks.keys()].sort((a, b) => a - b)
    const [lowest, highest] = [heights[0], heights.at(-1)]
    if (lowest === undefined || highest === undefined) throw new RpcRefusal('no block was recorded')
    return {
      node_info: { network: twist.network(chainId), moniker: 'depindex replay' },
      sync_info: {
        latest_block_height: String(twist.head(highest)),
        latest_block_time: this.#blocks.get(highest)?.block.header.time,
        earliest_block_height: String(lowest),
        catching_up: false,
      },
    }
  }

  /** The recorded of at most twenty headers, newest first. */
  #headers(call: RpcCall): object {
    const to = readWhole(call.text('maxHeight') ?? '', 'maxHeight')
    const from = Math.max(readWhole(call.text('minHeight') ?? '', 'minHeight'), to - 19)
    const heights = [...this.#blocks.keys()]
      .filter((height) => height >= from && height <= to)
      .sort((a, b) => b - a)
    const metas = heights.flatMap((height) => {
      const { block_id, block } = this.#blocks.get(height) ?? {}
      return block === undefined ? [] : [{ block_id, header: block.header }]
    })
    return { last_height: String(Math.max(...this.#blocks.keys())), block_metas: metas }
  }
}

/** Every JSON file of the folders in a folder. */
function readFolders(root: string): { readonly file: string; readonly value: unknown }[] {
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return folders.flatMap(({ name }) =>
    readdirSync(join(root, name))
      .filter((file) => file.endsWith('.json'))
      .sort()
      .map((own) => {
        const file = join(root, name, own)
        try {
          return { file, value: JSON.parse(readFileSync(file, 'utf8')) as unknown }
        } catch (error) {
          throw new IndexerError('bad-file', `${file}: ${messageOf(error)}`, { file }, { cause: error })
        }
      }),
  )
}
