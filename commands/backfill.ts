import { planLanes, plannedHeights } from '../indexers/engine/plan.ts'
import type { ChainSource, Logger } from '../indexers/engine/ports.ts'
import { codeOf, IndexerError } from '../pipeline/model/errors.ts'
import type { HeightRange } from '../pipeline/model/height.ts'
import type { NetworkDeclaration, Stream } from '../pipeline/model/stream.ts'
import type { Day } from '../pipeline/model/time.ts'
import { addDays, day, dayStart } from '../pipeline/model/time.ts'
import { recomputeStale } from '../pipeline/rollups/recompute.ts'
import { PostgresIndexStore } from '../pipeline/store/index_store.ts'
import { findNetwork, getStreams, now, openStore } from './app.ts'
import { wholeNumber } from './arguments.ts'
import { openChains } from './chains.ts'
import type { Config } from './config.ts'
import type { Output } from './output.ts'
import { createProgress } from './progress.ts'
import { readShared } from './shared_backfill.ts'
import { defaultJobs } from './worker.ts'

export interface BackfillOptions {
  readonly network: string
  readonly stream?: string
  readonly from?: string
  readonly to?: string
  readonly workers?: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

/** Missing ranges named in the summary; the rest is counted. */
const shownGaps = 5

/** Reads a past range of a network, resumably. */
export async function backfill(
  options: BackfillOptions,
  config: Config,
  logger: Logger,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const network = findNetwork(options.network, 'backfill', 'bad-argument')
  if (options.stream !== undefined && network.streams[options.stream] === undefined) {
    throw new IndexerError(
      'bad-argument',
      `--stream: ${network.id} has no stream '${options.stream}'; it has ${Object.keys(network.streams).join(', ')}`,
    )
  }
  const concurrency =
    options.workers === undefined ? defaultJobs : wholeNumber('--workers', options.workers, 1, 64)
  const ends = { from: readEnd('--from', options.from), to: readEnd('--to', options.to) }
  refuseReversed(options, ends)
  refuseFuture(options, ends)
  const chains = openChains([{ ...network, streams: alive(network, options, ends) }], config, logger)
  const opened: Awaited<ReturnType<typeof openStore>>[] = []
  try {
    // Endpoints are asked and the range is checked before the database is touched.
    const work = []
    const unanswered: unknown[] = []
    for (const { source } of chains) {
      try {
        work.push(await look(source, network, options, ends))
      } catch (error) {
        // One chain without a node keeps the others from nothing; the command fails at its end.
        if (codeOf(error) !== 'rpc-unavailable') throw error
        unanswered.push(error)
        if (unanswered.length < chains.length) output.note(`${source.chain}: left out, no node answers`)
      }
    }
    if (work.length === 0 && unanswered.length > 0) throw unanswered[0]
    const store = await openStore(config, 'migrate')
    opened.push(store)
    const all = await getStreams(store.db, [network])
    const index = new PostgresIndexStore(store.db, now)
    const results = []
    for (const { source, identity, head, finalized, span } of work) {
      const streams = all.filter(
        (s) => s.chain === source.chain && (options.stream === undefined || s.name === options.stream),
      )
      if (options.dryRun) {
        results.push(await estimate(source, index, streams, span, concurrency))
        continue
      }
      await index.claimChain(source.chain, identity, source.idEncoding)
      await index.noteHead(source.chain, { height: head.height, finalized, time: head.time })
      if (identity.origin !== 'live')
        output.note(`${source.chain}: the endpoint serves ${identity.origin} data`)
      const progress = options.json ? undefined : createProgress(process.stderr, () => performance.now())
      const report = await readShared({
        db: store.db,
        config,
        source,
        streams,
        span,
        concurrency,
        logger,
        signal,
        ...(progress === undefined ? {} : { progress }),
      })
      results.push({ chain: source.chain, origin: identity.origin, from: span.from, to: span.to, ...report })
    }
    if (!options.dryRun)
      await recomputeStale({ db: store.db, priceSources: config.PRICE_SOURCES, now, signal })
    if (options.json) output.json(results)
    else for (const result of results) output.text(describe(result))
    if (unanswered.length > 0) throw unanswered[0]
  } finally {
    for (const { source } of chains) await source.close()
    for (const store of opened) await store.close()
  }
}

/** Where a chain stands, and the heights asked for. */
async function look(
  source: ChainSource,
  network: NetworkDeclaration,
  options: BackfillOptions,
  ends: { readonly from: End; readonly to: End },
) {
  const identity = await source.identify()
  const head = await source.head()
  const finalized = await source.finalized()
  const since = earliest(network, source.chain, options.stream)
  return {
    source,
    identity,
    head,
    finalized,
    span: await spanOf(source, ends, finalized, head.height, since),
  }
}

function describe(
  result:
    | Awaited<ReturnType<typeof estimate>>
    | {
        chain: string
        from: number
        to: number
        heights: number
        events: number
        gaps: readonly { from: number; to: number; reason: string; streamId: number }[]
      },
): string {
  if ('requests' in result) {
    return `${result.chain}: ${result.heights} blocks to read from ${result.from} to ${result.to}, about ${result.requests} requests, about ${result.seconds} s at ${result.msPerRequest} ms a request (${result.note}). Nothing was read.`
  }
  const lines = [
    `${result.chain}: read ${result.heights} blocks from ${result.from} to ${result.to}, ${result.events} new events.`,
  ]
  // Streams that lack the same blocks for the same reason say so once.
  const gaps = new Map(result.gaps.map((g) => [`${g.from} ${g.to} ${g.reason}`, g]))
  if (gaps.size > 0) {
    lines.push(`${gaps.size} ranges could not be read whole and stay missing (see: depindex status):`)
    for (const gap of [...gaps.values()].slice(0, shownGaps))
      lines.push(`  ${gap.from}${gap.to > gap.from ? ` to ${gap.to}` : ''}: ${gap.reason}`)
    if (gaps.size > shownGaps) lines.push(`  and ${gaps.size - shownGaps} more`)
  }
  return lines.join('\n')
}

async function estimate(
  source: ChainSource,
  index: PostgresIndexStore,
  streams: readonly Stream[],
  span: HeightRange,
  concurrency: number,
) {
  const coverage = await index.getCoverage(streams.map((s) => s.id))
  const segments = planLanes(source, span, streams, coverage)
  const startedAt = performance.now()
  await source.head()
  const msPerRequest = Math.max(1, Math.round(performance.now() - startedAt))
  const costs = segments.map((s) => source.estimate(s.range, s.streams))
  const requests = costs.reduce((sum, c) => sum + c.requests, 0)
  return {
    chain: source.chain,
    from: span.from,
    to: span.to,
    heights: plannedHeights(segments),
    requests,
    msPerRequest,
    seconds: Math.ceil((requests * msPerRequest) / 1000 / concurrency),
    note: [...new Set(costs.map((c) => c.note))].join('; ') || 'nothing is missing',
  }
}

type End = { readonly height: number } | { readonly day: ReturnType<typeof day> } | undefined

/** A height, or a UTC day; both ends of the range are included. */
function readEnd(flag: string, text: string | undefined): End {
  if (text === undefined) return undefined
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return { height: Number(text) }
  try {
    return { day: day(text) }
  } catch (cause) {
    throw new IndexerError(
      'bad-argument',
      `${flag}: '${text}' is neither a height nor a day written YYYY-MM-DD`,
      {},
      { cause },
    )
  }
}

function refuseReversed(options: BackfillOptions, { from, to }: { from: End; to: End }): void {
  const reversed =
    from !== undefined &&
    to !== undefined &&
    (('height' in from && 'height' in to && from.height > to.height) ||
      ('day' in from && 'day' in to && from.day > to.day))
  if (reversed)
    throw new IndexerError(
      'bad-argument',
      `--from ${options.from} is after --to ${options.to}; give the earlier end first`,
    )
}

/** A first day that has not begun would otherwise read the newest block. */
function refuseFuture(options: BackfillOptions, { from }: { from: End }): void {
  if (from !== undefined && 'day' in from && dayStart(from.day) > now())
    throw new IndexerError('bad-argument', `--from ${options.from} is in the future; nothing can be read yet`)
}

/** The streams asked for that can happen on the days asked for: a chain without any need not answer. */
function alive(
  network: NetworkDeclaration,
  options: BackfillOptions,
  { from, to }: { from: End; to: End },
): NetworkDeclaration['streams'] {
  const ended = (until?: string): boolean =>
    until !== undefined && from !== undefined && 'day' in from && until <= from.day
  const begins = (since?: string): boolean =>
    since !== undefined && to !== undefined && 'day' in to && since > to.day
  const living = Object.entries(network.streams).filter(
    ([name, s]) => (options.stream ?? name) === name && !ended(s.until) && !begins(s.since),
  )
  if (living.length > 0) return Object.fromEntries(living)
  throw new IndexerError(
    'bad-argument',
    `${options.stream ?? network.id} cannot happen from ${options.from ?? 'its start'} to ${options.to ?? 'now'}: it ended before or begins after`,
  )
}

/** The first UTC day on which any of the streams can happen; undefined if one of them does not say. */
function earliest(network: NetworkDeclaration, chain: string, only: string | undefined): Day | undefined {
  const days = Object.entries(network.streams)
    .filter(([name, s]) => (s.chain ?? network.tokens[s.token]?.chain) === chain && (only ?? name) === name)
    .map(([, s]) => s.since)
  const known = days.filter((d) => d !== undefined)
  const first = known.length === days.length ? known.toSorted()[0] : undefined
  return first === undefined ? undefined : day(first)
}

async function spanOf(
  source: ChainSource,
  { from, to }: { from: End; to: End },
  finalized: number,
  head: number,
  since: Day | undefined,
): Promise<HeightRange> {
  const height = async (end: End, flag: string, otherwise: number, atEnd: boolean): Promise<number> => {
    if (end === undefined) return otherwise
    if ('day' in end) {
      const at = await source.heightAt(dayStart(atEnd ? addDays(end.day, 1) : end.day))
      return Math.min(atEnd ? at - 1 : at, finalized)
    }
    if (end.height > finalized) {
      throw new IndexerError(
        'bad-argument',
        `${flag} ${end.height} is above the finalized height ${finalized} of ${source.chain} (its head is ${head}); nothing newer is read`,
      )
    }
    return Math.max(end.height, source.firstHeight)
  }
  const span = {
    from: await height(
      from ?? (since === undefined ? undefined : { day: since }),
      '--from',
      source.firstHeight,
      false,
    ),
    to: await height(to, '--to', finalized, true),
  }
  if (span.from <= span.to) return span
  throw new IndexerError(
    'bad-argument',
    `--from and --to leave no block of ${source.chain}: from ${span.from} to ${span.to}`,
  )
}
