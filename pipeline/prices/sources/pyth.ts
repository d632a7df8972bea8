import { z } from 'zod'
import { priceScaled } from '../../model/amount.ts'
import type { PriceObservation } from '../../model/price.ts'
import { secondsPerDay, unixSeconds } from '../../model/time.ts'
import { askJson } from '../http.ts'
import type { PriceSource } from '../source.ts'
import { declaredInstruments, isWithin } from '../source.ts'

/** The public service; PYTH_BASE_URL names another. */
export const pythBaseUrl = 'https://hermes.pyth.network'

const steps = { day: secondsPerDay, hour: 3_600 } as const
/** The service answers with the first update at or after the instant asked for; so much earlier it is before the step's end. */
const leadSeconds = 30

const digits = z.string().regex(/^-?\d+$/)
const shape = z.object({
  parsed: z.array(
    z.object({
      id: z.string(),
      price: z.object({ price: digits, conf: digits, expo: digits, publish_time: digits }),
    }),
  ),
})

/**
 * Pyth's price service: one request for each day or hour. Its own address wants a key; without one it is not asked.
 * The confidence kept is 1 - conf / price: how narrow the interval is that the publishers agree on.
 */
export function pyth(baseUrl: string, key: string | undefined): PriceSource {
  const base = baseUrl.replace(/\/$/, '')
  const usable = key !== undefined || base !== pythBaseUrl
  return {
    name: 'pyth',
    hourly: false,
    instruments: (price) => (usable ? declaredInstruments('pyth')(price) : []),
    async getPrices(query) {
      const seconds = steps[query.every]
      const found: PriceObservation[] = []
      const id = query.id.replace(/^0x/, '').toLowerCase()
      for (let end = query.since + seconds; end <= query.until; end += seconds) {
        const url = `${base}/v2/updates/price/${end - leadSeconds}?ids[]=${id}&parsed=true&encoding=hex`
        const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` }
        const answer = await askJson(
          { source: 'pyth', variable: 'PYTH_BASE_URL and PYTH_API_KEY', url, headers },
          shape,
        )
        for (const update of answer.parsed) {
          if (update.id.replace(/^0x/, '').toLowerCase() !== id) continue
          const { price, conf, expo, publish_time: publishTime } = update.price
          found.push({
            token: query.token,
            source: 'pyth',
            kind: 'spot',
            usd: priceScaled(`${price}e${expo}`),
            observedAt: unixSeconds(Number(publishTime)),
            confidence: narrowness(BigInt(price), BigInt(conf)),
          })
        }
      }
      return found.filter((o) => isWithin(query, o.observedAt))
    },
  }
}

/** 1 where the interval has no width, 0 where it is as wide as the price; four digits. */
function narrowness(price: bigint, conf: bigint): number {
  const tenThousandths = price <= 0n || conf >= price ? 0n : ((price - conf) * 10_000n) / price
  return Number(tenThousandths) / 10_000
}
