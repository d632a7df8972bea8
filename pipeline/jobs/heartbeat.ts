import { hostname } from 'node:os'
import type { Database } from '../store/database.ts'
import { beat, leave, reap } from '../store/heartbeats.ts'

const everyMs = 5_000

/** Gives back what dead processes hold. */
export type Free = (known: { alive: ReadonlySet<string>; dead: readonly string[] }) => Promise<void>

/** Says every few seconds that this process is alive, and finds those that are not. */
export class Heartbeat {
  readonly #db: Database
  readonly #id: string
  readonly #free: Free
  readonly #failed: (error: unknown) => void
  readonly #timer: NodeJS.Timeout
  #beating: Promise<void>

  /**
   * @param id The name by which this process holds jobs.
   * @param failed Told when the database does not answer.
   */
  constructor(db: Database, id: string, free: Free, failed: (error: unknown) => void) {
    this.#db = db
    this.#id = id
    this.#free = free
    this.#failed = failed
    this.#beating = this.#beat()
    this.#timer = setInterval(() => {
      this.#beating = this.#beat()
    }, everyMs)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#beating
    await leave(this.#db, this.#id)
  }

  async #beat(): Promise<void> {
    try {
      await beat(this.#db, { id: this.#id, host: hostname(), pid: process.pid })
      await this.#free(await reap(this.#db, hostname(), isRunning))
    } catch (error) {
      // No reason to stop: jobs fail by themselves, and the next beat tries again.
      this.#failed(error)
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Another user's process may not be signalled, but runs.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
