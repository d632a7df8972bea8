import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Registry } from 'prom-client'
import { Counter, Histogram } from 'prom-client'
import { IndexerError, messageOf } from '../pipeline/model/errors.ts'
import type { Answer } from './answers.ts'
import { cacheableAnswer, jsonAnswer, plainAnswer, send } from './answers.ts'
import { createApollo } from './apollo.ts'
import type { Dashboard } from './assets.ts'
import { createAssetRoute } from './assets.ts'
import type { ApiLogger, ApiServices } from './context.ts'
import { newRequestId } from './errors.ts'
import type { Limits } from './limits.ts'
import { defaultLimits } from './limits.ts'
import { createNames } from './names.ts'
import type { ApiReaders } from './ports.ts'
import type { Route } from './queries.ts'
import { createQueryRoute } from './queries.ts'
import { createSchema } from './schema.ts'

export interface ApiOptions {
  readonly readers: ApiReaders
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
  readonly logger: ApiLogger
  readonly version: string
  /** Whether any data is simulated; every answer then says so in a header. */
  readonly simulated: () => Promise<boolean>
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly metricsRegistry: Registry
  /** Absent: the API alone, without pages. */
  readonly dashboard?: Dashboard
  readonly limits?: Partial<Limits>
}

/** A running API. */
export interface Api {
  readonly url: string
  /** Ends within five seconds, answering what is under way. */
  close(): Promise<void>
}

const closeGraceMs = 3_000

/**
 * Starts the API.
 * @throws IndexerError `port-in-use` naming PORT if it is taken; `bad-declaration` if the schema does not fit.
 */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { readers, logger, version, clock, simulated } = options
  const limits: Limits = { ...defaultLimits, ...options.limits }
  const names = createNames(readers.networkIds, readers.metrics)
  const services: ApiServices = { readers, names, limits, version, clock }
  const { schema, sdl } = createSchema(services)
  const apollo = await createApollo(schema, limits, logger)
  const graphql = createQueryRoute(apollo, services, limits)
  const assets = createAssetRoute(options.dashboard)
  const routes = new Map<string, { methods: readonly string[]; route: Route }>([
    ['/graphql', { methods: ['GET', 'POST'], route: graphql }],
    ['/health', { methods: ['GET'], route: async () => jsonAnswer(200, { status: 'ok' }) }],
    ['/ready', { methods: ['GET'], route: () => ready(readers) }],
    [
      '/metrics',
      {
        methods: ['GET'],
        route: async () =>
          plainAnswer(200, options.metricsRegistry.contentType, await options.metricsRegistry.metrics()),
      },
    ],
    [
      '/schema.graphql',
      { methods: ['GET'], route: async () => cacheableAnswer('text/plain; charset=utf-8', sdl) },
    ],
  ])
  const counted = createCounters(options.metricsRegistry)
  const server = createServer((request, response) => void handle(request, response))
  server.keepAliveTimeout = 65_000
  server.headersTimeout = 20_000
  server.requestTimeout = limits.requestMs

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = performance.now()
    const url = new URL(request.url ?? '/', 'http://api')
    const asset = assets(url.pathname)
    const known =
      asset === undefined ? routes.get(url.pathname) : { methods: ['GET'], route: async () => asset }
    let answer: Answer
    let origin = {}
    try {
      answer = await answerTo(request, url, known)
      origin = (await simulated()) ? { 'x-depindex-origin': 'simulated' } : {}
    } catch (error) {
      const requestId = newRequestId()
      logger.error('api request failed', { requestId, path: url.pathname, error: messageOf(error) })
      answer = jsonAnswer(500, { error: `internal error; the log has it under request id ${requestId}` })
    }
    if (response.destroyed) return
    const cors = { 'access-control-allow-origin': '*', 'x-content-type-options': 'nosniff' }
    const status = send(request, response, answer, { ...cors, ...origin })
    counted(
      asset !== undefined ? 'dashboard' : known === undefined ? 'unknown' : url.pathname,
      status,
      performance.now() - startedAt,
    )
  }

  async function answerTo(
    request: IncomingMessage,
    url: URL,
    known: { methods: readonly string[]; route: Route } | undefined,
  ): Promise<Answer> {
    if (known === undefined)
      return jsonAnswer(404, { error: `there is nothing at ${url.pathname}`, known: [...routes.keys()] })
    const allow = [...known.methods, 'HEAD', 'OPTIONS'].join(', ')
    if (request.method === 'OPTIONS') {
      return plainAnswer(204, 'text/plain', '', {
        allow,
        'access-control-allow-methods': known.methods.join(', '),
        'access-control-allow-headers':
          'content-type, apollo-require-preflight, x-apollo-operation-name, if-none-match',
        'access-control-max-age': '86400',
      })
    }
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '')
    if (!known.methods.includes(method))
      return jsonAnswer(405, { error: `${url.pathname} takes ${known.methods.join(' and ')}` }, { allow })
    return known.route(request, url)
  }

  await listen(server, options)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    async close() {
      const closed = new Promise((done) => server.close(done))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), closeGraceMs)
      await closed
      clearTimeout(timer)
      await apollo.stop()
    },
  }
}

async function ready(readers: ApiReaders): Promise<Answer> {
  try {
    await readers.checkReady()
    return jsonAnswer(200, { status: 'ready' })
  } catch (error) {
    return jsonAnswer(503, { status: 'not ready', reason: messageOf(error) })
  }
}

async function listen(server: ReturnType<typeof createServer>, { host, port }: ApiOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      const message = taken
        ? `port ${port} on ${host} is in use; set PORT to another one`
        : `cannot listen on ${host}:${port} (HOST, PORT): ${messageOf(error)}`
      reject(
        new IndexerError(taken ? 'port-in-use' : 'bad-config', message, { host, port }, { cause: error }),
      )
    })
    server.listen(port, host, resolve)
  })
}

function createCounters(registry: Registry): (route: string, status: number, ms: number) => void {
  const requests = new Counter({
    name: 'depindex_http_requests_total',
    help: 'Answered requests',
    labelNames: ['route', 'status'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'depindex_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['route'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  })
  return (route, status, ms) => {
    requests.inc({ route, status: String(status) })
    seconds.observe({ route }, ms / 1000)
  }
}
