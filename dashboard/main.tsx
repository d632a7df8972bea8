import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Compare } from './pages/compare.tsx'
import { Events } from './pages/events.tsx'
import { Network } from './pages/network.tsx'
import { Overview } from './pages/overview.tsx'
import { Query } from './pages/query.tsx'
import { Shown, useAsk } from './parts/ask.tsx'
import { Link } from './parts/link.tsx'
import { ThemeSwitch } from './parts/theme.tsx'
import { startQuery } from './queries.ts'
import type { ChainStatus, NetworkInfo } from './types.ts'
import type { View } from './view.ts'
import { onPage, readView } from './view.ts'

interface Start {
  readonly networks: readonly NetworkInfo[]
  readonly status: { readonly version: string; readonly now: string; readonly chains: readonly ChainStatus[] }
}

function App() {
  const view = useView()
  const start = useAsk<Start>(startQuery, {})
  return (
    <>
      <a class="skip" href="#content">
        To the content
      </a>
      <header>
        <nav aria-label="Pages">
          <Link to={onPage(view, '/')} class="brand" current={view.path === '/'}>
            depindex
          </Link>
          <Link to={onPage(view, '/compare')} current={view.path === '/compare'}>
            Compare
          </Link>
          <Link to={onPage(view, '/events')} current={view.path === '/events'}>
            Events
          </Link>
          <Link to={onPage(view, '/query')} current={view.path === '/query'}>
            GraphQL
          </Link>
          <ThemeSwitch />
        </nav>
      </header>
      <Shown asked={start}>
        {(data) => (
          <>
            <Notices status={data.status} view={view} />
            <main id="content">
              <Page view={view} networks={data.networks} />
            </main>
            <footer>
              depindex {data.status.version}. Days are UTC. What is not known is a dash with a reason, never
              zero.
            </footer>
          </>
        )}
      </Shown>
    </>
  )
}

function Page({ view, networks }: { view: View; networks: readonly NetworkInfo[] }) {
  if (view.path === '/') return <Overview view={view} networks={networks} />
  if (view.path === '/compare') return <Compare view={view} networks={networks} />
  if (view.path === '/events') return <Events view={view} networks={networks} />
  if (view.path === '/query') return <Query />
  const slug = /^\/network\/([^/]+)$/.exec(view.path)?.[1]
  const network = networks.find((n) => n.slug === slug)
  if (network !== undefined) return <Network key={network.id} view={view} network={network} />
  return (
    <>
      <h1>There is no such page</h1>
      <p>
        {slug === undefined ? '' : `No network is called ${slug}. `}Known:{' '}
        {networks.map((n) => (
          <>
            <Link key={n.slug} to={onPage(view, `/network/${n.slug}`)}>
              {n.name}
            </Link>{' '}
          </>
        ))}
      </p>
    </>
  )
}

/** What a reader must know before any number: whether it is real, from when, and what is out of order. */
function Notices({ status, view }: { status: Start['status']; view: View }) {
  const unreal = status.chains.filter((c) => c.origin === 'SIMULATED').map((c) => c.chain)
  const recorded = status.chains.filter((c) => c.origin === 'REPLAYED').map((c) => c.chain)
  const failing = status.chains.filter((c) => c.lastError !== null)
  return (
    <div class="notices">
      {unreal.length > 0 && (
        <p class="notice simulated" role="alert">
          <strong>Simulated data.</strong> Figures from {unreal.join(', ')} say nothing about the real
          networks.
        </p>
      )}
      {recorded.length > 0 && (
        <p class="notice simulated">
          <strong>Recorded data</strong> of {recorded.join(', ')}: a few real blocks, replayed.
        </p>
      )}
      {view.asOf !== '' && (
        <p class="notice">
          Values as they were known at the end of <strong>{view.asOf}</strong>. Events and proofs are shown as
          known now.
        </p>
      )}
      {failing.map((c) => (
        <p key={c.chain} class="notice bad">
          <strong>{c.chain}</strong> cannot be read: {c.lastError}
        </p>
      ))}
    </div>
  )
}

function useView(): View {
  const [view, setView] = useState(readView(new URL(location.href)))
  useEffect(() => {
    const update = (): void => setView(readView(new URL(location.href)))
    addEventListener('popstate', update)
    return () => removeEventListener('popstate', update)
  }, [])
  useEffect(() => {
    const page = view.path === '/' ? '' : ` · ${view.path.split('/').at(-1)}`
    document.title = `depindex${page}`
  }, [view.path])
  return view
}

const place = document.getElementById('app')
if (place !== null) render(<App />, place)
