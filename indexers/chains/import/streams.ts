import type { StreamDeclaration } from '../../../pipeline/model/stream.ts'
import { importChain } from '../../../pipeline/model/stream.ts'

/** The word of imported series. */
export const importWord = 'import.series'

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

/** What a network says of an imported stream; chain, method and word are filled in. */
export type SeriesOptions = Omit<
  StreamDeclaration,
  'word' | 'settings' | 'method' | 'chain' | 'fromHeight' | 'toHeight'
> & {
  /** Absent: filled by the import of another stream, as a leg or by its exceptions. */
  readonly series?: SeriesSettings
}

/** A published series that a person brings in with its source: `depindex series import`. */
export function importedSeries({ series, ...declared }: SeriesOptions): StreamDeclaration {
  return {
    ...declared,
    chain: importChain,
    method: 'import',
    word: importWord,
    ...(series === undefined ? {} : { settings: { ...series } }),
  }
}
