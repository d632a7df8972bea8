import { useState } from 'preact/hooks'
import { shown, words } from '../format.ts'
import { Shown, useAsk } from '../parts/ask.tsx'
import { Badge } from '../parts/badge.tsx'
import { Link } from '../parts/link.tsx'
import { Sparkline } from '../parts/sparkline.tsx'
import { Switches } from '../parts/switches.tsx'
import { TakeAway } from '../parts/take_away.tsx'
import { seriesQuery, seriesVariables } from '../queries.ts'
import type { NetworkInfo, Point } from '../types.ts'
import type { View } from '../view.ts'
import { onPage } from '../view.ts'

const metrics = ['FEES_USD', 'EMISSIONS_USD', 'SUBSIDY_RATIO', 'NET_SUBSIDY_USD']

interface Row {
  readonly network: NetworkInfo
  /** The newest day on which the network's fees and emissions are known; undefined: on none of the range. */
  readonly date: string | undefined
  readonly latest: Readonly<Record<string, Point | undefined>>
  readonly trend: readonly (number | null)[]
}

type Column = 'name' | 'FEES_USD' | 'EMISSIONS_USD' | 'SUBSIDY_RATIO' | 'NET_SUBSIDY_USD'

/** All networks side by side: who pays, users or holders. */
export function Overview({ view, networks }: { view: View; networks: readonly NetworkInfo[] }) {
  const windowed = view.granularity.startsWith('TRAILING_') ? view.granularity : 'TRAILING_30'
  const asked = useAsk<{ metricSeries: { nodes: readonly Point[] } }>(
    seriesQuery,
    seriesVariables({ ...view, days: Math.min(view.days, 120) }, metrics, undefined, windowed),
  )
  const [sort, setSort] = useState<{ by: Column; down: boolean }>({ by: 'FEES_USD', down: true })
  return (
    <>
      <h1>Do users pay for a network, or do its token holders?</h1>
      <p class="lead">
        Fees that users paid against tokens given out, in US dollars over the {words(windowed)} that end with
        the newest complete day. A subsidy ratio of 1 means a dollar given out for each dollar paid.
      </p>
      <Switches view={view} names={['lens', 'priceBasis', 'denominator', 'by']} />
      <Shown asked={asked}>
        {(data) => (
          <Table
            rows={sorted(
              networks.map((n) => rowOf(n, data.metricSeries.nodes)),
              sort,
            )}
            view={view}
            sort={sort}
            onSort={(by) => setSort({ by, down: by === sort.by ? !sort.down : by !== 'name' })}
          />
        )}
      </Shown>
      <TakeAway
        view={{ ...view, granularity: windowed }}
        networks={networks.map((n) => n.id)}
        metrics={metrics}
      />
    </>
  )
}

function rowOf(network: NetworkInfo, points: readonly Point[]): Row {
  const own = points.filter((p) => p.network === network.id)
  const of = (metric: string): Point[] => own.filter((p) => p.metric === metric)
  const known =
    of('EMISSIONS_USD').findLast((p) => p.value !== null) ?? of('FEES_USD').findLast((p) => p.value !== null)
  const date = known?.date
  // Yesterday's row says why there is nothing; today's only that the day has not ended.
  const at = date ?? of('FEES_USD').at(-2)?.date
  return {
    network,
    date,
    latest: Object.fromEntries(metrics.map((m) => [m, of(m).find((p) => p.date === at)])),
    trend: fromFirstKnown(of('SUBSIDY_RATIO').map((p) => (p.value === null ? null : Number(p.value)))),
  }
}

/** History that was never read says nothing about a trend; what is missing in between stays a hole. */
function fromFirstKnown(values: readonly (number | null)[]): (number | null)[] {
  return values.slice(
    Math.max(
      0,
      values.findIndex((v) => v !== null),
    ),
  )
}

function sorted(rows: readonly Row[], { by, down }: { by: Column; down: boolean }): Row[] {
  const value = (row: Row): number | null => {
    const text = row.latest[by]?.value
    return text === undefined || text === null ? null : Number(text)
  }
  return [...rows].sort((a, b) => {
    if (by === 'name') return (down ? -1 : 1) * a.network.name.localeCompare(b.network.name)
    const [x, y] = [value(a), value(b)]
    // What is not known comes last, whichever way the rest is sorted.
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    return down ? y - x : x - y
  })
}

const columns: readonly { id: Column; title: string }[] = [
  { id: 'name', title: 'Network' },
  { id: 'FEES_USD', title: 'Fees' },
  { id: 'EMISSIONS_USD', title: 'Emissions' },
  { id: 'SUBSIDY_RATIO', title: 'Subsidy ratio' },
  { id: 'NET_SUBSIDY_USD', title: 'Net subsidy' },
]

function Table({
  rows,
  view,
  sort,
  onSort,
}: {
  rows: readonly Row[]
  view: View
  sort: { by: Column; down: boolean }
  onSort: (by: Column) => void
}) {
  return (
    <table class="overview">
      <thead>
        <tr>
          {columns.map(({ id, title }) => (
            <th
              key={id}
              scope="col"
              class={id === 'name' ? '' : 'number'}
              aria-sort={sort.by === id ? (sort.down ? 'descending' : 'ascending') : 'none'}
            >
              <button type="button" onClick={() => onSort(id)}>
                {title}
                <span aria-hidden="true">{sort.by === id ? (sort.down ? ' ↓' : ' ↑') : ''}</span>
              </button>
            </th>
          ))}
          <th scope="col">Ratio over time</th>
          <th scope="col">Quality</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <OverviewRow key={row.network.id} row={row} view={view} />
        ))}
      </tbody>
    </table>
  )
}

function OverviewRow({ row, view }: { row: Row; view: View }) {
  const { network, latest, date } = row
  const ratio = latest['SUBSIDY_RATIO']
  return (
    <tr data-network={network.slug}>
      <th scope="row">
        <Link to={onPage(view, `/network/${network.slug}`)}>{network.name}</Link>
        <small>
          {network.sector}
          {network.origin === 'SIMULATED' && <span class="badge simulated">simulated</span>}
          {network.origin === 'REPLAYED' && <span class="badge simulated">recorded</span>}
        </small>
      </th>
      {columns.slice(1).map(({ id, title }) => (
        <td
          key={id}
          class="number"
          data-label={title}
          title={latest[id]?.value ?? latest[id]?.reason ?? 'not known'}
        >
          {shown(latest[id]?.value, latest[id]?.unit ?? '')}
        </td>
      ))}
      <td data-label="Ratio over time">
        <Sparkline values={row.trend} label={`Subsidy ratio of ${network.name} over time`} />
      </td>
      <td data-label="Quality">
        {ratio !== undefined && <Badge quality={ratio.quality} reason={ratio.reason} />}
        {date !== undefined && <small>to {date}</small>}
        {ratio?.value === null && <small>{ratio?.reason}</small>}
      </td>
    </tr>
  )
}
