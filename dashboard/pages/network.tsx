import { useMemo } from 'preact/hooks'
import { words } from '../format.ts'
import { Shown, useAsk } from '../parts/ask.tsx'
import { Chart } from '../parts/chart.tsx'
import { CoverageStrips } from '../parts/coverage_strip.tsx'
import { go, Link } from '../parts/link.tsx'
import { Switches } from '../parts/switches.tsx'
import { TakeAway } from '../parts/take_away.tsx'
import { networkQuery, seriesQuery, seriesVariables } from '../queries.ts'
import type { NetworkInfo, Point, ProofDay, Regime, StreamCoverage, StreamInfo } from '../types.ts'
import type { View } from '../view.ts'
import { addDays, addressOf, endOf, onPage } from '../view.ts'
import { Lenses } from './lenses.tsx'
import { Proofs, type Restated, Restatements, Streams, Values } from './network_tables.tsx'

const metrics = ['FEES_USD', 'EMISSIONS_USD', 'SUBSIDY_RATIO', 'NET_SUBSIDY_USD']

interface Facts {
  readonly methodology: {
    readonly regimes: readonly Regime[]
    readonly absences: readonly { what: string; truly: string; why: string }[]
    readonly streams: readonly StreamInfo[]
  }
  readonly coverage: readonly StreamCoverage[]
  readonly reconciliation: readonly ProofDay[]
  readonly restatements: { readonly nodes: readonly Restated[] }
}

/** One network: fees against emissions, the ratio, what is proved, what is read, and what each number is made of. */
export function Network({ view, network }: { view: View; network: NetworkInfo }) {
  const end = endOf(view)
  const series = useAsk<{ metricSeries: { nodes: readonly Point[]; pageInfo: { hasNextPage: boolean } } }>(
    seriesQuery,
    seriesVariables(view, metrics, [network.id]),
  )
  const facts = useAsk<Facts>(networkQuery, { network: network.id, from: addDays(end, -view.days), to: end })
  const regimes = facts.data?.methodology.regimes ?? []
  const openDay = (day: string): void =>
    go(addressOf(onPage(view, '/events', { network: network.slug, day })))
  return (
    <>
      <h1>{network.name}</h1>
      <p class="lead">{network.description}</p>
      <Switches view={view} names={['granularity', 'days', 'lens', 'priceBasis', 'denominator', 'by']} />
      <Shown asked={series}>
        {({ metricSeries }) => (
          <>
            {metricSeries.pageInfo.hasNextPage && (
              <p class="error">The range is longer than one answer; choose longer periods.</p>
            )}
            <Charts
              points={metricSeries.nodes}
              regimes={regimes}
              onDay={openDay}
              periods={words(view.granularity)}
            />
            <TakeAway view={view} networks={[network.id]} metrics={metrics} />
            <Values points={metricSeries.nodes} metrics={metrics} view={view} network={network} />
          </>
        )}
      </Shown>
      <h2>Honest definitions differ</h2>
      <Lenses view={view} network={network} />
      <Shown asked={facts}>
        {({ methodology, coverage, reconciliation, restatements }) => (
          <>
            <h2>Supply proof</h2>
            <Proofs days={reconciliation} />
            <h2>What has been read</h2>
            <CoverageStrips streams={coverage} />
            <h2>What is counted</h2>
            {methodology.absences.map((a) => (
              <p key={a.what}>
                <strong>
                  {words(a.what)}: {a.truly === 'ZERO' ? 'none' : 'not known'}.
                </strong>{' '}
                {a.why}
              </p>
            ))}
            <Streams streams={methodology.streams} view={view} network={network} />
            <h2>What changed of what had been published</h2>
            <Restatements rows={restatements.nodes} />
            <p>
              <Link to={onPage(view, '/events', { network: network.slug })}>
                All events of {network.name}
              </Link>
            </p>
          </>
        )}
      </Shown>
    </>
  )
}

function Charts({
  points,
  regimes,
  onDay,
  periods,
}: {
  points: readonly Point[]
  regimes: readonly Regime[]
  onDay: (day: string) => void
  periods: string
}) {
  const { days, lineOf } = useMemo(() => {
    const all = [...new Set(points.map((p) => p.date))].sort()
    const byMetric = new Map<string, Map<string, number | null>>()
    for (const p of points) {
      const own = byMetric.get(p.metric) ?? new Map<string, number | null>()
      own.set(p.date, p.value === null ? null : Number(p.value))
      byMetric.set(p.metric, own)
    }
    const line = (metric: string, name: string) => ({
      name,
      values: all.map((d) => byMetric.get(metric)?.get(d) ?? null),
    })
    return { days: all, lineOf: line }
  }, [points])
  return (
    <>
      <Chart
        days={days}
        unit="USD"
        regimes={regimes}
        onDay={onDay}
        label={`Fees and emissions, US dollars, ${periods}`}
        lines={[lineOf('FEES_USD', 'Fees'), lineOf('EMISSIONS_USD', 'Emissions')]}
      />
      <Chart
        days={days}
        unit="ratio"
        regimes={regimes}
        onDay={onDay}
        label={`Subsidy ratio, ${periods}`}
        lines={[lineOf('SUBSIDY_RATIO', 'Subsidy ratio')]}
      />
    </>
  )
}
