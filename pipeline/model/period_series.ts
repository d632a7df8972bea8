import { IndexerError } from './errors.ts'

/** An amount of one period that belongs to another stream than the rest of the series. */
export interface SeriesException {
  /** First UTC day of the period. */
  readonly period: string
  /** Whole tokens, exact. */
  readonly amount: string
  /** UTC day it is booked on. */
  readonly day: string
  /** The stream it goes to. */
  readonly stream: string
  readonly why: string
}

/** How a published file is read into a stream. */
export interface SeriesSettings {
  readonly every: 'day' | 'week' | 'month'
  /** Columns of the file: first day of the period, whole tokens, and (if it says) their dollars. */
  readonly columns: { readonly period: string; readonly amount: string; readonly usd?: string }
  /** Streams that are other legs of the same acts: they get the same amounts. */
  readonly legs?: readonly string[]
  readonly exceptions?: readonly SeriesException[]
}

/** The settings of an imported stream. @throws IndexerError `bad-declaration` if it has none. */
export function seriesSettings(
  stream: string,
  settings: Readonly<Record<string, unknown>> | undefined,
): SeriesSettings {
  if (settings !== undefined && 'every' in settings && 'columns' in settings)
    return settings as unknown as SeriesSettings
  throw new IndexerError('bad-declaration', `stream ${stream} does not say how a file is read into it`)
}
