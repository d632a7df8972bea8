import { hash } from 'node:crypto'
import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { Coin } from './coins.ts'
import { bytesIn, NotProtobuf, textIn } from './protobuf.ts'

/** One message of a transaction, with those that it carries out for others in its place. */
export interface Message {
  /** `/akash.market.v1beta5.MsgWithdrawLease`. */
  readonly type: string
  readonly bytes: Uint8Array
}

/** What the bytes of a transaction say. */
export interface Transaction {
  /**
   * Top-level messages, each as itself, or as what it wraps: `MsgExec` acts for others, and nests. A wrapper
   * stands before what it holds.
   */
  readonly messages: readonly (readonly Message[])[]
  readonly fee: readonly Coin[]
  /** Who pays the fee, where the transaction names somebody but its first signer. */
  readonly payer: string | undefined
}

const wrapper = /^\/cosmos\.authz\.v1(beta1)?\.MsgExec$/
/** Wrappers in wrappers beyond this are refused: nobody nests that deep by accident. */
const deepest = 16

/** The id of a transaction: SHA-256 of its bytes. */
export function transactionId(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer')
}

/**
 * Reads a transaction's messages and fee from its bytes (`TxRaw`).
 * @throws IndexerError `decode-failed` if they are no transaction of the Cosmos SDK.
 */
export function readTransaction(bytes: Uint8Array, where: string): Transaction {
  try {
    const body = bytesIn(bytes, 1)[0] ?? new Uint8Array()
    const fee = bytesIn(bytesIn(bytes, 2)[0] ?? new Uint8Array(), 2).at(-1) ?? new Uint8Array()
    return {
      messages: bytesIn(body, 1).map((any) => unwrapped(any, 0)),
      fee: bytesIn(fee, 1).map((coin) => coinOf(coin, where)),
      payer: textIn(fee, [3]) || undefined,
    }
  } catch (error) {
    if (!(error instanceof NotProtobuf)) throw error
    throw new IndexerError(
      'decode-failed',
      `${where}: its bytes are no transaction (${error.message})`,
      {},
      { cause: error },
    )
  }
}

function unwrapped(any: Uint8Array, depth: number): Message[] {
  if (depth > deepest) throw new NotProtobuf(`messages nest deeper than ${deepest}`)
  const type = textIn(any, [1]) ?? ''
  const message = { type, bytes: bytesIn(any, 2).at(-1) ?? new Uint8Array() }
  if (!wrapper.test(type)) return [message]
  return [message, ...bytesIn(message.bytes, 2).flatMap((inner) => unwrapped(inner, depth + 1))]
}

function coinOf(bytes: Uint8Array, where: string): Coin {
  const amount = textIn(bytes, [2]) ?? '0'
  if (!/^\d{1,78}$/.test(amount))
    throw new IndexerError(
      'decode-failed',
      `${where}: its fee is '${amount.slice(0, 60)}', not a whole amount`,
    )
  return { denom: textIn(bytes, [1]) ?? '', amount: BigInt(amount) }
}
