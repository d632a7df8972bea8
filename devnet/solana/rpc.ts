/** An error that a node answers a call with. */
export class RpcFault extends Error {
  readonly code: number
  readonly data: unknown

  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.name = 'RpcFault'
    this.code = code
    this.data = data
  }
}

/** The second parameter of most calls: an object of options. */
export type RpcOptions = Readonly<Record<string, unknown>>

/** The options at a place of the parameters; {} where there are none. */
export function optionsAt(params: readonly unknown[], at: number): RpcOptions {
  const value = params[at]
  if (value === undefined || value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value))
    throw new RpcFault(-32602, `Invalid params: invalid type: expected an object at ${at}.`)
  return value as RpcOptions
}

/** A text parameter. */
export function textAt(params: readonly unknown[], at: number): string {
  const value = params[at]
  if (typeof value === 'string' && value !== '') return value
  throw new RpcFault(-32602, `Invalid params: expected a string at ${at}.`)
}

/** A number parameter. */
export function slotParam(params: readonly unknown[], at: number): number {
  const value = params[at]
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new RpcFault(-32602, `Invalid params: invalid type: expected u64 at ${at}.`)
}

/** A whole number among options, or what holds without it. */
export function numberOption(options: RpcOptions, name: string, otherwise: number): number {
  const value = options[name]
  if (value === undefined || value === null) return otherwise
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw new RpcFault(-32602, `Invalid params: ${name} is not a whole number.`)
}
