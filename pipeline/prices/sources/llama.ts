import { z } from 'zod'
import { priceScaled } from '../../model/amount.ts'
import type { PriceObservation } from '../../model/price.ts'
import { secondsPerDay, unixSeconds } from '../../model/time.ts'
import { askJson } from '../http.ts'
import type { PriceQuery, PriceSource } from '../source.ts'
import { isWithin, marketInstruments, piecesOf } from '../source.ts'

/** The public service; LLAMA_COINS_BASE_URL names another. */
export const llamaBaseUrl = 'https://coins.llama.fi'

/** Points of one request at most. */
const mostPoints = 365
const steps = {
  day: { seconds: secondsPerDay, period: '1d', width: '12h' },
  hour: { seconds: 3_600, period: '1h', width: '30m' },
} as const

const shape = z.object({
  coins: z.record(
    z.string(),
    z.object({
      confidence: z.string().optional(),
      prices: z.array(z.object({ timestamp: z.string().regex(/^\d+$/), price: z.string() })),
    }),
  ),
})

/** DefiLlama's coins API: no key. One request gives up to 365 closes or hours. */
export function llama(baseUrl: string): PriceSource {
  const base = baseUrl.replace(/\/$/, '')
  const ask = async (query: PriceQuery): Promise<PriceObservation[]> => {
    const { seconds, period, width } = steps[query.every]
    const id = `coingecko:${query.id}`
    // A minute before each step ends: the nearest point is then its close, rarely the next step's first.
    const start = query.since + seconds - 60
    const span = Math.ceil((query.until - query.since) / seconds)
    const url = `${base}/chart/${encodeURIComponent(id)}?start=${start}&span=${span}&period=${period}&searchWidth=${width}`
    const answer = await askJson({ source: 'llama', variable: 'LLAMA_COINS_BASE_URL', url }, shape)
    const coin = answer.coins[id]
    return (coin?.prices ?? []).map(({ timestamp, price }) => ({
      token: query.token,
      source: 'llama',
      kind: query.every === 'day' ? 'close' : 'spot',
      usd: priceScaled(price),
      observedAt: unixSeconds(Number(timestamp)),
      ...(coin?.confidence === undefined ? {} : { confidence: Number(coin.confidence) }),
    }))
  }
  return {
    name: 'llama',
    hourly: true,
    instruments: marketInstruments('llama'),
    async getPrices(query) {
      const found: PriceObservation[] = []
      for (const piece of piecesOf(query, mostPoints * steps[query.every].seconds))
        found.push(...(await ask(piece)))
      return found.filter((o) => isWithin(query, o.observedAt))
    },
  }
}
