import type { SeriesSettings } from '../../../pipeline/model/period_series.ts'
import type { StreamDeclaration } from '../../../pipeline/model/stream.ts'
import { importChain } from '../../../pipeline/model/stream.ts'

/** The word of imported series. */
export const importWord = 'import.series'

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
