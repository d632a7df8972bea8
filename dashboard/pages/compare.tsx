import { useMemo } from 'preact/hooks'
import { shown, words } from '../format.ts'
import { Shown, useAsk } from '../parts/ask.tsx'
import { Badge } from '../parts/badge.tsx'
import { Chart } from '../parts/chart.tsx'
import { go } from '../parts/link.tsx'
import { Switches } from '../parts/switches.tsx'
import { TakeAway } from '../parts/take_away.tsx'
import { seriesQuery, seriesVariables } from '../queries.ts'
import type { NetworkInfo, Point } from '../types.ts'
import type { View } from '../view.ts'
import { addressOf } from '../view.ts'

interface Metric {
  readonly id: string
  readonly unit: string
  readonly meaning: string
}

const metricsQuery = '{ metrics { id unit meaning } }'

/** One metric of several networks over the same days. */
export function Compare({ view, networks }: { view: View; networks: readonly NetworkInfo[] }) {
  const metric = view.extra['metric'] ?? 'SUBSIDY_RATIO'
  const left = (view.extra['without'] ?? '').split(',')
  const chosen = networks.filter((n) => !left.includes(n.slug))
  const known = useAsk<{ metrics: readonly Metric[] }>(metricsQuery, {})
  const asked = useAsk<{ metricSeries: { nodes: readonly Point[]; pageInfo: { hasNextPage: boolean } } }>(
    seriesQuery,
    seriesVariables(view, [metric], chosen.length === 0 ? undefined : chosen.map((n) => n.id)),
  )
  const set = (extra: Record<string, string>): void =>
    go(addressOf({ ...view, extra: { ...view.extra, ...extra } }), true)
  const toggle = (slug: string): void =>
    set({
      without: (left.includes(slug) ? left.filter((s) => s !== slug) : [...left, slug])
        .filter(Boolean)
        .join(','),
    })
  return (
    <>
      <h1>Compare</h1>
      <Shown asked={known}>
        {({ metrics }) => (
          <form class="switches" aria-label="Metric" onSubmit={(e) => e.preventDefault()}>
            <label>
              Metric
              <select name="metric" value={metric} onChange={(e) => set({ metric: e.currentTarget.value })}>
                {metrics.map((m) => (
                  <option key={m.id} value={m.id}>
                    {words(m.id)}
                  </option>
                ))}
              </select>
            </label>
            <span class="muted">{metrics.find((m) => m.id === metric)?.meaning}</span>
          </form>
        )}
      </Shown>
      <Switches view={view} names={['granularity', 'days', 'lens', 'priceBasis', 'denominator', 'by']} />
      <fieldset class="networks">
        <legend>Networks</legend>
        {networks.map((n) => (
          <label key={n.slug}>
            <input type="checkbox" checked={!left.includes(n.slug)} onChange={() => toggle(n.slug)} />{' '}
            {n.name}
          </label>
        ))}
      </fieldset>
      <Shown asked={asked}>
        {({ metricSeries }) => (
          <>
            {metricSeries.pageInfo.hasNextPage && (
              <p class="error">
                The range is longer than one answer; choose longer periods or fewer networks.
              </p>
            )}
            <Together points={metricSeries.nodes} networks={chosen} metric={metric} />
          </>
        )}
      </Shown>
      <TakeAway view={view} networks={chosen.map((n) => n.id)} metrics={[metric]} />
    </>
  )
}

function Together({
  points,
  networks,
  metric,
}: {
  points: readonly Point[]
  networks: readonly NetworkInfo[]
  metric: string
}) {
  const { days, lines } = useMemo(() => {
    const all = [...new Set(points.map((p) => p.date))].sort()
    const at = new Map(
      points.map((p) => [`${p.network} ${p.date}`, p.value === null ? null : Number(p.value)]),
    )
    return {
      days: all,
      lines: networks.map((n) => ({ name: n.name, values: all.map((d) => at.get(`${n.id} ${d}`) ?? null) })),
    }
  }, [points, networks])
  const unit = points.find((p) => p.unit === 'USD')?.unit ?? 'ratio'
  return (
    <>
      <Chart days={days} lines={lines} unit={unit} label={words(metric)} />
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Network</th>
            <th scope="col" class="number">
              Newest value
            </th>
            <th scope="col">Period</th>
            <th scope="col">Quality</th>
          </tr>
        </thead>
        <tbody>
          {networks.map((n) => {
            const own = points.filter((p) => p.network === n.id)
            const point = own.findLast((p) => p.value !== null) ?? own.at(-2) ?? own.at(-1)
            return (
              <tr key={n.id}>
                <th scope="row">{n.name}</th>
                <td class="number">{shown(point?.value, point?.unit ?? '')}</td>
                <td>{point?.date}</td>
                <td>
                  {point !== undefined && <Badge quality={point.quality} reason={point.reason} />}{' '}
                  <small>{point?.reason}</small>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </>
  )
}
