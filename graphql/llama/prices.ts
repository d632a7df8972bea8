import { formatPrice, priceScaled } from '../../pipeline/model/amount.ts'
import { IndexerError } from '../../pipeline/model/errors.ts'
import type { Day, UnixSeconds } from '../../pipeline/model/time.ts'
import {
  addDays,
  day,
  dayOf,
  dayStart,
  instantOf,
  secondsPerDay,
  unixSeconds,
} from '../../pipeline/model/time.ts'
import type { DayPriceView } from '../../pipeline/model/views.ts'
import type { ApiServices } from '../context.ts'
import type { TokenView } from '../ports.ts'
import { jsonNumber } from './numbers.ts'
import type { Instant } from './protocols.ts'

/** Ids of coins that one request may name. */
const mostIds = 100
/** Points of one chart. */
const mostPoints = 5_000
/** How far back the newest close may lie: as old as a close may ever be. */
const defaultWidthSeconds = 36 * 3_600

interface Coin {
  readonly id: string
  readonly token: TokenView
}

/** Tokens by `coingecko:id` or `chain:address`; what nobody has a price of is not in the answer. */
async function findCoins({ readers }: ApiServices, ids: readonly string[]): Promise<Coin[]> {
  if (ids.length > mostIds)
    throw new IndexerError('bad-argument', `${ids.length} coins are asked for; the limit is ${mostIds}`)
  const tokens = (await readers.getNetworks()).flatMap((n) => n.tokens)
  return ids.flatMap((id) => {
    const at = id.indexOf(':')
    const [chain, name] = [id.slice(0, at), id.slice(at + 1)]
    const token = tokens.find((t) =>
      chain === 'coingecko'
        ? t.marketId === name
        : t.chain === chain && t.address?.toLowerCase() === name.toLowerCase(),
    )
    return token === undefined ? [] : [{ id, token }]
  })
}

/** Closes of a token over some days, each with its observation, oldest first. Days without one are not there. */
async function getCloses(
  { readers }: ApiServices,
  token: TokenView,
  from: Day,
  to: Day,
  { asOf }: Instant,
): Promise<{ readonly time: UnixSeconds; readonly view: DayPriceView }[]> {
  if (from >= to) return []
  const rows = await readers.getPrices({
    token: token.symbol,
    from,
    to,
    ...(asOf === undefined ? {} : { asOf }),
  })
  return rows.flatMap((view) =>
    view.priceBasis === 'DAY_CLOSE' && view.usd !== null && view.observedAt !== null
      ? [{ time: instantOf(view.observedAt), view }]
      : [],
  )
}

const priceOf = (view: DayPriceView) => jsonNumber(formatPrice(priceScaled(view.usd ?? '')))

/** Our qualities as a number between 0 and 1: 0.5 where a price is old, or its sources are more than 3 % apart. */
const confidenceOf = (view: DayPriceView): number =>
  view.quality === 'COMPLETE' && view.warning === null ? 1 : 0.5

const decimalsOf = ({ id, token }: Coin) => (id.startsWith('coingecko:') ? {} : { decimals: token.decimals })

/** The newest close observed at or before an instant: never one from later. */
async function closeBefore(
  services: ApiServices,
  coin: Coin,
  time: UnixSeconds,
  widthSeconds: number,
  at: Instant,
) {
  const from = addDays(dayOf(time), -Math.ceil(widthSeconds / secondsPerDay) - 1)
  const closes = await getCloses(services, coin.token, from, addDays(dayOf(time), 1), at)
  return closes.findLast((c) => c.time <= time && c.time >= time - widthSeconds)
}

/** `/prices/current`, `/prices/historical/{ts}` and `/prices/first`. */
export async function pricesAt(
  services: ApiServices,
  ids: readonly string[],
  when: UnixSeconds | 'first',
  search: URLSearchParams,
  at: Instant,
): Promise<Record<string, unknown>> {
  const width = seconds(search.get('searchWidth'), defaultWidthSeconds, 'searchWidth')
  const coins: Record<string, unknown> = {}
  for (const coin of await findCoins(services, ids)) {
    const found =
      when === 'first'
        ? (await getCloses(services, coin.token, day('2009-01-01'), addDays(dayOf(at.now), 1), at))[0]
        : await closeBefore(services, coin, when, width, at)
    if (found === undefined) continue
    coins[coin.id] = {
      ...decimalsOf(coin),
      symbol: coin.token.symbol,
      price: priceOf(found.view),
      timestamp: found.time,
      ...(when === 'first' ? {} : { confidence: confidenceOf(found.view) }),
    }
  }
  return { coins }
}

/** `/chart/{ids}`: closes from `start`, or up to `end`, one every `period` (whole days), at most `span` of them. */
export async function priceChart(
  services: ApiServices,
  ids: readonly string[],
  search: URLSearchParams,
  at: Instant,
): Promise<Record<string, unknown>> {
  const period = Math.max(
    1,
    Math.round(seconds(search.get('period'), secondsPerDay, 'period') / secondsPerDay),
  )
  const span = Math.min(mostPoints, Math.max(1, wholeOf(search.get('span') ?? '10', 'span')))
  const start = search.get('start')
  const end = start === null ? timeOf(search.get('end') ?? String(at.now), 'end') : undefined
  const last = end === undefined ? undefined : dayOf(end)
  const from = last === undefined ? dayOf(timeOf(start ?? '', 'start')) : addDays(last, 1 - period * span)
  const to = last === undefined ? addDays(from, period * span) : addDays(last, 1)
  const coins: Record<string, unknown> = {}
  for (const coin of await findCoins(services, ids)) {
    const closes = await getCloses(services, coin.token, from, to, at)
    const kept = closes.filter((c) => {
      const days = (dayStart(day(c.view.date)) - dayStart(from)) / secondsPerDay
      return days % period === 0 && (end === undefined || c.time <= end)
    })
    if (kept.length === 0) continue
    coins[coin.id] = {
      symbol: coin.token.symbol,
      confidence: Math.min(...kept.map((c) => confidenceOf(c.view))),
      ...decimalsOf(coin),
      prices: kept.map((c) => ({ timestamp: c.time, price: priceOf(c.view) })),
    }
  }
  return { coins }
}

/** `/batchHistorical?coins={"coingecko:x":[ts, …]}`. */
export async function batchHistorical(
  services: ApiServices,
  search: URLSearchParams,
  at: Instant,
): Promise<Record<string, unknown>> {
  const asked = readBatch(search.get('coins'))
  const width = seconds(search.get('searchWidth'), defaultWidthSeconds, 'searchWidth')
  const coins: Record<string, unknown> = {}
  for (const coin of await findCoins(services, [...asked.keys()])) {
    const prices = []
    for (const time of asked.get(coin.id) ?? []) {
      const found = await closeBefore(services, coin, time, width, at)
      if (found !== undefined)
        prices.push({
          timestamp: found.time,
          price: priceOf(found.view),
          confidence: confidenceOf(found.view),
        })
    }
    if (prices.length > 0) coins[coin.id] = { symbol: coin.token.symbol, prices }
  }
  return { coins }
}

function readBatch(text: string | null): Map<string, UnixSeconds[]> {
  const refuse = (): never => {
    throw new IndexerError('bad-argument', 'coins: write it as {"coingecko:helium": [1700000000]}')
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(text ?? '')
  } catch (error) {
    if (error instanceof SyntaxError) refuse()
    throw error
  }
  if (parsed === null || typeof parsed !== 'object') return refuse()
  return new Map(
    Object.entries(parsed).map(([id, times]) => {
      if (!Array.isArray(times) || times.length > mostIds) return refuse()
      return [id, times.map((t) => timeOf(String(t), 'coins'))]
    }),
  )
}

function wholeOf(text: string, name: string): number {
  if (!/^\d{1,12}$/.test(text))
    throw new IndexerError('bad-argument', `${name}: '${text.slice(0, 40)}' is not a whole number`)
  return Number(text)
}

/** Unix seconds. @throws IndexerError `bad-argument` naming the argument. */
export function timeOf(text: string, name: string): UnixSeconds {
  return unixSeconds(wholeOf(text, name))
}

const units: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3_600,
  d: secondsPerDay,
  w: 7 * secondsPerDay,
}

/** A length of time as `4h`, `1d`, `2w` or whole seconds. */
function seconds(text: string | null, absent: number, name: string): number {
  if (text === null) return absent
  const [, count, unit] = /^(\d{1,9})([smhdw])?$/i.exec(text) ?? []
  if (count === undefined)
    throw new IndexerError('bad-argument', `${name}: '${text.slice(0, 40)}' is not a length such as 4h or 1d`)
  return Number(count) * (units[unit?.toLowerCase() ?? 's'] ?? 1)
}
