import type { Limits } from './limits.ts'
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

/** What belongs to one request. */
export interface ApiContext {
  readonly requestId: string
  /** Cleared by what must not be answered from a cache. An object, because Apollo copies the context. */
  readonly cache: { allowed: boolean }
}
