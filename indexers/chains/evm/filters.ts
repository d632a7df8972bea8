import type { HeightRange } from '../../../pipeline/model/height.ts'
import type { AnswerPlace, RpcRequest } from '../../engine/json_rpc_answer.ts'
import { pagesOf } from './pages.ts'
import { badAnswer } from './rpc-errors.ts'

/** What `eth_getLogs` is asked for: contracts (absent: any) and topics (null: any). */
export interface LogFilter {
  readonly address?: readonly string[]
  readonly topics: readonly (string | readonly string[] | null)[]
}

/**
 * Asks for the logs of a range.
 * @param decode Makes a checked value of the logs, in the order of the chain.
 */
export function logsRequest<T>(
  { address, topics }: LogFilter,
  range: HeightRange,
  decode: (pages: Iterable<readonly unknown[]>, place: AnswerPlace) => T,
): RpcRequest<T> {
  const fromBlock = `0x${range.from.toString(16)}`
  const toBlock = `0x${range.to.toString(16)}`
  return {
    method: 'eth_getLogs',
    params: [{ ...(address === undefined ? {} : { address }), topics, fromBlock, toBlock }],
    read: (result, place) => {
      const pages = pagesOf(result)
      if (pages === undefined)
        throw badAnswer(place, `expected a list of logs, got ${JSON.stringify(result)}`)
      return decode(pages, place)
    },
  }
}
