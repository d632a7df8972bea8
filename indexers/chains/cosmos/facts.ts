import type { BlockMark } from '../../../pipeline/model/batch.ts'
import type { ErrorCode } from '../../../pipeline/model/errors.ts'
import type { BlockResults, ChainEvent, TxResult } from './events.ts'
import type { Tally } from './proof.ts'
import { readTransaction, type Transaction, transactionId } from './transaction.ts'

/** Why nothing can be said of a height. */
export interface Unknown {
  readonly code: ErrorCode
  readonly reason: string
}

/** Whether something is a reason rather than a result. */
export function isUnknown<T extends object>(value: T | Unknown): value is Unknown {
  return 'code' in value && 'reason' in value
}

/** The results of a block that has been checked, and what it says of its coins. */
export interface Checked {
  readonly results: BlockResults
  readonly tally: Tally
}

/** An event with the transaction or block that it belongs to. */
export interface Placed {
  readonly event: ChainEvent
  /** Index of its transaction; undefined for events of the block itself. */
  readonly tx: number | undefined
}

/** One block, checked, and what its neighbours say of it. */
export class BlockFacts {
  readonly mark: BlockMark
  readonly results: BlockResults
  readonly tally: Tally
  /** The block after it: the only place that tells what this one collected in fees, before there were coin events. */
  readonly next: Checked | undefined
  readonly #txs: readonly Uint8Array[] | undefined
  readonly #ids: (Uint8Array | undefined)[] = []
  readonly #read: (Transaction | undefined)[] = []
  #blockId: Uint8Array | undefined
  #byType: ReadonlyMap<string, readonly Placed[]> | undefined

  /** @param txs Bytes of its transactions; undefined where they were not asked for. */
  constructor(
    mark: BlockMark,
    checked: Checked,
    next: Checked | undefined,
    txs: readonly Uint8Array[] | undefined,
  ) {
    this.mark = mark
    this.results = checked.results
    this.tally = checked.tally
    this.next = next
    this.#txs = txs
  }

  get height(): number {
    return this.mark.height
  }

  /** The id of what an event belongs to: its transaction, or the block. */
  idOf(tx: number | undefined): Uint8Array | undefined {
    if (tx === undefined) {
      this.#blockId ??= Buffer.from(this.mark.hash, 'hex')
      return this.#blockId
    }
    const bytes = this.#txs?.[tx]
    if (bytes === undefined) return undefined
    const id = this.#ids[tx] ?? transactionId(bytes)
    this.#ids[tx] = id
    return id
  }

  /** What a transaction's bytes say; undefined where they were not asked for. */
  transaction(tx: number): Transaction | undefined {
    const bytes = this.#txs?.[tx]
    if (bytes === undefined) return undefined
    const read = this.#read[tx] ?? readTransaction(bytes, `block ${this.height}, transaction ${tx}`)
    this.#read[tx] = read
    return read
  }

  /** The events of a type in the order of execution, each with its place. */
  of(type: string): readonly Placed[] {
    this.#byType ??= this.#sorted()
    return this.#byType.get(type) ?? []
  }

  /** The transactions as the results tell them. */
  get txs(): readonly TxResult[] {
    return this.results.txs
  }

  #sorted(): ReadonlyMap<string, readonly Placed[]> {
    const byType = new Map<string, Placed[]>()
    const add = (events: readonly ChainEvent[], tx: number | undefined): void => {
      for (const event of events) {
        const own = byType.get(event.type)
        if (own === undefined) byType.set(event.type, [{ event, tx }])
        else own.push({ event, tx })
      }
    }
    const { begin, txs, end } = this.results
    add(begin, undefined)
    for (const [tx, { events }] of txs.entries()) add(events, tx)
    add(end, undefined)
    return byType
  }
}

/** What is known of a block's time. */
export interface Era {
  /** Whether blocks tell every movement of coins. */
  readonly coinEvents: boolean
}

/** An amount that a word found, in the smallest unit of its denom, and where it stands. */
export interface Amount {
  /** Transaction that it belongs to; undefined: the block itself. */
  readonly tx: number | undefined
  readonly position: number
  readonly raw: bigint
  readonly sender?: string | undefined
  readonly recipient?: string | undefined
  /** Shared by what one event gives to several streams. */
  readonly act?: string | undefined
  readonly denom?: string | undefined
}

/** Positions of the records of one event that held several, so that they differ. */
export const recordStep = 1_000_000
