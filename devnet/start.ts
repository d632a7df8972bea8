import { IndexerError } from '../pipeline/model/errors.ts'
import type { HeightRange } from '../pipeline/model/height.ts'
import type { UnixSeconds } from '../pipeline/model/time.ts'
import type { ArweaveScenario } from './arweave/scenario.ts'
import type { ArweaveSimulation } from './arweave/simulation.ts'
import { replays, simulations } from './chains.ts'
import { Faults, type Misbehaviour } from './misbehave.ts'
import type { DevnetNode, NodeListener } from './node.ts'
import { PriceNode } from './prices/node.ts'
import { startServer } from './server.ts'
import type { Replay, Simulation, SimulationOptions } from './simulation.ts'

const mostDays = 2_000
const tickMs = 200

export interface DevnetOptions extends SimulationOptions {
  /** Only these chains, by the names of their prefixes (`arweave`); absent: all. */
  readonly only?: readonly string[]
  readonly misbehave?: Misbehaviour
  /** A folder with `arweave/` and others in it: recorded answers are served instead of simulated blocks. */
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
  /** Each node's address, by the name of its prefix. */
  readonly urls: Readonly<Record<string, string>> & { readonly arweave: string; readonly prices: string }
  /** Settings that make depindex use these nodes, by the name of the environment variable. */
  readonly environment: Readonly<Record<string, string>>
  readonly chains: readonly DevnetChain[]
  /** What misbehaved how often; `faults.set` changes what does from now on. */
  readonly faults: Faults
  readonly arweave: ArweaveControls
  /** The simulation under a prefix, for tests that compare with its own books. */
  simulation(prefix: string): Simulation
  /** Cuts every connection and leaves nothing open. */
  close(): Promise<void>
}

/**
 * Starts simulated nodes on one local port, each under its prefix (`/arweave`), and a price service under `/prices`.
 * Every answer says in `x-depindex-origin` that it is `simulated`, or `replayed` from recordings.
 * @throws IndexerError `bad-argument` for options that make no chain or a folder without recordings,
 *   `port-in-use` if the port is taken.
 */
export async function startDevnet(options: DevnetOptions): Promise<Devnet> {
  const { seed, end, speed = 1, now = Date.now, recordings } = options
  checkOptions(options)
  const started = now()
  const instant = (): UnixSeconds =>
    (options.live === true ? Math.floor(end + ((now() - started) / 1000) * speed) : end) as UnixSeconds
  const made = recordings === undefined ? simulate(options) : []
  const arweave = made.find((s): s is ArweaveSimulation => s.prefix === '/arweave')?.scenario
  const prices = new PriceNode(seed, () => Math.max(instant(), arweave?.timeOf(arweave.head) ?? 0))
  const served = recordings === undefined ? made : openReplays(recordings)
  const faults = new Faults(seed, options.misbehave)
  const server = await startServer({
    nodes: new Map<string, DevnetNode>([
      ...served.map((s): [string, DevnetNode] => [
        s.prefix,
        'advanceTo' in s ? following(s, instant) : s.node,
      ]),
      ['/prices', prices],
    ]),
    faults,
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
  })
  const urlOf = (prefix: string): string => server.url + prefix
  const byName = Object.fromEntries(served.map(({ prefix }) => [prefix.slice(1), urlOf(prefix)]))
  return {
    urls: { arweave: urlOf('/arweave'), ...byName, prices: urlOf('/prices') },
    environment: {
      ...Object.fromEntries(served.map(({ variable, prefix }) => [variable, urlOf(prefix)])),
      LLAMA_COINS_BASE_URL: urlOf('/prices'),
      PRICE_SOURCES: 'llama,oracle,manual',
    },
    chains: served.flatMap((s) =>
      'chains' in s
        ? s.chains.map((c) => ({ ...c, recorded: [] }))
        : [{ chain: s.chain, first: 0, recorded: s.recorded }],
    ),
    faults,
    arweave: controls(arweave, () => arweave?.advanceTo(instant())),
    simulation(prefix) {
      const found = made.find((s) => s.prefix === prefix)
      if (found !== undefined) return found
      throw new IndexerError('bad-argument', `the devnet simulates no chain under ${prefix}`)
    },
    close: server.close,
  }
}

function checkOptions({ seed, days, speed = 1 }: DevnetOptions): void {
  if (!Number.isSafeInteger(seed))
    throw new IndexerError('bad-argument', `devnet seed ${seed} is not a whole number`)
  if (!Number.isInteger(days) || days < 1 || days > mostDays) {
    throw new IndexerError('bad-argument', `devnet of ${days} days; ask for 1 to ${mostDays}`)
  }
  if (!(speed > 0)) throw new IndexerError('bad-argument', `devnet speed ${speed} is not above zero`)
}

function simulate({ seed, days, end, only }: DevnetOptions): Simulation[] {
  return Object.entries(simulations)
    .filter(([prefix]) => only === undefined || only.includes(prefix.slice(1)))
    .map(([, make]) => make({ seed, days, end }))
}

/** @throws IndexerError `bad-argument` if the folder holds recordings of no chain. */
function openReplays(folder: string): Replay[] {
  const found = replays.flatMap((open) => open(folder) ?? [])
  if (found.length === 0) {
    throw new IndexerError('bad-argument', `recordings '${folder}' hold no chain that can be replayed`, {
      folder,
    })
  }
  return found
}

/** A node that makes the blocks up to the present before it answers. */
function following({ node, advanceTo }: Simulation, instant: () => UnixSeconds): DevnetNode {
  const connect = node.connect?.bind(node)
  return {
    origin: node.origin,
    answer: (request, twist) => {
      advanceTo(instant())
      return node.answer(request, twist)
    },
    ...(connect === undefined
      ? {}
      : { connect: (socket) => ticking(connect(socket), () => advanceTo(instant())) }),
  }
}

/** Who only listens asks for nothing: while a connection is open, time passes by itself. */
function ticking(listener: NodeListener, tick: () => void): NodeListener {
  const timer = setInterval(tick, tickMs).unref()
  return {
    message: (text) => listener.message(text),
    closed: () => {
      clearInterval(timer)
      listener.closed()
    },
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
