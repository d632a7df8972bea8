import type { ChainSource, Logger } from '../indexers/engine/ports.ts'
import { networks } from '../indexers/networks/index.ts'
import { IndexerError } from '../pipeline/model/errors.ts'
import type { Database } from '../pipeline/store/database.ts'
import { forgetFrom, getStoredBlocks } from '../pipeline/store/forget.ts'
import { getStreams, now, openStore } from './app.ts'
import { chainsOf, openChain } from './chains.ts'
import type { Config } from './config.ts'
import type { Output } from './output.ts'

/** Forgets what the chain dropped, or everything from a height on, so that it is read again. */
export async function repair(
  chain: string,
  options: { from?: string },
  config: Config,
  logger: Logger,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const chains = chainsOf(networks)
  if (!chains.includes(chain)) {
    throw new IndexerError('bad-argument', `repair: unknown chain '${chain}'; known: ${chains.join(', ')}`)
  }
  if (options.from !== undefined && !/^\d+$/.test(options.from)) {
    throw new IndexerError('bad-argument', `--from: '${options.from}' is not a height`)
  }
  const { db, close } = await openStore(config, 'check')
  const { source } = openChain(chain, config, logger)
  try {
    await getStreams(db, networks)
    const from = options.from === undefined ? await findBreak(db, source, signal) : Number(options.from)
    if (from === undefined) {
      output.text(`${chain}: every stored block is still on the chain; nothing to repair`)
      return
    }
    const events = await forgetFrom(db, chain, from, now())
    output.text(
      `${chain}: forgot everything from height ${from} on (${events} events); it is read again by the next backfill or by depindex up`,
    )
  } finally {
    await source.close()
    await close()
  }
}

/** The height after the highest stored block that the chain still has; undefined if it has the highest. */
export async function findBreak(
  db: Database,
  source: ChainSource,
  signal: AbortSignal,
): Promise<number | undefined> {
  const blocks = await getStoredBlocks(db, source.chain)
  for (const [i, block] of blocks.entries()) {
    const batch = await source.read({ from: block.height, to: block.height }, [], signal)
    if (batch.edges.some((e) => e.height === block.height && e.hash === block.hash))
      return i === 0 ? undefined : block.height + 1
  }
  return blocks.length === 0 ? undefined : 0
}
