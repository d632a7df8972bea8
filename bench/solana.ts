import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createLogger } from '../commands/logging.ts'
import { SolanaClient } from '../indexers/chains/solana/client.ts'
import { decodeTransaction } from '../indexers/chains/solana/decode.ts'
import type { Matcher } from '../indexers/chains/solana/streams.ts'
import { matcherOf, splBurns, splMints, splTransfers } from '../indexers/chains/solana/streams.ts'
import { movementsOf } from '../indexers/chains/solana/token.ts'
import { readTransaction } from '../indexers/chains/solana/transaction.ts'
import { fetchEvents } from '../indexers/chains/solana/transactions.ts'
import { EndpointPool } from '../indexers/engine/endpoints.ts'
import type { Stream } from '../pipeline/model/stream.ts'

/** Recorded transactions, if the folder with recordings lies beside the project. */
const recordings = join('..', 'shared', 'recordings', 'solana')
const folders = ['helium', 'generic-raw', 'generic-parsed']
/** Requests a second that the throttled node answers. */
const perSecond = 50

/** Every recorded `getTransaction` answer, as text. */
export function recordedAnswers(): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(recordings, folder)).flatMap((name) => {
      const value: unknown = JSON.parse(readFileSync(join(recordings, folder, name), 'utf8'))
      const all = Array.isArray(value) ? value : [hasResult(value) ? value.result : value]
      return all.map((answer) => JSON.stringify(answer))
    }),
  )
}

const hasResult = (value: unknown): value is { readonly result: unknown } =>
  typeof value === 'object' && value !== null && 'result' in value

/** Streams that take every mint, burn and transfer of the tokens that some transactions move. */
function matchersFor(answers: readonly string[]): Matcher[] {
  const mints = new Set(
    answers.flatMap((a) => movementsOf(readTransaction(JSON.parse(a))).flatMap((m) => m.mint ?? [])),
  )
  return [...mints].slice(0, 20).flatMap((mint, m) =>
    [splMints, splBurns, splTransfers].map((word, w) => {
      const declared = {
        kind: 'burn',
        class: 'other',
        token: 'T',
        revision: 1,
        meaning: 'The benchmark.',
        evidence: ['bench'],
      } as const
      const stream: Stream = {
        ...word({ ...declared, where: { mint } }),
        id: m * 3 + w,
        network: 'bench',
        name: `s${m}${w}`,
        chain: 'solana',
        role: 'ledger',
        decimals: 0,
      }
      return matcherOf(stream)
    }),
  )
}

/** Decodes the recorded transactions over and over on this thread, from parsed answers and from text. */
export function benchSolanaDecoder(seconds: number, say: (line: string) => void): void {
  if (!existsSync(recordings)) {
    say(`solana decoder: skipped, ${recordings} is absent`)
    return
  }
  const texts = recordedAnswers()
  const matchers = matchersFor(texts)
  const parsed = texts.map((t): unknown => JSON.parse(t))
  // By processor time, so that what else runs on the machine does not count.
  const rate = (work: (i: number) => number): { perSecond: number; events: number } => {
    let [done, events, busy] = [0, 0, 0]
    const before = process.cpuUsage()
    while (busy < seconds * 1e6) {
      for (let i = 0; i < texts.length; i += 1) events += work(i)
      done += texts.length
      const { user, system } = process.cpuUsage(before)
      busy = user + system
    }
    return { perSecond: Math.round((done / busy) * 1e6), events }
  }
  const decode = (answer: unknown): number => decodeTransaction(readTransaction(answer), matchers).length
  rate((i) => decode(parsed[i]))
  const decoded = rate((i) => decode(parsed[i]))
  const whole = rate((i) => decode(JSON.parse(texts[i] ?? '')))
  say(
    `solana decoder: ${decoded.perSecond} recorded transactions a second of processor time from parsed answers, ${whole.perSecond} from text (${decoded.events} events, ${matchers.length} streams)`,
  )
}

/** Fetches and decodes recorded transactions from a node of 50 requests a second in another process. */
export async function benchSolanaFetch(requests: number, say: (line: string) => void): Promise<void> {
  if (!existsSync(recordings)) return say(`solana fetch: skipped, ${recordings} is absent`)
  const child = spawn(
    process.execPath,
    [join(fileURLToPath(import.meta.url), '..', 'solana_node.js'), String(perSecond)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()))
    child.once('exit', (code) => reject(new Error(`the node ended with ${code}`)))
  })
  const pool = new EndpointPool({
    chain: 'solana',
    variable: 'BENCH_RPC',
    urls: [url],
    logger: createLogger('warn'),
    now: () => performance.now(),
  })
  const answers = recordedAnswers()
  const matchers = matchersFor(answers)
  const wanted = Array.from({ length: requests }, (_, i) => {
    const { signature, slot } = readTransaction(JSON.parse(answers[i % answers.length] ?? ''))
    return { signature, slot: slot ?? 0, failed: false, matchers }
  })
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()]
  const { events } = await fetchEvents(new SolanaClient(pool), wanted, new AbortController().signal)
  const ms = performance.now() - startedAt
  const used = process.cpuUsage(cpu)
  const busy = (used.user + used.system) / 1000 / ms
  await pool.close()
  child.kill()
  say(
    `solana fetch: ${(requests / (ms / 1000)).toFixed(1)} requests a second of a node that answers ${perSecond}, ${(busy * 100).toFixed(0)} % of one core, ${events.length} events`,
  )
}
