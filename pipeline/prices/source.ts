import type { PriceObservation } from '../model/price.ts'
import type { PriceDeclaration, PriceInstrument } from '../model/stream.ts'
import type { UnixSeconds } from '../model/time.ts'

/** What a source is asked for. */
export interface PriceQuery {
  readonly token: string
  /** The token's name with the source. */
  readonly id: string
  /** Included. */
  readonly since: UnixSeconds
  /** Left out. */
  readonly until: UnixSeconds
  readonly every: 'hour' | 'day'
}

/** A service that knows what tokens cost. */
export interface PriceSource {
  /** Its name in PRICE_SOURCES and beside every price. */
  readonly name: string
  /** Whether it gives hourly prices of years at few requests; others are asked for days only. */
  readonly hourly: boolean
  /** The names it has for a token, each with its dates; none: it does not know the token. */
  instruments(price: PriceDeclaration): readonly PriceInstrument[]
  /**
   * Observations from `since` (included) to `until` (left out), as the source made them; none where it knows none.
   * @throws IndexerError `price-unavailable` if it does not answer, or answers nonsense.
   */
  getPrices(query: PriceQuery): Promise<PriceObservation[]>
}

/** The name that a source shares with CoinGecko, unless the declaration lists names of its own with dates. */
export function marketInstruments(source: string): PriceSource['instruments'] {
  return (price) => ('market' in price ? (price.instruments?.[source] ?? [{ id: price.market }]) : [])
}

/** Names that a declaration lists for a source. */
export function declaredInstruments(source: string): PriceSource['instruments'] {
  return (price) => ('market' in price ? (price.instruments?.[source] ?? []) : [])
}

/** Cuts a query into pieces of at most `seconds`, oldest first. */
export function piecesOf(query: PriceQuery, seconds: number): PriceQuery[] {
  const pieces: PriceQuery[] = []
  for (let since = query.since; since < query.until; since = (since + seconds) as UnixSeconds) {
    pieces.push({ ...query, since, until: Math.min(since + seconds, query.until) as UnixSeconds })
  }
  return pieces
}

/** Whether an instant lies in a query's time. */
export function isWithin(query: PriceQuery, at: number): boolean {
  return at >= query.since && at < query.until
}
