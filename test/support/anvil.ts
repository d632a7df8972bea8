import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { pad } from 'viem'

const platforms: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', win32: 'win32' }
const processors: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

/** The native binary inside the npm package of this platform, so that stopping it stops anvil itself. */
function binary(): string {
  const main = createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json')
  const name = `@foundry-rs/anvil-${platforms[process.platform]}-${processors[process.arch]}/package.json`
  const file = process.platform === 'win32' ? 'anvil.exe' : 'anvil'
  return join(dirname(createRequire(main).resolve(name)), 'bin', file)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** A running anvil: a real node, whose blocks come only when a test mines them. */
export class Anvil {
  readonly url: string
  readonly #child: ChildProcess

  private constructor(url: string, child: ChildProcess) {
    this.url = url
    this.#child = child
  }

  /** Starts one whose blocks are final two times four blocks below the head. */
  static async start(chainId: number): Promise<Anvil> {
    const port = await freePort()
    const fixed = ['--host', '127.0.0.1', '--no-mining', '--slots-in-an-epoch', '4', '--number', '1000']
    const args = [...fixed, '--port', String(port), '--chain-id', String(chainId)]
    const child = spawn(binary(), args, { stdio: ['ignore', 'pipe', 'ignore'] })
    await new Promise<void>((resolve, reject) => {
      let said = ''
      child.stdout?.on('data', (data: Buffer) => {
        said += data.toString()
        if (said.includes('Listening on')) resolve()
      })
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`anvil ended with ${code}: ${said}`)))
    })
    return new Anvil(`http://127.0.0.1:${port}`, child)
  }

  async rpc(method: string, ...params: readonly unknown[]): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const answer = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    const { result, error } = (await answer.json()) as { result?: unknown; error?: { message: string } }
    if (error !== undefined) throw new Error(`${method}: ${error.message}`)
    return result
  }

  mine(blocks = 1): Promise<unknown> {
    return this.rpc('anvil_mine', `0x${blocks.toString(16)}`)
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#child.exitCode !== null) return resolve()
      this.#child.once('exit', () => resolve())
      this.#child.kill('SIGTERM')
    })
  }
}

/**
 * Code of a contract that writes the log it is called with: three topics and one word of data, as in an ERC-20
 * transfer. Called with less it answers what its storage slot 0 holds, as `totalSupply` would.
 *   calldatasize 0x80 eq, to the log: copy the word, then topics 2, 1, 0, size, offset, log3; else return sload(0)
 */
export const logWriter =
  '0x3660801460125760005460005260206000f35b6020606060003760403560203560003560206000a300'

/** The call that makes {@link logWriter} write a transfer. */
export function transferCall(topic: string, from: string, to: string, amount: bigint): string {
  const words = [topic, pad(from as `0x${string}`), pad(to as `0x${string}`), pad(`0x${amount.toString(16)}`)]
  return `0x${words.map((word) => word.slice(2)).join('')}`
}
