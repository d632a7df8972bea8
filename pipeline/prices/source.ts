import type { PriceObservation } from '../model/price.ts'
import type { Day } from '../model/time.ts'

/** A service that knows what tokens cost. */
export interface PriceSource {
  /** Its name in PRICE_SOURCES and beside every price. */
  readonly name: string
  /**
   * Observations near the close of each day; none for a day it does not know.
   * @param market The token's id with the service, such as `arweave`.
   * @throws IndexerError `price-unavailable` if it does not answer, or answers nonsense.
   */
  getDaily(token: string, market: string, days: readonly Day[]): Promise<PriceObservation[]>
}
