import { IndexerError } from '../pipeline/model/errors.ts'
import type { HeightRange } from '../pipeline/model/height.ts'
import type { UnixSeconds } from '../pipeline/model/time.ts'
import { ArweaveNode } from './arweave/node.ts'
import { ArweaveScenario } from './arweave/scenario.ts'
import { Faults, type Misbehaviour } from './misbehave.ts'
import type { DevnetNode } from './node.ts'
import { PriceNode } from './prices/node.ts'
import { ArweaveReplay } from './replay/arweave.ts'
import { startServer } from './server.ts'

const mostDays = 2_000

export interface DevnetOptions {
  /** The same seed, days and end give the same bytes. */
  readonly seed: number
  /** Days of blocks before `end`. */
  readonly days: number
  /** The last simulated instant: no block and no price is later, unless `live`. */
  readonly end: UnixSeconds
  readonly misbehave?: Misbehaviour
  /** A folder with `arweave/` in it: its recorded answers are served instead of simulated blocks. */
  readonly recordings?: string
  /** Simulated time runs on from `end`, and blocks with it. */
  readonly live?: boolean
  /** Simulated seconds a real second, with `live`; 1 if absent. */
  readonly speed?: number
  /** 127.0.0.1 if absent. */
  readonly host?: string
  /** A free one if absent or 0. */
  readonly port?: number
  /** The clock in milliseconds, for `live`. */
  readonly now?: () => number
}

/** Steers the simulated Arweave in tests. Where recordings are replayed, every use throws `bad-argument`. */
export interface ArweaveControls {
  /** The lowest height; below it there is nothing. */
  readonly first: number
  readonly head: number
  /** Mines `blocks` more at once. */
  advance(blocks: number): void
  /** Mines the last `depth` blocks again, with other hashes and transactions. */
  fork(depth: number): void
}

/** One chain that the devnet serves. */
export interface DevnetChain {
  /** Name of the chain, as sources have it. */
  readonly chain: string
  /** The lowest simulated height; 0 where recordings are replayed. */
  readonly first: number
  /** Heights that recordings hold; none where the chain is simulated. */
  readonly recorded: readonly HeightRange[]
}

/** Running nodes, and what steers them. */
export interface Devnet {
  readonly urls: { readonly arweave: string; readonly prices: string }
  /** Settings that make depindex use these nodes, by the name of the environment variable. */
  readonly environment: Readonly<Record<string, string>>
  readonly chains: readonly DevnetChain[]
  /** What misbehaved how often; `faults.set` changes what does from now on. */
  readonly faults: Faults
  readonly arweave: ArweaveControls
  /** Cuts every connection and leaves nothing open. */
  close(): Promise<void>
}

/**
 * Starts simulated nodes on one local port: Arweave under `/arweave`, a price service under `/prices`. Every
 * answer says in `x-depindex-origin` that it is `simulated`, or `replayed` from recordings.
 * @throws IndexerError `bad-argument` for options that make no chain or a folder without recordings,
 *   `port-in-use` if the port is taken.
 */
export async function startDevnet(options: DevnetOptions): Promise<Devnet> {
  const { seed, days, end, speed = 1, now = Date.now } = options
  if (!Number.isSafeInteger(seed))
    throw new IndexerError('bad-argument', `devnet seed ${seed} is not a whole number`)
  if (!Number.isInteger(days) || days < 1 || days > mostDays) {
    throw new IndexerError('bad-argument', `devnet of ${days} days; ask for 1 to ${mostDays}`)
  }
  if (!(speed > 0)) throw new IndexerError('bad-argument', `devnet speed ${speed} is not above zero`)
  const started = now()
  const instant = (): number =>
    options.live === true ? Math.floor(end + ((now() - started) / 1000) * speed) : end
  const chain = options.recordings === undefined ? new ArweaveScenario({ seed, days, end }) : undefined
  const follow = (): void => chain?.advanceTo(instant())
  const node: DevnetNode =
    chain === undefined ? new ArweaveReplay(options.recordings ?? '') : new ArweaveNode(chain)
  const prices = new PriceNode(seed, () => Math.max(instant(), chain?.timeOf(chain.head) ?? 0))
  const following: DevnetNode = {
    origin: node.origin,
    answer: (request, twist) => {
      follow()
      return node.answer(request, twist)
    },
  }
  const faults = new Faults(seed, options.misbehave)
  const server = await startServer({
    nodes: new Map<string, DevnetNode>([
      ['/arweave', following],
      ['/prices', prices],
    ]),
    faults,
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
  })
  const urls = { arweave: `${server.url}/arweave`, prices: `${server.url}/prices` }
  return {
    urls,
    environment: {
      ARWEAVE_URLS: urls.arweave,
      LLAMA_COINS_BASE_URL: urls.prices,
      PRICE_SOURCES: 'llama,oracle,manual',
    },
    chains: [
      {
        chain: 'arweave',
        first: chain?.first ?? 0,
        recorded: node instanceof ArweaveReplay ? node.heights : [],
      },
    ],
    faults,
    arweave: controls(chain, follow),
    close: server.close,
  }
}

function controls(chain: ArweaveScenario | undefined, follow: () => void): ArweaveControls {
  const present = (): ArweaveScenario => {
    if (chain === undefined)
      throw new IndexerError('bad-argument', 'recordings cannot be steered: they are replayed as they are')
    follow()
    return chain
  }
  return {
    get first() {
      return present().first
    },
    get head() {
      return present().head
    },
    advance: (blocks) => present().advance(blocks),
    fork: (depth) => present().fork(depth),
  }
}
