import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { IndexerError, messageOf } from '../../pipeline/model/errors.ts'
import type { HeightRange } from '../../pipeline/model/height.ts'
import { normalise } from '../../pipeline/model/height.ts'
import type { DevnetNode, NodeReply, NodeRequest, Twist } from '../node.ts'
import { answerRpc, RpcFault } from '../rpc.ts'
import type { Replay } from '../simulation.ts'

/** The networks of which heights were recorded, with the names that their nodes give. */
const networks = { mainnet: 'mainnet', calibration: 'calibrationnet' } as const
export type RecordedNetwork = keyof typeof networks

const tipsetShape = z.object({
  Height: z.number().int().nonnegative(),
  Cids: z.array(z.object({ '/': z.string() })),
})
const rowsShape = z.object({
  rows: z.array(
    z.object({
      network: z.string(),
      height: z.number(),
      f02_balance: z.string().optional(),
      state: z.record(z.string(), z.unknown()),
    }),
  ),
})

interface Recorded {
  readonly text: string
  readonly key: string
  /** File of the `StateCompute` answer, if there is one; read when it is asked for. */
  readonly trace: string | undefined
}

/**
 * Serves recorded answers of real Lotus nodes, byte for byte: whole tipsets with their traces. Of the state only f02 at the
 * newest recorded row is known, and is answered for the head (an empty tipset key). What was not recorded is an error.
 */
export class FilecoinReplay implements DevnetNode {
  readonly origin = 'replayed'
  readonly #network: RecordedNetwork
  readonly #tipsets = new Map<number, Recorded>()
  readonly #genesis: string
  readonly #reward: string | undefined
  readonly #highest: Recorded

  /** What a folder's `filecoin/` can replay of mainnet; undefined if it holds none. */
  static open(folder: string): Replay | undefined {
    if (!existsSync(join(folder, 'filecoin', 'heights-mainnet'))) return undefined
    const node = new FilecoinReplay(folder, 'mainnet')
    return {
      chain: 'filecoin',
      prefix: '/filecoin',
      variable: 'FILECOIN_RPC_URLS',
      node,
      recorded: node.traced,
    }
  }

  /** @throws IndexerError `bad-argument` if there is no tipset of the network; `bad-file` for a malformed one. */
  constructor(folder: string, network: RecordedNetwork) {
    const root = join(folder, 'filecoin')
    this.#network = network
    const heights = join(root, `heights-${network}`)
    for (const name of existsSync(heights) ? readdirSync(heights).sort() : []) {
      const height = /^tipset_(\d+)\.json\.gz$/.exec(name)?.[1]
      if (height === undefined) continue
      const file = join(heights, name)
      const text = unzip(file)
      const tipset = check(tipsetShape, text, file)
      const trace = join(heights, `traces_${height}.json.gz`)
      const key = JSON.stringify(tipset.Cids)
      this.#tipsets.set(tipset.Height, { text, key, trace: existsSync(trace) ? trace : undefined })
    }
    const highest = this.#tipsets.get(Math.max(...this.#tipsets.keys()))
    if (highest === undefined)
      throw new IndexerError('bad-argument', `recordings '${folder}' hold no Filecoin tipset of ${network}`, {
        folder,
      })
    this.#highest = highest
    this.#genesis = readFileSync(join(root, 'genesis', `${network}_genesis_tipset.json`), 'utf8')
    const file = join(root, 'reference', 'reward_state_rows_2026.json')
    const rows = check(rowsShape, readFileSync(file, 'utf8'), file).rows
    const row = rows.find((r) => r.network === network && r.f02_balance !== undefined)
    this.#reward =
      row === undefined ? undefined : JSON.stringify({ Balance: row.f02_balance, State: row.state })
  }

  /** The heights whose executions are recorded. */
  get traced(): HeightRange[] {
    const heights = [...this.#tipsets].flatMap(([height, { trace }]) => (trace === undefined ? [] : [height]))
    return normalise(heights.map((height) => ({ from: height, to: height })))
  }

  answer(request: NodeRequest, twist: Twist): NodeReply {
    return answerRpc(request, (method, params) => this.#call(method, params, twist))
  }

  /** The JSON text of a result. */
  #call(method: string, params: readonly unknown[], twist: Twist): string {
    switch (method) {
      case 'Filecoin.ChainHead':
      case 'Filecoin.ChainGetFinalizedTipSet':
        return this.#highest.text
      case 'Filecoin.ChainGetGenesis':
        return this.#genesis
      case 'Filecoin.StateNetworkName':
        return JSON.stringify(twist.network(networks[this.#network]))
      case 'Filecoin.ChainGetTipSetByHeight':
        return this.#tipset(params[0], twist).text
      case 'Filecoin.StateCompute':
        return this.#trace(params, twist)
      case 'Filecoin.StateReadState': {
        const [actor, key] = params
        const known = actor === 'f02' && Array.isArray(key) && key.length === 0 ? this.#reward : undefined
        return known ?? missing('the state')
      }
      default:
        throw new RpcFault(1, `${method}: could not find it in the recordings`)
    }
  }

  #tipset(height: unknown, twist: Twist): Recorded {
    const found = typeof height === 'number' && !twist.hides(height) ? this.#tipsets.get(height) : undefined
    return found ?? missing(`the tipset of height ${String(height)}`)
  }

  #trace([height, , key]: readonly unknown[], twist: Twist): string {
    const { trace, key: recorded } = this.#tipset(height, twist)
    return trace === undefined || JSON.stringify(key) !== recorded ? missing('the trace') : unzip(trace)
  }
}

function missing(what: string): never {
  throw new RpcFault(1, `could not find ${what} in the recordings`)
}

const unzip = (file: string): string => gunzipSync(readFileSync(file)).toString('utf8')

function check<T>(shape: z.ZodType<T>, text: string, file: string): T {
  try {
    return shape.parse(JSON.parse(text))
  } catch (error) {
    const what = `${file}: not a recorded answer of a Lotus node: ${messageOf(error)}`
    throw new IndexerError('bad-file', what, { file }, { cause: error })
  }
}
