import { createHash } from 'node:crypto'
import type { GraphQLError } from 'graphql'
import { codeOf } from '../pipeline/model/errors.ts'
import type { EventPlace } from '../pipeline/model/event_view.ts'
import type { UnixSeconds } from '../pipeline/model/time.ts'
import { day, unixSeconds } from '../pipeline/model/time.ts'
import { userError } from './errors.ts'

/** Place of a metric value in a series, and the instant as of which all pages are read. */
export interface SeriesCursor {
  readonly date: string
  readonly network: string
  readonly metric: string
  readonly asOf: UnixSeconds
}

const longestCursor = 2_000

/** Short name of a query's arguments, so that a cursor cannot be used with others. */
export function digest(args: unknown): string {
  return createHash('sha256').update(JSON.stringify(args)).digest('base64url').slice(0, 16)
}

function write(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

function malformed(): GraphQLError {
  return userError(
    'after',
    'this is not a cursor of this list; take endCursor of the page before, or leave it out',
  )
}

/** The parts of a cursor, checked for its list and the arguments it was made with. */
function read(text: string, list: string, args: string): unknown[] {
  if (text.length > longestCursor || !/^[A-Za-z0-9_-]+$/.test(text)) throw malformed()
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed()
    throw error
  }
  if (!Array.isArray(parts) || parts[0] !== list) throw malformed()
  if (parts[1] !== args) {
    throw userError('after', 'this cursor belongs to a query with other arguments; only `first` may differ')
  }
  return parts.slice(2)
}

/** Runs the checks of the model: what they refuse makes the cursor malformed. */
function checked<T>(check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    throw malformed()
  }
}

/** @param args The {@link digest} of the query's arguments. */
export function writeSeriesCursor(args: string, { date, network, metric, asOf }: SeriesCursor): string {
  return write(['series', args, date, network, metric, asOf])
}

/** @throws GraphQLError if the text is no cursor of a series, or one of other arguments. */
export function readSeriesCursor(args: string, text: string): SeriesCursor {
  const [date, network, metric, asOf] = read(text, 'series', args)
  if (typeof date !== 'string' || typeof network !== 'string' || typeof metric !== 'string') throw malformed()
  if (typeof asOf !== 'number') throw malformed()
  return checked(() => ({ date: day(date), network, metric, asOf: unixSeconds(asOf) }))
}

/** @param args The {@link digest} of the query's filter. */
export function writeEventCursor(args: string, { happenedAt, streamId, txId, position }: EventPlace): string {
  return write(['events', args, happenedAt, streamId, txId, position])
}

const largestInt = 2 ** 31 - 1

function isInt(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= largestInt
}

/** @throws GraphQLError if the text is no cursor of events, or one of another filter. */
export function readEventCursor(args: string, text: string): EventPlace {
  const [happenedAt, streamId, txId, position] = read(text, 'events', args)
  if (typeof happenedAt !== 'number' || !isInt(streamId) || !isInt(position)) throw malformed()
  if (typeof txId !== 'string' || !/^([0-9a-f]{2})*$/.test(txId)) throw malformed()
  return checked(() => ({ happenedAt: unixSeconds(happenedAt), streamId, txId, position }))
}

/** @param args The {@link digest} of the query's filter. */
export function writeRestatementCursor(args: string, id: number): string {
  return write(['restatements', args, id])
}

/** @throws GraphQLError if the text is no cursor of restatements, or one of another filter. */
export function readRestatementCursor(args: string, text: string): number {
  const [id] = read(text, 'restatements', args)
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) throw malformed()
  return id
}
