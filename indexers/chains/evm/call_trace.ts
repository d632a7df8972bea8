import { IndexerError } from '../../../pipeline/model/errors.ts'
import type { AnswerPlace, RpcRequest } from '../../engine/json_rpc_answer.ts'
import { badAnswer } from './rpc-errors.ts'

/** What is looked for: calls of a function of a contract. */
export interface CallTarget {
  readonly contract: string
  readonly selector: string
}

/** One call, and the coins sent with it. */
export interface Call {
  /** Place in the transaction: 0 for the transaction itself, then in the order of its trace. */
  readonly position: number
  readonly sender: string
  readonly value: bigint
}

interface Sent {
  readonly from: string
  readonly to: string
  readonly input: string
  readonly value: bigint
}

/** One step of a trace. */
interface Traced {
  readonly path: readonly number[]
  readonly failed: boolean
  /** Absent unless it is a plain call: the others run code on the caller's own account and move no coins. */
  readonly sent?: Sent
}

const hex = /^0x[0-9a-f]*$/i

/** Asks for a transaction. */
export function transactionRequest(tx: string, height: number): RpcRequest<Sent> {
  return {
    method: 'eth_getTransactionByHash',
    params: [tx],
    read: (result, place) => {
      if (result === null) {
        const message = `${place.endpoint} ${place.method}: the node has no transaction ${tx}`
        throw new IndexerError('rpc-not-found', message, { ...place, height })
      }
      return sentOf(result, place, height)
    },
  }
}

/** Asks for every call inside a transaction, as nodes with the `trace_` methods answer. */
export function traceRequest(tx: string, height: number): RpcRequest<readonly Traced[]> {
  return {
    method: 'trace_transaction',
    params: [tx],
    read: (result, place) => {
      if (!Array.isArray(result))
        throw badAnswer(place, `expected a list of traces, got ${JSON.stringify(result)}`, height)
      return result.map((trace: unknown): Traced => {
        const { type, action, traceAddress, error } = (trace ?? {}) as Readonly<Record<string, unknown>>
        if (!Array.isArray(traceAddress) || !traceAddress.every((n) => typeof n === 'number'))
          throw badAnswer(place, `traceAddress is ${JSON.stringify(traceAddress)}`, height)
        const { callType } = (action ?? {}) as Readonly<Record<string, unknown>>
        const plain = type === 'call' && callType === 'call'
        return {
          path: traceAddress,
          failed: error !== undefined && error !== null,
          ...(plain ? { sent: sentOf(action, place, height) } : {}),
        }
      })
    },
  }
}

/** The call that a transaction is itself; undefined if it is none, so that its trace must be asked for. */
export function sentWith(sent: Sent, { contract, selector }: CallTarget): readonly Call[] | undefined {
  if (sent.to !== contract || !sent.input.startsWith(selector)) return undefined
  return [{ position: 0, sender: sent.from, value: sent.value }]
}

/** The calls inside a transaction that took effect: neither they nor a call around them failed. */
export function callsIn(traced: readonly Traced[], { contract, selector }: CallTarget): readonly Call[] {
  const failed = traced.filter((t) => t.failed)
  const undone = ({ path }: Traced): boolean =>
    failed.some((f) => f.path.length <= path.length && f.path.every((n, i) => n === path[i]))
  return traced.flatMap((one, position) => {
    const { sent } = one
    if (sent === undefined || sent.to !== contract || !sent.input.startsWith(selector) || undone(one))
      return []
    return [{ position, sender: sent.from, value: sent.value }]
  })
}

function sentOf(value: unknown, place: AnswerPlace, height: number): Sent {
  const { from, to, input, value: coins } = (value ?? {}) as Readonly<Record<string, unknown>>
  const text = (name: string, given: unknown, empty: string): string => {
    if (given === undefined || given === null) return empty
    if (typeof given === 'string' && hex.test(given)) return given.toLowerCase()
    throw badAnswer(place, `${name} is ${JSON.stringify(given)}`, height)
  }
  if (typeof coins !== 'string' || !/^0x[0-9a-f]+$/i.test(coins))
    throw badAnswer(place, `value is ${JSON.stringify(coins)}`, height)
  return {
    from: text('from', from, ''),
    to: text('to', to, ''),
    input: text('input', input, '0x'),
    value: BigInt(coins),
  }
}
