import { decodeId } from '../../pipeline/model/encoding.ts'

/** An account that an instruction names, and what it may do with it. */
export interface AccountUse {
  readonly key: string
  readonly signer: boolean
  readonly writable: boolean
}

/** What a token instruction does to supplies and balances when it succeeds. */
export interface TokenEffect {
  readonly mint: string
  readonly amount: bigint
  /** Absent where tokens are minted. */
  readonly from?: string
  /** Absent where tokens are burned. */
  readonly to?: string
}

/** One instruction with everything that it calls. */
export interface Instruction {
  readonly program: string
  readonly accounts: readonly AccountUse[]
  readonly data: Buffer
  readonly calls: readonly Instruction[]
  readonly effects: readonly TokenEffect[]
  /** What a node that parses instructions says of it; absent where nodes parse nothing. */
  readonly parsed?: { readonly type: string; readonly info: Readonly<Record<string, unknown>> }
}

const use =
  (signer: boolean, writable: boolean) =>
  (key: string): AccountUse => ({ key, signer, writable })

/** Account uses: read only, written, signing, and signing and written. */
export const [reads, writes, signs, pays] = [
  use(false, false),
  use(false, true),
  use(true, false),
  use(true, true),
]

/** A call of a program: eight bytes that name the instruction (hex), then its arguments. */
export function call(
  program: string,
  discriminator: string,
  accounts: readonly AccountUse[],
  args: readonly Buffer[] = [],
  calls: readonly Instruction[] = [],
): Instruction {
  return {
    program,
    accounts,
    data: Buffer.concat([Buffer.from(discriminator, 'hex'), ...args]),
    calls,
    effects: [],
  }
}

/** An unsigned 64-bit number, low byte first. */
export function u64(value: bigint | number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

/** Borsh's `Option<u64>`. */
export function optional(value: bigint | undefined): Buffer {
  return value === undefined ? Buffer.from([0]) : Buffer.concat([Buffer.from([1]), u64(value)])
}

/** Reading base58 costs much, and a scenario names the same few addresses again and again. */
const knownBytes = new Map<string, Buffer>()

/** The 32 bytes of an address. */
export function addressBytes(address: string): Buffer {
  const known = knownBytes.get(address)
  if (known !== undefined) return known
  const bytes = decodeId(address, 'base58')
  if (bytes?.length !== 32) throw new TypeError(`${address} is not an address of 32 bytes`)
  const made = Buffer.from(bytes)
  knownBytes.set(address, made)
  return made
}

/** Everything that an instruction calls, in the order of execution, with the height of each on the stack. */
export function called(instruction: Instruction, height = 2): { made: Instruction; height: number }[] {
  return instruction.calls.flatMap((made) => [{ made, height }, ...called(made, height + 1)])
}

/** What a whole transaction does to tokens, in the order of execution. */
export function effectsOf(top: readonly Instruction[]): TokenEffect[] {
  return top.flatMap((i) => [...i.effects, ...called(i).flatMap(({ made }) => made.effects)])
}
