import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { IndexerError, messageOf } from '../../pipeline/model/errors.ts'
import type { HeightRange } from '../../pipeline/model/height.ts'
import { normalise } from '../../pipeline/model/height.ts'
import {
  type DevnetNode,
  jsonReply,
  type NodeReply,
  type NodeRequest,
  type Twist,
  textReply,
} from '../node.ts'
import type { Replay } from '../simulation.ts'

const blockShape = z.object({ height: z.number().int().nonnegative(), indep_hash: z.string() })
const transactionShape = z.object({ id: z.string() })
const missing = textReply('Not Found.', 404)

/** Serves recorded answers of real Arweave nodes, byte for byte. What was not recorded is a 404. */
export class ArweaveReplay implements DevnetNode {
  readonly origin = 'replayed'
  readonly #byHeight = new Map<number, string>()
  readonly #byHash = new Map<string, string>()
  readonly #transactions = new Map<string, string>()
  readonly #highest: z.infer<typeof blockShape>

  /**
   * @param folder The folder that holds `arweave/` with `blocks-early`, `blocks-json` and `txs`.
   * @throws IndexerError `bad-argument` if it has no `arweave/`, or no block in it; `bad-file` for a malformed one.
   */
  constructor(folder: string) {
    const root = join(folder, 'arweave')
    if (!existsSync(root))
      throw new IndexerError('bad-argument', `recordings '${folder}' has no folder arweave`, { folder })
    let highest: z.infer<typeof blockShape> | undefined
    const early = join(root, 'blocks-early', 'blocks_1-200.ndjson')
    const lines = existsSync(early)
      ? readFileSync(early, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
      : []
    const blocks = [...lines.map((text) => ({ text, file: early })), ...readFolder(join(root, 'blocks-json'))]
    for (const { text, file } of blocks) {
      const block = check(blockShape, text, file)
      this.#byHeight.set(block.height, text)
      if (block.indep_hash !== '') this.#byHash.set(block.indep_hash, text)
      if (highest === undefined || block.height > highest.height) highest = block
    }
    if (highest === undefined)
      throw new IndexerError('bad-argument', `recordings '${folder}' hold no Arweave block`, { folder })
    this.#highest = highest
    for (const { text, file } of readFolder(join(root, 'txs'))) {
      this.#transactions.set(check(transactionShape, text, file).id, text)
    }
  }

  /** The recordings as the devnet serves them; undefined if `folder` has none of Arweave. */
  static open(folder: string): Replay | undefined {
    if (!existsSync(join(folder, 'arweave'))) return undefined
    const node = new ArweaveReplay(folder)
    return { chain: 'arweave', prefix: '/arweave', variable: 'ARWEAVE_URLS', node, recorded: node.heights }
  }

  /** The heights whose blocks are recorded. */
  get heights(): HeightRange[] {
    return normalise([...this.#byHeight.keys()].map((height) => ({ from: height, to: height })))
  }

  answer({ method, path }: NodeRequest, twist: Twist): NodeReply {
    const [what = '', name = '', more] = path.slice(1).split('/')
    if (method !== 'GET') return missing
    if (path === '/info') return this.#info(twist)
    if (what === 'block' && name === 'height' && more !== undefined) {
      return recorded(twist.hides(Number(more)) ? undefined : this.#byHeight.get(Number(more)))
    }
    if (what === 'block' && name === 'hash' && more !== undefined) return recorded(this.#byHash.get(more))
    return what === 'tx' && more === undefined ? recorded(this.#transactions.get(name)) : missing
  }

  #info(twist: Twist): NodeReply {
    return jsonReply({
      network: twist.network('arweave.N.1'),
      version: 5,
      release: 87,
      height: twist.head(this.#highest.height),
      current: this.#highest.indep_hash,
      blocks: this.#byHeight.size,
      peers: 0,
      queue_length: 0,
      node_state_latency: 1,
    })
  }
}

const recorded = (body: string | undefined): NodeReply =>
  body === undefined ? missing : { status: 200, type: 'application/json', body }

function readFolder(folder: string): { readonly text: string; readonly file: string }[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return names
    .sort()
    .map((name) => ({ text: readFileSync(join(folder, name), 'utf8'), file: join(folder, name) }))
}

/** Only the place of an answer is read from it: the text itself is served as recorded. */
function check<T>(shape: z.ZodType<T>, text: string, file: string): T {
  try {
    return shape.parse(JSON.parse(text))
  } catch (error) {
    throw new IndexerError(
      'bad-file',
      `${file}: not a recorded answer of an Arweave node: ${messageOf(error)}`,
      { file },
      { cause: error },
    )
  }
}
