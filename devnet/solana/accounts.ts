import { addressBytes, u64 } from './instructions.ts'
import type { SolanaLedger } from './ledger.ts'
import { tokenProgram, uiAmount } from './tokens.ts'

/** An account as `getAccountInfo` gives it, with its bytes not yet encoded. */
export interface AccountAnswer {
  readonly owner: string
  readonly data: Buffer
  readonly lamports: number
  readonly executable?: boolean
}

const lamportsPerByte = 6_960
const accountOverhead = 128

/** What an account held after a slot; undefined where there is none. */
export function accountAt(ledger: SolanaLedger, address: string, slot: number): AccountAnswer | undefined {
  const found = mintBytes(ledger, address, slot) ?? tokenBytes(ledger, address, slot)
  const state = found === undefined ? ledger.stateAt(address, slot) : { owner: tokenProgram, data: found }
  if (state === undefined) return undefined
  return { ...state, lamports: (state.data.length + accountOverhead) * lamportsPerByte }
}

const optionalKey = (key: string | null): Buffer =>
  key === null ? Buffer.alloc(36) : Buffer.concat([Buffer.from([1, 0, 0, 0]), addressBytes(key)])

/** SPL Token's mint: 82 bytes. */
function mintBytes(ledger: SolanaLedger, address: string, slot: number): Buffer | undefined {
  const mint = ledger.mints.get(address)
  const supply = mint?.supply.at(slot)
  if (mint === undefined || supply === undefined) return undefined
  return Buffer.concat([
    optionalKey(mint.authority),
    u64(supply),
    Buffer.from([mint.decimals, 1]),
    optionalKey(mint.freeze),
  ])
}

/** SPL Token's account: 165 bytes; without delegate, close authority and wrapped lamports. */
function tokenBytes(ledger: SolanaLedger, address: string, slot: number): Buffer | undefined {
  const account = ledger.tokenAccounts.get(address)
  const amount = account?.amount.at(slot)
  if (account === undefined || amount === undefined) return undefined
  return Buffer.concat([
    addressBytes(account.mint),
    addressBytes(account.owner),
    u64(amount),
    Buffer.alloc(36),
    Buffer.from([account.frozen ? 2 : 1]),
    Buffer.alloc(12),
    u64(0),
    Buffer.alloc(36),
  ])
}

/** SPL Token's account or mint as a parsing node writes it; undefined for bytes of another kind. */
export function parsedAccount(
  ledger: SolanaLedger,
  address: string,
  slot: number,
): Readonly<Record<string, unknown>> | undefined {
  const mint = ledger.mints.get(address)
  if (mint !== undefined) {
    const info = {
      decimals: mint.decimals,
      freezeAuthority: mint.freeze,
      isInitialized: true,
      mintAuthority: mint.authority,
      supply: `${mint.supply.at(slot) ?? 0n}`,
    }
    return { program: 'spl-token', parsed: { info, type: 'mint' }, space: 82 }
  }
  const account = ledger.tokenAccounts.get(address)
  if (account === undefined) return undefined
  const { decimals } = ledger.mint(account.mint)
  const amount = account.amount.at(slot) ?? 0n
  const info = {
    isNative: false,
    mint: account.mint,
    owner: account.owner,
    state: account.frozen ? 'frozen' : 'initialized',
    tokenAmount: uiAmount(amount, decimals),
  }
  return { program: 'spl-token', parsed: { info, type: 'account' }, space: 165 }
}
