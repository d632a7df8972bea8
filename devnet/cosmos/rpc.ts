import { jsonReply, type NodeReply } from '../node.ts'

const mostBatched = 10

/** Names of the arguments in order, for calls that give them without names. */
const order: Readonly<Record<string, readonly string[]>> = {
  block: ['height'],
  block_results: ['height'],
  header: ['height'],
  blockchain: ['minHeight', 'maxHeight'],
  tx: ['hash', 'prove'],
  abci_query: ['path', 'data', 'height', 'prove'],
  subscribe: ['query'],
}

/** What a node says when it cannot answer: the data of the error, and its code. */
export class RpcRefusal extends Error {
  readonly code: number
  readonly title: string

  constructor(data: string, kind: 'internal' | 'params' | 'method' | 'request' | 'parse' = 'internal') {
    super(data)
    const [code, title] = kinds[kind]
    this.code = code
    this.title = title
  }
}

const kinds = {
  internal: [-32_603, 'Internal error'],
  params: [-32_602, 'Invalid params'],
  method: [-32_601, 'Method not found'],
  request: [-32_600, 'Invalid Request'],
  parse: [-32_700, 'Parse error. Invalid JSON'],
} as const

/** The arguments of one call, from a query or from JSON. */
export interface RpcCall {
  readonly method: string
  /** @returns The argument as text without quotes; undefined if absent, null or empty. */
  text(name: string): string | undefined
}

/** Answers one call, or throws an {@link RpcRefusal}. */
export type RpcHandler = (call: RpcCall) => unknown

/** The answer of a call in JSON-RPC, and whether it is an error. */
export function respond(
  id: unknown,
  call: RpcCall,
  handle: RpcHandler,
): { readonly body: object; readonly failed: boolean } {
  try {
    return { body: { jsonrpc: '2.0', id, result: handle(call) }, failed: false }
  } catch (error) {
    if (!(error instanceof RpcRefusal)) throw error
    return { body: refusal(id, error), failed: true }
  }
}

/** An error in JSON-RPC. */
export function refusal(id: unknown, { code, title, message }: RpcRefusal): object {
  return { jsonrpc: '2.0', id, error: { code, message: title, data: message } }
}

/** A call as a path with a query: `/block?height=5`, texts in quotes, bytes with 0x. */
export function callOfQuery(path: string, query: URLSearchParams): RpcCall {
  return {
    method: path.slice(1),
    text: (name) => unquoted(query.get(name)) || undefined,
  }
}

/** A call of JSON-RPC, its arguments by name or in order. */
function callOfJson(value: unknown): RpcCall & { readonly id: unknown } {
  if (!isPlainObject(value) || typeof value['method'] !== 'string')
    throw new RpcRefusal('invalid request', 'request')
  const { method, params, id } = value
  const argument = (name: string): unknown => {
    if (Array.isArray(params)) return params[order[String(method)]?.indexOf(name) ?? -1]
    return isPlainObject(params) ? params[name] : undefined
  }
  return {
    id: id ?? null,
    method: String(method),
    text(name) {
      const found = argument(name)
      return found === undefined || found === null || found === '' ? undefined : String(found)
    },
  }
}

function unquoted(text: string | null): string {
  return (text ?? '').replace(/^"(.*)"$/, '$1')
}

/** One call of JSON-RPC, or a batch of at most ten. Errors of calls come with status 200, as from real nodes. */
export function answerJson(body: string, handle: (call: RpcCall) => unknown): NodeReply {
  let asked: unknown
  try {
    asked = JSON.parse(body)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return jsonReply(refusal(-1, new RpcRefusal(error.message, 'parse')), 500)
  }
  const one = (value: unknown): object => {
    try {
      const call = callOfJson(value)
      return respond(call.id, call, handle).body
    } catch (error) {
      if (!(error instanceof RpcRefusal)) throw error
      return refusal(-1, error)
    }
  }
  if (!Array.isArray(asked)) return jsonReply(one(asked))
  if (asked.length > mostBatched) {
    const text = `batch request exceeds maximum (${mostBatched}) allowed number of requests`
    return jsonReply(refusal(null, new RpcRefusal(text, 'request')), 500)
  }
  return jsonReply(asked.map(one))
}

/** A whole number of an argument. @throws RpcRefusal if it is none. */
export function readWhole(text: string, name: string): number {
  if (!/^-?\d{1,15}$/.test(text))
    throw new RpcRefusal(`error converting json params to arguments: ${name} ${text}`, 'params')
  return Number(text)
}

/** Bytes of an argument, with 0x or without. @throws RpcRefusal if they are none. */
export function readHex(text: string): Buffer {
  const hex = text.replace(/^0x/i, '')
  if (!/^([0-9a-f]{2})*$/i.test(hex))
    throw new RpcRefusal('error converting json params to arguments: data', 'params')
  return Buffer.from(hex, 'hex')
}

/** What a message on a websocket asks for; an empty method if it is not understood. */
export function readSubscription(text: string): {
  readonly id: unknown
  readonly method: string
  readonly query: string
} {
  try {
    const call = callOfJson(JSON.parse(text))
    return { id: call.id, method: call.method, query: call.text('query') ?? '' }
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof RpcRefusal)) throw error
    return { id: null, method: '', query: '' }
  }
}

/** Whether a value is an object with named members. */
function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
