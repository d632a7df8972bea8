import { useState } from 'preact/hooks'
import { readKey } from '../key.ts'
import type { View } from '../view.ts'
import { addDays, definitionsOf, endOf } from '../view.ts'

/** The numbers of a page for elsewhere: its GraphQL on the clipboard, or the same rows as a file. */
export function TakeAway({
  view,
  networks,
  metrics,
}: {
  view: View
  networks: readonly string[]
  metrics: readonly string[]
}) {
  const [said, setSaid] = useState('')
  const query = queryOf(view, networks, metrics)
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(query)
      setSaid('copied')
    } catch {
      setSaid('the browser did not allow it; the query is below')
    }
  }
  return (
    <div class="takeaway">
      <button type="button" onClick={() => void copy()}>
        Copy the GraphQL
      </button>
      <a class="button" href={csvOf(view, networks, metrics)} download>
        CSV
      </a>
      <span role="status">{said}</span>
      {said.startsWith('the browser') && (
        <textarea readOnly value={query} rows={6} aria-label="GraphQL query" />
      )}
    </div>
  )
}

function queryOf(view: View, networks: readonly string[], metrics: readonly string[]): string {
  const definitions = Object.entries(definitionsOf(view))
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${name === 'asOf' ? `"${String(value)}"` : String(value)}`)
  const end = endOf(view)
  return `{
  metricSeries(networks: [${networks.join(', ')}], metrics: [${metrics.join(', ')}],
    from: "${addDays(end, -view.days)}", to: "${end}", granularity: ${view.granularity},
    ${definitions.join(', ')}, first: 5000) {
    nodes { date network metric value unit quality reason availableAt revision methodologyVersion daysComplete daysExpected }
    pageInfo { endCursor hasNextPage }
  }
}
`
}

function csvOf(view: View, networks: readonly string[], metrics: readonly string[]): string {
  const end = endOf(view)
  const query = new URLSearchParams({
    networks: networks.join(','),
    metrics: metrics.join(','),
    from: addDays(end, -view.days),
    to: end,
    granularity: view.granularity,
  })
  for (const [name, value] of Object.entries(definitionsOf(view)))
    if (value !== null) query.set(name, String(value))
  // A link cannot carry headers.
  if (readKey() !== '') query.set('key', readKey())
  return `/v1/metrics.csv?${query}`
}
