import type { HeightRange } from './height.ts'

/** Heights of one chain that some streams of a network lack: what one process reads at a time. */
export interface RangeJob extends HeightRange {
  readonly network: string
  readonly chain: string
  /** Names of streams. */
  readonly streams: readonly string[]
}

/** A job that was given up: trying again did not help, or could not. `depindex retry` puts it back. */
export interface DeadRange extends RangeJob {
  readonly id: number
  readonly attempts: number
  readonly code: string
  readonly reason: string
}

/** A process that takes jobs. */
export interface WorkerState {
  readonly host: string
  readonly pid: number
  /** Seconds since it last said that it is alive. */
  readonly silentSeconds: number
}

/** Whether two jobs are about some of the same heights of the same streams. */
export function overlaps(a: RangeJob, b: RangeJob): boolean {
  return (
    a.network === b.network &&
    a.chain === b.chain &&
    a.from <= b.to &&
    b.from <= a.to &&
    a.streams.some((s) => b.streams.includes(s))
  )
}
