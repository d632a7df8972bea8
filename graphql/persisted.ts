import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { IndexerError, messageOf } from '../pipeline/model/errors.ts'

/** Query texts by the SHA-256 of each, in hex. */
export type PersistedQueries = ReadonlyMap<string, string>

/** What a request asks: its query text, or only the text's hash. */
export interface AskedQuery {
  readonly query?: unknown
  readonly extensions?: unknown
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/**
 * Reads the queries that a server is to answer and no others: a JSON list of query texts, or the manifest that
 * Apollo's tools write.
 * @throws IndexerError `bad-config` naming the file and what is wrong.
 */
export function readPersistedQueries(file: string): PersistedQueries {
  const refuse = (what: string, cause?: unknown): never => {
    throw new IndexerError(
      'bad-config',
      `PERSISTED_QUERIES: ${file} ${what}; write a JSON list of query texts`,
      {},
      { cause },
    )
  }
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    refuse(`cannot be read: ${messageOf(error)}`, error)
  }
  const operations =
    content !== null && typeof content === 'object' && 'operations' in content ? content.operations : content
  if (!Array.isArray(operations)) return refuse('holds no list')
  const texts = operations.map((o: unknown) =>
    o !== null && typeof o === 'object' && 'body' in o ? o.body : o,
  )
  if (!texts.every((t) => typeof t === 'string')) return refuse('holds something that is no query text')
  return new Map(texts.map((t: string) => [hashOf(t), t]))
}

/** The text that a request stands for if it is on the list; undefined: it is not. */
export function allowedQuery(list: PersistedQueries, asked: AskedQuery): string | undefined {
  if (typeof asked.query === 'string') return list.get(hashOf(asked.query))
  const { extensions } = asked
  const persisted =
    extensions !== null && typeof extensions === 'object' && 'persistedQuery' in extensions
      ? extensions.persistedQuery
      : undefined
  if (persisted === null || typeof persisted !== 'object' || !('sha256Hash' in persisted)) return undefined
  return list.get(String(persisted.sha256Hash))
}
