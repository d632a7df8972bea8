import { readPersistedQueries } from '../graphql/persisted.ts'
import { startApi } from '../graphql/server.ts'
import type { Logger } from '../indexers/engine/ports.ts'
import type { Database } from '../pipeline/store/database.ts'
import { getStatus } from '../pipeline/store/read_status.ts'
import { now, openStore } from './app.ts'
import type { Config } from './config.ts'
import { readDashboard } from './dashboard.ts'
import type { Output } from './output.ts'
import { createReaders } from './readers.ts'
import type { Telemetry } from './telemetry.ts'
import { createTelemetry } from './telemetry.ts'
import { version } from './version.ts'

/** Milliseconds after which a query of the API is cancelled in the database. */
const apiStatementTimeoutMs = 20_000

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
