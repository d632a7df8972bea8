import type { LosslessNumber } from 'lossless-json'
import type { Granularity } from '../../pipeline/model/series.ts'
import { defaultDefinitions } from '../../pipeline/model/series.ts'
import type { Day } from '../../pipeline/model/time.ts'
import { day, dayOf, instant } from '../../pipeline/model/time.ts'
import type { ApiServices } from '../context.ts'
import { jsonNumber } from './numbers.ts'
import type { Instant, Protocol } from './protocols.ts'

const lines: Readonly<Record<string, string>> = {
  fees_usd: 'Gross Protocol Revenue',
  supply_side_usd: 'Cost Of Revenue',
  revenue_usd: 'Gross Profit',
  holders_revenue_usd: 'Token Holder Net Income',
  emissions_usd: 'Incentives',
  earnings_usd: 'Earnings',
}

const frames: readonly (readonly [name: string, granularity: Granularity, keyOf: (of: Day) => string])[] = [
  ['yearly', 'YEAR', (of) => of.slice(0, 4)],
  ['quarterly', 'QUARTER', (of) => `${of.slice(0, 4)}-Q${(Number(of.slice(5, 7)) - 1) / 3 + 1}`],
  ['monthly', 'MONTH', (of) => of.slice(0, 7)],
]

type Line = { readonly value: LosslessNumber; readonly 'by-label': Record<string, never> }

/**
 * The answer of `/api/v2/metrics/financial-statement/protocol/{p}`: each line by year, quarter and month. A
 * line of a period that is not known whole is not there.
 */
export async function statement(
  services: ApiServices,
  { network }: Protocol,
  { now, asOf }: Instant,
): Promise<Record<string, unknown>> {
  const first = await services.readers.findFirstDay([network.id])
  const aggregates: Record<string, Record<string, Record<string, Line>>> = {}
  for (const [name, granularity, keyOf] of frames) {
    const periods: Record<string, Record<string, Line>> = {}
    aggregates[name] = periods
    if (first === null) continue
    const points = await services.readers.getMetricSeries({
      ...defaultDefinitions,
      networks: [network.id],
      metrics: Object.keys(lines),
      // Periods are those that start in the range; the first one may have started before the first day.
      from: day(`${first.slice(0, 4)}-01-01`),
      to: dayOf(asOf ?? now),
      granularity,
      ...(asOf === undefined ? {} : { asOf }),
    })
    for (const { date, metric, value } of points) {
      if (value === null) continue
      const key = keyOf(date)
      periods[key] = {
        ...periods[key],
        [lines[metric] ?? metric]: { value: jsonNumber(value), 'by-label': {} },
      }
    }
  }
  return {
    id: network.id,
    name: network.name,
    symbol: network.primaryToken,
    category: network.sector,
    aggregates,
    asOf: instant(asOf ?? now),
    simulated: network.origin === 'simulated',
  }
}
