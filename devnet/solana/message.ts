import { type AccountUse, addressBytes, called, type Instruction } from './instructions.ts'

/** A lookup table: an account that holds addresses, so that messages can name them by one byte. */
export interface LookupTable {
  readonly address: string
  readonly contents: readonly string[]
}

/** Addresses that a message takes from a table. */
export interface Lookup {
  readonly accountKey: string
  readonly writableIndexes: readonly number[]
  readonly readonlyIndexes: readonly number[]
}

/** A compiled message: what is signed. */
export interface Message {
  readonly version: 'legacy' | 0
  readonly header: {
    readonly numRequiredSignatures: number
    readonly numReadonlySignedAccounts: number
    readonly numReadonlyUnsignedAccounts: number
  }
  /** Keys in the message itself. */
  readonly keys: readonly string[]
  readonly lookups: readonly Lookup[]
  /** Keys from tables, in the order that indexes count them. */
  readonly loaded: { readonly writable: readonly string[]; readonly readonly: readonly string[] }
  readonly blockhash: string
  readonly instructions: readonly Instruction[]
}

/** Every key of a message, in the order that instructions count them. */
export function allKeys({ keys, loaded }: Message): string[] {
  return [...keys, ...loaded.writable, ...loaded.readonly]
}

/**
 * Compiles instructions as a wallet does: keys sorted by what they may do, each once. With a table, keys of it that
 * neither sign nor are called at the top are looked up, and the message has version 0.
 */
export function compile(
  payer: string,
  instructions: readonly Instruction[],
  blockhash: string,
  table?: LookupTable,
): Message {
  const uses = new Map<string, { signer: boolean; writable: boolean }>()
  const note = ({ key, signer, writable }: AccountUse): void => {
    const known = uses.get(key)
    uses.set(key, {
      signer: signer || known?.signer === true,
      writable: writable || known?.writable === true,
    })
  }
  note({ key: payer, signer: true, writable: true })
  for (const top of instructions) {
    for (const account of top.accounts) note(account)
    // Below the top, programs sign for their own addresses: nobody signs the message for these.
    for (const { made } of called(top)) {
      for (const account of made.accounts) note({ ...account, signer: false })
      note({ key: made.program, signer: false, writable: false })
    }
  }
  const programs = new Set(instructions.map((i) => i.program))
  for (const program of programs) note({ key: program, signer: false, writable: false })
  const places = new Map((table?.contents ?? []).map((key, i) => [key, i]))
  const isLooked = (key: string): boolean =>
    places.has(key) && !programs.has(key) && uses.get(key)?.signer === false
  const pick = (signer: boolean, writable: boolean, looked: boolean): string[] =>
    [...uses]
      .filter(([key, use]) => use.signer === signer && use.writable === writable && isLooked(key) === looked)
      .map(([key]) => key)
  const groups = [
    pick(true, true, false),
    pick(true, false, false),
    pick(false, true, false),
    pick(false, false, false),
  ] as const
  const loaded = { writable: pick(false, true, true), readonly: pick(false, false, true) }
  const indexes = (keys: readonly string[]): number[] => keys.map((key) => places.get(key) ?? 0)
  return {
    version: table === undefined ? 'legacy' : 0,
    header: {
      numRequiredSignatures: groups[0].length + groups[1].length,
      numReadonlySignedAccounts: groups[1].length,
      numReadonlyUnsignedAccounts: groups[3].length,
    },
    keys: groups.flat(),
    lookups:
      table === undefined || loaded.writable.length + loaded.readonly.length === 0
        ? []
        : [
            {
              accountKey: table.address,
              writableIndexes: indexes(loaded.writable),
              readonlyIndexes: indexes(loaded.readonly),
            },
          ],
    loaded,
    blockhash,
    instructions,
  }
}

/** An instruction with accounts as indexes. */
export interface Compiled {
  readonly programIdIndex: number
  readonly accounts: readonly number[]
}

/** @throws TypeError for an instruction that is not of the message. */
export function indexed(instruction: Instruction, places: ReadonlyMap<string, number>): Compiled {
  const place = (key: string): number => {
    const at = places.get(key)
    if (at === undefined) throw new TypeError(`${key} is not in the message`)
    return at
  }
  return {
    programIdIndex: place(instruction.program),
    accounts: instruction.accounts.map((a) => place(a.key)),
  }
}

/** The place of each key of a message. */
export function placesOf(message: Message): ReadonlyMap<string, number> {
  return new Map(allKeys(message).map((key, i) => [key, i]))
}

/** Solana's compact-u16: seven bits a byte, low ones first. */
function compact(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>= 7
  }
  return Buffer.from([...bytes, rest])
}

const listed = (items: readonly (Buffer | number)[]): Buffer =>
  Buffer.concat([compact(items.length), ...items.map((i) => (typeof i === 'number' ? Buffer.from([i]) : i))])

/** The bytes of a signed transaction as they go over the wire. */
export function wireBytes(message: Message, signatures: readonly Buffer[]): Buffer {
  const { header, keys, lookups, version } = message
  const places = placesOf(message)
  const body = [
    Buffer.from([
      header.numRequiredSignatures,
      header.numReadonlySignedAccounts,
      header.numReadonlyUnsignedAccounts,
    ]),
    listed(keys.map(addressBytes)),
    addressBytes(message.blockhash),
    listed(
      message.instructions.map((instruction) => {
        const { programIdIndex, accounts } = indexed(instruction, places)
        return Buffer.concat([
          Buffer.from([programIdIndex]),
          listed(accounts),
          compact(instruction.data.length),
          instruction.data,
        ])
      }),
    ),
  ]
  const tables = lookups.map((l) =>
    Buffer.concat([addressBytes(l.accountKey), listed(l.writableIndexes), listed(l.readonlyIndexes)]),
  )
  return Buffer.concat([
    listed(signatures),
    ...(version === 'legacy' ? body : [Buffer.from([0x80]), ...body, listed(tables)]),
  ])
}
