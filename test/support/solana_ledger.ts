import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { decodeId, encodeId } from '../../pipeline/model/encoding.ts'

/** A JSON-RPC error that the ledger answers with. */
export class Refusal extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

const token = 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA'

/** A text in the shape of an address or signature that stands for something. */
export function idOf(what: string, length = 32): string {
  const bytes = Buffer.alloc(length, 1)
  bytes.write(what.slice(0, length))
  return encodeId(bytes, 'base58')
}

/** A mint account of the SPL Token program, with 8 decimals. */
export function mintAccount(supply: bigint, authority?: string): { owner: string; data: Buffer } {
  const data = Buffer.alloc(82)
  if (authority !== undefined) {
    data.writeUInt32LE(1, 0)
    data.set(decodeId(authority, 'base58') ?? [], 4)
  }
  data.writeBigUInt64LE(supply, 36)
  data[44] = 8
  data[45] = 1
  return { owner: token, data }
}

/** A token account of the SPL Token program. */
export function tokenAccount(mint: string, owner: string, amount: bigint): { owner: string; data: Buffer } {
  const data = Buffer.alloc(165)
  data.set(decodeId(mint, 'base58') ?? [], 0)
  data.set(decodeId(owner, 'base58') ?? [], 32)
  data.writeBigUInt64LE(amount, 64)
  data[108] = 1
  return { owner: token, data }
}

/** What one made-up transaction does: mints or burns an amount in an account that only it touches. */
export interface Made {
  readonly slot: number
  readonly name: string
  readonly kind: 'mint' | 'burn'
  readonly amount: number
  readonly mint: string
  /** Accounts that it names besides. */
  readonly also?: readonly string[]
  readonly failed?: boolean
}

interface Row {
  readonly signature: string
  readonly slot: number
  readonly keys: readonly string[]
  readonly answer: unknown
  readonly failed: boolean
}

/**
 * A Solana node on loopback whose ledger is made up for a test: 2.5 slots a second, a vote in every block, and what
 * `rules` say of how it fails.
 */
export class Ledger {
  readonly first: number
  readonly head: number
  readonly time: number
  readonly skipped: ReadonlySet<number>
  readonly accounts = new Map<string, { owner: string; data: Buffer; executable?: boolean }>()
  readonly supplies = new Map<string, { amount: string; decimals: number }>()
  /** Requests by method, each of a batch counted. */
  readonly asked = new Map<string, number>()
  posts = 0
  genesis = 'genesis of a test'
  /** How it fails; all absent: it does not. */
  rules: {
    /** Requests that a batch may hold; more are refused whole. */
    batch?: number
    /** Requests that a batch may hold before the others are told that they are too many. */
    elements?: number
    /** Lines of a page. */
    page?: number
    /** The lowest slot that it holds. */
    pruned?: number
    /** The newest finalized slot, if not the head. */
    finalized?: number
    /** Signatures that it lists, but does not hold. */
    lost?: readonly string[]
    /** Signatures that it does not know at all. */
    unknown?: readonly string[]
    /** Answers that replace the whole HTTP answer, by turns, before it is asked at all. */
    http?: { status: number; body: string }[]
    /** Changes an answer before it is sent. */
    spoil?: (method: string, result: unknown) => unknown
  } = {}
  #rows: Row[] = []
  #server: ReturnType<typeof createServer> | undefined
  url = ''

  constructor(options: { first: number; head: number; time: number; skipped?: readonly number[] }) {
    this.first = options.first
    this.head = options.head
    this.time = options.time
    this.skipped = new Set(options.skipped)
  }

  /** Adds transactions; those of one slot in the order given. */
  add(...made: readonly Made[]): this {
    for (const one of made) {
      const keys = [
        idOf(`payer ${one.name}`),
        idOf(`account ${one.name}`),
        one.mint,
        token,
        ...(one.also ?? []),
      ]
      const signature = idOf(one.name, 64)
      const failed = one.failed === true
      this.#rows.push({
        signature,
        slot: one.slot,
        keys,
        failed,
        answer: answerOf(one, signature, keys, this.timeOf(one.slot)),
      })
    }
    this.#rows.sort((a, b) => a.slot - b.slot)
    return this
  }

  /** Adds a transaction as it was recorded. */
  addRecorded(answer: { slot: number; signature: string; keys: readonly string[]; answer: unknown }): this {
    this.#rows.push({ ...answer, failed: false })
    this.#rows.sort((a, b) => a.slot - b.slot)
    return this
  }

  timeOf(slot: number): number {
    return this.time + Math.floor((slot - this.first) / 2.5)
  }

  count(method: string): number {
    return this.asked.get(method) ?? 0
  }

  async start(): Promise<this> {
    this.#server = createServer((request, response) => void this.#serve(request, response))
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve))
    const address = this.#server.address()
    this.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
    return this
  }

  close(): Promise<void> {
    this.#server?.closeAllConnections()
    return new Promise((resolve) => this.#server?.close(() => resolve()))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    this.posts += 1
    response.setHeader('x-depindex-origin', 'simulated')
    const instead = this.rules.http?.shift()
    if (instead !== undefined) {
      response.statusCode = instead.status
      response.end(instead.body)
      return
    }
    const asked = JSON.parse(Buffer.concat(chunks).toString()) as Asked | Asked[]
    response.end(JSON.stringify(Array.isArray(asked) ? this.#batch(asked) : this.#one(asked)))
  }

  #batch(asked: readonly Asked[]): unknown {
    if (asked.length > (this.rules.batch ?? 1_000))
      return { jsonrpc: '2.0', error: { code: -32600, message: 'the batch is too large' }, id: null }
    return asked
      .map((one, i) =>
        i < (this.rules.elements ?? 1_000)
          ? this.#one(one)
          : { jsonrpc: '2.0', id: one.id, error: { code: 429, message: 'Too many requests' } },
      )
      .reverse()
  }

  #one({ id, method, params }: Asked): unknown {
    this.asked.set(method, this.count(method) + 1)
    try {
      const result = this.#answer(method, params as never[])
      return { jsonrpc: '2.0', id, result: this.rules.spoil ? this.rules.spoil(method, result) : result }
    } catch (error) {
      if (error instanceof Refusal)
        return { jsonrpc: '2.0', id, error: { code: error.code, message: error.message } }
      throw error
    }
  }

  get finalized(): number {
    return this.rules.finalized ?? this.head
  }

  get #lowest(): number {
    return this.rules.pruned ?? this.first
  }

  #has(slot: number): boolean {
    return slot >= this.#lowest && slot <= this.finalized && !this.skipped.has(slot)
  }

  #next(slot: number): number | undefined {
    for (let at = Math.max(slot, this.#lowest); at <= this.finalized; at += 1) if (this.#has(at)) return at
    return undefined
  }

  #parent(slot: number): number {
    let at = slot - 1
    while (this.skipped.has(at)) at -= 1
    return at
  }

  #refuse(slot: number): void {
    if (slot < this.#lowest) throw new Refusal(-32001, `Block ${slot} cleaned up, does not exist on node`)
    if (slot > this.finalized) throw new Refusal(-32004, `Block not available for slot ${slot}`)
    if (this.skipped.has(slot))
      throw new Refusal(-32009, `Slot ${slot} was skipped, or missing in long-term storage`)
  }

  #answer(method: string, params: readonly never[]): unknown {
    const [a, b] = params as readonly unknown[]
    switch (method) {
      case 'getGenesisHash':
        return this.genesis
      case 'getSlot':
        return this.finalized
      case 'getFirstAvailableBlock':
        return this.#lowest
      case 'getBlocksWithLimit': {
        const next = this.#next(Number(a))
        return next === undefined ? [] : [next]
      }
      case 'getBlockTime':
        this.#refuse(Number(a))
        return this.timeOf(Number(a))
      case 'getBlock':
        return this.#block(Number(a), (b as { transactionDetails: string }).transactionDetails)
      case 'getSignaturesForAddress':
        return this.#page(String(a), b as { before?: string; limit: number; minContextSlot?: number })
      case 'getSignatureStatuses':
        return { context: { slot: this.finalized }, value: (a as string[]).map((s) => this.#status(s)) }
      case 'getTransaction':
        return this.#transaction(String(a))
      case 'getTokenSupply': {
        const supply = this.supplies.get(String(a))
        if (supply === undefined) throw new Refusal(-32602, 'Invalid param: could not find account')
        return { context: { slot: this.finalized }, value: supply }
      }
      case 'getMultipleAccounts': {
        const { minContextSlot } = b as { minContextSlot?: number }
        if ((minContextSlot ?? 0) > this.finalized)
          throw new Refusal(-32016, 'Minimum context slot has not been reached')
        const value = (a as string[]).map((address) => this.#account(address))
        return { context: { slot: this.finalized }, value }
      }
      case 'getTokenLargestAccounts':
        return { context: { slot: this.finalized }, value: this.#holders(String(a)) }
      default:
        throw new Refusal(-32601, 'Method not found')
    }
  }

  #block(slot: number, detail: string): unknown {
    this.#refuse(slot)
    const parentSlot = this.#parent(slot)
    return {
      blockhash: `hash${slot}`,
      previousBlockhash: `hash${parentSlot}`,
      parentSlot,
      blockTime: this.timeOf(slot),
      blockHeight: slot - this.first,
      ...(detail === 'signatures'
        ? { signatures: [voteOf(slot), ...this.#rows.filter((r) => r.slot === slot).map((r) => r.signature)] }
        : {}),
    }
  }

  #status(signature: string): unknown {
    if (this.rules.unknown?.includes(signature)) return null
    const slot = this.#slotOf(signature)
    return slot === undefined || !this.#has(slot)
      ? null
      : { slot, err: null, confirmationStatus: 'finalized' }
  }

  #slotOf(signature: string): number | undefined {
    const vote = /^vote(\d+)$/.exec(signature)
    return vote ? Number(vote[1]) : this.#rows.find((r) => r.signature === signature)?.slot
  }

  #page(
    address: string,
    { before, limit, minContextSlot = 0 }: { before?: string; limit: number; minContextSlot?: number },
  ): unknown {
    if (minContextSlot > this.finalized)
      throw new Refusal(-32016, 'Minimum context slot has not been reached')
    const slot = before === undefined ? Number.POSITIVE_INFINITY : this.#slotOf(before)
    if (slot === undefined || (before !== undefined && this.#status(before) === null)) return []
    const at = this.#rows.findIndex((r) => r.signature === before)
    return this.#rows
      .filter((r, i) => r.keys.includes(address) && this.#has(r.slot) && (at === -1 ? r.slot < slot : i < at))
      .reverse()
      .slice(0, Math.min(limit, this.rules.page ?? 1_000))
      .map((r) => ({
        signature: r.signature,
        slot: r.slot,
        err: r.failed ? { InstructionError: [0, 'Custom'] } : null,
        memo: null,
        blockTime: this.timeOf(r.slot),
        confirmationStatus: 'finalized',
      }))
  }

  #transaction(signature: string): unknown {
    if (this.rules.lost?.includes(signature)) return null
    const row = this.#rows.find((r) => r.signature === signature)
    return row === undefined || !this.#has(row.slot) ? null : row.answer
  }

  /** Token accounts of a mint, as {@link tokenAccount} makes them, largest first. */
  #holders(mint: string): unknown {
    const held = [...this.accounts].filter(([, { data }]) => {
      return data.length === 165 && encodeId(data.subarray(0, 32), 'base58') === mint
    })
    return held
      .map(([address, { data }]) => ({ address, amount: data.readBigUInt64LE(64) }))
      .sort((a, b) => (a.amount > b.amount ? -1 : 1))
      .slice(0, 20)
      .map(({ address, amount }) => ({
        address,
        amount: String(amount),
        decimals: 8,
        uiAmount: null,
        uiAmountString: '',
      }))
  }

  #account(address: string): unknown {
    const account = this.accounts.get(address)
    if (account === undefined) return null
    const { owner, executable = false } = account
    return { data: [account.data.toString('base64'), 'base64'], owner, executable, lamports: 1 }
  }
}

interface Asked {
  readonly id: unknown
  readonly method: string
  readonly params: readonly unknown[]
}

const voteOf = (slot: number): string => `vote${slot}`

function answerOf(made: Made, signature: string, keys: readonly string[], time: number): unknown {
  const data = Buffer.alloc(9)
  data[0] = made.kind === 'mint' ? 7 : 8
  data.writeBigUInt64LE(BigInt(made.amount), 1)
  const balance = (amount: number) => ({
    accountIndex: 1,
    mint: made.mint,
    owner: keys[0],
    uiTokenAmount: { amount: String(amount), decimals: 8 },
  })
  const err = made.failed ? { InstructionError: [0, { Custom: 1 }] } : null
  return {
    slot: made.slot,
    blockTime: time,
    version: 'legacy',
    transaction: {
      signatures: [signature],
      message: {
        accountKeys: keys,
        instructions: [
          {
            programIdIndex: 3,
            accounts: made.kind === 'mint' ? [2, 1, 0] : [1, 2, 0],
            data: encodeId(data, 'base58'),
          },
        ],
      },
    },
    meta: {
      err,
      innerInstructions: [],
      preTokenBalances: [balance(made.kind === 'mint' ? 0 : made.amount)],
      postTokenBalances: [balance(made.kind === 'mint' ? made.amount : 0)],
    },
  }
}
