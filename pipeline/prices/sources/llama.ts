import { parse } from 'lossless-json'
import pRetry, { AbortError } from 'p-retry'
import { z } from 'zod'
import { priceScaled } from '../../model/amount.ts'
import { IndexerError, messageOf, redactUrl } from '../../model/errors.ts'
import type { PriceObservation } from '../../model/price.ts'
import type { Day } from '../../model/time.ts'
import { addDays, dayStart, secondsPerDay, unixSeconds } from '../../model/time.ts'
import type { PriceSource } from '../source.ts'

/** The public service; LLAMA_COINS_BASE_URL names another. */
export const llamaBaseUrl = 'https://coins.llama.fi'

/** Points of one request at most. */
const longestSpan = 365
const timeoutMs = 15_000

const answerShape = z.object({
  coins: z.record(
    z.string(),
    z.object({
      confidence: z.string().optional(),
      prices: z.array(z.object({ timestamp: z.string().regex(/^\d+$/), price: z.string() })),
    }),
  ),
})

/** Runs of days without a hole, each at most `longestSpan` long. */
function runs(days: readonly Day[]): { first: Day; count: number }[] {
  const found: { first: Day; count: number }[] = []
  for (const day of [...days].sort()) {
    const last = found.at(-1)
    if (last !== undefined && last.count < longestSpan && addDays(last.first, last.count) === day)
      last.count += 1
    else found.push({ first: day, count: 1 })
  }
  return found
}

/**
 * DefiLlama's coins API: no key. One request gives the closes of up to 365 days.
 * Numbers are taken from the answer's text, so no digit passes through a float.
 */
export function llama(baseUrl: string): PriceSource {
  const base = baseUrl.replace(/\/$/, '')
  return {
    name: 'llama',
    async getDaily(token, market, days) {
      const observations: PriceObservation[] = []
      for (const run of runs(days)) {
        const id = `coingecko:${market}`
        // A minute before midnight: the nearest point is then the day's close, rarely the next day's first.
        const start = dayStart(run.first) + secondsPerDay - 60
        const url = `${base}/chart/${encodeURIComponent(id)}?start=${start}&span=${run.count}&period=1d&searchWidth=12h`
        const answer = await fetchAnswer(url)
        const coin = answer.coins[id]
        for (const point of coin?.prices ?? []) {
          observations.push({
            token,
            source: 'llama',
            kind: 'close',
            usd: priceScaled(point.price),
            observedAt: unixSeconds(Number(point.timestamp)),
            ...(coin?.confidence === undefined ? {} : { confidence: Number(coin.confidence) }),
          })
        }
      }
      return observations
    },
  }
}

async function fetchAnswer(url: string): Promise<z.infer<typeof answerShape>> {
  const refuse = (what: string, cause?: unknown): IndexerError =>
    new IndexerError(
      'price-unavailable',
      `price source llama at ${redactUrl(new URL(url).origin)}: ${what}. Check the network or LLAMA_COINS_BASE_URL`,
      {},
      { cause },
    )
  const attempt = async (): Promise<z.infer<typeof answerShape>> => {
    let response: Response
    try {
      response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
      throw refuse(messageOf(cause), error)
    }
    const text = await response.text()
    if (!response.ok) {
      const error = refuse(`answered ${response.status}`)
      throw response.status === 429 || response.status >= 500 ? error : new AbortError(error)
    }
    let json: unknown
    try {
      json = parse(text, null, (digits) => digits)
    } catch (error) {
      throw refuse(`expected JSON, got '${text.slice(0, 60).replace(/\s+/g, ' ')}'`, error)
    }
    const checked = answerShape.safeParse(json)
    if (!checked.success) {
      const issue = checked.error.issues[0]
      throw refuse(`unexpected answer at ${issue?.path.join('.')}: ${issue?.message}`)
    }
    return checked.data
  }
  return pRetry(attempt, { retries: 3, minTimeout: 300, maxTimeout: 5_000, randomize: true })
}
