import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { devContracts, devTreasury } from '../devnet/evm/chain.ts'
import { startEvmNode } from '../devnet/evm/node.ts'
import { openEmbedded, wipeEmbedded } from '../pipeline/store/embedded.ts'
import { benchApi } from './api.ts'
import { benchCosmos } from './cosmos.ts'
import { benchFilecoin } from './filecoin.ts'
import { benchFiles } from './files.ts'
import { benchSolanaDecoder, benchSolanaFetch } from './solana.ts'
import { benchRollup, benchStore } from './store.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const chainId = 31_998

/** Runs one side in a process of its own and gives its wall time in seconds. */
async function side(script: string, args: readonly string[], env: Record<string, string>): Promise<number> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [join(fileURLToPath(import.meta.url), '..', script), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const code = await new Promise((done) => child.on('close', done))
  if (code !== 0) throw new Error(`${script} ended with ${code}`)
  return (performance.now() - startedAt) / 1000
}

/** The engine beside the floor on the project's own simulated chain, turn and turn about. */
async function benchIndexing(blocks: number, rounds: number): Promise<void> {
  const node = await startEvmNode({ seed: 1, blocks, logsPerBlock: 10, chainId })
  const data = join('.bench', 'indexing')
  await wipeEmbedded(data)
  const server = await openEmbedded(data)
  const admin = new pg.Client(server.url)
  await admin.connect()
  for (let round = 1; round <= rounds; round += 1) {
    const seconds: Record<string, number> = {}
    for (const name of ['floor', 'engine']) {
      await admin.query('drop database if exists bench with (force)')
      await admin.query('create database bench')
      const url = new URL(server.url)
      url.pathname = '/bench'
      seconds[name] = await side(name === 'floor' ? 'floor_main.js' : 'indexing.js', [], {
        BENCH_RPC: node.url,
        BENCH_DB: url.toString(),
        BENCH_FIRST: '1',
        BENCH_LAST: String(node.finalized),
        BENCH_CHAIN_ID: String(chainId),
        BENCH_CONTRACTS: devContracts.join(','),
        BENCH_TREASURY: devTreasury,
      })
    }
    const [floor = 0, engine = 0] = [seconds['floor'], seconds['engine']]
    say(
      `round ${round}: floor ${floor.toFixed(1)} s, engine ${engine.toFixed(1)} s, ratio ${(engine / floor).toFixed(2)}`,
    )
  }
  await admin.end()
  await server.release()
  await wipeEmbedded(data)
  await node.close()
}

const [what = 'all', size] = process.argv.slice(2)
if (what === 'indexing' || what === 'all') await benchIndexing(Number(size ?? 20_000), 3)
if (what === 'api') await benchApi(say)
if (what === 'files') await benchFiles(Number(size ?? 1_000_000), say)
if (what === 'store' || what === 'all') await benchStore(Number(size ?? 1_000_000), say)
if (what === 'cosmos' || what === 'all') benchCosmos(Number(size ?? 10), say)
if (what === 'filecoin' || what === 'all') await benchFilecoin(Number(size ?? 10), say)
if (what === 'rollup' || what === 'all') await benchRollup(Number(size ?? 300), say)
if (what === 'solana' || what === 'all') {
  benchSolanaDecoder(Number(size ?? 5), say)
  await benchSolanaFetch(500, say)
}
rmSync('.bench', { recursive: true, force: true })
