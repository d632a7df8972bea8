import { formatScaled } from '../../pipeline/model/amount.ts'
import { type Instruction, reads, signs, u64, writes } from './instructions.ts'

/** The SPL Token program. */
export const tokenProgram = 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA'

/** A mint and its decimals, as the checked instructions name them. */
export interface MintRef {
  readonly mint: string
  readonly decimals: number
}

/** MintTo (7). */
export function mintTo({ mint }: MintRef, to: string, authority: string, amount: bigint): Instruction {
  return {
    program: tokenProgram,
    accounts: [writes(mint), writes(to), signs(authority)],
    data: Buffer.concat([Buffer.from([7]), u64(amount)]),
    calls: [],
    effects: [{ mint, to, amount }],
    parsed: { type: 'mintTo', info: { account: to, amount: `${amount}`, mint, mintAuthority: authority } },
  }
}

/** Burn (8). */
export function burn({ mint }: MintRef, from: string, authority: string, amount: bigint): Instruction {
  return {
    program: tokenProgram,
    accounts: [writes(from), writes(mint), signs(authority)],
    data: Buffer.concat([Buffer.from([8]), u64(amount)]),
    calls: [],
    effects: [{ mint, from, amount }],
    parsed: { type: 'burn', info: { account: from, amount: `${amount}`, authority, mint } },
  }
}

/** BurnChecked (15). */
export function burnChecked(of: MintRef, from: string, authority: string, amount: bigint): Instruction {
  const { mint, decimals } = of
  return {
    ...burn(of, from, authority, amount),
    data: Buffer.concat([Buffer.from([15]), u64(amount), Buffer.from([decimals])]),
    parsed: {
      type: 'burnChecked',
      info: { account: from, authority, mint, tokenAmount: uiAmount(amount, decimals) },
    },
  }
}

/** Transfer (3), which does not name the mint. */
export function transfer(
  { mint }: MintRef,
  from: string,
  to: string,
  authority: string,
  amount: bigint,
): Instruction {
  return {
    program: tokenProgram,
    accounts: [writes(from), writes(to), signs(authority)],
    data: Buffer.concat([Buffer.from([3]), u64(amount)]),
    calls: [],
    effects: [{ mint, from, to, amount }],
    parsed: { type: 'transfer', info: { amount: `${amount}`, authority, destination: to, source: from } },
  }
}

/** TransferChecked (12). */
export function transferChecked(
  { mint, decimals }: MintRef,
  from: string,
  to: string,
  authority: string,
  amount: bigint,
): Instruction {
  return {
    program: tokenProgram,
    accounts: [writes(from), reads(mint), writes(to), signs(authority)],
    data: Buffer.concat([Buffer.from([12]), u64(amount), Buffer.from([decimals])]),
    calls: [],
    effects: [{ mint, from, to, amount }],
    parsed: {
      type: 'transferChecked',
      info: { authority, destination: to, mint, source: from, tokenAmount: uiAmount(amount, decimals) },
    },
  }
}

/** ThawAccount (11) before, FreezeAccount (10) after: how frozen credits are moved. */
export function thawed(
  { mint }: MintRef,
  account: string,
  authority: string,
  moved: readonly Instruction[],
): Instruction[] {
  const turn = (tag: number, type: string): Instruction => ({
    program: tokenProgram,
    accounts: [writes(account), reads(mint), signs(authority)],
    data: Buffer.from([tag]),
    calls: [],
    effects: [],
    parsed: { type, info: { account, freezeAuthority: authority, mint } },
  })
  return [turn(11, 'thawAccount'), ...moved, turn(10, 'freezeAccount')]
}

/** Batch (255): several token instructions in one, which nodes do not parse. */
export function batch(entries: readonly Instruction[]): Instruction {
  return {
    program: tokenProgram,
    accounts: entries.flatMap((e) => e.accounts),
    data: Buffer.concat([
      Buffer.from([255]),
      ...entries.flatMap((e) => [Buffer.from([e.accounts.length, e.data.length]), e.data]),
    ]),
    calls: [],
    effects: entries.flatMap((e) => e.effects),
  }
}

/** An amount as nodes write it. */
export function uiAmount(amount: bigint, decimals: number): Readonly<Record<string, unknown>> {
  const text = formatScaled(amount, decimals)
  return { amount: `${amount}`, decimals, uiAmount: Number(text), uiAmountString: text }
}
