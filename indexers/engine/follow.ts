import { codeOf, messageOf } from '../../pipeline/model/errors.ts'
import type { HeightRange } from '../../pipeline/model/height.ts'
import type { Counter, Stream } from '../../pipeline/model/stream.ts'
import { dayOf, dayStart, secondsPerDay, unixSeconds } from '../../pipeline/model/time.ts'
import type { ChainSource, IndexStore, Logger } from './ports.ts'
import { sync } from './sync.ts'

export interface FollowOptions {
  readonly source: ChainSource
  readonly store: IndexStore
  readonly streams: readonly Stream[]
  /** Counters of the chain, read once an hour. */
  readonly counters: readonly Counter[]
  readonly logger: Logger
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly signal: AbortSignal
  /** History wanted before the head, in days. */
  readonly days: number
  /**
   * Takes heights below the head of which some may be missing: they are read beside the head, by whoever has time. Given at
   * the start, whenever the head has run ahead, and once an hour for what could not be read before.
   */
  readonly backlog: (span: HeightRange) => Promise<void>
  /** Whether this process is the one that follows the chain now; absent: it is. */
  readonly leads?: () => Promise<boolean>
  /** Pause between looks at the head. */
  readonly pollMs: number
}

const longestPauseMs = 60_000
/** Between two readings of the chain's counters, and between two looks at what is missing below the head. */
const hourMs = 3_600_000

/** Errors that no waiting mends: the chain stops with them, the rest goes on. */
const final: readonly (string | undefined)[] = [
  'continuity-broken',
  'decode-failed',
  'wrong-chain',
  'bad-declaration',
]

/**
 * Keeps a chain's streams read up to its finalized head until the signal. Unreachable nodes are tried
 * again with growing pauses, and each failure is logged and kept for `status`.
 * @returns When the signal comes, or when the chain cannot go on without a person.
 */
export async function follow(options: FollowOptions): Promise<void> {
  const { source, store, logger, signal } = options
  let pause = options.pollMs
  let claimed = false
  const state: State = { readingsAt: 0, backlogAt: 0, handedTo: -1 }
  const rest = new Rest()
  source.wake?.(() => rest.end(), signal)
  while (!signal.aborted) {
    try {
      if (!claimed) {
        await store.claimChain(source.chain, await source.identify(), source.idEncoding)
        claimed = true
        await store.noteError(source.chain, source.idEncoding, null)
      }
      if (options.leads !== undefined && !(await options.leads())) {
        await rest.begin(options.pollMs, signal)
        continue
      }
      const read = await step(options, state)
      if (options.now() >= state.readingsAt) {
        state.readingsAt = options.now() + hourMs
        await takeReadings(options)
      }
      if (read > 0) await store.noteError(source.chain, source.idEncoding, null)
      pause = options.pollMs
    } catch (error) {
      if (signal.aborted || codeOf(error) === 'interrupted') return
      logger.error(`${source.chain}: ${messageOf(error)}`, { code: codeOf(error) })
      await store
        .noteError(source.chain, source.idEncoding, messageOf(error))
        .catch((e) => logger.error(messageOf(e)))
      if (final.includes(codeOf(error))) {
        logger.error(`${source.chain} stopped; the other chains go on`)
        return
      }
      pause = Math.min(longestPauseMs, pause * 2)
      logger.info(`${source.chain}: trying again in ${Math.round(pause / 1000)} s`)
    }
    await rest.begin(pause, signal)
  }
}

/** What following remembers between looks: when the next hourly things are due, and the highest height left to others. */
interface State {
  readingsAt: number
  backlogAt: number
  handedTo: number
}

/**
 * One look at the head: the newest heights are read at once, and older ones that are missing are left to others, so that a
 * long history never makes the head wait. Returns how many heights were read.
 */
async function step(options: FollowOptions, state: State): Promise<number> {
  const { source, store, streams, logger, signal, now } = options
  const [head, finalized] = [await source.head(), await source.finalized()]
  await store.noteHead(source.chain, { height: head.height, finalized, time: head.time })
  const coverage = await store.getCoverage(streams.map((s) => s.id))
  const newest = Math.max(source.firstHeight - 1, ...streams.map((s) => coverage.get(s.id)?.at(-1)?.to ?? -1))
  const reach = Math.max(1, ...source.lanes(streams).map((lane) => lane.rangeSize.start))
  const from = Math.max(newest + 1, finalized - reach + 1, source.firstHeight)
  const ranAhead = newest + 1 < from && state.handedTo < from - 1
  if (ranAhead || now() >= state.backlogAt) {
    // From a midnight on, so that the first day is read whole.
    const since = dayStart(
      dayOf(unixSeconds(Math.max(0, Math.floor(now() / 1000) - options.days * secondsPerDay))),
    )
    const oldest = Math.max(source.firstHeight, await source.heightAt(since))
    const to = Math.min(from - 1, finalized)
    if (oldest <= to) await options.backlog({ from: oldest, to })
    state.handedTo = to
    state.backlogAt = now() + hourMs
  }
  if (finalized < from) return 0
  const report = await sync({ source, store, streams, span: { from, to: finalized }, logger, signal, now })
  if (report.heights > 0) {
    logger.info('read', {
      chain: source.chain,
      heights: report.heights,
      events: report.events,
      upTo: finalized,
    })
  }
  for (const gap of report.gaps.slice(0, 3)) logger.warn(`${source.chain}: missing`, { ...gap })
  return report.heights
}

/** Reads the chain's counters. A node that cannot say is no reason to stop following: the next hour tries again. */
async function takeReadings({ source, store, counters, logger, signal }: FollowOptions): Promise<void> {
  if (counters.length === 0 || source.readCounters === undefined) return
  try {
    await store.saveReadings(await source.readCounters(counters, undefined, signal))
  } catch (error) {
    if (codeOf(error) === undefined || codeOf(error) === 'interrupted') throw error
    logger.warn(`${source.chain}: its counters could not be read: ${messageOf(error)}`)
  }
}

/** The pause between two looks at the head, which a new head or the signal may end early. */
class Rest {
  #end: (() => void) | undefined

  begin(ms: number, signal: AbortSignal): Promise<void> {
    // A signal that came while the last failure was being noted is never said again.
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(() => end(), ms)
      const end = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        this.#end = undefined
        resolve()
      }
      signal.addEventListener('abort', end)
      this.#end = end
    })
  }

  end(): void {
    this.#end?.()
  }
}
