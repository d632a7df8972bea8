import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Answer } from './answers.ts'
import { jsonAnswer } from './answers.ts'

/** A key that opens the API, and the name it is counted and logged under. */
export interface ApiKey {
  readonly name: string
  readonly key: string
}

export interface GuardOptions {
  /** Empty: the API is open to all. */
  readonly apiKeys: readonly ApiKey[]
  /** Points that a client may use in a minute; 0: as many as it likes. */
  readonly pointsPerMinute: number
  /** Reverse proxies in front of the server, each of which adds an address to X-Forwarded-For. */
  readonly trustedProxies: number
}

/** A request that may pass, or the answer that refuses it. */
export interface Admission {
  readonly refusal?: Answer
  /** RateLimit-* for the answer. */
  readonly headers: Readonly<Record<string, string>>
  /** Counts further points for what the request turned out to cost. */
  readonly charge: (points: number) => Promise<void>
}

const windowSeconds = 60
/** A key as the first part of an address, as clients of paid APIs write it. */
const keyInPath = /^\/([A-Za-z0-9_-]{8,})\/(?:api|overview|summary|prices|chart|batchHistorical)\b/

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64')

/** What a request says its key is: `Authorization: Bearer`, `X-API-Key`, `?key=` or the start of a drop-in address. */
export function keyOf(request: IncomingMessage, url: URL): string | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const header = request.headers['x-api-key']
  return (
    bearer ??
    (typeof header === 'string' ? header : undefined) ??
    url.searchParams.get('key') ??
    keyInPath.exec(url.pathname)?.[1]
  )
}

function addressOf(request: IncomingMessage, trustedProxies: number): string {
  const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',')
  const claimed = trustedProxies > 0 ? forwarded.at(-trustedProxies)?.trim() : undefined
  return claimed || (request.socket.remoteAddress ?? 'unknown')
}

/** Decides who may ask, and how much. */
export function createGuard({ apiKeys, pointsPerMinute, trustedProxies }: GuardOptions) {
  // Keys are looked up by digest, so that the time it takes says nothing about them.
  const names = new Map(apiKeys.map(({ name, key }) => [digestOf(key), name]))
  const limiter = new RateLimiterMemory({
    points: Math.max(1, pointsPerMinute),
    duration: windowSeconds,
  })
  const headersOf = (state: RateLimiterRes): Record<string, string> => ({
    'ratelimit-limit': String(pointsPerMinute),
    'ratelimit-remaining': String(Math.max(0, state.remainingPoints)),
    'ratelimit-reset': String(Math.ceil(state.msBeforeNext / 1000)),
    'ratelimit-policy': `${pointsPerMinute};w=${windowSeconds}`,
  })

  return async function admit(request: IncomingMessage, url: URL): Promise<Admission> {
    const free = async (): Promise<void> => undefined
    let client = addressOf(request, trustedProxies)
    if (names.size > 0) {
      const key = keyOf(request, url)
      const name = key === undefined ? undefined : names.get(digestOf(key))
      if (name === undefined) {
        const message =
          key === undefined
            ? 'this server asks for an API key: send Authorization: Bearer, X-API-Key, or ?key='
            : 'the API key is not known here'
        const refusal = refuse(401, message, 'UNAUTHENTICATED', { 'www-authenticate': 'Bearer' })
        return { refusal, headers: {}, charge: free }
      }
      client = `key ${name}`
    }
    if (pointsPerMinute === 0) return { headers: {}, charge: free }
    try {
      const headers = headersOf(await limiter.consume(client))
      return { headers, charge: async (points) => void (await limiter.penalty(client, points)) }
    } catch (state) {
      if (!(state instanceof RateLimiterRes)) throw state
      const headers = headersOf(state)
      const seconds = headers['ratelimit-reset'] ?? '60'
      const message = `more than ${pointsPerMinute} points were used within ${windowSeconds} s; ask again in ${seconds} s`
      const more = { ...headers, 'retry-after': seconds }
      return { refusal: refuse(429, message, 'RATE_LIMITED', more), headers, charge: free }
    }
  }
}

function refuse(status: number, message: string, code: string, headers: Record<string, string>): Answer {
  return jsonAnswer(status, { errors: [{ message, extensions: { code } }] }, headers)
}
