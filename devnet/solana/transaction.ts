import { encodeId } from '../../pipeline/model/encoding.ts'
import { called, type Instruction } from './instructions.ts'
import type { TokenBalanceRow } from './ledger.ts'
import { allKeys, indexed, type Message, placesOf, wireBytes } from './message.ts'
import { tokenProgram } from './tokens.ts'

/** A transaction in a block of the simulated chain. */
export interface SolanaTransaction {
  readonly slot: number
  /** Place in its block. */
  readonly index: number
  readonly time: number
  /** The first is its name. */
  readonly signatures: readonly Buffer[]
  readonly signature: string
  readonly message: Message
  /** Null where it succeeded. */
  readonly error: unknown
  readonly pre: readonly TokenBalanceRow[]
  readonly post: readonly TokenBalanceRow[]
}

/** Ways in which nodes write a transaction. */
export type Encoding = 'json' | 'jsonParsed' | 'base64'

const signatureFee = 5_000
const lamports = 1_000_000_000

/** A transaction as `getTransaction` gives it, or (without `place`) as it stands in a block. */
export function transactionAnswer(
  made: SolanaTransaction,
  encoding: Encoding,
  place = true,
): Readonly<Record<string, unknown>> {
  return {
    ...(place ? { slot: made.slot, blockTime: made.time } : {}),
    transaction: bodyOf(made, encoding),
    meta: metaOf(made, encoding),
    version: made.message.version,
  }
}

function bodyOf(made: SolanaTransaction, encoding: Encoding): unknown {
  const { message, signatures } = made
  if (encoding === 'base64') return [wireBytes(message, signatures).toString('base64'), 'base64']
  const parsed = encoding === 'jsonParsed'
  return {
    signatures: signatures.map((s) => encodeId(s, 'base58')),
    message: {
      accountKeys: parsed ? parsedKeys(message) : message.keys,
      ...(parsed ? {} : { header: message.header }),
      recentBlockhash: message.blockhash,
      instructions: message.instructions.map((i) => instructionOf(i, message, encoding, parsed ? 1 : null)),
      ...(message.version === 'legacy' ? {} : { addressTableLookups: message.lookups }),
    },
  }
}

function parsedKeys({ keys, header, loaded }: Message): unknown[] {
  const signed = header.numRequiredSignatures
  const isWritable = (i: number): boolean =>
    i < signed
      ? i < signed - header.numReadonlySignedAccounts
      : i < keys.length - header.numReadonlyUnsignedAccounts
  const looked = (writable: boolean) => (pubkey: string) => ({
    pubkey,
    signer: false,
    source: 'lookupTable',
    writable,
  })
  return [
    ...keys.map((pubkey, i) => ({
      pubkey,
      signer: i < signed,
      source: 'transaction',
      writable: isWritable(i),
    })),
    ...loaded.writable.map(looked(true)),
    ...loaded.readonly.map(looked(false)),
  ]
}

function instructionOf(
  instruction: Instruction,
  message: Message,
  encoding: Encoding,
  stackHeight: number | null,
): unknown {
  const { program, parsed } = instruction
  if (encoding !== 'jsonParsed') {
    const data = encodeId(instruction.data, 'base58')
    return { ...indexed(instruction, placesOf(message)), data, stackHeight }
  }
  if (parsed !== undefined && program === tokenProgram)
    return { program: 'spl-token', programId: program, parsed, stackHeight }
  return {
    programId: program,
    accounts: instruction.accounts.map((a) => a.key),
    data: encodeId(instruction.data, 'base58'),
    stackHeight,
  }
}

function metaOf(made: SolanaTransaction, encoding: Encoding): Readonly<Record<string, unknown>> {
  const { message, error } = made
  const keys = allKeys(message)
  const fee = signatureFee * made.signatures.length
  return {
    err: error,
    status: error === null ? { Ok: null } : { Err: error },
    fee,
    preBalances: keys.map(() => lamports),
    postBalances: keys.map((_, i) => (i === 0 ? lamports - fee : lamports)),
    innerInstructions: message.instructions.flatMap((top, index) => {
      const below = called(top)
      return below.length === 0
        ? []
        : [
            {
              index,
              instructions: below.map(({ made: i, height }) => instructionOf(i, message, encoding, height)),
            },
          ]
    }),
    // The token program of today logs nothing of what it does, so that a decoder has no logs to lean on.
    logMessages: message.instructions.flatMap((i) => [
      `Program ${i.program} invoke [1]`,
      `Program ${i.program} ${error === null ? 'success' : 'failed'}`,
    ]),
    preTokenBalances: made.pre,
    postTokenBalances: made.post,
    rewards: [],
    ...(encoding === 'jsonParsed' ? {} : { loadedAddresses: message.loaded }),
    computeUnitsConsumed: 5_000 * message.instructions.length,
  }
}
