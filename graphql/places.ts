import type { Route } from './queries.ts'

/** What is at an address. */
export interface Place {
  readonly methods: readonly string[]
  readonly route: Route
  /** Whether it needs no key and costs nothing. */
  readonly open?: boolean
  /** Its name in figures, where the address itself has parts that vary. */
  readonly name?: string
}
