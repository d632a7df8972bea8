import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Registry } from 'prom-client'
import { Counter, Histogram } from 'prom-client'
import { IndexerError, messageOf } from '../pipeline/model/errors.ts'
import type { Answer, StreamedAnswer } from './answers.ts'
import { cacheableAnswer, jsonAnswer, plainAnswer, send, sendStream } from './answers.ts'
import { createApollo } from './apollo.ts'
import type { Dashboard } from './assets.ts'
import { createAssetRoute } from './assets.ts'
import type { ApiLogger, ApiServices } from './context.ts'
import { newRequestId } from './errors.ts'
import { createFilePlaces } from './files/places.ts'
import type { Admission, GuardOptions } from './guard.ts'
import { createGuard } from './guard.ts'
import type { Limits } from './limits.ts'
import { defaultLimits } from './limits.ts'
import { createLlamaPlaces } from './llama/places.ts'
import { createNames } from './names.ts'
import type { PersistedQueries } from './persisted.ts'
import type { Place } from './places.ts'
import type { ApiReaders } from './ports.ts'
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
  /** Who may ask, and how much; absent: anyone, as much as they like. */
  readonly guard?: GuardOptions
  /** The only queries that are answered; absent: any. */
  readonly persisted?: PersistedQueries
}

/** A running API. */
export interface Api {
  readonly url: string
  /** Ends within five seconds, answering what is under way. */
  close(): Promise<void>
}

const closeGraceMs = 3_000
const everyone: Admission = { headers: {}, charge: async () => undefined }
const corsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'etag, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset, x-depindex-origin',
  'x-content-type-options': 'nosniff',
}

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
  const graphql = createQueryRoute(apollo, services, limits, options.persisted)
  const admit = createGuard(options.guard ?? { apiKeys: [], pointsPerMinute: 0, trustedProxies: 0 })
  const findDropIn = createLlamaPlaces(services)
  const assets = createAssetRoute(options.dashboard)
  const routes = new Map<string, Place>([
    ['/graphql', { methods: ['GET', 'POST'], route: graphql }],
    ['/health', { methods: ['GET'], open: true, route: async () => jsonAnswer(200, { status: 'ok' }) }],
    ['/ready', { methods: ['GET'], open: true, route: () => ready(readers) }],
    [
      '/metrics',
      {
        methods: ['GET'],
        open: true,
        route: async () =>
          plainAnswer(200, options.metricsRegistry.contentType, await options.metricsRegistry.metrics()),
      },
    ],
    [
      '/schema.graphql',
      { methods: ['GET'], open: true, route: async () => cacheableAnswer('text/plain; charset=utf-8', sdl) },
    ],
    ...createFilePlaces(services),
  ])
  const keyed = (options.guard?.apiKeys.length ?? 0) > 0
  const findPlace = (path: string): Place | undefined => {
    const known = routes.get(path)
    if (known !== undefined) return known
    const asset = assets(path)
    if (asset === undefined) return findDropIn(path)
    return { methods: ['GET'], open: true, name: 'dashboard', route: async () => asset }
  }
  const counted = createCounters(options.metricsRegistry)
  const server = createServer((request, response) => void handle(request, response))
  server.keepAliveTimeout = 65_000
  server.headersTimeout = 20_000
  server.requestTimeout = limits.requestMs

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = performance.now()
    const { url: asked = '/' } = request
    if (!URL.canParse(asked, 'http://api')) {
      send(request, response, jsonAnswer(400, { error: 'the address cannot be read' }), corsHeaders)
      return
    }
    const url = new URL(asked, 'http://api')
    const known = findPlace(url.pathname)
    const name = known === undefined ? 'unknown' : (known.name ?? url.pathname)
    let answer: Answer | StreamedAnswer
    let extra: Record<string, string> = {}
    try {
      const admission =
        known === undefined || known.open || request.method === 'OPTIONS'
          ? everyone
          : await admit(request, url)
      answer = admission.refusal ?? (await answerTo(request, url, known, admission.charge))
      extra = { ...admission.headers, ...((await simulated()) ? { 'x-depindex-origin': 'simulated' } : {}) }
    } catch (error) {
      const requestId = newRequestId()
      logger.error('api request failed', { requestId, path: url.pathname, error: messageOf(error) })
      answer = jsonAnswer(500, { error: `internal error; the log has it under request id ${requestId}` })
    }
    if (response.destroyed) return
    Object.assign(extra, corsHeaders)
    if (keyed && answer.headers['cache-control'] !== undefined)
      extra['cache-control'] = answer.headers['cache-control'].replace('public', 'private')
    try {
      const status =
        'chunks' in answer
          ? await sendStream(request, response, answer, extra)
          : send(request, response, answer, extra)
      counted(name, status, performance.now() - startedAt)
    } catch (error) {
      // The client went away or stalled, or the file could not be made: what is left is cut off.
      logger.warn('api answer was cut off', { path: url.pathname, error: messageOf(error) })
      response.destroy()
      counted(name, 499, performance.now() - startedAt)
    }
  }

  async function answerTo(
    request: IncomingMessage,
    url: URL,
    known: Place | undefined,
    charge: Admission['charge'],
  ): Promise<Answer | StreamedAnswer> {
    if (known === undefined)
      return jsonAnswer(404, { error: `there is nothing at ${url.pathname}`, known: [...routes.keys()] })
    const allow = [...known.methods, 'HEAD', 'OPTIONS'].join(', ')
    if (request.method === 'OPTIONS') {
      return plainAnswer(204, 'text/plain', '', {
        allow,
        'access-control-allow-methods': known.methods.join(', '),
        'access-control-allow-headers':
          'content-type, authorization, x-api-key, apollo-require-preflight, x-apollo-operation-name, if-none-match',
        'access-control-max-age': '86400',
      })
    }
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '')
    if (!known.methods.includes(method))
      return jsonAnswer(405, { error: `${url.pathname} takes ${known.methods.join(' and ')}` }, { allow })
    return known.route(request, url, charge)
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
