import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { Stream, StreamDeclaration } from '../../../pipeline/model/stream.ts'

const word = 'ao.counter'

/** What a declaration says of a counter of the process; chain, method and word are filled in. */
export type AoCounterOptions = Omit<StreamDeclaration, 'word' | 'settings' | 'method' | 'chain'> & {
  /** The key of the process's state that holds it, in smallest units: `minted`. */
  readonly key: string
}

/** The growth of a number that a process keeps in its state, one event for each UTC day of a range. */
export function aoCounter({ key, ...declared }: AoCounterOptions): StreamDeclaration {
  return { ...declared, chain: 'ao', method: 'counter', word, settings: { key } }
}

/** The state key of a stream or a counter. @throws IndexerError `bad-declaration` for an unknown word or a malformed key. */
export function keyOf(stream: Pick<Stream, 'network' | 'name' | 'word' | 'settings'>): string {
  const where = `${stream.network} stream ${stream.name}`
  if (stream.word !== word)
    throw new IndexerError('bad-declaration', `${where}: AO knows ${word}, not '${stream.word}'`)
  const key = stream.settings?.['key']
  if (typeof key === 'string' && /^[a-z][a-z0-9-]*$/.test(key)) return key
  throw new IndexerError('bad-declaration', `${where}: 'key' must name a key of the process's state`)
}
