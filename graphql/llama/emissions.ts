import { stringify } from 'lossless-json'
import { formatScaled, parseScaled } from '../../pipeline/model/amount.ts'
import { defaultDefinitions } from '../../pipeline/model/series.ts'
import { dayOf, dayStart, instant } from '../../pipeline/model/time.ts'
import type { ApiServices } from '../context.ts'
import { jsonNumber } from './numbers.ts'
import type { Instant, Protocol } from './protocols.ts'

/** More fraction digits than any token has. */
const digits = 18

/** The answer of `/api/emissions`: every network with its token. */
export function emissionList(protocols: readonly Protocol[]): readonly unknown[] {
  return protocols.map(({ network }) => ({
    name: network.name,
    protocolId: network.id,
    token: network.primaryToken,
    gecko_id: network.tokens.find((t) => t.symbol === network.primaryToken)?.marketId ?? null,
    category: network.sector,
    simulated: network.origin === 'simulated',
  }))
}

/**
 * The answer of `/api/emission/{protocol}`: `body` is JSON inside a string. Observed emissions: `unlocked` counts
 * up from the first day that is known, `rawEmission` is the day's. Days that are not known are not there.
 */
export async function emission(
  services: ApiServices,
  { network }: Protocol,
  { now, asOf }: Instant,
): Promise<Record<string, unknown>> {
  const first = await services.readers.findFirstDay([network.id])
  const to = dayOf(asOf ?? now)
  const metrics = ['gross_emission_native', 'gross_burn_native']
  const points =
    first === null || first >= to
      ? []
      : await services.readers.getMetricSeries({
          ...defaultDefinitions,
          networks: [network.id],
          metrics,
          from: first,
          to,
          granularity: 'DAY',
          ...(asOf === undefined ? {} : { asOf }),
        })
  let unlocked = 0n
  let newest: string | null = null
  const data = points.flatMap((p, i) => {
    if (p.metric !== metrics[0] || p.value === null) return []
    unlocked += parseScaled(p.value, digits)
    if (p.availableAt !== null && (newest === null || p.availableAt > newest)) newest = p.availableAt
    const burned = points[i + 1]?.value ?? null
    return [
      {
        timestamp: dayStart(p.date),
        unlocked: jsonNumber(formatScaled(unlocked, digits)),
        rawEmission: jsonNumber(p.value),
        ...(burned === null ? {} : { burned: jsonNumber(burned) }),
      },
    ]
  })
  const primary = network.tokens.find((t) => t.symbol === network.primaryToken)
  const body = {
    name: network.name,
    gecko_id: primary?.marketId ?? null,
    documentedData: { data: [{ label: 'Emission', data }], categories: { incentives: ['Emission'] } },
    metadata: { token: network.primaryToken, sources: [], notes: network.streams.map((s) => s.meaning) },
    simulated: network.origin === 'simulated',
  }
  return { body: stringify(body), lastModified: newest ?? instant(asOf ?? now) }
}
