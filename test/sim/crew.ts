import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, start } from '../support/process.ts'
import type { Plan } from './plan.ts'
import { roles } from './plan.ts'

const clock = pathToFileURL(join(root, 'dist', 'test', 'sim', 'clock.js')).href
/** A process that ends so often has a fault that no restart mends. */
const mostStarts = 60
const restartMs = 300

/** The processes of a run, under a supervisor that starts again what ends, as systemd would. */
export class Crew {
  /** What processes said when they ended by themselves with a failure. */
  readonly complaints: string[] = []
  readonly #children: (ChildProcess | undefined)[] = []
  readonly #watched: Promise<void>[]
  #stopping = false

  /** @param history Arguments of the role `backfill`, which is not started again once it has succeeded. */
  constructor(plan: Plan, env: Record<string, string>, history: readonly string[]) {
    const argumentsOf = { worker: ['worker', '--concurrency', '2'], up: ['up'], backfill: history }
    this.#watched = roles.map(async (role, i) => {
      const { jumpMs = 0, afterMs = 0 } = plan.clocks[i] ?? {}
      for (let starts = 0; starts < mostStarts && !this.#stopping; starts += 1) {
        const { child, finished } = start(argumentsOf[role], {
          ...env,
          NODE_OPTIONS: `--import ${clock}`,
          SIM_CLOCK_JUMP_MS: String(jumpMs),
          SIM_CLOCK_AFTER_MS: String(afterMs),
        })
        this.#children[i] = child
        const { code, stderr } = await finished
        if (code === 0 && role === 'backfill') return
        if (code !== null && code !== 0 && !this.#stopping) this.complaints.push(`${role}: ${stderr.trim()}`)
        await new Promise((done) => setTimeout(done, restartMs))
      }
    })
  }

  /** SIGKILL. @returns Whether the process was running. */
  kill(role: number): boolean {
    return this.#children[role]?.kill('SIGKILL') ?? false
  }

  /** SIGTERM to all. @returns Milliseconds until the last one had ended. */
  async stop(): Promise<number> {
    this.#stopping = true
    const asked = performance.now()
    for (const child of this.#children) child?.kill('SIGTERM')
    await Promise.all(this.#watched)
    return performance.now() - asked
  }
}
