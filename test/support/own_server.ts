import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { findBinaries, serverHome } from '../../pipeline/store/binaries.ts'
import { openEmbedded } from '../../pipeline/store/embedded.ts'

/** A Postgres server of one test, which may be killed and comes back at the same address. */
export class OwnServer {
  readonly url: string
  readonly #folder: string
  readonly #data: string
  readonly #ids: object
  #running: ChildProcess | undefined

  private constructor(url: string, folder: string, data: string, ids: object) {
    this.url = url
    this.#folder = folder
    this.#data = data
    this.#ids = ids
  }

  static async start(): Promise<OwnServer> {
    const folder = mkdtempSync(join(tmpdir(), 'depindex-server-'))
    chmodSync(folder, 0o755)
    const embedded = await openEmbedded(join(folder, 'data'))
    await embedded.release()
    const { directory, ids } = serverHome(join(folder, 'data'))
    const server = new OwnServer(embedded.url, folder, join(directory, 'postgres-18'), ids)
    await server.#launch()
    return server
  }

  /** SIGKILL, and up again: what was committed is in the machine's memory at least, so that waiting for its disk proves nothing. */
  async crash(): Promise<void> {
    await this.#end('SIGKILL')
    await this.#launch()
  }

  async close(): Promise<void> {
    await this.#end('SIGINT')
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** One statement over a connection of its own. */
  async run(sql: string): Promise<pg.QueryResult> {
    const client = new pg.Client({ connectionString: this.url, application_name: 'the test' })
    client.on('error', () => undefined)
    await client.connect()
    try {
      return await client.query(sql)
    } finally {
      await client.end()
    }
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#running
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((done) => child.once('exit', done))
    child.kill(signal)
    await ended
  }

  /** Children of a killed server hold its memory for a moment; until they are gone a new one refuses to start. */
  async #launch(): Promise<void> {
    const port = new URL(this.url).port
    for (let tries = 0; tries < 100; tries += 1) {
      if (
        this.#running === undefined ||
        this.#running.exitCode !== null ||
        this.#running.signalCode !== null
      ) {
        this.#running = spawn(
          findBinaries().postgres,
          [
            '-D',
            this.#data,
            '-p',
            port,
            '-c',
            'listen_addresses=127.0.0.1',
            '-c',
            'unix_socket_directories=',
            '-c',
            'fsync=off',
          ],
          { ...this.#ids, cwd: '/', stdio: 'ignore' },
        )
      }
      await pause(100)
      if (
        await this.run('select 1').then(
          () => true,
          () => false,
        )
      )
        return
    }
    throw new Error(
      `the test server did not come back: ${readFileSync(join(this.#data, '..', 'postgres-18.log'), 'utf8').slice(-500)}`,
    )
  }
}
