import { count } from '../format.ts'
import type { StreamCoverage } from '../types.ts'

const width = 600
const height = 14

/** Which heights of each stream have been read, from the first of any to the last of any: gaps are plain to see. */
export function CoverageStrips({ streams }: { streams: readonly StreamCoverage[] }) {
  const chains = [...new Set(streams.map((s) => s.chain))]
  return (
    <div class="strips">
      {chains.map((chain) => (
        <Chain key={chain} chain={chain} streams={streams.filter((s) => s.chain === chain)} />
      ))}
    </div>
  )
}

function Chain({ chain, streams }: { chain: string; streams: readonly StreamCoverage[] }) {
  const ranges = streams.flatMap((s) => [...s.covered, ...s.gaps])
  if (ranges.length === 0) return <p class="muted">{chain}: nothing has been read yet.</p>
  const low = Math.min(...ranges.map((r) => r.from))
  const high = Math.max(...ranges.map((r) => r.to))
  const x = (h: number): number => ((h - low) / Math.max(1, high + 1 - low)) * width
  return (
    <table class="plain">
      <caption>
        {chain}: heights {count(low)} to {count(high)}
      </caption>
      <tbody>
        {streams.map((s) => (
          <tr key={s.stream}>
            <th scope="row">{s.stream}</th>
            <td class="strip">
              <svg
                viewBox={`0 0 ${width} ${height}`}
                preserveAspectRatio="none"
                role="img"
                aria-label={summary(s)}
              >
                <rect class="unread" width={width} height={height} />
                {s.covered.map((r) => (
                  <rect
                    key={r.from}
                    class="read"
                    x={x(r.from)}
                    width={Math.max(0.5, x(r.to + 1) - x(r.from))}
                    height={height}
                  />
                ))}
                {s.gaps.map((g) => (
                  <rect
                    key={g.from}
                    class="gap"
                    x={x(g.from)}
                    width={Math.max(2, x(g.to + 1) - x(g.from))}
                    height={height}
                  >
                    <title>{`${g.from} to ${g.to}: ${g.reason}`}</title>
                  </rect>
                ))}
              </svg>
            </td>
            <td class="number">{summary(s)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function summary(s: StreamCoverage): string {
  if (s.covered.length === 0) return 'nothing read'
  const missing = s.heightsMissing === 0 ? 'no gap' : `${count(s.heightsMissing)} missing`
  return s.behindBy === null || s.behindBy === 0 ? missing : `${missing}, ${count(s.behindBy)} behind`
}
