import { Registry } from 'prom-client'
import type { ApiReaders } from '../../graphql/ports.ts'
import { type Api, type ApiOptions, startApi } from '../../graphql/server.ts'
import { createTestLogger } from './chain.ts'
import { createDatabase } from './database.ts'
import { fillGoldenStore, notingReaders, publishedAt } from './golden_store.ts'

/** Starts an API on a free port: over simulated chains, by the clock, failing on a warning, unless told otherwise. */
export async function openApi(readers: ApiReaders, more: Partial<ApiOptions> = {}): Promise<Api> {
  return startApi({
    readers,
    host: '127.0.0.1',
    port: 0,
    logger: createTestLogger('no warnings'),
    version: 'test',
    simulated: async () => true,
    clock: () => Date.now(),
    metricsRegistry: new Registry(),
    ...more,
  })
}

/** An API over a database of its own, with the statements that it sends. */
export interface GoldenApi extends Awaited<ReturnType<typeof createDatabase>> {
  readonly api: Api
  readonly statements: string[]
  /** Ends the API and drops the database. */
  close(): Promise<void>
}

/** What a test may want otherwise of the API over the golden store. */
export interface GoldenOptions {
  readonly logger?: ApiOptions['logger']
  /** Adds to the database before the API is started. */
  readonly prepare?: (db: GoldenApi['db']) => Promise<unknown>
  /** Changes what the API reads. */
  readonly change?: (readers: ApiReaders) => ApiReaders
}

/** Starts an API over a database filled with the golden store, at the time of its publication. */
export async function openGoldenApi(options: GoldenOptions = {}): Promise<GoldenApi> {
  const opened = await createDatabase()
  await fillGoldenStore(opened.db)
  await options.prepare?.(opened.db)
  const { readers, statements } = notingReaders(opened.db)
  const api = await openApi(options.change?.(readers) ?? readers, {
    logger: options.logger ?? createTestLogger('warnings'),
    clock: () => publishedAt * 1000,
  })
  const close = async (): Promise<void> => {
    await api.close()
    await opened.drop()
  }
  return { ...opened, api, statements, close }
}

/** An answer of the API to a query: its data, as the test that asks expects it, and what went wrong. */
export interface Asked<T> {
  readonly data: T
  readonly errors?: { readonly message: string }[]
}

/** Asks the API, as a reader does. */
export async function askApi<T = Record<string, never>>(api: Api, query: string): Promise<Asked<T>> {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  return (await response.json()) as Asked<T>
}
