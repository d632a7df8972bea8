import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { HeaderMap } from '@apollo/server'
import { messageOf } from '../pipeline/model/errors.ts'
import type { Answer, StreamedAnswer } from './answers.ts'
import { cacheableAnswer, jsonAnswer, plainAnswer, readBody } from './answers.ts'
import type { createApollo } from './apollo.ts'
import type { ApiContext, ApiServices } from './context.ts'
import { newKeeping } from './context.ts'
import { newRequestId } from './errors.ts'
import type { Limits } from './limits.ts'
import { createLoaders } from './loaders.ts'
import { Lru } from './lru.ts'
import type { AskedQuery, PersistedQueries } from './persisted.ts'
import { allowedQuery } from './persisted.ts'

/** What answers requests to one address. `charge` counts what the request turned out to cost. */
export type Route = (
  request: IncomingMessage,
  url: URL,
  charge: (points: number) => Promise<void>,
) => Promise<Answer | StreamedAnswer>

/** Rows of a query that cost as much as one more request. */
const rowsPerPoint = 1_000

/** Answers queries, whole from memory while no data has changed since. */
export function createQueryRoute(
  apollo: Awaited<ReturnType<typeof createApollo>>,
  services: ApiServices,
  limits: Limits,
  persisted?: PersistedQueries,
): Route {
  const cache = new Lru<Answer>(limits.cacheBytes)
  return async (request, url, charge) => {
    let body = request.method === 'POST' ? await readBody(request, limits.bodyBytes) : ''
    if (body === undefined) {
      return jsonAnswer(
        413,
        {
          errors: [
            {
              message: `the request is larger than ${limits.bodyBytes} bytes; the limit is bodyBytes`,
              extensions: { code: 'BAD_USER_INPUT', limit: 'bodyBytes', maximum: limits.bodyBytes },
            },
          ],
        },
        { connection: 'close' },
      )
    }
    url.searchParams.delete('key')
    if (persisted !== undefined) {
      const asked = askedOf(body, url)
      const query = allowedQuery(persisted, asked)
      if (query === undefined) return notOnTheList()
      const { extensions: _hash, ...rest } = asked
      if (request.method === 'POST') body = JSON.stringify({ ...rest, query })
      else {
        url.searchParams.delete('extensions')
        url.searchParams.set('query', query)
      }
    }
    // Whatever decides whether and how Apollo answers is part of the key, so that a cached answer passes no check.
    const {
      'content-type': type = '',
      accept = '',
      'apollo-require-preflight': preflight = '',
      'x-apollo-operation-name': operation = '',
    } = request.headers
    const parts = [
      await services.readers.getDataVersion(),
      request.method,
      type,
      accept,
      preflight,
      operation,
      url.search,
      body,
    ]
    const key = createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
    const kept = cache.get(key)
    if (kept !== undefined) return kept
    const context: ApiContext = {
      requestId: newRequestId(),
      cache: newKeeping(),
      loaders: createLoaders(services.readers),
    }
    const answer = await withinTime(execute(apollo, request, url, body, context), limits.requestMs)
    await charge(Math.floor(context.cache.rows / rowsPerPoint))
    if (answer.status === 200 && context.cache.allowed) cache.set(key, answer, answer.body.length * 2)
    return answer
  }
}

/** What a request asks, as far as it can be read; Apollo says what is wrong with the rest. */
function askedOf(body: string, url: URL): AskedQuery & object {
  try {
    if (body !== '') return Object(JSON.parse(body))
    const extensions: unknown = JSON.parse(url.searchParams.get('extensions') ?? 'null')
    return { query: url.searchParams.get('query') ?? undefined, extensions }
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

function notOnTheList(): Answer {
  const message = 'this server answers only the queries of its list (PERSISTED_QUERIES)'
  return jsonAnswer(403, { errors: [{ message, extensions: { code: 'QUERY_NOT_ALLOWED' } }] })
}

async function execute(
  apollo: Awaited<ReturnType<typeof createApollo>>,
  request: IncomingMessage,
  url: URL,
  body: string,
  context: ApiContext,
): Promise<Answer> {
  const headers = new HeaderMap()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  let parsed: unknown
  if (body !== '') {
    try {
      parsed = JSON.parse(body)
    } catch (error) {
      return jsonAnswer(400, {
        errors: [
          { message: `the body is not JSON: ${messageOf(error)}`, extensions: { code: 'BAD_REQUEST' } },
        ],
      })
    }
  }
  const result = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET'),
      headers,
      search: url.search,
      body: parsed,
    },
    context: async () => context,
  })
  let text = ''
  if (result.body.kind === 'complete') text = result.body.string
  else for await (const chunk of result.body.asyncIterator) text += chunk
  const type = result.headers.get('content-type') ?? 'application/json; charset=utf-8'
  if ((result.status ?? 200) === 200 && context.cache.allowed && !text.startsWith('{"errors"'))
    return cacheableAnswer(type, text, context.cache.pinned ? 'forever' : 'shortly')
  context.cache.allowed = false
  return plainAnswer(result.status ?? 200, type, text)
}

async function withinTime(work: Promise<Answer>, limitMs: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Answer>((resolve) => {
    const message = `no answer within ${limitMs} ms; the limit is requestMs. Ask for less at once`
    timer = setTimeout(
      () =>
        resolve(
          jsonAnswer(504, {
            errors: [{ message, extensions: { code: 'TIMEOUT', limit: 'requestMs', maximum: limitMs } }],
          }),
        ),
      limitMs,
    )
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
