import { z } from 'zod'
import { priceScaled } from '../../model/amount.ts'
import type { PriceObservation } from '../../model/price.ts'
import { secondsPerDay, unixSeconds } from '../../model/time.ts'
import { askJson } from '../http.ts'
import type { PriceSource } from '../source.ts'
import { declaredInstruments, isWithin, piecesOf } from '../source.ts'

/** The public service; BINANCE_BASE_URL names another. */
export const binanceBaseUrl = 'https://api.binance.com'

const mostCandles = 1_000
const steps = {
  day: { seconds: secondsPerDay, interval: '1d' },
  hour: { seconds: 3_600, interval: '1h' },
} as const

/** Open time in milliseconds, then open, high, low and close as text. */
const shape = z.array(
  z.tuple([z.string().regex(/^\d+$/), z.string(), z.string(), z.string(), z.string()]).rest(z.unknown()),
)

/** Binance spot candles: no key; quoted in USDT, which is taken as a dollar. A candle's close is observed at its end. */
export function binance(baseUrl: string): PriceSource {
  const base = baseUrl.replace(/\/$/, '')
  return {
    name: 'binance',
    hourly: true,
    instruments: declaredInstruments('binance'),
    async getPrices(query) {
      const { seconds, interval } = steps[query.every]
      const found: PriceObservation[] = []
      // The candle that ends at an instant opened one step before it.
      for (const { since, until } of piecesOf(query, mostCandles * seconds)) {
        const url = `${base}/api/v3/klines?symbol=${encodeURIComponent(query.id)}&interval=${interval}&startTime=${(since - seconds) * 1000}&endTime=${(until - seconds) * 1000 - 1}&limit=${mostCandles}`
        const candles = await askJson({ source: 'binance', variable: 'BINANCE_BASE_URL', url }, shape)
        for (const [openTime, , , , close] of candles) {
          found.push({
            token: query.token,
            source: 'binance',
            kind: 'close',
            usd: priceScaled(close),
            observedAt: unixSeconds(Math.floor(Number(openTime) / 1000) + seconds),
          })
        }
      }
      return found.filter((o) => isWithin(query, o.observedAt))
    },
  }
}
