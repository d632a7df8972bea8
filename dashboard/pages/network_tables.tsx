import { exact, shown, words } from '../format.ts'
import { Badge } from '../parts/badge.tsx'
import { Link } from '../parts/link.tsx'
import type { NetworkInfo, Point, ProofDay, Quality, StreamInfo } from '../types.ts'
import type { View } from '../view.ts'
import { onPage } from '../view.ts'

/** A change of a published value. */
export interface Restated {
  readonly subject: string
  readonly token: string | null
  readonly date: string | null
  readonly availableAt: string
  readonly oldAmount: string | null
  readonly newAmount: string | null
  readonly oldUsd: string | null
  readonly newUsd: string | null
  readonly newQuality: Quality | null
  readonly reason: string
}

/** The charts' numbers as a table, newest first, each day a link to its transactions. */
export function Values({
  points,
  metrics,
  view,
  network,
}: {
  points: readonly Point[]
  metrics: readonly string[]
  view: View
  network: NetworkInfo
}) {
  const days = [...new Set(points.map((p) => p.date))].sort().reverse()
  const at = new Map(points.map((p) => [`${p.date} ${p.metric}`, p]))
  return (
    <details>
      <summary>The same as a table ({days.length} periods)</summary>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Period</th>
            {metrics.map((m) => (
              <th key={m} scope="col" class="number">
                {words(m)}
              </th>
            ))}
            <th scope="col">Quality</th>
          </tr>
        </thead>
        <tbody>
          {days.map((day) => {
            const first = at.get(`${day} ${metrics[2]}`)
            return (
              <tr key={day}>
                <th scope="row">
                  <Link to={onPage(view, '/events', { network: network.slug, day })}>{day}</Link>
                </th>
                {metrics.map((m) => {
                  const point = at.get(`${day} ${m}`)
                  return (
                    <td key={m} class="number" title={point?.value ?? point?.reason ?? ''}>
                      {shown(point?.value, point?.unit ?? '')}
                    </td>
                  )
                })}
                <td>
                  {first !== undefined && <Badge quality={first.quality} reason={first.reason} />}
                  {first?.warning != null && <small>{first.warning}</small>}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </details>
  )
}

/** What each proof compared in the range, and what it left over. */
export function Proofs({ days }: { days: readonly ProofDay[] }) {
  const names = [...new Set(days.map((d) => `${d.token}: ${d.proof}`))]
  if (names.length === 0) return <p class="muted">Nothing could be compared in this range.</p>
  return (
    <table class="plain">
      <thead>
        <tr>
          <th scope="col">Proof</th>
          <th scope="col">Compared</th>
          <th scope="col" class="number">
            Days that fail
          </th>
          <th scope="col" class="number">
            Newest residual, smallest units
          </th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => {
          const own = days.filter((d) => `${d.token}: ${d.proof}` === name)
          const failed = own.filter((d) => !d.ok)
          const newest = own.reduce((a, b) => (a.to > b.to ? a : b))
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                {own.map((d) => d.from).sort()[0]} to {newest.to}
              </td>
              <td class="number">
                <span class={`badge ${failed.length === 0 ? 'good' : 'bad'}`}>
                  {failed.length} of {own.length}
                </span>
              </td>
              <td class="number">{exact(newest.residualRaw)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** Each stream of the network: what it means, how it is known, where that was read. */
export function Streams({
  streams,
  view,
  network,
}: {
  streams: readonly StreamInfo[]
  view: View
  network: NetworkInfo
}) {
  return (
    <div class="streams">
      {streams.map((s) => (
        <details key={s.name}>
          <summary>
            <strong>{s.name}</strong> {words(s.kind)}, {words(s.lens ?? s.class)}
            {s.role !== 'LEDGER' && <span class="badge none">{words(s.role)}</span>}
            {s.estimated !== null && <span class="badge fair">estimated</span>}
          </summary>
          <p>{s.meaning}</p>
          {s.estimated !== null && <p>{s.estimated}</p>}
          <p class="muted">
            {s.token}, by {words(s.method)}
            {s.since !== null && `, since ${s.since}`}
            {s.until !== null && `, until ${s.until}`}
          </p>
          <ul>
            {s.evidence.map((e) => (
              <li key={e}>{e}</li>
            ))}
          </ul>
          <p>
            <Link to={onPage(view, '/events', { network: network.slug, stream: s.name })}>Its events</Link>
          </p>
        </details>
      ))}
    </div>
  )
}

/** The newest changes of published values, and why. */
export function Restatements({ rows }: { rows: readonly Restated[] }) {
  if (rows.length === 0) return <p class="muted">Nothing has been restated.</p>
  return (
    <table class="plain">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">What</th>
          <th scope="col">Day</th>
          <th scope="col" class="number">
            Before
          </th>
          <th scope="col" class="number">
            From then on
          </th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((r, i) => (
          <tr key={i}>
            <td>{r.availableAt.replace('T', ' ').replace('Z', '')}</td>
            <td>{r.subject}</td>
            <td>{r.date ?? 'all'}</td>
            <td class="number">
              {shown(r.oldUsd ?? r.oldAmount, r.oldUsd === null ? (r.token ?? '') : 'USD')}
            </td>
            <td class="number">
              {shown(r.newUsd ?? r.newAmount, r.newUsd === null ? (r.token ?? '') : 'USD')}
            </td>
            <td>{r.reason}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
