import type { UnixSeconds } from './time.ts'

/** What a chain said of a counter at one height, after that height's block. */
export interface Reading {
  readonly chain: string
  readonly token: string
  /** `supply`, `circulating`, `max`, or a name of the chain's own. */
  readonly counter: string
  readonly height: number
  readonly time: UnixSeconds
  /** Smallest units of the token. */
  readonly value: bigint
}
