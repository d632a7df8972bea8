import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { readPersistedQueries } from '../graphql/persisted.ts'
import { startApi } from '../graphql/server.ts'
import type { Logger } from '../indexers/engine/ports.ts'
import type { Database } from '../pipeline/store/database.ts'
import { getCoverageReport, getStatus } from '../pipeline/store/read_status.ts'
import { now, openStore } from './app.ts'
import type { Config } from './config.ts'
import { readDashboard } from './dashboard.ts'
import type { Output } from './output.ts'
import { createReaders } from './readers.ts'
import { version } from './version.ts'

/** Milliseconds after which a query of the API is cancelled in the database. */
export const apiStatementTimeoutMs = 20_000

/** Figures for Prometheus, and what counts the jobs. */
export interface Telemetry {
  readonly registry: Registry
  readonly countJob: (job: string, ok: boolean, ms: number) => void
}

/** Makes the registry: lag and gaps are read from the store whenever they are scraped. */
export function createTelemetry(db: Database): Telemetry {
  const registry = new Registry()
  const jobs = new Counter({
    name: 'depindex_job_runs_total',
    help: 'Runs of scheduled jobs',
    labelNames: ['job', 'result'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'depindex_job_seconds',
    help: 'Duration of scheduled jobs',
    labelNames: ['job'],
    registers: [registry],
  })
  const behind = new Gauge({
    name: 'depindex_stream_behind_heights',
    help: 'Finalized heights above the highest one read',
    labelNames: ['network', 'stream'],
    registers: [registry],
  })
  const missing = new Gauge({
    name: 'depindex_stream_missing_heights',
    help: 'Heights not read between the first one read and the finalized head',
    labelNames: ['network', 'stream'],
    registers: [registry],
    async collect() {
      for (const c of await getCoverageReport(db)) {
        missing.set({ network: c.network, stream: c.stream }, c.heightsMissing)
        if (c.behindBy !== null) behind.set({ network: c.network, stream: c.stream }, c.behindBy)
      }
    },
  })
  const stale = new Gauge({
    name: 'depindex_stale_days',
    help: 'Stream days that wait to be rebuilt',
    registers: [registry],
    async collect() {
      stale.set((await getStatus(db, now())).staleDays)
    },
  })
  return {
    registry,
    countJob: (job, ok, ms) => {
      jobs.inc({ job, result: ok ? 'ok' : 'failed' })
      seconds.observe({ job }, ms / 1000)
    },
  }
}

/** Starts the API on the configured address. */
export function openApi(
  db: Database,
  telemetry: Telemetry,
  config: Config,
  logger: Logger,
): Promise<{ url: string; close(): Promise<void> }> {
  const simulated = async (): Promise<boolean> =>
    (await getStatus(db, now())).chains.some((c) => c.origin === 'simulated')
  return startApi({
    readers: createReaders(db),
    host: config.HOST,
    port: config.PORT,
    logger,
    version: version(),
    simulated,
    clock: () => Date.now(),
    metricsRegistry: telemetry.registry,
    dashboard: readDashboard(),
    guard: {
      apiKeys: config.API_KEYS ?? [],
      pointsPerMinute: config.RATE_LIMIT,
      trustedProxies: config.TRUST_PROXY,
    },
    ...(config.PERSISTED_QUERIES === undefined
      ? {}
      : { persisted: readPersistedQueries(config.PERSISTED_QUERIES) }),
  })
}

/** The API alone, until the signal. */
export async function serve(
  config: Config,
  logger: Logger,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const { db, close } = await openStore(config, 'check', apiStatementTimeoutMs)
  try {
    const api = await openApi(db, createTelemetry(db), config, logger)
    output.note(`API at ${api.url}/graphql`)
    await untilAborted(signal)
    await api.close()
  } finally {
    await close()
  }
}

/** Resolves when the signal comes. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
