import { parse } from 'lossless-json'
import pRetry, { AbortError } from 'p-retry'
import type { ZodType } from 'zod'
import { IndexerError, messageOf } from '../model/errors.ts'

const timeoutMs = 15_000
const largestAnswer = 32 * 1024 * 1024
const longestWaitMs = 60_000
const retries = { retries: 3, minTimeout: 100, maxTimeout: 5_000, randomize: true }

/** How a source is asked. */
export interface Asked {
  readonly source: string
  /** The environment variable that names its address. */
  readonly variable: string
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Turns an answer that is an error into a better explanation, where the source explains itself. */
  readonly explain?: (status: number, text: string) => string | undefined
}

/**
 * Asks a price service and checks its answer. Numbers reach the check as the text they were written in, so that
 * no digit of a price passes through a float. Rate limits, time-outs and server errors are tried again.
 * @throws IndexerError `price-unavailable` naming the source, its host, what was wrong and the variable to set.
 */
export async function askJson<T>(asked: Asked, shape: ZodType<T>): Promise<T> {
  const { source, variable, url } = asked
  const refuse = (what: string, cause?: unknown): IndexerError =>
    new IndexerError(
      'price-unavailable',
      `price source ${source} at ${new URL(url).origin}: ${what}. Check the network or ${variable}`,
      { source },
      { cause },
    )
  const attempt = async (): Promise<T> => {
    const { status, text, retryAfter } = await fetchText(asked, refuse)
    if (status !== 200) {
      const error = refuse(asked.explain?.(status, text) ?? `answered ${status}`)
      if (status !== 429 && status < 500) throw new AbortError(error)
      if (retryAfter > 0) await new Promise((resolve) => setTimeout(resolve, retryAfter))
      throw error
    }
    let json: unknown
    try {
      json = parse(text, null, (digits) => digits)
    } catch (error) {
      throw refuse(`expected JSON, got '${text.slice(0, 60).replace(/\s+/g, ' ')}'`, error)
    }
    const checked = shape.safeParse(json)
    if (checked.success) return checked.data
    const issue = checked.error.issues[0]
    throw refuse(`unexpected answer at ${issue?.path.join('.') || 'its root'}: ${issue?.message}`)
  }
  return pRetry(attempt, retries)
}

async function fetchText(
  { url, headers }: Asked,
  refuse: (what: string, cause?: unknown) => IndexerError,
): Promise<{ status: number; text: string; retryAfter: number }> {
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json', ...headers },
      signal: AbortSignal.timeout(timeoutMs),
      // An address that was checked must not lead to one that was not.
      redirect: 'manual',
    })
    const parts: Uint8Array[] = []
    let size = 0
    for await (const part of response.body ?? []) {
      size += part.length
      if (size > largestAnswer) throw refuse(`its answer is larger than ${largestAnswer} bytes`)
      parts.push(part)
    }
    const seconds = Number(response.headers.get('retry-after') ?? 0)
    const retryAfter = Number.isFinite(seconds) ? Math.min(longestWaitMs, Math.max(0, seconds * 1000)) : 0
    return { status: response.status, text: Buffer.concat(parts).toString('utf8'), retryAfter }
  } catch (error) {
    if (error instanceof IndexerError) throw error
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    throw refuse(messageOf(cause), error)
  }
}
