import { join } from 'node:path'
import type { Devnet } from '../devnet/start.ts'
import { startDevnet } from '../devnet/start.ts'
import { countersOf } from '../indexers/define.ts'
import { follow } from '../indexers/engine/follow.ts'
import type { ChainSource, Logger } from '../indexers/engine/ports.ts'
import { sync } from '../indexers/engine/sync.ts'
import { networks } from '../indexers/networks/index.ts'
import { startJobs } from '../pipeline/jobs/runner.ts'
import { schedule } from '../pipeline/jobs/schedule.ts'
import type { HeightRange } from '../pipeline/model/height.ts'
import type { SeriesPoint } from '../pipeline/model/series.ts'
import { defaultDefinitions } from '../pipeline/model/series.ts'
import type { Counter, Stream } from '../pipeline/model/stream.ts'
import type { Day } from '../pipeline/model/time.ts'
import { addDays, dayOf, unixSeconds } from '../pipeline/model/time.ts'
import { fillPrices } from '../pipeline/prices/fill.ts'
import { refreshMetricTable } from '../pipeline/rollups/metric_table.ts'
import type { Proof } from '../pipeline/rollups/prove.ts'
import { prove } from '../pipeline/rollups/prove.ts'
import { readSeries } from '../pipeline/rollups/read_series.ts'
import { recomputeStale } from '../pipeline/rollups/recompute.ts'
import type { Database } from '../pipeline/store/database.ts'
import { wipeEmbedded } from '../pipeline/store/embedded.ts'
import { PostgresIndexStore } from '../pipeline/store/index_store.ts'
import { getCoverageReport } from '../pipeline/store/read_status.ts'
import { getStreams, now, openStore } from './app.ts'
import { wholeNumber } from './arguments.ts'
import { chainsOf, openChain } from './chains.ts'
import type { Config } from './config.ts'
import { withSettings } from './config.ts'
import { DemoClock } from './demo_clock.ts'
import type { Output } from './output.ts'
import { table } from './output.ts'
import { createPriceSources } from './price_sources.ts'
import { createProgress } from './progress.ts'
import { openApi, untilAborted } from './serve.ts'
import { coverageTable } from './status.ts'
import { createTelemetry } from './telemetry.ts'
import { describeProof } from './verify.ts'

export interface DemoOptions {
  readonly once?: boolean
  readonly days: string
  readonly seed: string
  readonly recordings?: string
}

/** Days before the newest that the table looks back for a complete 30-day window. */
const lookBackDays = 4

/** Everything on one machine without a network: simulated or replayed nodes, indexers over the wire, API. */
export async function demo(
  options: DemoOptions,
  config: Config,
  logger: Logger,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const replaying = options.recordings !== undefined
  const clock = new DemoClock(wholeNumber('--days', options.days, 1), options.once !== true)
  const devnet = await startDevnet({
    seed: wholeNumber('--seed', options.seed, 0),
    ...(options.recordings === undefined
      ? { days: clock.days, end: unixSeconds(now() - clock.behind), live: true, now: clock.now }
      : { days: 1, end: now(), recordings: options.recordings }),
  })
  const own: Config = {
    ...withSettings(config, devnet.environment),
    DATABASE_URL: undefined,
    DEPINDEX_DATA: join(config.DEPINDEX_DATA, replaying ? 'replay' : 'demo'),
  }
  output.note(
    replaying
      ? `Replaying RECORDED real answers from ${options.recordings}: few blocks, so most days stay incomplete.`
      : `Simulating ${options.days} days of ${devnet.chains.map((c) => c.chain).join(', ')} with seed ${options.seed}. All figures below are SIMULATED.`,
  )
  await wipeEmbedded(own.DEPINDEX_DATA)
  const { db, close } = await openStore(own, 'migrate')
  try {
    const once = options.once === true
    await run({ devnet, clock, db, config: own, logger, output, signal, replaying, once })
  } finally {
    await close()
    await devnet.close()
  }
}

interface Run {
  readonly devnet: Devnet
  readonly clock: DemoClock
  readonly db: Database
  readonly config: Config
  readonly logger: Logger
  readonly output: Output
  readonly signal: AbortSignal
  readonly replaying: boolean
  readonly once: boolean
}

async function run(options: Run): Promise<void> {
  const { devnet, clock, db, config, logger, output, signal, replaying, once } = options
  const streams = await getStreams(db, networks)
  const store = new PostgresIndexStore(db, now)
  const served = devnet.chains.filter((c) => chainsOf(networks).includes(c.chain))
  const api = once ? undefined : await openApi(db, createTelemetry(db), config, logger)
  const readings: Reading[] = []
  try {
    for (const { chain } of served) {
      const { source } = openChain(chain, config, logger)
      const own = streams.filter((s) => s.chain === chain)
      const counters = countersOf(networks).filter((c) => c.chain === chain)
      readings.push({ source, store, streams: own, counters, logger, signal })
    }
    if (!replaying) await readSupplies(clock, readings)
    let headDay: Day | undefined
    for (const [i, { chain, first, recorded }] of served.entries()) {
      const reading = readings[i]
      if (reading === undefined) continue
      const { source } = reading
      const [head, finalized] = [await source.head(), await source.finalized()]
      await store.claimChain(chain, await source.identify(), source.idEncoding)
      await store.noteHead(chain, { height: head.height, finalized, time: head.time })
      const spans = replaying ? recorded.filter((r) => r.to <= finalized) : [{ from: first, to: finalized }]
      await readSpans(spans, reading)
      if (headDay === undefined || dayOf(head.time) < headDay) headDay = dayOf(head.time)
    }
    await refresh(db, config, logger)
    const proofs = await prove(db, { now: now() })
    const chains = served.map((c) => c.chain)
    output.text(await summary(db, proofs, headDay ?? dayOf(now()), replaying, chains))
    if (replaying) output.text(coverageTable(await getCoverageReport(db)))
    if (api === undefined) return
    output.text(whereToClick(api.url))
    await keepGoing({ db, config, logger, signal, readings, replaying })
  } finally {
    await api?.close()
    for (const { source } of readings) await source.close()
  }
}

interface Reading {
  readonly source: ChainSource
  readonly store: PostgresIndexStore
  readonly streams: readonly Stream[]
  readonly counters: readonly Counter[]
  readonly logger: Logger
  readonly signal: AbortSignal
}

/** Lets simulated time go on to its end, and reads what exists at each stop before. */
async function readSupplies(clock: DemoClock, readings: readonly Reading[]): Promise<void> {
  for (let stop = 0; stop < clock.stops; stop += 1) {
    clock.moveTo(stop)
    for (const { source, store, counters, signal } of readings) {
      if (counters.length > 0 && source.readCounters !== undefined)
        await store.saveReadings(await source.readCounters(counters, undefined, signal))
    }
  }
  clock.moveTo(clock.stops)
}

async function readSpans(spans: readonly HeightRange[], reading: Reading): Promise<void> {
  const clock = (): number => performance.now()
  for (const span of spans) {
    const progress = spans.length === 1 ? { progress: createProgress(process.stderr, clock) } : {}
    await sync({ ...reading, span, now: clock, ...progress })
  }
}

async function refresh(db: Database, config: Config, logger: Logger): Promise<void> {
  const rollup = { db, priceSources: config.PRICE_SOURCES, now }
  await recomputeStale(rollup)
  const { errors } = await fillPrices(db, createPriceSources(config), now)
  for (const error of errors) logger.warn(String(error))
  await recomputeStale(rollup)
  await refreshMetricTable(
    db,
    networks.map((n) => n.id),
    now,
  )
}

/** The table: 30 days to the newest day for which the window is complete. */
async function summary(
  db: Database,
  proofs: readonly Proof[],
  headDay: Day,
  replaying: boolean,
  served: readonly string[],
): Promise<string> {
  const points = await readSeries(db, {
    networks: networks.map((n) => n.id),
    metrics: ['fees_usd', 'emissions_usd', 'subsidy_ratio'],
    from: addDays(headDay, -lookBackDays),
    to: headDay,
    granularity: 'TRAILING_30',
    ...defaultDefinitions,
  })
  const rows = networks.map((n) => {
    const own = points.filter((p) => p.network === n.id)
    const ends = [
      ...new Set(own.filter((p) => p.metric === 'fees_usd' && p.value !== null).map((p) => p.date)),
    ]
    const end = ends.at(-1) ?? addDays(headDay, -1)
    const value = (metric: string): string => shown(own.find((p) => p.metric === metric && p.date === end))
    const held = proofs.filter((p) => p.network === n.id)
    return [
      n.name,
      chainsOf([n]).some((c) => served.includes(c)) ? (replaying ? 'recorded' : 'SIMULATED') : 'none here',
      `30 days to ${end}`,
      value('fees_usd'),
      value('emissions_usd'),
      value('subsidy_ratio'),
      held.some((p) => p.verdict === 'failed')
        ? 'FAILED'
        : held.some((p) => p.verdict === 'held')
          ? held.every((p) => p.residualRaw === 0n)
            ? 'residual 0'
            : 'within tolerance'
          : 'nothing to compare',
    ]
  })
  const head = ['network', 'data', 'window', 'fees USD', 'emissions USD', 'subsidy ratio', 'proof']
  return `${table(head, rows, [3, 4, 5])}\n${proofs.map(describeProof).join('\n')}`
}

function shown(point: SeriesPoint | undefined): string {
  if (point === undefined) return 'not known'
  if (point.value === null) return point.quality
  const number = Number(point.value)
  return point.unit === 'USD'
    ? number.toLocaleString('en-US', { maximumFractionDigits: 0 })
    : number.toFixed(3)
}

function whereToClick(url: string): string {
  return [
    `Open ${url}/ to look around; GraphQL is at ${url}/graphql, figures for Prometheus at ${url}/metrics.`,
    `Try: curl -s ${url}/graphql -H 'content-type: application/json' -d '{"query":"{ networks { name origin } status { chains { chain origin head } } }"}'`,
    'Ctrl-C ends it.',
  ].join('\n')
}

async function keepGoing({
  db,
  config,
  logger,
  signal,
  readings,
  replaying,
}: Pick<Run, 'db' | 'config' | 'logger' | 'signal' | 'replaying'> & {
  readonly readings: readonly Reading[]
}): Promise<void> {
  const jobs = schedule({
    db,
    sources: createPriceSources(config),
    priceSources: config.PRICE_SOURCES,
    now,
    networks: networks.map((n) => n.id),
  })
  const stopJobs = startJobs(db, jobs, logger, () => undefined)
  const following = replaying
    ? []
    : readings.map((reading) =>
        follow({
          ...reading,
          now: () => Date.now(),
          days: 1,
          pollMs: 20_000,
          backlog: (span) => readSpans([span], reading),
        }),
      )
  await untilAborted(signal)
  await Promise.all([stopJobs(), ...following])
}
