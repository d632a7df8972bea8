import type { NodeReply, NodeRequest } from './node.ts'

/** An error that a JSON-RPC method answers with. */
export class RpcFault extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Answers a JSON-RPC 2.0 request or a batch of them.
 * @param call Gives the JSON text of a result, or throws an `RpcFault`; its other errors fail the request.
 */
export function answerRpc(
  { body }: NodeRequest,
  call: (method: string, params: readonly unknown[]) => string,
): NodeReply {
  let asked: unknown
  try {
    asked = JSON.parse(body)
  } catch {
    return json('{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}')
  }
  if (!Array.isArray(asked)) return json(answerOne(asked, call))
  return json(`[${asked.map((one) => answerOne(one, call)).join()}]`)
}

function answerOne(asked: unknown, call: (method: string, params: readonly unknown[]) => string): string {
  const { id = null, method, params } = (asked ?? {}) as { id?: unknown; method?: unknown; params?: unknown }
  const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},`
  try {
    if (typeof method !== 'string') throw new RpcFault(-32_600, 'Invalid request')
    return `${head}"result":${call(method, Array.isArray(params) ? params : [])}}`
  } catch (error) {
    if (!(error instanceof RpcFault)) throw error
    return `${head}"error":${JSON.stringify({ code: error.code, message: error.message })}}`
  }
}

const json = (body: string): NodeReply => ({ status: 200, type: 'application/json', body })
