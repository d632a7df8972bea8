import { z } from 'zod'
import { priceScaled } from '../../model/amount.ts'
import type { PriceObservation } from '../../model/price.ts'
import { secondsPerDay, unixSeconds } from '../../model/time.ts'
import { askJson } from '../http.ts'
import type { PriceQuery, PriceSource } from '../source.ts'
import { isWithin, marketInstruments, piecesOf } from '../source.ts'

/** The public service; COINGECKO_BASE_URL names another. */
export const coingeckoBaseUrl = 'https://api.coingecko.com/api/v3'

/** The service chooses its step by the length asked for: hours up to 90 days, days beyond. */
const pieceDays = { hour: 90, day: 365 } as const

const shape = z.object({
  prices: z.array(z.tuple([z.string().regex(/^\d+$/), z.string()])),
})

/** The service's own code for history beyond what the plan allows. */
const beyondHistory = /"?error_code"?\s*:\s*10012/

/**
 * CoinGecko: without a key, or with a demo key, the last 365 days; with a paid key (and its address) all of it.
 * @param key Sent as the header that the address asks for.
 */
export function coingecko(baseUrl: string, key: string | undefined): PriceSource {
  const base = baseUrl.replace(/\/$/, '')
  const header = /pro-api/.test(base) ? 'x-cg-pro-api-key' : 'x-cg-demo-api-key'
  const ask = async (query: PriceQuery): Promise<PriceObservation[]> => {
    const url = `${base}/coins/${encodeURIComponent(query.id)}/market_chart/range?vs_currency=usd&from=${query.since}&to=${query.until}`
    const answer = await askJson(
      {
        source: 'coingecko',
        variable: 'COINGECKO_BASE_URL and COINGECKO_API_KEY',
        url,
        headers: key === undefined ? {} : { [header]: key },
        explain: (status, text) =>
          status === 401 && beyondHistory.test(text)
            ? 'it gives only the last 365 days without a paid key (its error 10012)'
            : undefined,
      },
      shape,
    )
    return answer.prices.map(([milliseconds, price]) => ({
      token: query.token,
      source: 'coingecko',
      kind: 'spot',
      usd: priceScaled(price),
      observedAt: unixSeconds(Math.floor(Number(milliseconds) / 1000)),
    }))
  }
  return {
    name: 'coingecko',
    hourly: false,
    instruments: marketInstruments('coingecko'),
    async getPrices(query) {
      const found: PriceObservation[] = []
      for (const piece of piecesOf(query, pieceDays[query.every] * secondsPerDay))
        found.push(...(await ask(piece)))
      return found.filter((o) => isWithin(query, o.observedAt))
    },
  }
}
