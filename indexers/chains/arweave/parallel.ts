import pLimit from 'p-limit'

/** Requests of one read under way at once. */
const concurrent = 8

/**
 * Works through items, eight at a time, and gives the results in the items' order. The first failure stops
 * the others and is thrown.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  signal: AbortSignal,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<Result[]> {
  const stop = new AbortController()
  const stopped = AbortSignal.any([signal, stop.signal])
  const limit = pLimit(concurrent)
  try {
    return await Promise.all(items.map((item) => limit(() => work(item, stopped))))
  } catch (error) {
    limit.clearQueue()
    stop.abort()
    throw error
  }
}
