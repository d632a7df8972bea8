import { createHash } from 'node:crypto'
import { stringify } from 'lossless-json'
import { codeOf, IndexerError, messageOf } from '../../pipeline/model/errors.ts'
import { instantOf } from '../../pipeline/model/time.ts'
import type { Answer } from '../answers.ts'
import { cacheableAnswer, plainAnswer } from '../answers.ts'
import type { ApiServices } from '../context.ts'
import { Lru } from '../lru.ts'
import type { Place } from '../places.ts'
import { emission, emissionList } from './emissions.ts'
import type { Excluded, ProtocolValues } from './fees.ts'
import {
  breakdownChart,
  chainBreakdown,
  nestedBreakdown,
  overview,
  readValues,
  summary,
  totalChart,
} from './fees.ts'
import { batchHistorical, priceChart, pricesAt, timeOf } from './prices.ts'
import type { Instant, Protocol } from './protocols.ts'
import { chainName, findProtocol, getProtocols, presentOf, readMetric, slugOf } from './protocols.ts'
import { statement } from './statement.ts'

/** What a route is given: the parts of the address that vary, the rest of it, and the instant of the values. */
interface Asked {
  readonly services: ApiServices
  readonly parts: readonly string[]
  readonly search: URLSearchParams
  readonly at: Instant
}

/** An answer that clients of DefiLlama see as text with another status than 200. */
class Refusal extends Error {}

const yes = (search: URLSearchParams, name: string): boolean => search.get(name)?.toLowerCase() === 'true'

function excludedOf(search: URLSearchParams): Excluded {
  return {
    chart: yes(search, 'excludeTotalDataChart'),
    breakdown: yes(search, 'excludeTotalDataChartBreakdown'),
  }
}

/** The chain that an address names, in any way of writing it. */
function chainOf(protocols: readonly Protocol[], name: string | undefined): string | undefined {
  if (name === undefined || slugOf(name) === 'all') return undefined
  const wanted = slugOf(decodeURIComponent(name))
  const known = [...new Set(protocols.flatMap((p) => [...p.chains.keys()]))]
  return known.find((c) => slugOf(c) === wanted) ?? chainName(wanted)
}

async function protocolOf({ services, parts }: Asked): Promise<Protocol> {
  const name = parts[0] ?? ''
  const found = findProtocol(await getProtocols(services), name)
  if (found !== undefined) return found
  const shown = decodeURIComponent(name).toLowerCase().slice(0, 100)
  throw new Refusal(`Fees for ${shown} not found, please visit /overview/fees to see available protocols`)
}

async function valuesOf(asked: Asked): Promise<ProtocolValues> {
  const protocol = await protocolOf(asked)
  const [own] = await readValues(asked.services, [protocol], readMetric(asked.search), asked.at)
  return own ?? { protocol, values: new Map() }
}

async function fees({ services, parts, search, at }: Asked, excluded: Excluded) {
  const protocols = await getProtocols(services)
  const chain = chainOf(protocols, parts[0])
  const all = await readValues(services, protocols, readMetric(search), at, chain)
  return { all, protocols, chain, answer: () => overview(all, protocols, chain, excluded, at) }
}

const withoutCharts: Excluded = { chart: true, breakdown: true }

/** An overview or summary without the charts' keys. */
function lean(answer: Record<string, unknown>): Record<string, unknown> {
  const { totalDataChart: _chart, totalDataChartBreakdown: _breakdown, ...rest } = answer
  return rest
}

async function summaryOf(asked: Asked, excluded: Excluded): Promise<Record<string, unknown>> {
  const whole = await valuesOf(asked)
  const parts = excluded.breakdown
    ? []
    : await chainBreakdown(asked.services, whole, readMetric(asked.search), asked.at)
  return summary(whole, nestedBreakdown(parts, whole.protocol.network.name), excluded, asked.at)
}

const ids = ({ parts }: Asked, place = 0): string[] => decodeURIComponent(parts[place] ?? '').split(',')

const routes: readonly (readonly [RegExp, (asked: Asked) => Promise<unknown>])[] = [
  [/^\/overview\/fees(?:\/([^/]+))?$/, async (a) => (await fees(a, excludedOf(a.search))).answer()],
  [/^\/summary\/fees\/([^/]+)$/, (a) => summaryOf(a, excludedOf(a.search))],
  [
    /^\/api\/v2\/chart\/fees(?:\/chain\/([^/]+))?$/,
    async (a) => totalChart((await fees(a, withoutCharts)).all),
  ],
  [
    /^\/api\/v2\/chart\/fees(?:\/chain\/([^/]+))?\/protocol-breakdown$/,
    async (a) =>
      breakdownChart(
        (await fees(a, withoutCharts)).all.map((p) => ({ name: p.protocol.network.name, values: p.values })),
      ),
  ],
  [/^\/api\/v2\/chart\/fees\/protocol\/([^/]+)$/, async (a) => totalChart([await valuesOf(a)])],
  [
    /^\/api\/v2\/chart\/fees\/protocol\/([^/]+)\/chain-breakdown$/,
    async (a) =>
      breakdownChart(await chainBreakdown(a.services, await valuesOf(a), readMetric(a.search), a.at)),
  ],
  [
    // Networks have one version each, and no labels within a day.
    /^\/api\/v2\/chart\/fees\/protocol\/([^/]+)\/(?:version|label)-breakdown$/,
    async (a) => {
      const { protocol, values } = await valuesOf(a)
      return breakdownChart([{ name: protocol.network.name, values }])
    },
  ],
  [
    /^\/api\/v2\/metrics\/fees(?:\/chain\/([^/]+))?$/,
    async (a) => lean((await fees(a, withoutCharts)).answer()),
  ],
  [/^\/api\/v2\/metrics\/fees\/protocol\/([^/]+)$/, async (a) => lean(await summaryOf(a, withoutCharts))],
  [
    /^\/api\/v2\/metrics\/financial-statement\/protocol\/([^/]+)$/,
    async (a) => statement(a.services, await protocolOf(a), a.at),
  ],
  [/^\/api\/emissions$/, async (a) => emissionList(await getProtocols(a.services))],
  [/^\/api\/emission\/([^/]+)$/, async (a) => emission(a.services, await protocolOf(a), a.at)],
  [/^\/prices\/current\/([^/]+)$/, (a) => pricesAt(a.services, ids(a), a.at.now, a.search, a.at)],
  [
    /^\/prices\/historical\/(\d+)\/([^/]+)$/,
    (a) => pricesAt(a.services, ids(a, 1), timeOf(a.parts[0] ?? '', 'timestamp'), a.search, a.at),
  ],
  [/^\/prices\/first\/([^/]+)$/, (a) => pricesAt(a.services, ids(a), 'first', a.search, a.at)],
  [/^\/chart\/([^/]+)$/, (a) => priceChart(a.services, ids(a), a.search, a.at)],
  [/^\/batchHistorical$/, (a) => batchHistorical(a.services, a.search, a.at)],
]

/** A key that paid clients write in front of the address; it decides nothing here. */
const keyInFront = /^\/[A-Za-z0-9_-]{8,}(?=\/(?:api|overview|summary|prices|chart|batchHistorical)\b)/

/**
 * Finds the routes that clients of DefiLlama ask, so that they work with nothing changed but the host. Answers
 * have their shape; what ours adds is under new keys (`asOf`, `quality`, `missing`, `simulated`, `lastDay`).
 */
export function createLlamaPlaces(services: ApiServices): (path: string) => Place | undefined {
  const cache = new Lru<Answer>(services.limits.cacheBytes / 4)
  const find = (path: string) => {
    for (const [pattern, answer] of routes) {
      const match = pattern.exec(path)
      if (match !== null)
        return { answer, parts: match.slice(1).flatMap((p) => p ?? []), name: pattern.source }
    }
    return undefined
  }
  return (path) => {
    const found = find(path) ?? find(path.replace(keyInFront, ''))
    if (found === undefined) return undefined
    const route: Place['route'] = async (_request, url) => {
      url.searchParams.delete('key')
      const key = [await services.readers.getDataVersion(), presentDay(services), url.pathname, url.search]
      const hash = createHash('sha256').update(JSON.stringify(key)).digest('base64url')
      const kept = cache.get(hash)
      if (kept !== undefined) return kept
      const made = await answerTo(found.answer, found.parts, url.searchParams, services)
      if (made.status === 200) cache.set(hash, made, made.body.length * 2)
      return made
    }
    return { methods: ['GET'], route, name: 'drop-in' }
  }
}

const presentDay = ({ clock }: ApiServices): number => Math.floor(clock() / 86_400_000)

async function answerTo(
  answer: (asked: Asked) => Promise<unknown>,
  parts: readonly string[],
  search: URLSearchParams,
  services: ApiServices,
): Promise<Answer> {
  try {
    const now = presentOf(services)
    const text = search.get('asOf')
    const asOf = text === null ? undefined : instantOf(text)
    const at: Instant = asOf === undefined || asOf > now ? { now } : { now, asOf }
    const content = await answer({ services, parts, search, at })
    return cacheableAnswer('application/json; charset=utf-8', stringify(content) ?? 'null', 'tenMinutes')
  } catch (error) {
    if (error instanceof Refusal) return plainAnswer(400, 'text/plain; charset=utf-8', error.message)
    if (error instanceof URIError) return plainAnswer(400, 'text/plain; charset=utf-8', 'malformed address')
    if (codeOf(error) === undefined) throw error
    const status = error instanceof IndexerError && error.code === 'bad-argument' ? 400 : 503
    return plainAnswer(status, 'text/plain; charset=utf-8', messageOf(error))
  }
}
