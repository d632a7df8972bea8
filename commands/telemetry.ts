import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { EndpointHealth } from '../indexers/engine/endpoints.ts'
import { IndexerError, messageOf } from '../pipeline/model/errors.ts'
import type { Database } from '../pipeline/store/database.ts'
import { getHealth } from '../pipeline/store/read_health.ts'
import { getCoverageReport, getStatus } from '../pipeline/store/read_status.ts'
import { now } from './app.ts'

/** A chain's endpoints, and what they did so far in this process. */
export type ChainHealth = EndpointHealth & { readonly chain: string }

/** Figures for Prometheus, and what counts the jobs. */
export interface Telemetry {
  readonly registry: Registry
  readonly countJob: (job: string, ok: boolean, ms: number) => void
  /** Names what else this process asks nodes through. */
  readonly watch: (endpoints: () => readonly ChainHealth[]) => void
}

/** What one scrape found is good for the next ones for so long. */
const keepMs = 5_000

/**
 * Makes the figures. What the database knows is read when it is scraped, at most every five seconds; while the database
 * does not answer, `depindex_database_up` is 0 and what it would have said is left out.
 */
export function createTelemetry(db: Database): Telemetry {
  const registry = new Registry()
  const countJob = jobFigures(registry)
  const watched: (() => readonly ChainHealth[])[] = []
  endpointFigures(registry, () => watched.flatMap((read) => read()))
  storeFigures(registry, db)
  return { registry, countJob, watch: (endpoints) => void watched.push(endpoints) }
}

/** `/metrics` and `/health` of a process without an API. @throws IndexerError `port-in-use` naming METRICS_PORT. */
export async function serveMetrics(
  { registry: figures }: Telemetry,
  host: string,
  port: number,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const answer = (status: number, text: string, type = 'text/plain'): void => {
      response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(text)
    }
    if (request.url === '/health') answer(200, 'ok\n')
    else if (request.url !== '/metrics') answer(404, 'there are /metrics and /health\n')
    else
      figures.metrics().then(
        (text) => answer(200, text, figures.contentType),
        (error) => answer(500, `${messageOf(error)}\n`),
      )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new IndexerError(
          'port-in-use',
          `cannot listen on ${host}:${port} (HOST, METRICS_PORT): ${messageOf(error)}`,
          {},
          { cause: error },
        ),
      ),
    )
    server.listen(port, host, resolve)
  })
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

function jobFigures(registry: Registry): Telemetry['countJob'] {
  const registers = [registry]
  const jobs = new Counter({
    name: 'depindex_job_runs_total',
    help: 'Runs of scheduled jobs',
    labelNames: ['job', 'result'],
    registers,
  })
  const seconds = new Histogram({
    name: 'depindex_job_seconds',
    help: 'Duration of scheduled jobs',
    labelNames: ['job'],
    registers,
  })
  const succeeded = new Gauge({
    name: 'depindex_job_last_success_timestamp_seconds',
    help: 'When a scheduled job last ended well on this process',
    labelNames: ['job'],
    registers,
  })
  return (job, ok, ms) => {
    jobs.inc({ job, result: ok ? 'ok' : 'failed' })
    seconds.observe({ job }, ms / 1000)
    if (ok) succeeded.set({ job }, now())
  }
}

function endpointFigures(registry: Registry, read: () => readonly ChainHealth[]): void {
  const [labelNames, registers] = [['chain', 'endpoint'], [registry]]
  const failures = new Counter({
    name: 'depindex_endpoint_failures_total',
    help: 'Requests to a node that failed: no answer, an error, or an answer that could not be used',
    labelNames,
    registers,
  })
  const limit = new Gauge({
    name: 'depindex_endpoint_limit_per_second',
    help: 'Requests a second that this process keeps to; absent while nothing limits it',
    labelNames,
    registers,
  })
  const requests = new Counter({
    name: 'depindex_endpoint_requests_total',
    help: 'Requests to a node, by its address without keys',
    labelNames,
    registers,
    collect() {
      for (const figure of [requests, failures, limit]) figure.reset()
      for (const { chain, endpoint, requests: asked, failures: failed, perSecond } of read()) {
        requests.inc({ chain, endpoint }, asked)
        failures.inc({ chain, endpoint }, failed)
        if (perSecond !== null) limit.set({ chain, endpoint }, perSecond)
      }
    },
  })
}

function storeFigures(registry: Registry, db: Database): void {
  const figures: Gauge[] = []
  const gauge = (name: string, help: string, ...labelNames: string[]): Gauge => {
    const made = new Gauge({ name: `depindex_${name}`, help, labelNames, registers: [registry] })
    figures.push(made)
    return made
  }
  const behind = gauge(
    'stream_behind_heights',
    'Finalized heights above the highest one read',
    'network',
    'stream',
  )
  const missing = gauge(
    'stream_missing_heights',
    'Heights not read between the first one read and the finalized head',
    'network',
    'stream',
  )
  const gaps = gauge('stream_gaps', 'Ranges that nodes did not give', 'network', 'stream')
  const seen = gauge('chain_seen_age_seconds', 'Since a node last told the head of a chain', 'chain')
  const head = gauge('chain_head_age_seconds', 'Age of the newest block that a node told of', 'chain')
  const error = gauge('chain_error', '1 while the last attempt to follow a chain failed', 'chain')
  const stale = gauge('stale_days', 'Stream days that wait to be rebuilt')
  const waitingFor = gauge(
    'rollup_waiting_seconds',
    'How long the oldest stale day has waited; 0: none waits',
  )
  const rollup = gauge('rollup_age_seconds', 'Since a rollup last published a value')
  const prices = gauge('price_age_seconds', 'Since a price was last retrieved')
  const waiting = gauge('waiting_jobs', 'Range jobs that wait or run', 'network')
  const dead = gauge('dead_ranges', 'Ranges that were given up', 'network')
  const workers = gauge('workers', 'Processes that take jobs')
  const proofs = gauge('failed_proof_days', 'Days on which two independent paths differ', 'network')
  let readAt = Number.NEGATIVE_INFINITY
  const up = new Gauge({
    name: 'depindex_database_up',
    help: '1 while the database answers',
    registers: [registry],
    async collect() {
      if (performance.now() - readAt < keepMs) return
      readAt = performance.now()
      try {
        const [health, status, coverage] = await Promise.all([
          getHealth(db),
          getStatus(db, now()),
          getCoverageReport(db),
        ])
        for (const figure of figures) figure.reset()
        for (const c of coverage) {
          const of = { network: c.network, stream: c.stream }
          missing.set(of, c.heightsMissing)
          gaps.set(of, c.gaps.length)
          if (c.behindBy !== null) behind.set(of, c.behindBy)
        }
        for (const { chain, lastSeenAt, headTime, lastError } of status.chains) {
          if (lastSeenAt !== null) seen.set({ chain }, now() - Date.parse(lastSeenAt) / 1000)
          if (headTime !== null) head.set({ chain }, now() - Date.parse(headTime) / 1000)
          error.set({ chain }, lastError === null ? 0 : 1)
        }
        stale.set(status.staleDays)
        waitingFor.set(health.staleSeconds ?? 0)
        if (health.publishedSeconds !== null) rollup.set(health.publishedSeconds)
        if (health.pricesSeconds !== null) prices.set(health.pricesSeconds)
        workers.set(health.workers)
        for (const [figure, by] of [
          [waiting, health.waiting],
          [dead, health.dead],
          [proofs, health.failedProofs],
        ] as const)
          for (const network of new Set(coverage.map((c) => c.network)))
            figure.set({ network }, by[network] ?? 0)
        up.set(1)
      } catch {
        // Whatever the reason, it is the database's: said by the figure, and by whoever needs the database next.
        for (const figure of figures) figure.reset()
        up.set(0)
      }
    },
  })
}
