import { type DevnetNode, jsonReply, type NodeReply, type NodeRequest, textReply } from '../node.ts'
import { draw, textKey, wander } from '../scenario.ts'

interface Market {
  readonly symbol: string
  /** Around what the simulated price wanders: an invented level, not a quote. */
  readonly usd: number
  /** How far it wanders, as a natural logarithm. */
  readonly swing: number
  readonly decimals?: number
}

const markets: Readonly<Record<string, Market>> = {
  'coingecko:arweave': { symbol: 'AR', usd: 2, swing: 0.5 },
  'coingecko:ao-computer': { symbol: 'AO', usd: 4, swing: 0.6 },
  'coingecko:helium': { symbol: 'HNT', usd: 1.6, swing: 0.5 },
  'coingecko:helium-mobile': { symbol: 'MOBILE', usd: 0.0002, swing: 0.6 },
  'coingecko:helium-iot': { symbol: 'IOT', usd: 0.0003, swing: 0.6 },
  'coingecko:render-token': { symbol: 'RENDER', usd: 1.7, swing: 0.5 },
  'coingecko:io': { symbol: 'IO', usd: 0.15, swing: 0.6 },
  'coingecko:akash-network': { symbol: 'AKT', usd: 0.5, swing: 0.5 },
  'coingecko:filecoin': { symbol: 'FIL', usd: 1.1, swing: 0.5 },
  'coingecko:solana': { symbol: 'SOL', usd: 140, swing: 0.4 },
  'coingecko:ethereum': { symbol: 'ETH', usd: 3_000, swing: 0.35 },
  'coingecko:usd-coin': { symbol: 'USDC', usd: 1, swing: 0.002, decimals: 6 },
}

const hour = 3_600
/** Lengths of the swings in hours, and how much each weighs. */
const octaves = [
  [2_160, 1],
  [504, 0.6],
  [120, 0.3],
  [30, 0.14],
  [7, 0.06],
  [2, 0.03],
] as const
const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: hour, d: 86_400, w: 604_800 }
const mostPoints = 500
const defaultWidth = 6 * hour

/** A price at an instant. */
export interface Point {
  readonly timestamp: number
  readonly price: number
}

/**
 * The simulated price of a market some seconds before a full hour, so that a simulated oracle can tell the same.
 * @param id As in DefiLlama's coins API: `coingecko:akash-network`.
 * @param hours Hours since 1970.
 */
export function observedPrice(seed: number, id: string, hours: number): Point {
  const key = textKey(id)
  const { usd = 1, swing = 0 } = markets[id] ?? {}
  const sum = octaves.reduce(
    (all, [length, weight], at) => all + weight * (2 * wander(seed, key + at, hours / length) - 1),
    0,
  )
  return {
    timestamp: hours * hour - 2 - Math.floor(18 * draw(seed, key, hours)),
    price: Number((usd * Math.exp((swing * sum) / 2)).toPrecision(8)),
  }
}

/** A price service in the shape of DefiLlama's coins API: hourly observations, each some seconds before the hour. */
export class PriceNode implements DevnetNode {
  readonly origin = 'simulated'
  readonly #seed: number
  readonly #now: () => number

  /** @param now The last simulated instant in Unix seconds: nothing is observed after it. */
  constructor(seed: number, now: () => number) {
    this.#seed = seed
    this.#now = now
  }

  answer({ path, query }: NodeRequest): NodeReply {
    const parts = path.slice(1).split('/').map(decode)
    const width = readSpan(query.get('searchWidth')) ?? defaultWidth
    if (parts[0] === 'chart' && parts.length === 2) return this.#chart(parts[1] ?? '', query)
    if (parts[0] !== 'prices') return textReply('Not Found', 404)
    const [, when, first = '', second = ''] = parts
    if (when === 'current') return this.#quotes(first, this.#now(), width)
    if (when === 'historical' && /^\d{1,11}$/.test(first)) return this.#quotes(second, Number(first), width)
    return textReply('Not Found', 404)
  }

  #chart(ids: string, query: URLSearchParams): NodeReply {
    const [start, end] = [query.get('start'), query.get('end')]
    const count = Number(query.get('span') ?? 1)
    const period = readSpan(query.get('period') ?? '24h')
    if (start !== null && end !== null)
      return jsonReply({ message: 'use either start or end parameter, not both' }, 400)
    const edge = Number(start ?? end ?? this.#now())
    if (
      !Number.isInteger(count) ||
      count < 0 ||
      count > mostPoints ||
      period === undefined ||
      !Number.isFinite(edge)
    ) {
      return jsonReply(
        { message: `span must be 0 to ${mostPoints}, period like 1d, start and end in Unix seconds` },
        400,
      )
    }
    const width = readSpan(query.get('searchWidth')) ?? period / 10
    const from = start === null ? edge - (count - 1) * period : edge
    return this.#coins(ids, (id, { symbol, decimals }) => {
      const points = new Map<number, Point>()
      for (let step = 0; step < count; step += 1) {
        const point = this.#nearest(id, from + step * period, width)
        if (point !== undefined) points.set(point.timestamp, point)
      }
      const prices = [...points.values()]
      return prices.length === 0
        ? undefined
        : { symbol, confidence: 0.99, ...(decimals === undefined ? {} : { decimals }), prices }
    })
  }

  #quotes(ids: string, at: number, width: number): NodeReply {
    return this.#coins(ids, (id, { symbol, decimals }) => {
      const point = this.#nearest(id, at, width)
      if (point === undefined) return undefined
      const { price, timestamp } = point
      return { ...(decimals === undefined ? {} : { decimals }), symbol, price, timestamp, confidence: 0.99 }
    })
  }

  #coins(ids: string, describe: (id: string, market: Market) => object | undefined): NodeReply {
    const coins: Record<string, object> = {}
    for (const id of ids.split(',')) {
      const market = Object.hasOwn(markets, id) ? markets[id] : undefined
      const coin = market === undefined ? undefined : describe(id, market)
      if (coin !== undefined) coins[id] = coin
    }
    return jsonReply({ coins })
  }

  /** The observation closest to an instant, no further away than `width`, and none after the end. */
  #nearest(id: string, at: number, width: number): Point | undefined {
    const latest = Math.floor(this.#now() / hour) + 1
    const middle = Math.min(Math.round(at / hour), latest)
    let best: Point | undefined
    for (let near = middle - 2; near <= middle + 1; near += 1) {
      const point = observedPrice(this.#seed, id, near)
      if (point.timestamp > this.#now() || Math.abs(point.timestamp - at) > width) continue
      if (best === undefined || Math.abs(point.timestamp - at) < Math.abs(best.timestamp - at)) best = point
    }
    return best
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** `1d`, `12h`, `600`: a length of time in seconds, undefined if absent or malformed. */
function readSpan(text: string | null): number | undefined {
  const match = /^(\d{1,9})([smhdw]?)$/i.exec(text ?? '')
  const unit = units[(match?.[2] || 's').toLowerCase()]
  const value = Number(match?.[1]) * (unit ?? Number.NaN)
  return value > 0 ? value : undefined
}
