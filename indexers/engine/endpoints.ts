import { createHash } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import pRetry, { AbortError } from 'p-retry'
import { Agent, request } from 'undici'
import { codeOf, IndexerError, messageOf, redactUrl } from '../../pipeline/model/errors.ts'
import type { Origin } from '../../pipeline/model/event.ts'
import { hideSecrets, secretsOf } from '../../pipeline/model/secrets.ts'
import { causeOf } from './cause.ts'
import type { Logger, RateShare } from './ports.ts'
import { AimdRate } from './rate.ts'

/** What an endpoint answered, before anyone has checked it. */
export interface HttpAnswer {
  readonly status: number
  readonly text: string
  /** The endpoint's address without secrets, for messages. */
  readonly endpoint: string
}

/** One question to whichever endpoint can answer it. */
export interface Call<T> {
  /** What is asked, for messages: `GET /block/height/12`. */
  readonly what: string
  readonly path?: string
  readonly body?: string
  readonly signal?: AbortSignal
  /** Checks an answer and makes a value of it; a throw of `rpc-bad-answer` tries the next endpoint. */
  readonly accept: (answer: HttpAnswer) => T
}

export interface PoolOptions {
  readonly chain: string
  readonly variable: string
  readonly urls: readonly string[]
  readonly logger: Logger
  readonly now: () => number
  readonly timeoutMs?: number
  /** Tries of one call over all endpoints before `rpc-unavailable`. */
  readonly attempts?: number
  readonly maxBodyBytes?: number
  /** Shares what an endpoint takes with other processes; absent: this one is alone. */
  readonly share?: RateShare
}

/** What one endpoint did so far; `perSecond` is null while nothing limits it. */
export interface EndpointHealth {
  readonly endpoint: string
  readonly requests: number
  readonly failures: number
  readonly perSecond: number | null
  readonly lastError: string | null
}

interface Endpoint {
  readonly url: string
  readonly shown: string
  readonly secrets: readonly string[]
  /** Names the endpoint to other processes without its secrets. */
  readonly key: string
  readonly rate: AimdRate
  requests: number
  failures: number
  lastError: string | null
  origin: Origin | undefined
}

const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(new IndexerError('interrupted', 'stopped while waiting for an endpoint'))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })

/** The endpoints of one chain, tried in order: fail-over, rate control, retries with jitter, time-outs. */
export class EndpointPool {
  readonly #endpoints: readonly Endpoint[]
  readonly #options: PoolOptions
  readonly #agent: Agent
  readonly #closing = new AbortController()

  constructor(options: PoolOptions) {
    if (options.urls.length === 0) {
      throw new IndexerError('bad-config', `${options.variable} names no endpoint for ${options.chain}`)
    }
    this.#options = options
    // Every call listens to it.
    setMaxListeners(0, this.#closing.signal)
    this.#agent = new Agent({ connections: 32, keepAliveTimeout: 4_000, pipelining: 1 })
    this.#endpoints = options.urls.map((url) => ({
      url: url.replace(/\/$/, ''),
      shown: redactUrl(url),
      secrets: secretsOf(url),
      key: createHash('sha256').update(url).digest('hex').slice(0, 32),
      rate: new AimdRate(options.now),
      requests: 0,
      failures: 0,
      lastError: null,
      origin: undefined,
    }))
  }

  /** What every endpoint did so far. */
  health(): EndpointHealth[] {
    return this.#endpoints.map((e) => ({
      endpoint: e.shown,
      requests: e.requests,
      failures: e.failures,
      perSecond: Number.isFinite(e.rate.perSecond) ? Math.round(e.rate.perSecond * 10) / 10 : null,
      lastError: e.lastError,
    }))
  }

  /**
   * Whether the answers so far came from real nodes. Simulated and replaying nodes say so in the header
   * `x-depindex-origin`; endpoints that say different things are refused.
   * @throws IndexerError `wrong-chain` if real and unreal endpoints are mixed.
   */
  origin(): Origin {
    const seen = new Set(this.#endpoints.flatMap((e) => (e.origin === undefined ? [] : [e.origin])))
    if (seen.size > 1) {
      throw new IndexerError(
        'wrong-chain',
        `${this.#options.variable} mixes ${[...seen].sort().join(' and ')} endpoints; name only one sort`,
      )
    }
    return [...seen][0] ?? 'live'
  }

  /**
   * Asks until an endpoint gives an answer that `accept` takes.
   * @throws IndexerError `rpc-not-found` when every endpoint says so; `rpc-unavailable` when the tries are
   *   used up, naming each endpoint's last error; what `accept` throws if trying again cannot help.
   */
  async call<T>(asked: Call<T>): Promise<T> {
    const closing = this.#closing.signal
    const signal = asked.signal === undefined ? closing : AbortSignal.any([asked.signal, closing])
    const call = { ...asked, signal }
    const missing = new Map<Endpoint, IndexerError>()
    const attempts = (this.#options.attempts ?? 6) + this.#endpoints.length - 1
    try {
      return await pRetry(
        async () => {
          const endpoint = await this.#pick(missing, call.signal)
          try {
            return await this.#once(endpoint, call)
          } catch (error) {
            const code = codeOf(error)
            if (code === 'rpc-not-found' && error instanceof IndexerError) {
              missing.set(endpoint, error)
              if (missing.size === this.#endpoints.length) throw new AbortError(error)
            }
            if (error instanceof IndexerError && !error.retryable) throw new AbortError(error)
            throw error instanceof Error ? error : new Error(String(error))
          }
        },
        {
          retries: attempts - 1,
          minTimeout: 100,
          maxTimeout: 10_000,
          factor: 2,
          randomize: true,
          signal,
          shouldRetry: ({ error }) => codeOf(error) !== 'interrupted',
        },
      )
    } catch (error) {
      if (signal.aborted) throw new IndexerError('interrupted', `stopped: ${call.what}`)
      const code = codeOf(error)
      if (code !== undefined && !(error as IndexerError).retryable) throw error
      if (code === 'rpc-not-found' || code === 'interrupted') throw error
      throw this.#unavailable(call.what, error)
    }
  }

  /** Ends requests under way as `interrupted`, and closes every connection. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#agent.close()
  }

  #overloaded(endpoint: Endpoint, pauseMs: number): void {
    endpoint.rate.overloaded(pauseMs)
    this.#options.share?.complained(endpoint.key, endpoint.rate.perSecond)
  }

  #unavailable(what: string, cause: unknown): IndexerError {
    const each = this.#endpoints.map((e) => `${e.shown}: ${e.lastError ?? 'not asked'}`).join('; ')
    const { chain, variable } = this.#options
    return new IndexerError(
      'rpc-unavailable',
      `${chain}: ${what} failed at every endpoint (${each}). Check the network, or set ${variable} to other endpoints`,
      { chain, what },
      { cause },
    )
  }

  /** The first endpoint, in the order given, that may be asked soonest and has not said "not found". */
  async #pick(missing: ReadonlyMap<Endpoint, unknown>, signal?: AbortSignal): Promise<Endpoint> {
    for (;;) {
      if (signal?.aborted) throw new IndexerError('interrupted', 'stopped before a request')
      let best: Endpoint | undefined
      let bestWait = Number.POSITIVE_INFINITY
      for (const endpoint of this.#endpoints) {
        if (missing.has(endpoint)) continue
        endpoint.rate.keepUnder(this.#options.share?.limit(endpoint.key) ?? Number.POSITIVE_INFINITY)
        const wait = endpoint.rate.waitMs()
        if (wait < bestWait) {
          best = endpoint
          bestWait = wait
        }
      }
      if (best !== undefined && bestWait === 0) {
        best.rate.take()
        return best
      }
      await sleep(Math.min(Math.max(bestWait, 1), best === undefined ? 2 : 1_000), signal)
    }
  }

  async #once<T>(endpoint: Endpoint, call: Call<T>): Promise<T> {
    endpoint.requests += 1
    try {
      const answer = await this.#fetch(endpoint, call)
      const value = call.accept(answer)
      endpoint.rate.succeeded()
      endpoint.lastError = null
      return value
    } catch (error) {
      // Nodes repeat what they were asked, key and all.
      if (error instanceof Error) error.message = hideSecrets(error.message, endpoint.secrets)
      const code = codeOf(error)
      if (code !== 'rpc-not-found' && code !== 'rpc-too-large' && code !== 'interrupted') {
        endpoint.failures += 1
        endpoint.lastError = messageOf(error)
      }
      // A node may say "too many requests" inside a good answer, as JSON-RPC does.
      if (code === 'rpc-rate-limited') this.#overloaded(endpoint, 500)
      if (code === 'rpc-bad-answer' || code === 'rpc-unavailable') {
        endpoint.rate.failed(this.#endpoints.length > 1 ? 250 : 0)
        this.#options.logger.debug('endpoint failed', { chain: this.#options.chain, error: messageOf(error) })
      }
      throw error
    } finally {
      endpoint.rate.done()
    }
  }

  async #fetch<T>(endpoint: Endpoint, call: Call<T>): Promise<HttpAnswer> {
    const timeoutMs = this.#options.timeoutMs ?? 20_000
    const timeout = AbortSignal.timeout(timeoutMs)
    const signal = call.signal === undefined ? timeout : AbortSignal.any([timeout, call.signal])
    let answer: Awaited<ReturnType<typeof request>>
    let text: string
    try {
      answer = await request(`${endpoint.url}${call.path ?? ''}`, {
        method: call.body === undefined ? 'GET' : 'POST',
        headers: call.body === undefined ? {} : { 'content-type': 'application/json' },
        ...(call.body === undefined ? {} : { body: call.body }),
        dispatcher: this.#agent,
        signal,
      })
      text = await answer.body.text()
    } catch (error) {
      if (call.signal?.aborted) throw new IndexerError('interrupted', `stopped: ${call.what}`)
      const what = timeout.aborted ? `no answer within ${timeoutMs / 1000} s` : causeOf(error)
      if (timeout.aborted) this.#overloaded(endpoint, 500)
      throw new IndexerError('rpc-unavailable', `${what} (${call.what})`, {}, { cause: error })
    }
    const said = answer.headers['x-depindex-origin']
    endpoint.origin = said === 'simulated' || said === 'replayed' ? said : 'live'
    if (answer.statusCode === 429 || answer.statusCode === 503) {
      const after = Number(answer.headers['retry-after'])
      this.#overloaded(endpoint, Number.isFinite(after) && after > 0 ? Math.min(after, 60) * 1000 : 500)
      throw new IndexerError('rpc-rate-limited', `answered ${answer.statusCode} (${call.what})`)
    }
    if (answer.statusCode >= 300 && answer.statusCode < 400) {
      const to = redactUrl(String(answer.headers['location'] ?? ''))
      const next = `which is not followed; name the address that answers in ${this.#options.variable}`
      throw new IndexerError(
        'rpc-unavailable',
        `answered ${answer.statusCode} to ${to}, ${next} (${call.what})`,
      )
    }
    if (answer.statusCode >= 500) {
      throw new IndexerError('rpc-unavailable', `answered ${answer.statusCode} (${call.what})`)
    }
    return { status: answer.statusCode, text, endpoint: endpoint.shown }
  }
}
