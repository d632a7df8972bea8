import { VersionedTransaction } from '@solana/web3.js'
import { encodeId } from '../../../pipeline/model/encoding.ts'
import { IndexerError, messageOf } from '../../../pipeline/model/errors.ts'
import type { UnixSeconds } from '../../../pipeline/model/time.ts'
import { unixSeconds } from '../../../pipeline/model/time.ts'
import type { Where } from './answer.ts'
import { countOf, listOf, objectOf, textOf, unitsOf } from './answer.ts'

/** One instruction of a transaction, in the order of execution, whichever encoding the node answered in. */
export interface Instruction {
  /** Place: the top-level instruction's index, and for an inner one its index below that. */
  readonly top: number
  readonly inner: number | undefined
  /** Programs that called it, outermost first; empty for a top-level instruction. */
  readonly callers: readonly Call[]
  readonly program: string
  readonly accounts: readonly string[]
  /** Its bytes, base58; undefined where the node gives only a parsed form. */
  readonly data: string | undefined
  /** The node's own reading of an instruction of a well-known program. */
  readonly parsed: { readonly type: string; readonly info: Readonly<Record<string, unknown>> } | undefined
}

/** A program that called another, and with what. */
export interface Call {
  readonly program: string
  /** Empty where the node gives only a parsed form. */
  readonly accounts: readonly string[]
  readonly data: string | undefined
}

/** What a token account held before and after. */
export interface TokenBalance {
  readonly mint: string
  readonly owner: string | undefined
  readonly pre: bigint
  readonly post: bigint
}

/** A transaction as every encoding gives it. */
export interface Transaction {
  readonly signature: string
  /** Null for an answer inside a block. */
  readonly slot: number | null
  /** Null for very old slots. */
  readonly time: UnixSeconds | null
  /** A failed transaction changed nothing but the payer's lamports. */
  readonly failed: boolean
  readonly instructions: readonly Instruction[]
  /** Whether the node recorded inner instructions; without them the balances must confirm what is decoded. */
  readonly callsKnown: boolean
  /** By token account. */
  readonly balances: ReadonlyMap<string, TokenBalance>
}

interface Message {
  readonly signature: string
  readonly keys: readonly string[]
  readonly instructions: readonly unknown[]
}

/**
 * Reads a transaction from a node's answer in any encoding: `json`, `jsonParsed` or `base64`, legacy or versioned.
 * @param answer `getTransaction`'s result, or an entry of a block's `transactions`.
 * @throws IndexerError `rpc-bad-answer` naming the transaction and the field that is missing or malformed.
 */
export function readTransaction(answer: unknown, place: Where = 'Solana transaction'): Transaction {
  const body = objectOf(answer, place, 'the answer')
  const meta = objectOf(body['meta'], place, 'meta')
  const message = readMessage(body['transaction'], meta, place)
  const where = `Solana transaction ${message.signature}`
  const { err } = meta
  if (err === undefined) throw missing(where, 'meta.err')
  const slot = body['slot']
  const time = body['blockTime']
  return {
    signature: message.signature,
    slot: slot === undefined ? null : countOf(slot, where, 'slot'),
    time: time == null ? null : unixSeconds(countOf(time, where, 'blockTime')),
    failed: err !== null,
    callsKnown: meta['innerInstructions'] !== null,
    instructions: err === null ? readInstructions(message, meta, where) : [],
    balances: err === null ? readBalances(message.keys, meta, where) : new Map(),
  }
}

function missing(where: Where, field: string): IndexerError {
  return new IndexerError('rpc-bad-answer', `${where}: the node gave no ${field}`, { field })
}

function readMessage(value: unknown, meta: Readonly<Record<string, unknown>>, where: Where): Message {
  if (Array.isArray(value)) return readEncoded(value, meta, where)
  const transaction = objectOf(value, where, 'transaction')
  const signature = textOf(
    listOf(transaction['signatures'], where, 'transaction.signatures')[0],
    where,
    'transaction.signatures.0',
  )
  const message = objectOf(transaction['message'], where, 'transaction.message')
  const keys = listOf(message['accountKeys'], where, 'transaction.message.accountKeys')
  const parsed = typeof keys[0] === 'object'
  const named = keys.map((key, i) =>
    textOf(
      parsed ? objectOf(key, where, () => `accountKeys.${i}`)['pubkey'] : key,
      where,
      () => `accountKeys.${i}`,
    ),
  )
  const lookups = message['addressTableLookups']
  const needsTables = !parsed && Array.isArray(lookups) && lookups.length > 0
  return {
    signature,
    keys: parsed ? named : [...named, ...loadedKeys(meta, needsTables, where)],
    instructions: listOf(message['instructions'], where, 'transaction.message.instructions'),
  }
}

/** Keys from lookup tables, in the order that indexes count them. */
function loadedKeys(meta: Readonly<Record<string, unknown>>, needed: boolean, where: Where): string[] {
  const loaded = meta['loadedAddresses']
  if (loaded === undefined) {
    if (needed) throw missing(where, 'meta.loadedAddresses, although the message uses lookup tables')
    return []
  }
  const { writable, readonly } = objectOf(loaded, where, 'meta.loadedAddresses')
  return [
    ...listOf(writable, where, 'meta.loadedAddresses.writable'),
    ...listOf(readonly, where, 'meta.loadedAddresses.readonly'),
  ].map((key, i) => textOf(key, where, () => `meta.loadedAddresses.${i}`))
}

function readEncoded(
  value: readonly unknown[],
  meta: Readonly<Record<string, unknown>>,
  where: Where,
): Message {
  const [text, encoding] = value
  if (encoding !== 'base64')
    throw missing(where, `transaction in base64 (it is in ${JSON.stringify(encoding)})`)
  const bytes = Buffer.from(textOf(text, where, 'transaction.0'), 'base64')
  let made: VersionedTransaction
  try {
    made = VersionedTransaction.deserialize(bytes)
  } catch (cause) {
    const what = `the bytes of the transaction cannot be read: ${messageOf(cause)}`
    throw new IndexerError('rpc-bad-answer', `${where}: ${what}`, {}, { cause })
  }
  const [signature] = made.signatures
  if (signature === undefined) throw missing(where, 'signature')
  const { message } = made
  return {
    signature: encodeId(signature, 'base58'),
    keys: [
      ...message.staticAccountKeys.map((k) => k.toBase58()),
      ...loadedKeys(meta, message.addressTableLookups.length > 0, where),
    ],
    instructions: message.compiledInstructions.map((i) => ({
      programIdIndex: i.programIdIndex,
      accounts: i.accountKeyIndexes,
      data: encodeId(i.data, 'base58'),
    })),
  }
}

function readInstructions(
  message: Message,
  meta: Readonly<Record<string, unknown>>,
  where: Where,
): Instruction[] {
  const groups = new Map<number, readonly unknown[]>()
  // Null says that the node did not record inner instructions; a missing list is a damaged answer.
  const inner = meta['innerInstructions']
  for (const [i, value] of (inner === null ? [] : listOf(inner, where, 'meta.innerInstructions')).entries()) {
    const field = `meta.innerInstructions.${i}`
    const group = objectOf(value, where, field)
    groups.set(
      countOf(group['index'], where, `${field}.index`),
      listOf(group['instructions'], where, `${field}.instructions`),
    )
  }
  const found: Instruction[] = []
  for (const [top, value] of message.instructions.entries()) {
    const outer = readInstruction(value, message.keys, where, { top, inner: undefined, callers: [] })
    found.push(outer)
    // The calls under way: what runs at height h was called by the last one at height h - 1.
    const stack: Call[] = [outer]
    for (const [inner, called] of (groups.get(top) ?? []).entries()) {
      const name = (): string => `inner instruction ${top}.${inner}.stackHeight`
      const height = objectOf(called, where, name)['stackHeight']
      // Old nodes give no heights: then only the outermost caller is certain.
      const depth = height == null ? 2 : countOf(height, where, name)
      stack.length = Math.min(stack.length, Math.max(1, depth - 1))
      const made = readInstruction(called, message.keys, where, { top, inner, callers: [...stack] })
      stack.push(made)
      found.push(made)
    }
  }
  return found
}

function readInstruction(
  value: unknown,
  keys: readonly string[],
  where: Where,
  { top, inner, callers }: Pick<Instruction, 'top' | 'inner' | 'callers'>,
): Instruction {
  // Written out property by property: spreading costs more than all the checks.
  const name = (field: string) => (): string =>
    `instruction ${top}${inner === undefined ? '' : `.${inner}`}${field}`
  const body = objectOf(value, where, name(''))
  const keyAt = (index: unknown, field: string): string => {
    const at = countOf(index, where, name(field))
    const key = keys[at]
    if (key === undefined)
      throw missing(where, `account ${at} that ${name(field)()} names (it has ${keys.length})`)
    return key
  }
  const { programId, parsed } = body
  const program =
    programId === undefined
      ? keyAt(body['programIdIndex'], '.programIdIndex')
      : textOf(programId, where, name('.programId'))
  if (parsed !== undefined) {
    // A memo is parsed to a text: nothing that a decoder asks for.
    const reading =
      typeof parsed === 'object' ? objectOf(parsed, where, name('.parsed')) : { type: 'text', info: {} }
    const type = textOf(reading['type'], where, name('.parsed.type'))
    const info = objectOf(reading['info'] ?? {}, where, name('.parsed.info'))
    return { top, inner, callers, program, accounts: [], data: undefined, parsed: { type, info } }
  }
  const data = body['data']
  if (typeof data !== 'string') throw missing(where, name('.data')())
  const accounts = listOf(body['accounts'], where, name('.accounts')).map((account, i) => {
    if (typeof account === 'string') return account
    const key = typeof account === 'number' ? keys[account] : undefined
    return key ?? keyAt(account, `.accounts.${i}`)
  })
  return { top, inner, callers, program, accounts, data, parsed: undefined }
}

function readBalances(
  keys: readonly string[],
  meta: Readonly<Record<string, unknown>>,
  where: Where,
): Map<string, TokenBalance> {
  const balances = new Map<string, TokenBalance>()
  for (const side of ['pre', 'post'] as const) {
    const name = `meta.${side}TokenBalances`
    for (const [i, value] of listOf(meta[name.slice(5)], where, name).entries()) {
      const row = objectOf(value, where, () => `${name}.${i}`)
      const index = countOf(row['accountIndex'], where, () => `${name}.${i}.accountIndex`)
      const account = keys[index]
      if (account === undefined) throw missing(where, `account ${index} that ${name}.${i} names`)
      const amount = objectOf(row['uiTokenAmount'], where, () => `${name}.${i}.uiTokenAmount`)['amount']
      const known = balances.get(account)
      balances.set(account, {
        mint: textOf(row['mint'], where, () => `${name}.${i}.mint`),
        owner: typeof row['owner'] === 'string' ? row['owner'] : known?.owner,
        pre: known?.pre ?? 0n,
        post: known?.post ?? 0n,
        [side]: unitsOf(amount, where, () => `${name}.${i}.uiTokenAmount.amount`),
      })
    }
  }
  return balances
}
