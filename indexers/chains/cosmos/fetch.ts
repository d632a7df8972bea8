import pLimit from 'p-limit'
import { codeOf, IndexerError, messageOf } from '../../../pipeline/model/errors.ts'
import type { Unknown } from './facts.ts'

/** What was asked for by height, and for a height that no endpoint has, why. */
export interface Fetched<T> {
  readonly found: Map<number, T>
  readonly missing: Map<number, Unknown>
}

export interface FetchOptions<T> {
  readonly heights: readonly number[]
  /** Heights that one question may hold. */
  readonly size: number
  /** How many endpoints answer: what one says of its lowest height decides only where it is the only one. */
  readonly endpoints: number
  readonly signal: AbortSignal
  /** Asks for some heights at once; the answers in their order, all or nothing. */
  readonly ask: (heights: readonly number[], signal: AbortSignal) => Promise<readonly T[]>
}

/** Questions of one read under way at once. */
const concurrent = 4

/**
 * Asks for heights in batches, some at a time. A batch that lacks a height is asked again without it, so that what
 * nodes do have is read. The first failure of another kind stops the others and is thrown.
 */
export async function fetchAll<T>(options: FetchOptions<T>): Promise<Fetched<T>> {
  const { heights, size, signal } = options
  const fetched: Fetched<T> = { found: new Map(), missing: new Map() }
  const stop = new AbortController()
  const stopped = AbortSignal.any([signal, stop.signal])
  const limit = pLimit(concurrent)
  const batches: (readonly number[])[] = []
  for (let at = 0; at < heights.length; at += size) batches.push(heights.slice(at, at + size))
  try {
    await Promise.all(batches.map((batch) => limit(() => fetchBatch(batch, options, fetched, stopped))))
  } catch (error) {
    limit.clearQueue()
    stop.abort()
    throw error
  }
  return fetched
}

async function fetchBatch<T>(
  heights: readonly number[],
  options: FetchOptions<T>,
  fetched: Fetched<T>,
  signal: AbortSignal,
): Promise<void> {
  if (heights.length === 0) return
  try {
    const values = await options.ask(heights, signal)
    for (const [i, height] of heights.entries()) {
      const value = values[i]
      if (value !== undefined) fetched.found.set(height, value)
    }
  } catch (error) {
    if (codeOf(error) !== 'rpc-not-found') throw error
    const reason = messageOf(error)
    const lost = options.endpoints === 1 ? heights.filter(outside(error)) : []
    const gone = heights.length === 1 ? heights : lost
    for (const height of gone) fetched.missing.set(height, { code: 'rpc-not-found', reason })
    const left = heights.filter((h) => !gone.includes(h))
    if (gone.length > 0) return fetchBatch(left, options, fetched, signal)
    const half = left.length >> 1
    await fetchBatch(left.slice(0, half), options, fetched, signal)
    await fetchBatch(left.slice(half), options, fetched, signal)
  }
}

/** Which heights a node says that it does not hold. */
function outside(error: unknown): (height: number) => boolean {
  const { lowest, highest } = error instanceof IndexerError ? error.facts : {}
  return (height) =>
    (typeof lowest === 'number' && height < lowest) || (typeof highest === 'number' && height > highest)
}

/** The lowest height that a node says it holds, if the error is about that. */
export function lowestSaid(error: unknown): number | undefined {
  const lowest =
    error instanceof IndexerError && error.code === 'rpc-not-found' ? error.facts.lowest : undefined
  return typeof lowest === 'number' ? lowest : undefined
}
