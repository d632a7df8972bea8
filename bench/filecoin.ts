import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { FilecoinSimulation } from '../devnet/filecoin/simulation.ts'
import { startDevnet } from '../devnet/start.ts'
import { gasOutputs } from '../indexers/chains/filecoin/gas.ts'
import { withoutGasCharges } from '../indexers/chains/filecoin/rpc.ts'
import { createFilecoinSource } from '../indexers/chains/filecoin/source.ts'
import { readTrace } from '../indexers/chains/filecoin/trace.ts'
import { EndpointPool } from '../indexers/engine/endpoints.ts'
import { filecoin } from '../indexers/networks/filecoin.ts'
import type { Stream } from '../pipeline/model/stream.ts'
import { day, dayStart } from '../pipeline/model/time.ts'

const trace = join(
  fileURLToPath(import.meta.url),
  '../../../../shared/recordings/filecoin/heights-mainnet/traces_3573062.json.gz',
)
const ignore = (): void => undefined
const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }

/**
 * Gas outputs of messages a second on one core; the time from the text of the largest recorded trace to what it moved; and a
 * year of counters read from a simulated node over HTTP.
 */
export async function benchFilecoin(seconds: number, say: (line: string) => void): Promise<void> {
  benchGas(seconds, say)
  if (existsSync(trace)) benchTrace(say)
  else say('filecoin: no recordings at ../shared/recordings/filecoin, no trace measured')
  await benchCounters(say)
}

function benchGas(seconds: number, say: (line: string) => void): void {
  const inputs = Array.from({ length: 10_000 }, (_, i) => ({
    used: BigInt(2_000_000 + i * 6_131),
    limit: BigInt(2_500_000 + i * 8_017),
    baseFee: BigInt(100 + (i % 977)),
    feeCap: BigInt(90 + i * 1_009),
    premium: BigInt(i * 131),
  }))
  const startedAt = performance.now()
  let messages = 0
  let burned = 0n
  while (performance.now() - startedAt < (seconds * 1_000) / 5) {
    for (const input of inputs) {
      const { baseFeeBurn, overEstimationBurn, minerTip, minerPenalty, refund } = gasOutputs(input)
      burned += baseFeeBurn + overEstimationBurn - minerTip + minerPenalty - refund
    }
    messages += inputs.length
  }
  const took = (performance.now() - startedAt) / 1000
  say(
    `filecoin: gas outputs of ${Math.round(messages / took)} messages a second on one core (${burned % 997n})`,
  )
}

function benchTrace(say: (line: string) => void): void {
  const text = `{"jsonrpc":"2.0","id":0,"result":${gunzipSync(readFileSync(trace)).toString('utf8')}}`
  const place = { endpoint: 'recording', method: 'StateCompute' }
  const times = Array.from({ length: 20 }, () => {
    const startedAt = performance.now()
    const answer = withoutGasCharges(text) as { result: unknown }
    readTrace(answer.result, place)
    return performance.now() - startedAt
  }).sort((a, b) => a - b)
  const [middle = 0, worst = 0] = [times[10], times.at(-1)]
  say(
    `filecoin: a trace of ${Math.round(text.length / 1_048_576)} MB read in ${Math.round(middle)} ms, at worst ${Math.round(worst)} ms`,
  )
}

async function benchCounters(say: (line: string) => void): Promise<void> {
  const devnet = await startDevnet({
    only: ['filecoin'],
    seed: 1,
    days: 367,
    end: dayStart(day('2026-11-22')),
  })
  const urls = [devnet.urls['filecoin'] ?? '']
  const pool = new EndpointPool({
    chain: 'filecoin',
    variable: 'FILECOIN_RPC_URLS',
    urls,
    logger,
    now: () => performance.now(),
  })
  const source = createFilecoinSource(pool, logger)
  const { first } = (devnet.simulation('/filecoin') as FilecoinSimulation).scenario
  const streams = Object.entries(filecoin.streams)
    .filter(([name]) => name === 'minted' || name === 'burned')
    .map(
      ([name, declared], i): Stream => ({
        ...declared,
        id: i + 1,
        network: 'filecoin',
        name,
        chain: 'filecoin',
        role: 'ledger',
        decimals: 18,
      }),
    )
  const startedAt = performance.now()
  const range = { from: first, to: first + 365 * 2_880 }
  const { events, gaps } = await source.read(range, streams, new AbortController().signal)
  const took = (performance.now() - startedAt) / 1000
  const posts = pool.health().reduce((sum, e) => sum + e.requests, 0)
  say(
    `filecoin: counters of 365 days in ${took.toFixed(2)} s, ${posts} POSTs, ${events.length} amounts, ${gaps.length} gaps`,
  )
  await source.close()
  await devnet.close()
}
