import { z } from 'zod'
import { priceScaled } from '../../model/amount.ts'
import type { PriceObservation } from '../../model/price.ts'
import { instant, secondsPerDay, unixSeconds } from '../../model/time.ts'
import { askJson } from '../http.ts'
import type { PriceSource } from '../source.ts'
import { declaredInstruments, isWithin, piecesOf } from '../source.ts'

/** The public service; COINBASE_BASE_URL names another. */
export const coinbaseBaseUrl = 'https://api.exchange.coinbase.com'

const mostCandles = 300
const steps = { day: secondsPerDay, hour: 3_600 } as const

/** Start in seconds, low, high, open, close, volume; newest first; no candle where nothing was traded. */
const shape = z.array(
  z.tuple([z.string().regex(/^\d+$/), z.string(), z.string(), z.string(), z.string(), z.string()]),
)

/** Coinbase Exchange candles: no key; quoted in US dollars. A candle's close is observed at its end. */
export function coinbase(baseUrl: string): PriceSource {
  const base = baseUrl.replace(/\/$/, '')
  return {
    name: 'coinbase',
    hourly: true,
    instruments: declaredInstruments('coinbase'),
    async getPrices(query) {
      const seconds = steps[query.every]
      const found: PriceObservation[] = []
      for (const { since, until } of piecesOf(query, mostCandles * seconds)) {
        const start = instant(unixSeconds(since - seconds))
        const end = instant(unixSeconds(until - seconds - 1))
        const url = `${base}/products/${encodeURIComponent(query.id)}/candles?granularity=${seconds}&start=${start}&end=${end}`
        const candles = await askJson({ source: 'coinbase', variable: 'COINBASE_BASE_URL', url }, shape)
        for (const [startTime, , , , close] of candles) {
          found.push({
            token: query.token,
            source: 'coinbase',
            kind: 'close',
            usd: priceScaled(close),
            observedAt: unixSeconds(Number(startTime) + seconds),
          })
        }
      }
      return found.filter((o) => isWithin(query, o.observedAt))
    },
  }
}
