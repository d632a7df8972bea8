import type { Limits } from './limits.ts'
import type { Loaders } from './loaders.ts'
import type { ApiNames } from './names.ts'
import type { ApiReaders } from './ports.ts'

/** A short fixed message and an object. */
export interface ApiLogger {
  debug(message: string, facts?: object): void
  info(message: string, facts?: object): void
  warn(message: string, facts?: object): void
  error(message: string, facts?: object): void
}

/** What every resolver may use; the same for all requests. */
export interface ApiServices {
  readonly readers: ApiReaders
  readonly names: ApiNames
  readonly limits: Limits
  readonly version: string
  /** The present in milliseconds since 1970. */
  readonly clock: () => number
}

/** What may be kept of an answer. An object of its own, because Apollo copies the context. */
export interface Keeping {
  /** Cleared by what must not be answered from a cache. */
  allowed: boolean
  /** Cleared by what can change later: what is left was asked for as of a past instant and never changes. */
  pinned: boolean
  /** Rows that the query may give, once it is known. */
  rows: number
}

/** What belongs to one request. */
export interface ApiContext {
  readonly requestId: string
  readonly cache: Keeping
  readonly loaders: Loaders
}

/** The state of a request that has not begun. */
export function newKeeping(): Keeping {
  return { allowed: true, pinned: true, rows: 0 }
}
