import type { UnixSeconds } from '../model/time.ts'
import type { Database } from '../store/database.ts'
import { getUnpricedDays, savePrices } from '../store/prices.ts'
import type { PriceSource } from './source.ts'

/**
 * Asks each source for the days it has not been asked for with success, and keeps what it says.
 * A source that fails does not keep the others from being asked.
 * @returns How many observations were new, and the errors of the sources that failed.
 */
export async function fillPrices(
  db: Database,
  sources: readonly PriceSource[],
  now: () => UnixSeconds,
): Promise<{ added: number; errors: unknown[] }> {
  let added = 0
  const errors: unknown[] = []
  for (const source of sources) {
    try {
      for (const { token, market, days } of await getUnpricedDays(db, source.name)) {
        added += await savePrices(db, await source.getDaily(token, market, days), now())
      }
    } catch (error) {
      errors.push(error)
    }
  }
  return { added, errors }
}
