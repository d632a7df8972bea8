import type { Twist } from '../node.ts'
import type { SolanaChain } from './chain.ts'
import type { RpcOptions } from './rpc.ts'
import { RpcFault } from './rpc.ts'

/** Slots that the finalized one is behind the newest one. */
export const finalizedLag = 32
const confirmedLag = 1

/** What one request may see of the chain: the head that the node admits, and the slots that it pretends not to hold. */
export class View {
  readonly chain: SolanaChain
  readonly twist: Twist
  readonly #head: number

  constructor(chain: SolanaChain, twist: Twist) {
    this.chain = chain
    this.twist = twist
    this.#head = Math.max(twist.head(chain.head), chain.first + finalizedLag)
  }

  /** The newest slot with a block at a commitment, which is finalized unless the options say otherwise. */
  newest(options: RpcOptions): number {
    const { commitment = 'finalized' } = options
    const lag = commitment === 'finalized' ? finalizedLag : commitment === 'confirmed' ? confirmedLag : 0
    if (lag === 0 && commitment !== 'processed')
      throw new RpcFault(
        -32602,
        `Invalid params: unknown variant \`${commitment}\`, expected one of \`processed\`, \`confirmed\`, \`finalized\`.`,
      )
    let slot = Math.min(this.#head, this.chain.head) - lag
    while (slot > this.chain.first && !this.chain.has(slot)) slot -= 1
    const least = options['minContextSlot']
    if (typeof least === 'number' && least > slot)
      throw new RpcFault(-32016, 'Minimum context slot has not been reached', { contextSlot: slot })
    return slot
  }

  /** @throws RpcFault as a node answers for a slot that was skipped, is not there yet, or was cleaned up. */
  need(slot: number, newest: number): void {
    const { chain } = this
    if (slot < chain.first)
      throw new RpcFault(
        -32001,
        `Block ${slot} cleaned up, does not exist on node. First available block: ${chain.first}`,
      )
    if (slot > newest || this.twist.hides(slot))
      throw new RpcFault(-32004, `Block not available for slot ${slot}`)
    if (!chain.has(slot))
      throw new RpcFault(-32007, `Slot ${slot} was skipped, or missing due to ledger jump to recent snapshot`)
  }
}
