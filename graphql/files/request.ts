import { denominators, priceBases, timeBases } from '../../pipeline/model/basis.ts'
import { IndexerError, messageOf } from '../../pipeline/model/errors.ts'
import type { StreamedEventsQuery } from '../../pipeline/model/event_view.ts'
import type { SeriesQuery } from '../../pipeline/model/series.ts'
import { defaultDefinitions, granularities } from '../../pipeline/model/series.ts'
import type { Kind } from '../../pipeline/model/stream.ts'
import { lenses } from '../../pipeline/model/stream.ts'
import type { Day, UnixSeconds } from '../../pipeline/model/time.ts'
import { addDays, day, dayNumber, dayOf, instantOf } from '../../pipeline/model/time.ts'
import { notFound } from '../suggest.ts'

/** What a file is asked for with: names and values as in an address. */
export type FileArguments = ReadonlyMap<string, string>

/** What can be named in a file's address. */
export interface FileNames {
  readonly networks: readonly string[]
  readonly metrics: readonly string[]
}

/** Long: a row for each value. Wide: a row for each date, or for events everything that is known of them. */
export type Shape = 'long' | 'wide'

/** A file of metrics. */
export interface MetricsFile {
  readonly what: 'metrics'
  readonly shape: Shape
  /** Whether wide files have quality and reason beside each value. */
  readonly notes: boolean
  readonly query: SeriesQuery & { readonly asOf: UnixSeconds }
}

/** A file of events. */
export interface EventsFile {
  readonly what: 'events'
  readonly shape: Shape
  readonly query: StreamedEventsQuery
}

const defaultDays = 365
/** More than any chain has. */
const mostDays = 8_000
const kinds: readonly Kind[] = ['emission', 'burn', 'fee', 'lock']
const shapes = ['long', 'wide'] as const
const switches = ['true', 'false'] as const

const refuse = (name: string, what: string): never => {
  throw new IndexerError('bad-argument', `${name}: ${what}`)
}

/** Runs a check so that what it refuses names the argument. */
function named<T>(name: string, check: () => T): T {
  try {
    return check()
  } catch (cause) {
    throw new IndexerError('bad-argument', `${name}: ${messageOf(cause)}`, {}, { cause })
  }
}

/** One of a few values; the first where none is given. */
function choice<T extends string>(given: FileArguments, name: string, values: readonly T[]): T {
  const text = given.get(name)
  const found = text === undefined ? values[0] : values.find((v) => v === text)
  return found ?? refuse(name, `'${text}' is none of ${values.join(', ')}`)
}

/** A list of names separated by commas, in either way of writing them; all where none is given. */
function listOf(given: FileArguments, name: string, what: string, known: readonly string[]): string[] {
  const text = given.get(name)
  if (text === undefined) return [...known]
  const plain = (id: string): string => id.trim().toLowerCase().replaceAll('_', '-')
  const found = text
    .split(',')
    .map((t) => known.find((k) => plain(k) === plain(t)) ?? refuse(name, notFound(what, t.trim(), known)))
  return [...new Set(found)]
}

function wholeNumber(given: FileArguments, name: string, absent: number, most: number): number {
  const text = given.get(name)
  if (text === undefined) return absent
  if (!/^\d{1,9}$/.test(text) || Number(text) > most) refuse(name, `'${text}' is not from 0 to ${most}`)
  return Number(text)
}

function period(given: FileArguments, now: UnixSeconds): { from: Day; to: Day } {
  const read = (name: string): Day | undefined => {
    const text = given.get(name)
    return text === undefined ? undefined : named(name, () => day(text))
  }
  const to = read('to') ?? dayOf(now)
  const from = read('from') ?? addDays(to, -defaultDays)
  const days = dayNumber(to) - dayNumber(from)
  if (days <= 0) refuse('to', `${to} is not after from ${from}; the day 'to' is left out`)
  if (days > mostDays) refuse('to', `${from} to ${to} is ${days} days; the limit is ${mostDays}`)
  return { from, to }
}

function checkNames(given: FileArguments, known: readonly string[]): void {
  for (const name of given.keys())
    if (!known.includes(name)) refuse(name.slice(0, 40), notFound('argument', name, known))
}

/**
 * Reads what a file of metrics is asked for with.
 * @param now The present: values are those known at it unless `asOf` names an earlier instant.
 * @throws IndexerError `bad-argument` naming the argument.
 */
export function readMetricsFile(given: FileArguments, names: FileNames, now: UnixSeconds): MetricsFile {
  checkNames(given, metricsArguments)
  const asOf = given.get('asOf')
  const asked = asOf === undefined ? now : named('asOf', () => instantOf(asOf))
  return {
    what: 'metrics',
    shape: choice(given, 'shape', shapes),
    notes: choice(given, 'notes', switches) === 'true',
    query: {
      networks: listOf(given, 'networks', 'network', names.networks),
      metrics: listOf(given, 'metrics', 'metric', names.metrics),
      ...period(given, now),
      ...defaultDefinitions,
      granularity: choice(given, 'granularity', granularities),
      lens: choice(given, 'lens', lenses),
      priceBasis: choice(given, 'priceBasis', priceBases),
      by: choice(given, 'by', timeBases),
      denominator: choice(given, 'denominator', denominators),
      includePartial: choice(given, 'includePartial', ['false', 'true']) === 'true',
      maxUnpricedDays: wholeNumber(given, 'maxUnpricedDays', defaultDefinitions.maxUnpricedDays, 366),
      asOf: asked > now ? now : asked,
    },
  }
}

/** Reads what a file of events is asked for with. @throws IndexerError `bad-argument` naming the argument. */
export function readEventsFile(given: FileArguments, names: FileNames, now: UnixSeconds): EventsFile {
  checkNames(given, eventsArguments)
  const stream = given.get('stream')
  const kind = given.has('kind') ? choice(given, 'kind', kinds) : undefined
  const asOf = given.get('asOf')
  return {
    what: 'events',
    shape: choice(given, 'shape', shapes),
    query: {
      networks: listOf(given, 'networks', 'network', names.networks),
      ...period(given, now),
      ...(stream === undefined ? {} : { stream }),
      ...(kind === undefined ? {} : { kind }),
      ...(asOf === undefined ? {} : { asOf: named('asOf', () => instantOf(asOf)) }),
    },
  }
}

const metricsArguments = [
  'networks',
  'metrics',
  'from',
  'to',
  'granularity',
  'lens',
  'priceBasis',
  'by',
  'denominator',
  'includePartial',
  'maxUnpricedDays',
  'asOf',
  'shape',
  'notes',
]
const eventsArguments = ['networks', 'stream', 'kind', 'from', 'to', 'asOf', 'shape']
