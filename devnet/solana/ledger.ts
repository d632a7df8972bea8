import type { TokenEffect } from './instructions.ts'
import { tokenProgram, uiAmount } from './tokens.ts'

/** A token account's balance in one transaction, before or after it. */
export interface TokenBalanceRow {
  readonly accountIndex: number
  readonly mint: string
  readonly owner: string
  readonly programId: string
  readonly uiTokenAmount: Readonly<Record<string, unknown>>
}

const programLoader = 'BPFLoaderUpgradeab1e11111111111111111111111'

interface Dated<T> {
  readonly slot: number
  readonly value: T
}

/** A value and what it was after each slot that changed it. */
class History<T> {
  readonly #changes: Dated<T>[] = []

  set(slot: number, value: T): void {
    if (this.#changes.at(-1)?.slot === slot) this.#changes.pop()
    this.#changes.push({ slot, value })
  }

  /** After a slot; undefined before the first one. */
  at(slot: number): T | undefined {
    let [low, high] = [0, this.#changes.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#changes[middle]?.slot ?? 0) <= slot) low = middle + 1
      else high = middle
    }
    return this.#changes[low - 1]?.value
  }

  get newest(): T | undefined {
    return this.#changes.at(-1)?.value
  }
}

interface Mint {
  readonly decimals: number
  readonly authority: string | null
  readonly freeze: string | null
  readonly supply: History<bigint>
}

interface TokenAccount {
  readonly mint: string
  readonly owner: string
  readonly frozen: boolean
  readonly amount: History<bigint>
}

/** Bytes that a program keeps in an account of its own. */
export interface StateAccount {
  readonly owner: string
  readonly data: Buffer
  /** Whether it is a program. */
  readonly executable?: boolean
}

/** Every account of the simulated chain, as it was after any slot. */
export class SolanaLedger {
  readonly mints = new Map<string, Mint>()
  readonly tokenAccounts = new Map<string, TokenAccount>()
  readonly #states = new Map<string, History<StateAccount>>()

  /** Opens a mint whose whole supply lies in accounts that are opened after it. */
  openMint(
    mint: string,
    of: { decimals: number; authority: string | null; freeze?: string; slot: number },
  ): void {
    const supply = new History<bigint>()
    supply.set(of.slot, 0n)
    this.mints.set(mint, {
      decimals: of.decimals,
      authority: of.authority,
      freeze: of.freeze ?? null,
      supply,
    })
  }

  /** Opens a token account; what it holds at first was minted before the simulated days. */
  openAccount(
    address: string,
    of: { mint: string; owner: string; slot: number; amount?: bigint; frozen?: boolean },
  ): void {
    if (this.tokenAccounts.has(address)) throw new TypeError(`${address} is open already`)
    const amount = new History<bigint>()
    amount.set(of.slot, of.amount ?? 0n)
    this.tokenAccounts.set(address, { mint: of.mint, owner: of.owner, frozen: of.frozen === true, amount })
    const { supply } = this.mint(of.mint)
    supply.set(of.slot, (supply.newest ?? 0n) + (of.amount ?? 0n))
  }

  mint(address: string): Mint {
    const found = this.mints.get(address)
    if (found === undefined) throw new TypeError(`mint ${address} was not opened`)
    return found
  }

  /** What an account holds now. */
  balance(address: string): bigint {
    return this.#account(address).amount.newest ?? 0n
  }

  supply(mint: string): bigint {
    return this.mint(mint).supply.newest ?? 0n
  }

  /** @throws TypeError where an account would fall below zero or holds another mint: the scenario is wrong. */
  apply(slot: number, { mint, amount, from, to }: TokenEffect): void {
    const move = (address: string, change: bigint): void => {
      const account = this.#account(address)
      const after = (account.amount.newest ?? 0n) + change
      if (account.mint !== mint || after < 0n)
        throw new TypeError(
          `cannot move ${change} of ${mint} in ${address}, which holds ${after - change} of ${account.mint}`,
        )
      account.amount.set(slot, after)
    }
    if (from !== undefined) move(from, -amount)
    if (to !== undefined) move(to, amount)
    const { supply } = this.mint(mint)
    if (from === undefined) supply.set(slot, (supply.newest ?? 0n) + amount)
    if (to === undefined) supply.set(slot, (supply.newest ?? 0n) - amount)
  }

  /** The balances of those of some keys that are token accounts, as a node lists them. */
  balancesOf(keys: readonly string[]): TokenBalanceRow[] {
    return keys.flatMap((key, accountIndex) => {
      const account = this.tokenAccounts.get(key)
      if (account === undefined) return []
      const { mint, owner, amount } = account
      const { decimals } = this.mint(mint)
      const uiTokenAmount = uiAmount(amount.newest ?? 0n, decimals)
      return [{ accountIndex, mint, owner, programId: tokenProgram, uiTokenAmount }]
    })
  }

  /** Writes the bytes of a program's account from a slot on. */
  setState(address: string, slot: number, state: StateAccount): void {
    const history = this.#states.get(address) ?? new History<StateAccount>()
    history.set(slot, state)
    this.#states.set(address, history)
  }

  /** Puts a program at its address. */
  openProgram(address: string, slot: number): void {
    this.setState(address, slot, { owner: programLoader, data: Buffer.alloc(36), executable: true })
  }

  stateAt(address: string, slot: number): StateAccount | undefined {
    return this.#states.get(address)?.at(slot)
  }

  #account(address: string): TokenAccount {
    const found = this.tokenAccounts.get(address)
    if (found === undefined) throw new TypeError(`token account ${address} was not opened`)
    return found
  }
}
