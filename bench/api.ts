import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { now } from '../commands/app.ts'
import { addDays, day } from '../pipeline/model/time.ts'
import { refreshMetricTable } from '../pipeline/rollups/metric_table.ts'
import { recomputeStale } from '../pipeline/rollups/recompute.ts'
import { benchNetworks, fill, firstDay, onDatabase } from './fixture.ts'

const days = 365
const clients = 8
const secondsEach = 4
const rounds = 3
const here = join(fileURLToPath(import.meta.url), '..')

interface Contender {
  readonly name: string
  readonly command: readonly [program: string, args: readonly string[], folder?: string]
  readonly env: Record<string, string>
  readonly path: string
  readonly body: string | undefined
}

/** One contender's requests a second and 99th percentile in milliseconds, in one round. */
interface Result {
  readonly perSecond: number
  readonly p99: number
}

/** A year of six networks, asked of ours, of raw rows as JSON, and of PostGraphile where it is installed. */
export async function benchApi(say: (line: string) => void): Promise<void> {
  await onDatabase(join('.bench', 'api'), async (db, url) => {
    const networks = benchNetworks(6)
    const ids = networks.map((n) => n.id)
    await fill(db, networks, 100_000, days)
    await recomputeStale({ db, priceSources: [], now })
    await refreshMetricTable(db, ids, now)
    const results = new Map<string, Result[]>()
    const contenders = contendersOf(url, ids)
    for (let round = 0; round < rounds; round += 1) {
      for (const contender of contenders) {
        const result = await ask(contender, ids.length * days)
        results.set(contender.name, [...(results.get(contender.name) ?? []), result])
        say(
          `round ${round + 1}: ${contender.name}: ${result.perSecond.toFixed(0)} requests/s, p99 ${result.p99.toFixed(0)} ms`,
        )
      }
    }
    for (const line of verdicts(results)) say(line)
    if (!contenders.some((c) => c.name === 'postgraphile'))
      say('PostGraphile was left out: BENCH_POSTGRAPHILE names no folder that has it (docs/benchmarks.md)')
  })
}

function contendersOf(url: string, ids: readonly string[]): Contender[] {
  const to = addDays(day(firstDay), days)
  const own = `{ metricSeries(networks: [${ids.map((id) => id.toUpperCase().replace('-', '_')).join(', ')}], metrics: [SUBSIDY_RATIO], from: "${firstDay}", to: "${to}", first: 5000) { nodes { date network metric value quality } } }`
  const theirs =
    '{ allMetricDays(condition: { metric: "subsidy_ratio", period: "DAY" }, orderBy: [DAY_ASC, NETWORK_ASC]) { nodes { day network metric value quality } } }'
  const env = { BENCH_DB: url, BENCH_NETWORKS: ids.join(',') }
  const server = (kind: string): Contender => ({
    name: kind,
    command: [process.execPath, [join(here, 'api_server.js')]],
    env: { ...env, BENCH_SERVER: kind },
    path: '/graphql',
    body: kind === 'raw' ? undefined : JSON.stringify({ query: own }),
  })
  const list = [server('raw'), server('depindex'), server('cold'), server('cached')]
  const folder = process.env['BENCH_POSTGRAPHILE']
  if (folder !== undefined && existsSync(join(folder, 'node_modules', 'postgraphile'))) {
    const node = process.env['BENCH_POSTGRAPHILE_NODE'] ?? process.execPath
    list.push({
      name: 'postgraphile',
      command: [node, [join(process.cwd(), 'dist', 'bench', 'postgraphile.js')], folder],
      env,
      path: '/graphql',
      body: JSON.stringify({ query: theirs }),
    })
  }
  return list
}

/** Starts a contender, warms it up, and asks it from several clients for some seconds. */
async function ask(contender: Contender, rows: number): Promise<Result> {
  const { child, address } = await start(contender)
  const once = async (): Promise<void> => {
    const response = await fetch(`${address}${contender.path}`, {
      ...(contender.body === undefined ? {} : { method: 'POST', body: contender.body }),
      headers: { 'content-type': 'application/json' },
    })
    const text = await response.text()
    if (response.status !== 200 || text.length < rows * 40)
      throw new Error(`${contender.name} answered ${response.status}: ${text.slice(0, 300)}`)
  }
  try {
    for (let i = 0; i < 30; i += 1) await once()
    const times: number[] = []
    const startedAt = performance.now()
    const until = startedAt + secondsEach * 1000
    await Promise.all(
      Array.from({ length: clients }, async () => {
        while (performance.now() < until) {
          const askedAt = performance.now()
          await once()
          times.push(performance.now() - askedAt)
        }
      }),
    )
    times.sort((a, b) => a - b)
    return {
      perSecond: (times.length * 1000) / (performance.now() - startedAt),
      p99: times[Math.floor(times.length * 0.99)] ?? 0,
    }
  } finally {
    child.kill('SIGTERM')
  }
}

async function start({ command, env, name }: Contender): Promise<{ child: ChildProcess; address: string }> {
  const [program, args, cwd] = command
  const child = spawn(program, [...args], {
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const address = await new Promise<string>((done, failed) => {
    let said = ''
    child.stdout?.on('data', (d) => {
      said += d
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
      if (found !== undefined) done(found)
    })
    child.once('exit', (code) => failed(new Error(`${name} ended with ${code} before it listened`)))
  })
  return { child, address }
}

function verdicts(results: ReadonlyMap<string, readonly Result[]>): string[] {
  const median = (name: string, of: (r: Result) => number): number => {
    const values = (results.get(name) ?? []).map(of).sort((a, b) => a - b)
    return values[Math.floor(values.length / 2)] ?? 0
  }
  const rate = (name: string): number => median(name, (r) => r.perSecond)
  const p99 = (name: string): number => median(name, (r) => r.p99)
  const lines = [
    `p99 of ours is ${(p99('depindex') / p99('raw')).toFixed(2)} times that of raw rows (to be under 3)`,
    `cached answers are ${(rate('cached') / rate('depindex')).toFixed(1)} times as many as computed ones (to be at least 5)`,
  ]
  lines.push(
    `with nothing kept at all ours are ${(rate('cold') / rate('depindex')).toFixed(2)} times as many as with flows in memory`,
  )
  if (results.has('postgraphile'))
    lines.push(
      `ours are ${(rate('depindex') / rate('postgraphile')).toFixed(2)} times as many as PostGraphile's (to be at least 1)`,
    )
  return lines
}
