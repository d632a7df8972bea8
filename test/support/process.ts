import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** What a finished command said. */
export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const running = new Set<ChildProcess>()
// Whatever a failed test leaves running ends with the tests.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts the built program, as a user would, with only the settings given. */
export function start(
  args: readonly string[],
  env: Record<string, string>,
): { child: ChildProcess; finished: Promise<Finished> } {
  const child = spawn(process.execPath, [join(root, 'dist', 'main.js'), ...args], {
    cwd: env['CWD'] ?? root,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('close', () => running.delete(child))
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (d) => {
    stdout += d
  })
  child.stderr?.on('data', (d) => {
    stderr += d
  })
  const finished = new Promise<Finished>((done) =>
    child.on('close', (code) => done({ code, stdout, stderr })),
  )
  return { child, finished }
}

/** Runs the built program to its end. */
export function run(args: readonly string[], env: Record<string, string>): Promise<Finished> {
  return start(args, env).finished
}
