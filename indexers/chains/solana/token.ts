import { decodeId } from '../../../pipeline/model/encoding.ts'
import { codeOf, IndexerError } from '../../../pipeline/model/errors.ts'
import { textOf, unitsOf } from './answer.ts'
import type { Call, Instruction, Transaction } from './transaction.ts'

/** The SPL Token program and Token-2022. */
export const tokenPrograms = {
  TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA: 'token',
  TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb: 'token2022',
} as const

/** What a token instruction did. */
export type MovementType = 'mint' | 'burn' | 'transfer'

/** Tokens that one instruction minted, burned or moved. */
export interface Movement {
  readonly type: MovementType
  /** Place in the transaction: top-level index, inner index, and place inside a batch. */
  readonly top: number
  readonly inner: number | undefined
  readonly batch: number | undefined
  readonly program: (typeof tokenPrograms)[keyof typeof tokenPrograms]
  /** Amount sent, in smallest units. */
  readonly amountRaw: bigint
  /** Kept back from a transfer by a mint that charges for transfers; what arrived is the amount less it. */
  readonly feeRaw: bigint
  /** Unknown for a plain transfer between accounts that the balances do not list. */
  readonly mint: string | undefined
  readonly from: string | undefined
  readonly to: string | undefined
  readonly authority: string | undefined
  /** Programs that called for it, outermost first. */
  readonly callers: readonly Call[]
}

/** Instructions of both programs up to here are known, and move no tokens unless they are read below. */
const highestKnownTag = 46
const batchTag = 255

/** First bytes of the instructions that move tokens, and where their accounts are. */
const tags: Readonly<
  Record<number, { type: MovementType; mint?: number; from?: number; to?: number; authority: number }>
> = {
  3: { type: 'transfer', from: 0, to: 1, authority: 2 },
  7: { type: 'mint', mint: 0, to: 1, authority: 2 },
  8: { type: 'burn', from: 0, mint: 1, authority: 2 },
  12: { type: 'transfer', from: 0, mint: 1, to: 2, authority: 3 },
  14: { type: 'mint', mint: 0, to: 1, authority: 2 },
  15: { type: 'burn', from: 0, mint: 1, authority: 2 },
}
const transferFeeTag = 26
const transferWithFee = 1

/**
 * The tokens that a transaction minted, burned and moved, in the order of execution: from instruction bytes or a node's
 * parsed form, never from logs. A failed transaction gives nothing.
 * @param only The mints that matter: what is not understood of other tokens, or does not fit their balances, is no error.
 *   Absent: all do.
 * @throws IndexerError `decode-failed` naming the transaction and the instruction, for one that is not understood, and
 *   where what was minted and burned of a mint is not what its balances changed by.
 */
export function movementsOf(transaction: Transaction, only?: ReadonlySet<string>): Movement[] {
  if (transaction.failed) return []
  const found = transaction.instructions.flatMap((instruction) => {
    const program = tokenPrograms[instruction.program as keyof typeof tokenPrograms]
    if (program === undefined) return []
    try {
      return instruction.parsed === undefined
        ? fromData(instruction, program, transaction)
        : fromParsed(instruction, instruction.parsed, program, transaction)
    } catch (error) {
      // An instruction that names no account of these tokens cannot have moved any of them.
      const aside = only !== undefined && !concerns(instruction, transaction, only)
      if (aside && codeOf(error) === 'decode-failed') return []
      throw error
    }
  })
  const mints = new Set(found.flatMap((m) => (m.type === 'transfer' || m.mint === undefined ? [] : [m.mint])))
  for (const mint of mints) if (only === undefined || only.has(mint)) checkMint(transaction, found, mint)
  return found
}

/** Whether an instruction names one of the mints, or an account that holds tokens of one; a parsed one may hide them. */
function concerns(
  { accounts, parsed }: Instruction,
  { balances }: Transaction,
  only: ReadonlySet<string>,
): boolean {
  if (parsed !== undefined) return true
  return accounts.some((a) => only.has(a) || only.has(balances.get(a)?.mint ?? ''))
}

function failed(
  transaction: Transaction,
  { top, inner }: Pick<Movement, 'top' | 'inner'>,
  what: string,
): IndexerError {
  const at = inner === undefined ? `${top}` : `${top}.${inner}`
  return new IndexerError(
    'decode-failed',
    `Solana transaction ${transaction.signature}: token instruction ${at} ${what}`,
    { signature: transaction.signature },
  )
}

function fromData(
  instruction: Instruction,
  program: Movement['program'],
  transaction: Transaction,
): Movement[] {
  const bytes = decodeId(instruction.data ?? '', 'base58')
  if (bytes === undefined || bytes.length === 0)
    throw failed(transaction, instruction, 'has no readable data')
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const all = instruction.accounts
  if (data[0] !== batchTag) return oneFromData(instruction, program, transaction, data, all, undefined)
  const movements: Movement[] = []
  let account = 0
  for (let at = 1, batch = 0; at < data.length; batch += 1) {
    const [accounts = 0, length = 0] = [data[at], data[at + 1]]
    const end = at + 2 + length
    const own = all.slice(account, account + accounts)
    if (end > data.length || length === 0 || own.length < accounts)
      throw failed(transaction, instruction, `is a batch whose entry ${batch} is cut`)
    movements.push(...oneFromData(instruction, program, transaction, data.subarray(at + 2, end), own, batch))
    account += accounts
    at = end
  }
  return movements
}

function oneFromData(
  instruction: Instruction,
  program: Movement['program'],
  transaction: Transaction,
  data: Buffer,
  accounts: readonly string[],
  batch: number | undefined,
): Movement[] {
  const [tag = 0] = data
  const withFee = tag === transferFeeTag && data[1] === transferWithFee && program === 'token2022'
  const shape = withFee ? tags[12] : tags[tag]
  if (shape === undefined) {
    if (tag > highestKnownTag) throw failed(transaction, instruction, `has the unknown kind ${tag}`)
    return []
  }
  const amountAt = withFee ? 2 : 1
  if (data.length < amountAt + 8 + (withFee ? 9 : 0))
    throw failed(transaction, instruction, 'has too few bytes')
  const account = (index: number | undefined): string | undefined => {
    if (index === undefined) return undefined
    const found = accounts[index]
    if (found === undefined)
      throw failed(transaction, instruction, `has ${accounts.length} accounts, kind ${tag} needs more`)
    return found
  }
  const [from, to] = [account(shape.from), account(shape.to)]
  return [
    {
      type: shape.type,
      top: instruction.top,
      inner: instruction.inner,
      batch,
      program,
      amountRaw: data.readBigUInt64LE(amountAt),
      feeRaw: withFee ? data.readBigUInt64LE(amountAt + 9) : 0n,
      mint: account(shape.mint) ?? mintOf(transaction, from, to),
      from,
      to,
      authority: account(shape.authority),
      callers: instruction.callers,
    },
  ]
}

const parsedTypes: Readonly<Record<string, MovementType>> = {
  transfer: 'transfer',
  transferChecked: 'transfer',
  transferCheckedWithFee: 'transfer',
  mintTo: 'mint',
  mintToChecked: 'mint',
  burn: 'burn',
  burnChecked: 'burn',
}

function fromParsed(
  instruction: Instruction,
  { type, info }: NonNullable<Instruction['parsed']>,
  program: Movement['program'],
  transaction: Transaction,
): Movement[] {
  const kind = parsedTypes[type]
  if (kind === undefined) {
    if (type === 'batch') throw failed(transaction, instruction, 'is a parsed batch; ask the node for base64')
    return []
  }
  const where = `Solana transaction ${transaction.signature}`
  const text = (name: string): string => textOf(info[name], where, () => `parsed.info.${name}`)
  const optional = (name: string): string | undefined => (info[name] === undefined ? undefined : text(name))
  const units = (value: unknown, name: string): bigint => {
    const amount = typeof value === 'object' && value !== null && 'amount' in value ? value.amount : value
    return unitsOf(amount, where, () => `parsed.info.${name}`)
  }
  const from = kind === 'transfer' ? text('source') : kind === 'burn' ? text('account') : undefined
  const to = kind === 'transfer' ? text('destination') : kind === 'mint' ? text('account') : undefined
  const signer = kind === 'mint' ? 'mintAuthority' : 'authority'
  return [
    {
      type: kind,
      top: instruction.top,
      inner: instruction.inner,
      batch: undefined,
      program,
      amountRaw: units(info['tokenAmount'] ?? info['amount'], 'amount'),
      feeRaw: info['feeAmount'] === undefined ? 0n : units(info['feeAmount'], 'feeAmount'),
      mint: kind === 'transfer' ? (optional('mint') ?? mintOf(transaction, from, to)) : text('mint'),
      from,
      to,
      authority:
        optional(signer) ??
        optional(kind === 'mint' ? 'multisigMintAuthority' : 'multisigAuthority') ??
        optional('multisigOwner') ??
        optional('owner'),
      callers: instruction.callers,
    },
  ]
}

/** A plain transfer does not name its mint; the balances of its accounts do. */
function mintOf(
  { balances }: Transaction,
  from: string | undefined,
  to: string | undefined,
): string | undefined {
  return balances.get(from ?? '')?.mint ?? balances.get(to ?? '')?.mint
}

/**
 * Makes sure that no mint or burn of a token is hidden: what was minted less what was burned must be what its accounts
 * changed by. Whoever reads a token checks it in every transaction of a node that recorded no inner instructions.
 * @throws IndexerError `decode-failed` naming the transaction, the mint and both amounts.
 */
export function checkMint(transaction: Transaction, movements: readonly Movement[], mint: string): void {
  const own = movements.filter((m) => m.mint === mint)
  const decoded = own.reduce(
    (sum, m) => sum + (m.type === 'mint' ? m.amountRaw : m.type === 'burn' ? -m.amountRaw : 0n),
    0n,
  )
  let balance = 0n
  for (const b of transaction.balances.values()) if (b.mint === mint) balance += b.post - b.pre
  // A mint that charges for transfers keeps the charge in accounts, outside of their amounts.
  const charged = own.some((m) => m.type === 'transfer' && m.program === 'token2022')
  if (decoded === balance || (charged && balance < decoded)) return
  const hidden = transaction.callsKnown ? '' : ' (the node recorded no inner instructions; ask one that does)'
  throw new IndexerError(
    'decode-failed',
    `Solana transaction ${transaction.signature}: its instructions mint less burn ${decoded} of ${mint}, but its token ` +
      `balances change by ${balance}${hidden}`,
    { signature: transaction.signature },
  )
}
