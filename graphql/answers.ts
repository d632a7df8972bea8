import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip, gzipSync } from 'node:zlib'

/** An answer in full, with what a cache needs to give it again. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** Made when first wanted, then kept. */
  zipped?: Buffer
}

/** An answer that is made while it is sent, and never whole in memory. */
export interface StreamedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly chunks: AsyncIterable<Uint8Array | string>
  /** Whether compressing it again is worth the time. */
  readonly compressible: boolean
}

/** Milliseconds that a client may take nothing before a streamed answer is given up. */
const stallMs = 60_000
/** Files are large: the fastest compression costs a third of the best for little more size. */
const fileGzipLevel = 1

const leastZipped = 1_024

/** How long others may keep an answer: values as of a past instant never change; everything else may at any time. */
export const keeps = {
  shortly: 'public, max-age=30, stale-while-revalidate=300',
  tenMinutes: 'public, max-age=600',
  forever: 'public, max-age=31536000, immutable',
} as const

/** An answer with a strong ETag of its bytes. */
export function cacheableAnswer(type: string, text: string, keep: keyof typeof keeps = 'shortly'): Answer {
  const body = Buffer.from(text)
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  return {
    status: 200,
    body,
    headers: {
      'content-type': type,
      etag,
      'cache-control': keeps[keep],
    },
  }
}

/** An answer that no cache may keep. */
export function plainAnswer(
  status: number,
  type: string,
  text: string,
  headers: Record<string, string> = {},
): Answer {
  return {
    status,
    body: Buffer.from(text),
    headers: { 'content-type': type, 'cache-control': 'no-store', ...headers },
  }
}

/** A small JSON answer that no cache may keep. */
export function jsonAnswer(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return plainAnswer(status, 'application/json; charset=utf-8', `${JSON.stringify(value)}\n`, headers)
}

/** Sends an answer: 304 if the client has it, compressed if it may be. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  extra: Record<string, string>,
): number {
  const headers: Record<string, string> = { ...answer.headers, ...extra, vary: 'accept-encoding, accept' }
  const tags = request.headers['if-none-match']?.split(',').map((t) => t.trim().replace(/^W\//, ''))
  const { etag } = answer.headers
  if (etag !== undefined && tags?.includes(etag)) {
    response.writeHead(304, headers).end()
    return 304
  }
  let { body } = answer
  if (body.length >= leastZipped && takesGzip(request)) {
    answer.zipped ??= gzipSync(body)
    body = answer.zipped
    headers['content-encoding'] = 'gzip'
  }
  headers['content-length'] = String(body.length)
  response.writeHead(answer.status, headers)
  response.end(request.method === 'HEAD' ? undefined : body)
  return answer.status
}

function takesGzip(request: IncomingMessage): boolean {
  return /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
}

/**
 * Sends an answer while it is made, as fast as the client takes it. Where making it fails, or the client stalls,
 * the connection is cut, so that half a file is never taken for a whole one.
 */
export async function sendStream(
  request: IncomingMessage,
  response: ServerResponse,
  answer: StreamedAnswer,
  extra: Record<string, string>,
): Promise<number> {
  const headers: Record<string, string> = { ...answer.headers, ...extra, vary: 'accept-encoding, accept' }
  const zip = answer.compressible && takesGzip(request)
  if (zip) headers['content-encoding'] = 'gzip'
  response.writeHead(answer.status, headers)
  if (request.method === 'HEAD') {
    response.end()
    return answer.status
  }
  response.setTimeout(stallMs, () => response.destroy())
  const source = Readable.from(answer.chunks, { objectMode: false })
  if (zip) await pipeline(source, createGzip({ level: fileGzipLevel }), response)
  else await pipeline(source, response)
  return answer.status
}

/** The body as text. @returns undefined if it is longer than `limit` bytes. */
export async function readBody(request: IncomingMessage, limit: number): Promise<string | undefined> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request) {
    length += part.length
    if (length > limit) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
