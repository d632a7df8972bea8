import { checkVersion, encodingOf, stripped } from './history.ts'
import { optionsAt, RpcFault, slotParam } from './rpc.ts'
import { blockHash, blockHeight, hasBlock, parentOf, timeOf } from './slots.ts'
import { transactionAnswer } from './transaction.ts'
import type { View } from './view.ts'
import { voteOf, voteSignature } from './votes.ts'

const mostBlocks = 500_000

/** A block with its transactions, their names, or neither. */
export function getBlock(view: View, params: readonly unknown[]): unknown {
  const { chain, twist } = view
  const slot = slotParam(params, 0)
  const options = optionsAt(params, 1)
  view.need(slot, view.newest(options))
  const { transactionDetails = 'full' } = options
  const { seed } = chain
  const parent = parentOf(seed, slot)
  const header = {
    blockhash: blockHash(seed, slot, twist.otherFork()),
    previousBlockhash: blockHash(seed, parent),
    parentSlot: parent,
    blockTime: timeOf(slot),
    blockHeight: blockHeight(seed, slot),
    ...(options['rewards'] === false ? {} : { rewards: [] }),
  }
  const own = chain.transactionsAt(slot)
  switch (transactionDetails) {
    case 'none':
      return twist.strip(header)
    case 'signatures':
      return twist.strip({
        ...header,
        signatures: [voteSignature(seed, slot), ...own.map((t) => t.signature)],
      })
    case 'full': {
      const all = [voteOf(seed, slot), ...own]
      for (const made of all) checkVersion(made, options)
      const transactions = all.map((made) =>
        stripped(view, transactionAnswer(made, encodingOf(options), false)),
      )
      return twist.strip({ ...header, transactions })
    }
    default:
      throw new RpcFault(
        -32602,
        `Invalid params: the simulated node does not give ${String(transactionDetails)}.`,
      )
  }
}

/** When a block was made, in Unix seconds. */
export function getBlockTime(view: View, params: readonly unknown[]): unknown {
  const slot = slotParam(params, 0)
  view.need(slot, view.newest({ commitment: 'confirmed' }))
  return timeOf(slot)
}

/** Slots with a block, both ends included, lowest first. */
export function getBlocks(view: View, params: readonly unknown[]): unknown {
  const start = slotParam(params, 0)
  const ended = typeof params[1] === 'number'
  const newest = view.newest(optionsAt(params, ended || params[1] === null ? 2 : 1))
  const end = ended ? slotParam(params, 1) : newest
  if (end - start > mostBlocks) throw new RpcFault(-32602, `Slot range too large; max ${mostBlocks}`)
  return slots(view, start, Math.min(end, newest), mostBlocks)
}

/** Slots with a block from one on, lowest first. */
export function getBlocksWithLimit(view: View, params: readonly unknown[]): unknown {
  const [start, limit] = [slotParam(params, 0), slotParam(params, 1)]
  if (limit > mostBlocks) throw new RpcFault(-32602, `Limit too large; max ${mostBlocks}`)
  return slots(view, start, view.newest(optionsAt(params, 2)), limit)
}

function slots({ chain, twist }: View, start: number, end: number, limit: number): number[] {
  const found: number[] = []
  for (let slot = Math.max(start, chain.first); slot <= end && found.length < limit; slot += 1) {
    if (hasBlock(chain.seed, slot) && !twist.hides(slot)) found.push(slot)
  }
  return found
}
