import { useState } from 'preact/hooks'
import { exact, short, words } from '../format.ts'
import { Shown, useAsk } from '../parts/ask.tsx'
import { go, Link } from '../parts/link.tsx'
import type { NetworkInfo } from '../types.ts'
import type { View } from '../view.ts'
import { addDays, addressOf, onPage } from '../view.ts'

interface EventRow {
  readonly network: string
  readonly stream: string
  readonly kind: string
  readonly token: string
  readonly txHash: string
  readonly transactionUrl: string | null
  readonly position: number
  readonly amount: string
  readonly height: number
  readonly happenedAt: string
  readonly act: string | null
}

interface Page {
  readonly events: {
    readonly nodes: readonly EventRow[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}

const query = `query Events($filter: EventFilter, $after: String) {
  events(filter: $filter, first: 100, after: $after) {
    nodes { network stream kind token txHash transactionUrl position amount height happenedAt act }
    pageInfo { hasNextPage endCursor } }
}`

/** The transactions behind a number: events of a network, a day, a kind or a stream. */
export function Events({ view, networks }: { view: View; networks: readonly NetworkInfo[] }) {
  const { network: slug = '', day = '', kind = '', stream = '' } = view.extra
  const network = networks.find((n) => n.slug === slug)
  const filter = {
    ...(network === undefined ? {} : { network: network.id }),
    ...(kind === '' ? {} : { kind }),
    ...(stream === '' ? {} : { stream }),
    ...(day === '' ? {} : { from: day, to: addDays(day, 1) }),
  }
  // A page belongs to its filter: with another one the list starts at the newest again.
  const key = JSON.stringify(filter)
  const [page, setPage] = useState<{ key: string; after: string | null }>({ key, after: null })
  const after = page.key === key ? page.after : null
  const setAfter = (cursor: string | null): void => setPage({ key, after: cursor })
  const asked = useAsk<Page>(query, { filter, after })
  const set = (change: Record<string, string>): void =>
    go(addressOf({ ...view, extra: { ...view.extra, ...change } }), true)
  return (
    <>
      <h1>Events</h1>
      <p class="lead">
        Every number opens down to transactions.{' '}
        {network !== undefined && (
          <Link to={onPage(view, `/network/${network.slug}`)}>Back to {network.name}</Link>
        )}
      </p>
      <form class="switches" aria-label="Which events" onSubmit={(e) => e.preventDefault()}>
        <label>
          Network
          <select
            name="network"
            value={slug}
            onChange={(e) => set({ network: e.currentTarget.value, stream: '' })}
          >
            <option value="">all</option>
            {networks.map((n) => (
              <option key={n.slug} value={n.slug}>
                {n.name}
              </option>
            ))}
          </select>
        </label>
        <label>
          Kind
          <select name="kind" value={kind} onChange={(e) => set({ kind: e.currentTarget.value })}>
            <option value="">all</option>
            {['EMISSION', 'BURN', 'FEE'].map((k) => (
              <option key={k} value={k}>
                {words(k)}
              </option>
            ))}
          </select>
        </label>
        <label>
          Day (UTC)
          <input type="date" name="day" value={day} onChange={(e) => set({ day: e.currentTarget.value })} />
        </label>
        {stream !== '' && (
          <button type="button" onClick={() => set({ stream: '' })}>
            Only {stream} ✕
          </button>
        )}
      </form>
      <Shown asked={asked}>
        {({ events }) => (
          <>
            <EventTable rows={events.nodes} />
            <p class="pages">
              {after !== null && (
                <button type="button" onClick={() => setAfter(null)}>
                  Newest
                </button>
              )}
              {events.pageInfo.hasNextPage && (
                <button type="button" onClick={() => setAfter(events.pageInfo.endCursor)}>
                  Older
                </button>
              )}
            </p>
          </>
        )}
      </Shown>
    </>
  )
}

function EventTable({ rows }: { rows: readonly EventRow[] }) {
  if (rows.length === 0) return <p class="muted">No event of these has been read.</p>
  return (
    <table class="plain">
      <thead>
        <tr>
          <th scope="col">Time (UTC)</th>
          <th scope="col">Stream</th>
          <th scope="col" class="number">
            Amount
          </th>
          <th scope="col" class="number">
            Height
          </th>
          <th scope="col">Transaction</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((e) => (
          <tr key={`${e.stream} ${e.txHash} ${e.position}`}>
            <td>{e.happenedAt.replace('T', ' ').replace('Z', '')}</td>
            <td>
              {e.stream} <small>{words(e.kind)}</small>
            </td>
            <td class="number">
              {exact(e.amount)} {e.token}
            </td>
            <td class="number">{e.height}</td>
            <td>
              {e.transactionUrl === null ? (
                <code title={e.txHash}>{short(e.txHash)}</code>
              ) : (
                <a href={e.transactionUrl} rel="noreferrer" target="_blank" title={e.txHash}>
                  <code>{short(e.txHash)}</code>
                </a>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
